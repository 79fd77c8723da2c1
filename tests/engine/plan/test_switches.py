"""Nodes that are bypassed or muted: in plans, predictions and exported files."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError
from engine.graph.infer import infer
from engine.interop.onnx_export import export_onnx
from engine.interop.verify import verify_onnx
from engine.layers import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.plan.probe import Probe
from tests.engine.plan.networks import chain, compiled, graph, node, wire
from tests.engine.plan.test_compile import check_gradients


def network(*switches):
    """x -> first -> middle -> out -> loss; (node id, switch) pairs."""
    drawn = chain(
        node("x", "input", shape=[4]),
        node("first", "dense", units=4, activation="tanh"),
        node("middle", "dense", units=4, activation="tanh"),
        node("out", "dense", units=3, activation="softmax"),
        node("loss", "loss"),
    )
    for node_id, switch in switches:
        drawn.set_switch(node_id, switch)
    return drawn


def without_middle():
    drawn = network()
    drawn.remove_node("middle")
    drawn.connect(wire("first>out"))
    return drawn


def test_what_arrives_at_a_bypassed_node_goes_straight_through():
    plan, other = compiled(network(("middle", "bypassed"))), compiled(without_middle())
    other.parameters.load(plan.parameters.to_dict())
    for some in (plan, other):
        some.inputs["x"][...] = other.inputs["x"]
        some.targets["loss"][...] = other.targets["loss"]
        some.forward()
        some.backward()

    assert plan.loss() == other.loss()
    ours = plan.parameters.views(plan.parameters.gradient)
    for key, gradient in other.parameters.views(other.parameters.gradient).items():
        np.testing.assert_array_equal(ours[key], gradient)
    assert not plan.parameters.gradient_of("middle").any()


def test_a_bypassed_node_keeps_its_parameters_and_learns_nothing():
    drawn = network(("middle", "bypassed"))
    parameters = Parameters(drawn, infer(drawn))

    assert parameters.of("middle")["weight"].shape == (4, 4)
    assert parameters.rate("middle") is None
    assert parameters.parts() == ((slice(0, 4 * 5 + 3 * 5), 1.0),)


def test_a_bypassed_node_passes_on_the_first_of_several_values():
    drawn = graph(
        [
            node("x", "input", shape=[2]),
            node("y", "input", shape=[2]),
            node("sum", "add"),
            node("end", "output"),
        ],
        *("x>sum", "y>sum", "sum>end"),
    )
    drawn.set_switch("sum", "bypassed")
    found = Predictor(drawn, {})

    assert found.inputs == {"x": "x"}
    np.testing.assert_array_equal(found.predict({"x": np.array([[3, 5]])})["end"], [[3, 5]])


def test_a_bypassed_node_need_not_fit_what_arrives():
    drawn = chain(
        node("x", "input", shape=[2, 2, 2]),
        node("dense", "dense"),
        node("loss", "loss", loss="squared_error"),
    )
    drawn.set_switch("dense", "bypassed")

    found = infer(drawn)
    assert (found["dense"].outputs, found["dense"].parameters) == (((2, 2, 2),), ())
    plan = compiled(drawn, mode=Mode.PREDICT)
    plan.forward()
    np.testing.assert_array_equal(plan.outputs["dense"], plan.inputs["x"])


def test_a_muted_node_puts_out_zeros_and_stops_the_gradient():
    plan = compiled(network(("middle", "muted")))
    plan.forward()
    plan.backward()

    assert "first" not in plan.values
    assert not plan.values["middle"][0].array.any()
    assert plan.parameters.gradient_of("out").any()
    assert not plan.parameters.gradient_of("first").any()
    check_gradients(compiled(network(("middle", "muted"))))


def test_a_muted_input_is_not_asked_for():
    drawn = graph(
        [
            node("x", "input", shape=[2]),
            node("y", "input", shape=[2]),
            node("sum", "add"),
            node("end", "output"),
        ],
        *("x>sum", "y>sum", "sum>end"),
    )
    drawn.set_switch("x", "muted")
    found = Predictor(drawn, {}).predict({"y": np.array([[3, 5]])})

    np.testing.assert_array_equal(found["end"], [[3, 5]])


def test_a_muted_layer_with_several_outputs_gives_zeros_at_each():
    drawn = graph(
        [
            node("x", "input", shape=[4]),
            node("parts", "split", size=1),
            node("a", "output"),
            node("b", "output"),
        ],
        "x>parts",
    )
    ports = [port.name for port in drawn.node("parts").layer.output_ports]
    shapes = infer(drawn)["parts"].outputs
    assert len(ports) == len(shapes) > 1
    drawn.set_switch("parts", "muted")
    probe = Probe(drawn, 2)

    assert not probe.run(inputs={})["parts"].any()


def test_a_muted_loss_counts_nothing():
    drawn = network()
    drawn.add_node(node("second", "loss"))
    drawn.connect(wire("out>second.prediction"))
    drawn.set_switch("second", "muted")
    plan = compiled(drawn)

    assert plan.losses == ("loss",)


def test_without_a_loss_that_is_on_nothing_can_be_trained():
    drawn = network(("loss", "muted"))
    inference = infer(drawn)

    with pytest.raises(CompileError, match="Every loss that is to be trained is muted"):
        compile_plan(drawn, inference, Parameters(drawn, inference), 2, Mode.TRAIN)
    assert Predictor(drawn, Parameters(drawn, inference).to_dict()).outputs == ("out",)


@pytest.mark.parametrize("switch", ["bypassed", "muted"])
def test_the_exported_file_computes_the_same(switch, tmp_path):
    drawn = network(("middle", switch))
    drawn.add_node(node("sum", "add"))
    drawn.disconnect(wire("middle>out"))
    for text in ("middle>sum", "x>sum", "sum>out"):
        drawn.connect(wire(text))
    parameters = Parameters(drawn, infer(drawn))
    parameters.initialize(1)
    weights, path = parameters.to_dict(), tmp_path / "switched.onnx"
    export_onnx(drawn, weights, path)
    batch = {"x": np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)}

    assert verify_onnx(path, drawn, weights, batch).ok


def test_a_probe_shows_what_passes_a_bypassed_node():
    probe = Probe(network(("middle", "bypassed")), 3)
    probe.parameters.initialize(1)
    found = probe.run(inputs={"x": np.ones((4, 3))})

    np.testing.assert_array_equal(found["middle"], found["first"])


def test_a_layer_without_an_input_cannot_be_bypassed():
    drawn = network(("x", "bypassed"))

    assert infer(drawn)["x"].error == (
        "Input cannot be bypassed, because nothing arrives at it that could be passed on. "
        "Mute it, or switch it on."
    )


def test_a_loss_cannot_be_bypassed_and_an_output_not_be_muted():
    drawn = network(("loss", "bypassed"))
    drawn.add_node(node("end", "output"))
    drawn.connect(wire("out>end"))
    drawn.set_switch("end", "muted")
    found = infer(drawn)

    assert found["loss"].error.startswith("Cross-entropy cannot be bypassed, because")
    assert found["end"].error == (
        "Output computes nothing that could be muted. Mute the node before it."
    )


def test_switching_a_node_on_again_is_noticed():
    drawn = network(("middle", "bypassed"))
    drawn.replace_layer("middle", LAYERS.get("dense")(units=7))
    before = infer(drawn)
    drawn.set_switch("middle", "on")

    assert before["middle"].outputs == ((4,),)
    assert infer(drawn, before)["middle"].outputs == ((7,),)


def test_an_instance_still_learns_while_its_original_is_muted():
    drawn = network(("middle", "muted"))
    drawn.add_node(node("again", "dense", units=4, activation="tanh"))
    drawn.share("again", "middle")
    drawn.add_node(node("second", "loss", loss="squared_error"))
    for text in ("x>again", "again>second.prediction"):
        drawn.connect(wire(text))
    plan = compiled(drawn)
    plan.forward()
    plan.backward()

    assert plan.parameters.gradient_of("middle").any()
    assert plan.parameters.rate("middle") == 1


def test_a_muted_node_behind_one_that_cannot_run_is_refused_with_a_sentence():
    drawn = graph(
        [
            node("x", "input", shape=[2, 3, 4]),
            node("d", "dense", units=2),
            node("a", "activation"),
            node("loss", "loss", loss="squared_error"),
        ],
        *("x>d", "d>a", "a>loss.prediction"),
    )
    drawn.set_switch("a", "muted")

    with pytest.raises(CompileError, match="ReLU does not know the shape of what it gives"):
        compiled(drawn)
