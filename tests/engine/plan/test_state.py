"""State: running statistics that plans share, keep and hand on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.errors import CompileError
from engine.graph.infer import infer
from engine.layers import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.initial import initial_weights
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.plan.probe import Probe
from engine.training.checkpoints import Checkpoint
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import chain, clouds, compiled, node
from tests.tools.lone import LoneLayer

MEAN, VARIANCE = ("norm", "running_mean"), ("norm", "running_variance")


def normalised():
    return chain(
        node("x", "input", shape=[4]),
        node("hidden", "dense", units=6, activation="relu"),
        node("norm", "batch_norm"),
        node("classes", "dense", units=3, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    )


def trainer(checkpoint=None, epochs=3, batch_size=16):
    settings = TrainingSettings(epochs=epochs, batch_size=batch_size, seed=5)
    return Trainer(normalised(), clouds(), settings, checkpoint=checkpoint)


def test_running_statistics_begin_as_those_of_a_standard_normal():
    parameters = Parameters(normalised(), infer(normalised()))
    state = parameters.state.of("norm")

    np.testing.assert_array_equal(state["running_mean"], np.zeros(6))
    np.testing.assert_array_equal(state["running_variance"], np.ones(6))


def test_plans_that_train_move_the_statistics_and_others_leave_them():
    training = compiled(normalised())
    state = training.parameters.state
    for mode in (Mode.EVALUATE, Mode.PREDICT, Mode.PROBE):
        other = compile_plan(normalised(), infer(normalised()), training.parameters, 5, mode)
        other.inputs["x"][...] = 3
        before = state.vector.copy()
        other.forward()
        np.testing.assert_array_equal(state.vector, before)
    training.forward()

    assert not np.array_equal(state.vector, before)


def test_plans_of_one_run_share_the_statistics():
    first = compiled(normalised())
    second = compile_plan(normalised(), infer(normalised()), first.parameters, 5, Mode.TRAIN)
    for plan in (first, second):
        plan.inputs["x"][...] = np.random.default_rng(0).standard_normal((4, plan.batch))
        plan.forward()
    hidden = [plan.values["hidden"][0].array for plan in (first, second)]
    expected = 0.9 * 0.1 * hidden[0].mean(axis=1) + 0.1 * hidden[1].mean(axis=1)

    np.testing.assert_allclose(first.parameters.state.of("norm")["running_mean"], expected)


@pytest.mark.witness
def test_running_statistics_agree_with_torch_step_by_step(torch):
    lone = LoneLayer(LAYERS.get("batch_norm")(momentum=0.2), [(3, 2, 2)], batch=4)
    theirs = torch.nn.BatchNorm2d(3, momentum=0.2, dtype=torch.float64)
    for _ in range(5):
        lone.inputs[0][...] = lone.rng.standard_normal(lone.inputs[0].shape)
        lone.forward()
        theirs(torch.tensor(np.moveaxis(lone.inputs[0], -1, 0).copy()))

    np.testing.assert_allclose(lone.state["running_mean"], theirs.running_mean, rtol=1e-10)
    np.testing.assert_allclose(lone.state["running_variance"], theirs.running_var, rtol=1e-10)


def test_weights_hold_the_state_on_its_way_to_files_and_back():
    plan = compiled(normalised())
    plan.forward()
    kept = plan.parameters.to_dict()
    again = Parameters(normalised(), infer(normalised()), np.float64)
    again.load(kept)

    assert MEAN in kept
    assert VARIANCE in kept
    np.testing.assert_array_equal(again.state.vector, plan.parameters.state.vector)


def test_first_weights_hold_the_first_state():
    found = initial_weights(infer(normalised()), seed=3)

    np.testing.assert_array_equal(found[MEAN], np.zeros(6))
    np.testing.assert_array_equal(found[VARIANCE], np.ones(6))


def test_a_checkpoint_brings_the_statistics_back_bit_for_bit():
    whole = trainer()
    whole.run()
    begun = trainer()
    for _ in range(6):
        begun.step()
    checkpoint = begun.checkpoint()
    kept = Checkpoint(
        {name: array.copy() for name, array in checkpoint.arrays.items()},
        json.loads(json.dumps(checkpoint.plain)),
    )
    resumed = trainer(kept)
    resumed.run()

    assert "state/norm/running_mean" in checkpoint.arrays
    np.testing.assert_array_equal(resumed.parameters.vector, whole.parameters.vector)
    np.testing.assert_array_equal(resumed.parameters.state.vector, whole.parameters.state.vector)


def test_a_run_that_diverges_returns_to_statistics_that_are_finite():
    run = trainer(epochs=10)
    for _ in range(20):
        run.step()
    run.parameters.of("hidden")["weight"][...] = 1e30
    run.run()

    assert run.divergence is not None
    assert np.isfinite(run.parameters.state.vector).all()


def test_predictions_use_the_running_statistics():
    run = trainer()
    run.run()
    x = clouds().features[:5]
    predict = Predictor(run.graph, run.parameters.to_dict()).predict
    (together,) = predict({"x": x}).values()
    (alone,) = predict({"x": x[:1]}).values()

    np.testing.assert_allclose(together[:1], alone, rtol=1e-5)


def test_a_probe_takes_the_statistics_of_the_run():
    run = trainer()
    run.run()
    probe = Probe(run.graph, batch=2)
    probe.run(run.parameters, {"x": np.ones((4, 2), np.float32)})

    np.testing.assert_array_equal(probe.parameters.state.vector, run.parameters.state.vector)
    assert not np.shares_memory(probe.parameters.state.vector, run.parameters.state.vector)


def test_a_batch_of_one_example_is_refused_in_training_and_not_elsewhere():
    with pytest.raises(CompileError) as refusal:
        compiled(normalised(), batch=1)
    assert str(refusal.value) == (
        "BatchNorm needs two or more values of each channel while training, got a batch of 1. "
        "Choose a batch size that leaves no batch of one example."
    )
    compiled(normalised(), batch=1, mode=Mode.EVALUATE).forward()


def test_channels_that_never_change_give_finite_numbers():
    lone = LoneLayer(LAYERS.get("batch_norm")(), [(3,)], batch=4, dtype=np.float32)
    lone.inputs[0][...] = 1e4
    (y,) = lone.forward()
    lone.backward(lone.upstream())

    assert np.isfinite(y).all()
    assert np.isfinite(lone.input_gradients[0]).all()
