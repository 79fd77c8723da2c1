"""Loops run: unrolled to the last digit, or iterated until they have settled."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError
from engine.graph.infer import infer
from engine.graph.masks import masked_nodes
from engine.graph.model import Graph, Wire
from engine.interop.onnx_export import onnx_model
from engine.interop.verify import verify_onnx
from engine.optimizers import OPTIMIZERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.plan.probe import Probe
from engine.training.control import StopReason
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import ToyData, node
from tests.tools.allocation import most_allocated

STEPS, FEATURES, UNITS = 6, 3, 4


def recurrent(**settings):
    """h_t = tanh(W x_t + U h_{t-1} + b), with a layer behind it."""
    return Graph(
        [
            node("x", "input", shape=[STEPS, FEATURES]),
            node("c", "concat"),
            node("h", "dense", units=UNITS, activation="tanh"),
            node("out", "dense", units=2, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        [
            Wire("x", "c"),
            Wire("h", "c", delay=1),
            Wire("c", "h"),
            Wire("h", "out"),
            Wire("out", "loss", target_port="prediction"),
        ],
    )


def neurons():
    """Three neurons that all read the newest number and, a step later, each other."""
    ids = ["a", "b", "d"]
    wires = [Wire("x", i) for i in ids]
    wires += [Wire(source, target, delay=1) for target in ids for source in ids]
    wires += [Wire(i, "y") for i in ids]
    return Graph(
        [
            node("x", "input", shape=[STEPS, 1]),
            *[node(i, "neuron", activation="tanh") for i in ids],
            node("y", "neuron", activation="linear"),
            node("start", "start", returns="last"),
            node("loss", "loss", loss="squared_error"),
        ],
        # The neuron y stands in the loop too, through a Start that lets the last step leave.
        [
            *wires,
            Wire("y", "start", delay=1),
            Wire("start", "a"),
            Wire("y", "loss", target_port="prediction"),
        ],
    )


def settling(steps=60, **settings):
    """s = tanh(W s + b), from s = x."""
    return Graph(
        [
            node("x", "input", shape=[5]),
            node("s", "start", runs="settle", steps=steps, **settings),
            node("h", "dense", units=5, activation="tanh"),
            node("loss", "loss", loss="squared_error"),
        ],
        [
            Wire("x", "s", target_port="start"),
            Wire("s", "h"),
            Wire("h", "s", delay=1),
            Wire("h", "loss", target_port="prediction"),
        ],
    )


def compiled(graph, batch=3, dtype=np.float64):
    """A plan that trains, on random weights, inputs and targets."""
    parameters = Parameters(graph, infer(graph), dtype)
    parameters.initialize(1)
    rng = np.random.default_rng(1)
    parameters.vector += 0.1 * rng.standard_normal(parameters.size)
    plan = compile_plan(graph, infer(graph), parameters, batch, Mode.TRAIN)
    for array in (*plan.inputs.values(), *plan.targets.values()):
        array[...] = rng.standard_normal(array.shape)
    return plan


def numeric_gradient(plan):
    vector = plan.parameters.vector
    found = np.zeros_like(vector)
    for place, old in enumerate(vector.copy()):
        losses = []
        for other in (old + 1e-6, old - 1e-6):
            vector[place] = other
            plan.forward()
            losses.append(plan.loss())
        vector[place] = old
        found[place] = (losses[0] - losses[1]) / 2e-6
    return found


@pytest.mark.parametrize("drawn", [recurrent, neurons, lambda: settling(steps=4)])
def test_gradients_through_all_steps_are_those_of_small_differences(drawn):
    plan = compiled(drawn())
    plan.forward()
    plan.backward()
    exact = plan.parameters.gradient.copy()
    np.testing.assert_allclose(exact, numeric_gradient(plan), rtol=1e-5, atol=1e-8)
    assert np.abs(exact).max() > 0.01


def in_torch(torch, weights, x, target):
    """The same network by hand. x: (T, D, N)."""
    weight, bias = weights["h", "weight"], weights["h", "bias"]
    before = torch.zeros((UNITS, x.shape[-1]), dtype=torch.float64)
    rows = []
    for step in x:
        before = torch.tanh(
            weight[:, :FEATURES] @ step + weight[:, FEATURES:] @ before + bias[:, None]
        )
        rows.append(weights["out", "weight"] @ before + weights["out", "bias"][:, None])
    return ((torch.stack(rows) - target) ** 2).mean()


@pytest.mark.witness
def test_a_drawn_recurrent_network_agrees_with_torch():
    import torch

    plan = compiled(recurrent())
    plan.forward()
    plan.backward()
    weights = {
        key: torch.tensor(array, requires_grad=True)
        for key, array in plan.parameters.weights().items()
    }
    loss = in_torch(
        torch, weights, torch.tensor(plan.inputs["x"]), torch.tensor(plan.targets["loss"])
    )
    loss.backward()
    assert plan.loss() == pytest.approx(loss.item(), rel=1e-12)
    for key, gradient in plan.parameters.views(plan.parameters.gradient).items():
        np.testing.assert_allclose(gradient, weights[key].grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.witness
def test_neurons_that_read_each_other_agree_with_torch():
    import torch

    plan = compiled(neurons())
    plan.forward()
    plan.backward()
    w = {
        key: torch.tensor(array, requires_grad=True)
        for key, array in plan.parameters.weights().items()
    }
    x = torch.tensor(plan.inputs["x"])
    ids = ("a", "b", "d")
    zeros = torch.zeros((1, 3), dtype=torch.float64)
    before, last = dict.fromkeys(ids, zeros), zeros
    for step in x:
        now = {}
        for i in ids:
            read = [step, *(before[j] for j in ids), *([last] if i == "a" else [])]
            now[i] = torch.tanh(w[i, "weight"][None] @ torch.cat(read) + w[i, "bias"])
        before = now
        last = w["y", "weight"][None] @ torch.cat([now[i] for i in ids]) + w["y", "bias"]
    loss = ((last - torch.tensor(plan.targets["loss"])) ** 2).mean()
    loss.backward()
    assert plan.loss() == pytest.approx(loss.item(), rel=1e-12)
    for key, gradient in plan.parameters.views(plan.parameters.gradient).items():
        np.testing.assert_allclose(gradient, w[key].grad.numpy(), rtol=1e-9, atol=1e-12)


def test_a_drawn_recurrent_network_computes_what_the_layer_does():
    drawn = compiled(recurrent())
    layered = Graph(
        [
            node("x", "input", shape=[STEPS, FEATURES]),
            node("h", "simple_rnn", units=UNITS, returns="sequence"),
            node("out", "dense", units=2, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        [Wire("x", "h"), Wire("h", "out"), Wire("out", "loss", target_port="prediction")],
    )
    layer = compiled(layered)
    ours, theirs = drawn.parameters.of("h"), layer.parameters.of("h")
    names = sorted(theirs)
    biases = [name for name in names if "bias" in name]
    inner, own = sorted(
        (name for name in names if name not in biases), key=lambda name: theirs[name].shape[1]
    )[::-1]
    theirs[own][...] = ours["weight"][:, :FEATURES]
    theirs[inner][...] = ours["weight"][:, FEATURES:]
    for name in biases:
        theirs[name][...] = 0
    theirs[biases[0]][...] = ours["bias"]
    for name in ("weight", "bias"):
        layer.parameters.of("out")[name][...] = drawn.parameters.of("out")[name]
    layer.inputs["x"][...] = drawn.inputs["x"]
    for plan in (drawn, layer):
        plan.targets["loss"][...] = 0.5
        plan.forward()
        plan.backward()
    assert drawn.loss() == pytest.approx(layer.loss(), rel=1e-12)
    gradients = drawn.parameters.views(drawn.parameters.gradient)
    others = layer.parameters.views(layer.parameters.gradient)
    np.testing.assert_allclose(
        gradients["h", "weight"],
        np.hstack([others["h", own], others["h", inner]]),
        rtol=1e-9,
        atol=1e-13,
    )


def test_every_mode_sees_all_steps_of_a_node_in_a_loop():
    graph = recurrent()
    plan = compiled(graph)
    plan.forward()
    seen = compile_plan(graph, infer(graph), plan.parameters, 3, Mode.PROBE)
    seen.inputs["x"][...] = plan.inputs["x"]
    seen.forward()
    assert seen.values["h"][0].array.shape == (STEPS, UNITS, 3)
    np.testing.assert_allclose(seen.values["h"][0].array, plan.values["h"][0].array, rtol=1e-12)
    assert list(seen.values) == ["x", "c", "h", "out"]


def test_a_probe_and_a_predictor_take_a_graph_with_a_loop():
    graph = recurrent()
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    x = np.random.default_rng(1).standard_normal((4, STEPS, FEATURES)).astype(np.float32)
    (predicted,) = Predictor(graph, parameters.to_dict()).predict({"x": x}).values()
    values = Probe(graph, 4).run(parameters, {"x": np.moveaxis(x, 0, -1)})
    np.testing.assert_allclose(predicted, np.moveaxis(values["out"], -1, 0), rtol=1e-5)
    assert values["c"].shape == (STEPS, FEATURES + UNITS, 4)


def contracting(graph, dtype=np.float64):
    parameters = Parameters(graph, infer(graph), dtype)
    parameters.initialize(3)
    weight = parameters.of("h")["weight"]
    weight *= 0.8 / np.linalg.norm(weight, 2)
    return parameters


def test_a_loop_settles_where_it_changes_no_more():
    graph = settling(tolerance=1e-12, steps=500)
    parameters = contracting(graph)
    predictor = Predictor(graph, parameters.to_dict(), np.float64)
    (rest,) = predictor.predict({"x": np.random.default_rng(0).standard_normal((6, 5))}).values()
    weight, bias = parameters.of("h")["weight"], parameters.of("h")["bias"]
    np.testing.assert_allclose(rest, np.tanh(rest @ weight.T + bias), atol=1e-11)
    steps = predictor.steps_taken()
    assert steps.keys() == {"s", "h"}
    assert 5 < steps["h"] < 500


@pytest.mark.parametrize("leaving", ["h", "s"])
def test_a_loop_stops_at_the_steps_that_it_has_and_then_agrees_with_training(leaving):
    graph = settling(tolerance=0.0, steps=7)
    parameters = contracting(graph)
    x = np.random.default_rng(0).standard_normal((5, 6))
    found = []
    for mode in (Mode.TRAIN, Mode.EVALUATE, Mode.PREDICT, Mode.PROBE):
        plan = compile_plan(graph, infer(graph), parameters, 6, mode)
        plan.inputs["x"][...] = x
        plan.forward()
        found.append(plan.values[leaving][0].array.copy())
    assert plan.steps_taken() == {"s": 7, "h": 7}
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-13)


def test_each_step_towards_rest_moves_the_loop_less():
    graph = settling(tolerance=1e-9, steps=500)
    parameters = contracting(graph)
    probe = Probe(graph, 6, dtype=np.float64)
    probe.run(parameters, {"x": np.random.default_rng(0).standard_normal((5, 6))})
    changes = probe.changes["h"]

    assert len(changes) > 5
    assert changes[-1] <= 1e-9 < changes[-2]
    np.testing.assert_array_less(changes[2:], changes[1:-1])


def test_a_second_forward_pass_begins_where_the_first_did():
    graph = settling(steps=3)
    plan = compile_plan(graph, infer(graph), contracting(graph), 6, Mode.PREDICT)
    plan.inputs["x"][...] = np.random.default_rng(0).standard_normal((5, 6))
    plan.forward()
    first = plan.values["h"][0].array.copy()
    plan.forward()
    np.testing.assert_array_equal(plan.values["h"][0].array, first)


def test_loops_one_behind_the_other_each_wait_for_the_one_before():
    graph = settling(steps=30)
    graph.add_node(node("t", "start", runs="settle", steps=30))
    graph.add_node(node("g", "dense", units=5, activation="tanh"))
    graph.add_node(node("o", "output"))
    for wire in (Wire("h", "g"), Wire("g", "t", delay=1)):
        graph.connect(wire)
    graph.add_node(node("sum", "add"))
    graph.disconnect(Wire("h", "g"))
    for wire in (Wire("h", "sum"), Wire("t", "sum"), Wire("sum", "g"), Wire("g", "o")):
        graph.connect(wire)
    parameters = contracting(graph)
    weight = parameters.of("g")["weight"]
    weight *= 0.5 / np.linalg.norm(weight, 2)
    found = []
    x = np.random.default_rng(0).standard_normal((5, 6))
    for other in (graph, _with_tolerance(graph, 0.0)):
        plan = compile_plan(other, infer(other), parameters, 6, Mode.PREDICT)
        plan.inputs["x"][...] = x
        plan.forward()
        found.append(plan.outputs["o"].copy())
    np.testing.assert_allclose(found[0], found[1], atol=1e-5)
    assert plan.steps_taken() == {"s": 30, "h": 30, "t": 30, "sum": 30, "g": 30}


def _with_tolerance(graph, tolerance):
    other = graph.copy()
    for n in ("s", "t"):
        other.replace_layer(n, other.node(n).layer.replaced(tolerance=tolerance))
    return other


@pytest.mark.parametrize("drawn", [recurrent, neurons, lambda: settling(steps=9, tolerance=0.0)])
def test_onnxruntime_computes_the_steps_of_a_loop(drawn, tmp_path):
    graph = drawn()
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    model = onnx_model(graph, parameters.to_dict())
    names = [each.name for each in model.graph.initializer]
    assert len(names) == len(set(names))
    path = tmp_path / "loop.onnx"
    path.write_bytes(model.SerializeToString())
    (shape,) = infer(graph)["x"].outputs
    x = np.random.default_rng(0).standard_normal((4, *shape)).astype(np.float32)
    assert verify_onnx(path, graph, parameters.to_dict(), {"x": x}).max_abs_difference < 1e-5


def named(graph):
    graph.rename("y", "answer")
    return graph


def recalling():
    """A layer that learns in one step, and an instance of it that iterates."""
    graph = settling(steps=9, tolerance=0.0)
    graph.add_node(node("m", "dense", units=5, activation="tanh"))
    graph.connect(Wire("x", "m"))
    graph.share("h", "m")
    graph.add_node(node("o", "output"))
    graph.connect(Wire("h", "o"))
    return graph


@pytest.mark.parametrize("drawn", [lambda: named(neurons()), recalling])
def test_names_and_shared_weights_of_a_loop_survive_export(drawn, tmp_path):
    graph = drawn()
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    path = tmp_path / "loop.onnx"
    path.write_bytes(onnx_model(graph, parameters.to_dict()).SerializeToString())
    (shape,) = infer(graph)["x"].outputs
    x = np.random.default_rng(0).standard_normal((4, *shape)).astype(np.float32)

    assert verify_onnx(path, graph, parameters.to_dict(), {"x": x}).max_abs_difference < 1e-5


def sums(count=40):
    """Sequences of signs, and their running mean."""
    rng = np.random.default_rng(2)
    x = rng.choice([-1.0, 1.0], (count, STEPS, 1)).astype(np.float32)
    rows = np.arange(count)
    parts = {"train": rows[:32], "validation": rows[32:], "test": rows[32:]}
    return ToyData(x, x.mean(1), ("x",), "values", parts)


def test_a_trainer_trains_a_loop_and_a_checkpoint_takes_it_up_bit_for_bit():
    settings = TrainingSettings(epochs=6, batch_size=8, seed=4)
    whole, again, broken = (Trainer(neurons(), sums(), settings) for _ in range(3))
    whole.run()
    again.run()
    for _ in range(11):
        broken.step()
    resumed = Trainer(neurons(), sums(), settings, checkpoint=broken.checkpoint())
    resumed.run()
    for other in (again, resumed):
        for key, weight in whole.weights().items():
            np.testing.assert_array_equal(weight, other.weights()[key])
    losses = whole.telemetry.curves["loss/train"].to_array()[1]
    assert losses[-1] < losses[0]


def test_a_node_of_a_loop_may_be_frozen_or_muted():
    graph = recurrent()
    graph.set_frozen("h", True)
    plan = compiled(graph)
    plan.forward()
    plan.backward()
    assert not plan.parameters.gradient_of("h").any()
    assert plan.parameters.gradient_of("out").any()
    graph.set_switch("h", "muted")
    quiet = compiled(graph)
    quiet.forward()
    assert not quiet.values["h"][0].array.any()


def test_a_loop_that_cannot_run_is_refused_with_its_sentence():
    graph = recurrent()
    graph.replace_layer("x", graph.node("x").layer.replaced(shape=(3,)))
    with pytest.raises(CompileError, match="needs a sequence"):
        compiled(graph)


@pytest.mark.parametrize("drawn", [recurrent, lambda: settling(steps=3)])
def test_a_training_step_of_a_loop_allocates_nothing(drawn):
    plan = compiled(drawn(), batch=2048, dtype=np.float32)

    def step():
        plan.forward()
        plan.backward()

    assert min(most_allocated(step, warm_up=10, times=10) for _ in range(2)) < 4096


def test_a_settling_pass_allocates_nothing():
    graph = settling(steps=10)
    plan = compile_plan(graph, infer(graph), contracting(graph, np.float32), 2048, Mode.PREDICT)
    assert min(most_allocated(plan.forward, warm_up=10, times=10) for _ in range(2)) < 4096


def test_the_steps_that_leave_a_loop_are_as_real_as_those_that_enter():
    graph = recurrent()
    graph.remove_node("x")
    graph.add_node(node("tokens", "input", shape=[STEPS]))
    graph.add_node(node("x", "embedding", width=FEATURES, tokens=5, padding=0))
    graph.connect(Wire("tokens", "x"))
    graph.connect(Wire("x", "c"), 0)
    parameters = Parameters(graph, infer(graph))
    plan = compile_plan(graph, infer(graph), parameters, 2, Mode.TRAIN)
    plan.inputs["tokens"][...] = np.array([[1, 2, 3, 0, 0, 0], [4, 4, 4, 4, 4, 0]]).T
    plan.forward()

    real = plan.inputs["tokens"] > 0
    np.testing.assert_array_equal(plan.values["h"][0].mask, real)
    np.testing.assert_array_equal(plan.values["out"][0].mask, real)
    assert masked_nodes(graph, infer(graph)) == {"x", "c", "h", "out"}


def test_a_loop_whose_numbers_grow_without_end_is_named_as_drawn():
    settings = TrainingSettings(
        epochs=3, batch_size=8, seed=4, optimizer=OPTIMIZERS.get("sgd")(rate=1e30)
    )
    graph = recurrent()
    graph.replace_layer("h", graph.node("h").layer.replaced(activation="linear"))
    trainer = Trainer(graph, _values(), settings)

    assert trainer.run() is StopReason.DIVERGED
    assert trainer.divergence.node in ("c", "h", "out")


def _values(count=40):
    rng = np.random.default_rng(2)
    x = rng.standard_normal((count, STEPS, FEATURES)).astype(np.float32)
    rows = np.arange(count)
    parts = {"train": rows[:32], "validation": rows[32:], "test": rows[32:]}
    return ToyData(x, x[:, :, :2].copy(), (), "values", parts)


def test_a_loop_may_begin_with_a_matrix_beside_the_sequence_that_it_reads():
    settings = {"units": 2, "returns": "sequence"}
    ends = [node("x", "input", shape=[3, 2]), node("m", "input", shape=[4, 2])]
    loss = node("loss", "loss", loss="squared_error")
    loop = Graph(
        [*ends, node("s", "start", returns="last"), node("y", "gru", **settings), loss],
        [
            Wire("m", "s", target_port="start"),
            Wire("s", "y"),
            Wire("x", "y", target_port="hidden"),
            Wire("y", "s", delay=1),
            Wire("y", "loss", target_port="prediction"),
        ],
    )
    steps = ["y", "y1", "y2"]
    by_hand = Graph(
        [*ends, *(node(name, "gru", **settings) for name in steps), loss],
        [Wire("m", "y"), Wire("y", "y1"), Wire("y1", "y2")],
    )
    for step, name in enumerate(steps):
        by_hand.add_node(node(f"x{step}", "slice", start=step))
        by_hand.add_node(node(f"row{step}", "flatten"))
        by_hand.connect(Wire("x", f"x{step}"))
        by_hand.connect(Wire(f"x{step}", f"row{step}"))
        by_hand.connect(Wire(f"row{step}", name, target_port="hidden"))
    by_hand.connect(Wire("y2", "loss", target_port="prediction"))
    for name in steps[1:]:
        by_hand.share(name, "y")
    one, other = compiled(loop), compiled(by_hand)
    other.parameters.load(one.parameters.to_dict())
    for arrays, others in ((one.inputs, other.inputs), (one.targets, other.targets)):
        for name, array in arrays.items():
            others[name][...] = array
    for plan in (one, other):
        plan.forward()

    assert one.loss() == pytest.approx(other.loss(), rel=1e-12)
