"""Shapes in loops, and the sentences about loops that cannot run."""

from __future__ import annotations

import pytest

from engine.errors import GraphError
from engine.graph.check import check
from engine.graph.infer import infer, infer_changed
from engine.graph.model import Graph, Wire
from engine.graph.order import components
from engine.graph.transfer import with_new_head
from engine.plan.parameters import Parameters
from tests.engine.graph.test_check_steps import CURVE
from tests.engine.plan.networks import node


def recurrent(steps=5, features=3, units=4):
    """h_t = f(W [x_t, h_{t-1}]), read by a layer behind the loop."""
    return Graph(
        [
            node("x", "input", shape=[steps, features]),
            node("c", "concat"),
            node("h", "dense", units=units, activation="tanh"),
            node("out", "dense", units=2),
        ],
        [Wire("x", "c"), Wire("h", "c", delay=1), Wire("c", "h"), Wire("h", "out")],
    )


def with_start(**settings):
    """A value that goes round through a Start and a layer of as many units."""
    return Graph(
        [
            node("x", "input", shape=[3]),
            node("s", "start", **settings),
            node("h", "dense", units=3, activation="tanh"),
            node("out", "dense", units=2),
        ],
        [
            Wire("x", "s", target_port="start"),
            Wire("s", "h"),
            Wire("h", "s", delay=1),
            Wire("h", "out"),
        ],
    )


def errors(graph):
    return {node_id: found.error for node_id, found in infer(graph).items() if found.error}


def test_components_stand_before_those_that_they_lead_to():
    wires = {"a": "b", "b": "cd", "c": "b", "d": "", "e": "e"}
    assert components("dcbae", wires.__getitem__) == [["e"], ["a"], ["c", "b"], ["d"]]


def test_a_component_of_ten_thousand_is_found_without_recursion():
    size = 10_000
    assert components(range(size), lambda n: [(n + 1) % size]) == [list(range(size))]


def test_a_node_of_a_loop_reads_one_step_and_every_step_leaves():
    found = infer(recurrent())
    assert found["c"].arriving.at("in") == ((3,), (4,))
    assert found["c"].in_one_step == ((7,),)
    assert found["h"].outputs == ((5, 4),)
    assert found["h"].parameter_count == 4 * 7 + 4
    assert found["h"].multiply_adds == 5 * 4 * 7
    assert found["out"].outputs == ((5, 2),)
    assert list(found) == ["x", "c", "h", "out"]


def test_a_start_may_let_only_the_last_step_leave():
    graph = recurrent()
    graph.disconnect(Wire("h", "c", delay=1))
    graph.add_node(node("s", "start", returns="last"))
    graph.connect(Wire("h", "s", delay=1))
    graph.connect(Wire("s", "c"))
    found = infer(graph)
    assert found["h"].outputs == ((4,),)
    assert found["out"].outputs == ((2,),)


def test_a_loop_that_settles_reads_and_gives_single_values():
    found = infer(with_start(runs="settle", steps=7))
    assert found["s"].outputs == found["h"].outputs == ((3,),)
    assert found["h"].loop.steps == 7
    assert found["h"].loop.nodes == ("s", "h")


def test_a_value_that_is_no_sequence_is_the_same_at_each_step():
    graph = recurrent()
    graph.add_node(node("z", "input", shape=[2]))
    graph.connect(Wire("z", "c"))
    assert infer(graph)["c"].arriving.at("in") == ((3,), (4,), (2,))


def test_a_new_setting_in_a_loop_changes_the_shapes_all_around_it():
    graph = recurrent()
    before = infer(graph)
    graph.replace_layer("h", graph.node("h").layer.replaced(units=6))
    now = infer_changed(graph, before, ["h"])
    assert now == infer(graph)
    assert now["c"].in_one_step == ((9,),)
    assert now["out"].arriving.one == (5, 6)


def test_a_loop_of_values_that_only_it_knows_is_taken_for_single_numbers():
    graph = Graph(
        [
            node("x", "input", shape=[4, 2]),
            node("a", "neuron"),
            node("b", "neuron"),
        ],
        [Wire("b", "a", delay=1), Wire("a", "b"), Wire("x", "b")],
    )
    found = infer(graph)
    assert found["a"].outputs == found["b"].outputs == ((4, 1),)


def test_a_loop_without_a_sequence_that_does_not_settle_is_named():
    assert errors(with_start()) == {
        "s": "The loop through Start needs a sequence (T, D) that says how many steps it has, got "
        "none. Wire one in, or add a Start that lets the loop run until it settles."
    }


def test_sequences_of_two_lengths_cannot_enter_one_loop():
    graph = recurrent()
    graph.add_node(node("z", "input", shape=[6, 2]))
    graph.connect(Wire("z", "c"))
    assert errors(graph)["c"] == (
        "Concat stands in a loop that reads sequences of one length, got 5 and 6 steps. "
        "Cut them to the same."
    )


def test_a_loop_that_grows_is_named():
    graph = recurrent()
    graph.remove_node("h")
    graph.connect(Wire("c", "c", delay=1))
    (sentence,) = errors(graph).values()
    assert "Concat puts out" in sentence
    assert "so its loop never stops growing" in sentence


def test_a_value_that_comes_round_in_another_shape_is_named_at_the_start():
    graph = with_start(runs="settle")
    graph.replace_layer("h", graph.node("h").layer.replaced(units=5))
    assert errors(graph) == {
        "s": "Start begins with 3, and 5 comes round. "
        "Make both the same, such as by a Dense before one of them."
    }
    assert infer(graph)["out"].outputs is None


def test_a_shape_that_a_layer_in_a_loop_refuses_is_named_there_alone():
    graph = recurrent()
    graph.add_node(node("z", "input", shape=[3, 4, 4]))
    graph.connect(Wire("z", "c"))
    (sentence,) = errors(graph).values()
    assert sentence.startswith("Concat needs values that agree")


def test_two_starts_of_one_loop_are_set_alike():
    graph = with_start(runs="settle")
    graph.add_node(node("t", "start", runs="settle", steps=3))
    graph.disconnect(Wire("s", "h"))
    graph.connect(Wire("h", "t", delay=1))
    graph.add_node(node("sum", "add"))
    for wire in (Wire("s", "sum"), Wire("t", "sum"), Wire("sum", "h")):
        graph.connect(wire)
    assert "Give them the same settings" in errors(graph)["t"]


def test_the_wire_into_a_start_carries_the_delay():
    graph = with_start(runs="settle")
    graph.disconnect(Wire("s", "h"))
    graph.disconnect(Wire("h", "s", delay=1))
    graph.connect(Wire("h", "s"))
    graph.connect(Wire("s", "h", delay=1))
    assert "Let the wire into it carry the delay" in errors(graph)["s"]


def test_a_delay_that_closes_no_loop_is_named():
    graph = Graph(
        [node("x", "input", shape=[4, 2]), node("d", "dense", units=2)], [Wire("x", "d", delay=1)]
    )
    assert errors(graph) == {
        "d": "The wire from Input to Dense carries a delay and closes no loop. "
        "Draw it anew without one."
    }


def test_what_is_not_wired_yet_is_unknown_and_no_error():
    graph = recurrent()
    graph.add_node(node("flat", "flatten"))
    graph.connect(Wire("flat", "c"))
    assert not errors(graph)
    assert infer(graph)["out"].outputs is None


def told(graph):
    problems = check(graph, infer(graph), None, data_chosen=True)
    return {(problem.node, problem.severity) for problem in problems if "loop" in problem.message}


def test_a_start_outside_of_a_loop_has_a_hint():
    graph = with_start(runs="settle")
    assert not told(graph)
    graph.disconnect(Wire("h", "s", delay=1))
    graph.connect(Wire("x", "s"))
    assert told(graph) == {("s", "hint")}


def test_a_loop_of_very_many_steps_has_a_warning():
    assert not told(recurrent(steps=10_000))
    assert told(recurrent(steps=10_001)) == {("c", "warning")}


def test_a_graph_knows_whether_a_wire_of_it_has_a_delay():
    graph = recurrent()
    assert graph.has_delays
    assert graph.copy().has_delays
    graph.remove_node("c")
    assert not graph.has_delays


def test_what_arrives_is_all_that_is_wired_or_not_known():
    graph = recurrent()
    graph.add_node(node("z", "input", shape=[3, 4, 4]))
    graph.connect(Wire("z", "c"))
    for node_id, found in infer(graph).items():
        if found.arriving is not None:
            assert len(found.arriving.all) == len(graph.incoming(node_id))


def test_a_loop_of_nodes_that_only_pass_values_on_is_checked_to_its_end():
    graph = Graph(
        [
            node("x", "input", shape=[3]),
            node("s", "start", runs="settle"),
            node("c", "concat"),
            node("r", "reroute"),
            node("h", "dense", units=3),
            node("loss", "loss", loss="binary_cross_entropy"),
        ],
        [
            Wire("x", "c"),
            Wire("s", "h"),
            Wire("h", "c"),
            Wire("c", "r"),
            Wire("r", "c", delay=1),
            Wire("r", "s", delay=1),
            Wire("r", "loss", target_port="prediction"),
        ],
    )

    assert any(problem.severity == "error" for problem in check(graph, infer(graph), None))


def test_a_neuron_behind_points_that_lead_to_each_other_has_its_place():
    graph = Graph(
        [node("p", "reroute"), node("q", "reroute"), node("n", "neuron")],
        [Wire("p", "q"), Wire("q", "p", delay=1), Wire("q", "n")],
    )

    assert "n" not in Parameters(graph, infer(graph))


def test_a_sequence_is_missed_before_a_loop_that_nothing_enters():
    graph = Graph(
        [
            node("s", "start", runs="settle"),
            node("h", "neuron"),
            node("loss", "loss", loss="squared_error"),
        ],
        [
            Wire("s", "h"),
            Wire("h", "s", delay=1),
            Wire("h", "loss", target_port="prediction"),
        ],
    )
    sentences = [problem.message for problem in check(graph, infer(graph), CURVE)]

    assert any("one answer for all steps" in sentence for sentence in sentences)


def test_a_network_whose_end_is_a_loop_without_units_has_no_head():
    graph = Graph(
        [
            node("s", "start", runs="settle"),
            node("a", "activation"),
            node("loss", "loss", loss="squared_error"),
        ],
        [
            Wire("s", "a"),
            Wire("a", "s", delay=1),
            Wire("a", "loss", target_port="prediction"),
        ],
    )

    with pytest.raises(GraphError, match="no last layer to renew"):
        with_new_head(graph, {}, 2)


@pytest.mark.parametrize(("batch", "told"), [(1, True), (2, False)])
def test_batch_norm_over_one_example_is_told_of_each_step_of_a_loop(batch, told):
    graph = recurrent()
    graph.add_node(node("norm", "batch_norm"))
    graph.disconnect(Wire("c", "h"))
    graph.connect(Wire("c", "norm"))
    graph.connect(Wire("norm", "h"))
    found = check(graph, infer(graph), None, smallest_batch=batch)

    assert any("a batch of one" in problem.message for problem in found) is told


def test_a_start_cannot_be_bypassed_in_its_loop():
    graph = with_start(runs="settle")
    graph.set_switch("s", "bypassed")

    assert errors(graph) == {
        "s": "Start cannot be bypassed, because the loop begins there. Switch it on, or take it "
        "out of the loop."
    }
