"""What every loss must keep, checked over all that are registered."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.terminal import Loss
from engine.losses import LOSSES
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.gradients import assert_gradients, assert_projected_gradients
from tests.tools.lone import run
from tests.tools.lone_loss import LoneLoss, random_target
from tests.tools.witness import assert_agrees, loss_of_logits
from tests.tools.witness import loss as witness_loss

BATCH = 5
SHAPES = {"classes": [(2,), (4,)], "binary": [(1,), (3,)], "values": [(1,), (3,), (2, 2, 3)]}
CASES = [
    pytest.param(kind, shape, id=f"{kind.kind}-{'x'.join(map(str, shape))}")
    for kind in LOSSES
    for shape in SHAPES[kind.target]
]
OF_PROBABILITIES = [case for case in CASES if case.values[0].target != "values"]
FUSED = [
    pytest.param(kind, through, shape, id=f"{kind.kind}-{through}-{'x'.join(map(str, shape))}")
    for kind in LOSSES
    for through in sorted(kind.fuses)
    for shape in SHAPES[kind.target]
]
each_case = pytest.mark.parametrize(("kind", "shape"), CASES)
each_fused = pytest.mark.parametrize(("kind", "through", "shape"), FUSED)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def filled(kind, shape, rng, **keywords):
    """A loss with a random prediction, inside (0, 1) where that is asked for, and target."""
    lone = LoneLoss(kind(), shape, batch=BATCH, **keywords)
    drawn = rng.uniform(0.05, 0.95, (*shape, BATCH))
    if kind.target == "values":
        drawn = 3 * rng.standard_normal((*shape, BATCH))
    if kind.target == "classes":
        drawn /= drawn.sum(axis=0)
    lone.prediction[...] = drawn
    lone.target[...] = random_target(kind(), shape, BATCH, rng)
    return lone


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.kind)
def test_a_loss_has_a_formula_a_kind_of_target_and_a_docstring_with_shapes(kind):
    assert kind.formula
    assert kind.target in {"classes", "binary", "values"}
    assert all(through in ACTIVATIONS for through in kind.fuses)
    assert "Shapes: " in inspect.getdoc(kind)


@each_case
def test_steps_agree_with_the_plain_formula(kind, shape, rng):
    lone = filled(kind, shape, rng)

    np.testing.assert_allclose(
        lone.forward(), kind().value(lone.prediction, lone.target), rtol=1e-12
    )


@each_case
def test_the_gradient_agrees_with_central_differences(kind, shape, rng):
    lone = filled(kind, shape, rng)
    lone.forward()
    gradient = {"prediction": lone.backward()}
    arrays = {"prediction": lone.prediction}

    assert_gradients(lone.forward, arrays, gradient)
    for _ in range(3):
        assert_projected_gradients(lone.forward, arrays, gradient, rng)


@each_fused
def test_the_fused_gradient_agrees_with_central_differences(kind, through, shape, rng):
    lone = filled(kind, shape, rng, through=through)
    lone.z[...] = 2 * rng.standard_normal(lone.z.shape)
    lone.forward()

    assert_gradients(lone.forward, {"z": lone.z}, {"z": lone.backward()})


@each_fused
def test_fused_and_unfused_losses_agree(kind, through, shape, rng):
    fused, apart = filled(kind, shape, rng, through=through), filled(kind, shape, rng)
    fused.z[...] = 2 * rng.standard_normal(fused.z.shape)
    apart.target[...] = fused.target
    activation = ACTIVATIONS.get(through)()
    apart.prediction[...] = activation.value(fused.z)

    np.testing.assert_allclose(fused.forward(), apart.forward(), rtol=1e-12)
    np.testing.assert_allclose(fused.prediction, apart.prediction, rtol=1e-12)


@each_fused
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [4, 1024])
def test_fused_losses_are_exact_for_extreme_sums(kind, through, shape, dtype, batch, rng):
    lone = LoneLoss(kind(), shape, batch=batch, dtype=dtype, through=through)
    lone.z[...] = 1e4 * rng.choice([-1, 1], lone.z.shape)
    lone.target[...] = random_target(kind(), shape, batch, rng)
    z, t = np.float64(lone.z), np.float64(lone.target)
    if kind.target == "binary":
        expected = np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))
    else:
        shifted = z - z.max(axis=0)
        expected = np.mean(np.log(np.exp(shifted).sum(axis=0)) - (shifted * t).sum(axis=0))

    np.testing.assert_allclose(lone.forward(), expected, rtol=1e-6)
    share = batch * (shape[0] if kind.target == "binary" else 1)
    np.testing.assert_allclose(
        lone.backward(), (ACTIVATIONS.get(through)().value(z) - t) / share, rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize(("kind", "shape"), OF_PROBABILITIES)
def test_probabilities_of_zero_and_one_give_finite_numbers(kind, shape, rng):
    for dtype in (np.float32, np.float64):
        lone = filled(kind, shape, rng, dtype=dtype)
        lone.prediction[...] = np.round(lone.prediction)

        assert np.isfinite(lone.forward())
        assert np.isfinite(lone.backward()).all()


@pytest.mark.witness
@each_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_and_gradients_agree_with_torch(kind, shape, dtype, rng, torch):
    lone = filled(kind, shape, rng, dtype=dtype)
    prediction = torch.tensor(lone.prediction.copy(), requires_grad=True)
    theirs = witness_loss(torch, kind(), prediction, torch.tensor(lone.target))
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=dtype)
    assert_agrees(lone.backward(), prediction.grad, dtype=dtype)


@pytest.mark.witness
@each_fused
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fused_values_and_gradients_agree_with_torch(kind, through, shape, dtype, rng, torch):
    lone = filled(kind, shape, rng, dtype=dtype, through=through)
    lone.z[...] = 5 * rng.standard_normal(lone.z.shape)
    z = torch.tensor(lone.z.copy(), requires_grad=True)
    theirs = loss_of_logits(torch, kind(), z, torch.tensor(lone.target))
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=dtype)
    assert_agrees(lone.backward(), z.grad, dtype=dtype)


@each_case
def test_without_training_only_the_loss_is_written(kind, shape, rng):
    lone, learning = filled(kind, shape, rng, training=False), filled(kind, shape, rng)
    learning.prediction[...] = lone.prediction
    learning.target[...] = lone.target

    assert lone.gradient is None
    assert not lone.work.backward_steps
    assert lone.forward() == learning.forward()


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fused", [False, True])
def test_a_step_allocates_nothing_and_keeps_the_precision(kind, dtype, fused, rng):
    through = next(iter(kind.fuses), None) if fused else None
    (shape, *_) = SHAPES[kind.target]
    lone = LoneLoss(kind(), shape, batch=600, dtype=dtype, through=through)
    lone.prediction.fill(0.5)
    if through:
        lone.z.fill(0.5)
    lone.target[...] = random_target(kind(), shape, 600, rng)

    def step():
        run(lone.steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
    assert lone.gradient.dtype == dtype


@each_case
def test_a_batch_is_the_mean_of_its_halves(kind, shape, rng):
    whole = LoneLoss(kind(), shape, batch=6)
    halves = [LoneLoss(kind(), shape, batch=3) for _ in range(2)]
    whole.prediction[...] = rng.uniform(0.1, 0.9, whole.prediction.shape)
    whole.target[...] = random_target(kind(), shape, 6, rng)
    for number, half in enumerate(halves):
        part = np.s_[..., 3 * number : 3 * number + 3]
        half.prediction[...], half.target[...] = whole.prediction[part], whole.target[part]
    losses = [half.forward() for half in halves]

    np.testing.assert_allclose(whole.forward(), np.mean(losses), rtol=1e-12)
    np.testing.assert_allclose(
        whole.backward(),
        np.concatenate([half.backward() for half in halves], axis=-1) / 2,
        rtol=1e-12,
    )


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("reshaped", [lambda s: (*s, 1), lambda s: (*s[:-1], s[-1] + 1)])
def test_a_wired_target_of_another_shape_is_refused_and_never_broadcast(kind, reshaped):
    layer = Loss(loss=kind.kind)
    shape = SHAPES[kind.target][-1]
    other = reshaped(shape)
    arriving = ArrivingShapes({"prediction": (shape,), "target": (other,)})
    written, offered = "×".join(map(str, shape)), "×".join(map(str, other))

    with pytest.raises(ShapeError) as refusal:
        layer.infer(arriving)
    assert str(refusal.value) == (
        f"{kind.label} compares a prediction of {written} with a target of {written}, "
        f"got {offered}. Make both the same size."
    )


@pytest.mark.parametrize("shape", [(1,), (3, 8, 8)])
def test_categorical_cross_entropy_refuses_what_is_no_row_of_classes(shape):
    with pytest.raises(ShapeError) as refusal:
        LOSSES.get("categorical_cross_entropy")().check(shape)
    assert str(refusal.value) == (
        "Categorical cross-entropy needs one probability per class (K,) for 2 or more classes, "
        f"got {shape}. Put a Dense with one unit per class and softmax before it."
    )
