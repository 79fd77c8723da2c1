"""The cost of nodes: counted once where weights are shared, in all steps of a loop."""

from __future__ import annotations

from engine.graph.costs import Cost, cost_of, cost_of_all, together
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.graph.summary import summarise
from engine.layers.attention import MultiHeadAttention
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.lstm import LSTM
from engine.layers.terminal import Input


def cost(layer, shape):
    graph = Graph([Node("x", Input(shape=shape)), Node("n", layer)])
    graph.connect(Wire("x", "n"))
    return cost_of(infer(graph)["n"])


def test_a_convolution_costs_a_kernel_at_every_place():
    found = cost(Conv2D(filters=4, kernel=3, padding="valid"), (2, 8, 8))

    assert found == Cost(4 * 2 * 9 + 4, 4 * 6 * 6 * 2 * 9, 4 * 6 * 6)


def test_a_recurrent_layer_costs_four_gates_at_every_step():
    found = cost(LSTM(units=5), (7, 3))

    assert found.multiply_adds == 7 * 4 * 5 * (3 + 5)
    assert found.parameters == 4 * 5 * (3 + 5) + 2 * 4 * 5
    assert found.activations == 5


def test_attention_costs_four_projections_and_two_products_of_all_steps():
    found = cost(MultiHeadAttention(heads=2), (6, 4))

    assert found.multiply_adds == 4 * (6 * 4 * 4) + 2 * (6 * 6 * 4)


def test_shared_weights_count_once_and_their_work_twice():
    graph = Graph(
        [
            Node("x", Input(shape=(4,))),
            Node("a", Dense(units=4)),
            Node("b", Dense(units=4), same_as="a"),
        ],
        [Wire("x", "a"), Wire("a", "b")],
    )
    found = infer(graph)

    assert cost_of(found["b"]) == Cost(0, 16, 4)
    assert cost_of_all(found) == Cost(20, 32, 12)


def test_what_is_muted_does_no_work():
    graph = Graph([Node("x", Input(shape=(4,))), Node("a", Dense(units=4), switch="muted")])
    graph.connect(Wire("x", "a"))

    assert cost_of(infer(graph)["a"]).multiply_adds == 0


def test_memory_is_that_of_parameters_and_of_every_value_of_a_batch():
    found = together([Cost(10, 5, 3), Cost(2, 1, 4)])

    assert found == Cost(12, 6, 7)
    assert found.training_bytes(batch=8, slots=2) == 4 * (12 * 4 + 7 * 8 * 2)


def test_the_summary_of_a_network_is_the_sum_of_its_nodes():
    graph = Graph([Node("x", Input(shape=(4,))), Node("a", Dense(units=3))], [Wire("x", "a")])
    found = infer(graph)
    summary = summarise(graph, found)

    assert (summary.parameters, summary.multiply_adds, summary.values) == (15, 12, 7)
    assert summary.training_bytes(2, 1) == cost_of_all(found).training_bytes(2, 1)
