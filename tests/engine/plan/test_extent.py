"""What comes out of a model: Output nodes, or the values that its losses judge."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from engine.evaluation.answers import answering
from engine.graph.infer import infer
from engine.graph.model import Graph, Wire
from engine.interop.onnx_export import export_onnx, outgoing, output_names
from engine.interop.verify import OnnxModel, verify_onnx
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode, ModelOutput, model_outputs
from engine.plan.initial import initial_weights
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.plan.probe import Probe
from engine.plan.section import Place, section
from tests.engine.plan.networks import compiled, node


def judged(node_id, port, loss):
    return Wire(node_id, loss, port, "prediction")


def parted(*ports):
    """Five numbers of which the first two leave by one port; a loss for each of the ports."""
    losses = [node(f"loss_{number}", "loss", loss="squared_error") for number in range(len(ports))]
    return Graph(
        [
            node("x", "input", shape=[5]),
            node("dense", "dense", units=5, activation="tanh"),
            node("parts", "split", size=2),
            *losses,
        ],
        [
            Wire("x", "dense"),
            Wire("dense", "parts"),
            *[judged("parts", port, each.id) for port, each in zip(ports, losses, strict=True)],
        ],
    )


def looped(start, *ports):
    """At each step one of two parts goes back; losses judge them. start: settings of the loop."""
    losses = [node(f"loss_{number}", "loss", loss="squared_error") for number in range(len(ports))]
    return Graph(
        [
            node("x", "input", shape=[3] if start.get("runs") == "settle" else [4, 3]),
            node("first", "start", **start),
            node("join", "concat"),
            node("dense", "dense", units=5, activation="tanh"),
            node("parts", "split", size=2),
            *losses,
        ],
        [
            Wire("x", "join"),
            Wire("parts", "first", delay=1),
            Wire("first", "join"),
            Wire("join", "dense"),
            Wire("dense", "parts"),
            *[judged("parts", port, each.id) for port, each in zip(ports, losses, strict=True)],
        ],
    )


LOOPS = {
    "every step": {},
    "the last step": {"returns": "last"},
    "settles": {"runs": "settle", "steps": 5, "tolerance": 0.0},
}
DRAWINGS = {"no loop": parted} | {name: partial(looped, start) for name, start in LOOPS.items()}


def weights_of(drawn):
    return initial_weights(infer(drawn), seed=3)


def examples(drawn, count=4):
    (shape,) = infer(drawn)["x"].outputs
    return np.random.default_rng(0).standard_normal((count, *shape)).astype(np.float32)


def halves(drawn):
    """What leaves the two ports, as a passage to each of them gives it."""
    found = {}
    for port in ("out", "rest"):
        part = section(drawn, infer(drawn), end=Place("parts", port)).graph
        (found[port],) = Predictor(part, weights_of(drawn)).predict({"x": examples(drawn)}).values()
    return found


def test_a_second_port_that_a_loss_reads_is_what_the_model_predicts():
    drawn = parted("rest")
    x, weights = examples(drawn), weights_of(drawn)
    found = Predictor(drawn, weights).predict({"x": x})
    whole = np.tanh(x @ weights["dense", "weight"].T + weights["dense", "bias"])

    assert list(found) == ["parts"]
    np.testing.assert_allclose(found["parts"], whole[:, 2:], rtol=1e-5)


@pytest.mark.parametrize("mode", [Mode.TRAIN, Mode.EVALUATE])
def test_the_loss_is_that_of_the_output_of_a_second_port(mode):
    plan = compiled(parted("rest"), mode=mode)
    plan.forward()
    (output,) = plan.outputs.values()

    assert output.shape == plan.targets["loss_0"].shape == (3, 6)
    assert plan.loss() == pytest.approx(np.mean((output - plan.targets["loss_0"]) ** 2))


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
@pytest.mark.parametrize("ports", [["rest"], ["rest", "out"], ["rest", "out", "rest"]])
def test_the_ports_that_losses_read_are_predicted_and_exported(draw, ports, tmp_path):
    drawn, path = draw(*ports), tmp_path / "model.onnx"
    weights, inputs = weights_of(drawn), {"x": examples(drawn)}
    names = ["parts"] if len(ports) == 1 else ["parts.rest", "parts.out"]
    ours = Predictor(drawn, weights).predict(inputs)
    export_onnx(drawn, weights, path)
    theirs = OnnxModel(path).predict(inputs)

    assert list(ours) == list(theirs) == names
    for name, port in zip(names, ports, strict=False):
        np.testing.assert_allclose(ours[name], halves(drawn)[port], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(theirs[name], ours[name], rtol=1e-4, atol=1e-5)
    assert verify_onnx(path, drawn, weights, inputs).max_abs_difference < 1e-5


def test_a_probe_answers_with_the_port_that_the_loss_reads():
    drawn = parted("rest")
    probe = Probe(drawn, 4)
    probe.parameters.load(weights_of(drawn))
    probe.run(inputs={"x": examples(drawn).T})

    assert answering(drawn) == "parts"
    np.testing.assert_allclose(probe.answer.T, halves(drawn)["rest"], rtol=1e-5)


def test_a_probe_answers_with_what_arrives_at_the_first_output_node():
    drawn = parted("out")
    drawn.add_node(node("seen", "output"))
    drawn.connect(Wire("parts", "seen", "rest"))
    probe = Probe(drawn, 4)
    probe.run()

    assert probe.answer.shape == (3, 4)


def test_the_shape_in_a_file_is_that_of_the_port():
    drawn = parted("rest", "out")
    ends = [output.end(drawn) for output in model_outputs(drawn)]

    assert [outgoing(infer(drawn), *end) for end in ends] == [(3,), (2,)]


def test_a_muted_node_gives_zeros_of_the_shape_of_the_port():
    drawn = parted("rest")
    drawn.set_switch("parts", "muted")
    found = Predictor(drawn, weights_of(drawn)).predict({}, 4)

    np.testing.assert_array_equal(found["parts"], np.zeros((4, 3)))


def test_outputs_of_one_node_have_the_users_name_with_their_ports():
    drawn = parted("rest", "out")
    drawn.rename("parts", "halves")

    assert model_outputs(drawn) == (
        ModelOutput("halves.rest", "parts", "rest"),
        ModelOutput("halves.out", "parts", "out"),
    )


def test_a_name_that_is_the_id_of_another_output_is_not_used():
    drawn = parted()
    for node_id, port in (("a", "out"), ("b", "rest")):
        drawn.add_node(node(node_id, "output"))
        drawn.connect(Wire("parts", node_id, port))
    drawn.rename("a", "b")

    found = Predictor(drawn, weights_of(drawn)).predict({"x": examples(drawn)})

    assert {name: array.shape for name, array in found.items()} == {"a": (4, 2), "b": (4, 3)}


def test_an_output_that_nothing_leads_to_has_no_end():
    drawn = parted("rest")
    drawn.add_node(node("seen", "output"))
    (output,) = model_outputs(drawn)

    assert output.end(drawn) is None
    assert answering(drawn) == ""


def test_the_file_has_its_outputs_in_the_order_of_the_drawing(tmp_path):
    drawn = looped({}, "rest")
    drawn.add_node(node("plain", "dense", units=2))
    drawn.add_node(node("late", "loss", loss="squared_error"))
    drawn.connect(Wire("x", "plain"))
    drawn.connect(judged("plain", "out", "late"))
    swapped = Graph([drawn.node("late"), *[n for n in drawn.nodes if n.id != "late"]], drawn.wires)
    for graph in (drawn, swapped):
        weights = weights_of(graph)
        export_onnx(graph, weights, tmp_path / "model.onnx")
        names = OnnxModel(tmp_path / "model.onnx").outputs

        assert names == output_names(graph) == Predictor(graph, weights).outputs
    assert names == ("plain", "parts")


def test_a_plan_that_trains_one_loss_has_the_outputs_that_it_works_out():
    drawn = parted("rest")
    drawn.add_node(node("other", "dense", units=2))
    drawn.add_node(node("loss", "loss", loss="squared_error"))
    drawn.connect(Wire("x", "other"))
    drawn.connect(judged("other", "out", "loss"))
    shapes = infer(drawn)
    plan = compile_plan(drawn, shapes, Parameters(drawn, shapes), 3, Mode.TRAIN, losses=["loss_0"])

    assert list(plan.outputs) == ["parts"]
