"""Single neurons, wired one by one, are grouped into matrix products with the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.plan.layout import units
from tests.engine.plan.networks import compiled, graph, node, xor
from tests.engine.plan.test_compile import check_gradients


def by_hand(plan, drawn):
    """Every neuron's output, computed one by one from the weights of its wires."""
    found = dict(plan.inputs)
    for each in infer(drawn).values():
        node_id, layer = each.node.id, each.node.layer
        if layer.kind == "dense":
            weights = plan.parameters.of(node_id)
            (source,) = drawn.predecessors(node_id)
            total = weights["weight"] @ found[source] + weights["bias"][:, None]
            found[node_id] = layer.activation.value(total)
        if layer.kind == "neuron":
            weights = plan.parameters.of(node_id)
            arriving = np.concatenate([found[w.source] for w in drawn.incoming(node_id)])
            total = weights["weight"] @ arriving + weights.get("bias", 0.0)
            found[node_id] = layer.activation.value(total)[None]
    return found


def assert_same_as_by_hand(drawn):
    plan = compiled(drawn)
    plan.forward()

    expected_values = by_hand(plan, drawn)
    for node_id in plan.values.keys() & expected_values.keys():
        expected = expected_values[node_id]
        np.testing.assert_allclose(plan.values[node_id][0].array, expected, rtol=1e-12)
    check_gradients(plan)


def inputs(count):
    return [node(f"x{i}", "input", shape=[1], columns=[f"x{i}"]) for i in range(1, count + 1)]


def loss(source):
    return [node("loss", "loss", loss="squared_error")], [f"{source}>loss.prediction"]


def test_xor_is_one_matrix_product_for_each_depth():
    drawn = xor()
    grouped = [unit.nodes for unit in units(drawn, infer(drawn), infer(drawn)) if unit.grouped]

    assert grouped == [("h1", "h2"), ("y",)]


def test_xor_gives_the_numbers_of_its_neurons():
    assert_same_as_by_hand(xor())


def test_inputs_of_one_number_lie_side_by_side():
    plan = compiled(xor())
    (side,) = plan.input_rows

    assert side.node_ids == ("x1", "x2")
    assert side.rows.shape == (2, 6)
    assert all(np.shares_memory(side.rows, plan.inputs[n]) for n in side.node_ids)


def test_the_weights_of_fully_wired_neurons_are_read_where_they_are():
    plan = compiled(xor())
    plan.parameters.of("h1")["weight"][...] = 0
    plan.parameters.of("h1")["bias"][...] = 0.5
    plan.forward()

    np.testing.assert_allclose(plan.values["h1"][0].array, np.tanh(0.5))
    assert sum(map(len, plan._forward)) < 20


def test_neurons_wired_in_another_order_give_the_numbers_of_their_neurons():
    end, wires = loss("y")
    drawn = graph(
        [
            *inputs(3),
            *[node(f"h{i}", "neuron", activation="tanh") for i in (1, 2, 3)],
            node("y", "neuron", activation="linear"),
            *end,
        ],
        "x1>h1",
        "x2>h1",
        "x3>h1",
        "x3>h2",
        "x1>h2",
        "x2>h3",
        "h3>y",
        "h1>y",
        "h2>y",
        *wires,
    )

    assert_same_as_by_hand(drawn)


def test_neurons_that_read_layers_neurons_and_inputs_give_the_numbers_of_their_neurons():
    end, wires = loss("y")
    drawn = graph(
        [
            *inputs(2),
            node("wide", "input", shape=[3]),
            node("dense", "dense", units=4, activation="tanh"),
            *[node(f"h{i}", "neuron", activation="sigmoid") for i in (1, 2, 3)],
            node("skip", "neuron", activation="softplus"),
            node("bare", "neuron", activation="sigmoid", bias=False),
            node("y", "neuron", activation="linear"),
            *end,
        ],
        "wide>dense",
        "dense>h1",
        "x1>h1",
        "x2>h2",
        "dense>h2",
        "dense>h3",
        "x1>skip",
        "h1>skip",
        "h2>bare",
        "h3>bare",
        "wide>bare",
        "skip>y",
        "bare>y",
        "h1>y",
        "x2>y",
        *wires,
    )

    assert_same_as_by_hand(drawn)


@pytest.mark.parametrize("seed", range(12))
def test_neurons_wired_at_random_give_the_numbers_of_their_neurons(seed):
    rng = np.random.default_rng(seed)
    nodes, wires, layers = inputs(3), [], [["x1", "x2", "x3"]]
    for depth in range(3):
        ids = [f"n{depth}_{i}" for i in range(rng.integers(1, 4))]
        for node_id in ids:
            kind = rng.choice(["tanh", "sigmoid", "softplus"])
            nodes.append(node(node_id, "neuron", activation=str(kind), bias=bool(rng.integers(2))))
            earlier = [n for layer in layers for n in layer]
            chosen = rng.permutation(earlier)[: rng.integers(1, len(earlier) + 1)]
            wires += [f"{source}>{node_id}" for source in chosen]
        layers.append(ids)
    nodes.append(node("y", "neuron", activation="linear"))
    wires += [f"{n}>y" for n in layers[-1]]
    end, last = loss("y")

    assert_same_as_by_hand(graph([*nodes, *end], *wires, *last))


def test_neurons_with_a_trained_activation_run_alone():
    end, wires = loss("y")
    drawn = graph(
        [
            *inputs(2),
            node("h", "neuron", activation="prelu"),
            node("y", "neuron", activation="linear"),
            *end,
        ],
        "x1>h",
        "x2>h",
        "h>y",
        *wires,
    )

    check_gradients(compiled(drawn))


@pytest.mark.witness
def test_xor_learns_as_in_pytorch(torch):
    from engine.optimizers import OPTIMIZERS
    from engine.training.objectives import Objective

    plan = compiled(xor(), batch=8)
    parameters = plan.parameters
    tensors = {
        key: torch.tensor(array, requires_grad=True) for key, array in parameters.to_dict().items()
    }
    x = torch.tensor(plan.input_rows[0].rows.copy())
    target = torch.tensor(plan.targets["loss"].copy())
    witness = torch.optim.Adam(tensors.values(), lr=0.05)
    objective = Objective(plan.losses, parameters, OPTIMIZERS.get("adam")(rate=0.05))
    for _ in range(50):
        hidden = torch.stack(
            [torch.tanh(tensors[h, "weight"] @ x + tensors[h, "bias"]) for h in ("h1", "h2")]
        )
        y = torch.sigmoid(tensors["y", "weight"] @ hidden + tensors["y", "bias"])[None]
        witness.zero_grad()
        torch.nn.functional.binary_cross_entropy(y, target).backward()
        witness.step()
        objective.step(plan, 0.05)

    for key, array in parameters.to_dict().items():
        np.testing.assert_allclose(array, tensors[key].detach().numpy(), rtol=1e-7, atol=1e-9)
