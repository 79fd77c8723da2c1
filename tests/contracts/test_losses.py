"""What every loss must keep, checked over all that are registered."""

from __future__ import annotations

import inspect
import math

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
from tests.tools.lone_loss import LoneLoss, random_prediction, random_target
from tests.tools.witness import assert_agrees
from tests.tools.witness_training import loss as witness_loss
from tests.tools.witness_training import loss_of_logits

BATCH = 5
SHAPES = {
    "classes": [(2,), (4,), (3, 4)],
    "binary": [(1,), (3,), (3, 1)],
    "values": [(1,), (3,), (2, 2, 3), (3, 2)],
    "none": [(1,), (3,)],
}
VARIANTS = {
    "huber": [{"bend": 0.4}],
    "exponential": [{"scale": 7.0}],
    "multiclass_hinge": [{"others": "all"}, {"margin": 2.5}],
    "binary_cross_entropy": [{"smoothing": 0.2}, {"positive_weight": 3.0, "smoothing": 0.1}],
    "categorical_cross_entropy": [
        {"smoothing": 0.1},
        {"class_weights": (0.5, 2.0, 1.0, 3.0)},
        {"class_weights": (0.5, 2.0, 1.0, 0.0), "smoothing": 0.3},
    ],
}


def losses():
    """Every loss with each shape that it takes, as it comes and with other settings."""
    for kind in LOSSES:
        for number, settings in enumerate([{}, *VARIANTS.get(kind.kind, [])]):
            loss = kind(**settings)
            for shape in SHAPES[kind.target]:
                try:
                    loss.check(shape)
                except ShapeError:
                    continue
                size = "x".join(map(str, shape))
                yield f"{kind.kind}-{size}" + (f"-{number}" if number else ""), loss, shape


CASES = [pytest.param(loss, shape, id=name) for name, loss, shape in losses()]
OF_PROBABILITIES = [
    case for case in CASES if case.values[0].expects in ("distribution", "probability")
]
FUSED = [
    pytest.param(loss, through, shape, id=f"{name}-{through}")
    for name, loss, shape in losses()
    for through in sorted(loss.fuses)
]
IN_HALVES = [case for case in CASES if not getattr(case.values[0], "class_weights", ())]
"""With class weights the mean is over the weights that are there and not over examples."""
each_case = pytest.mark.parametrize(("loss", "shape"), CASES)
each_fused = pytest.mark.parametrize(("loss", "through", "shape"), FUSED)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def filled(loss, shape, rng, **keywords):
    """A loss with a random prediction and target of the sort that it takes."""
    lone = LoneLoss(loss, shape, batch=BATCH, **keywords)
    lone.prediction[...] = random_prediction(loss, shape, BATCH, rng)
    lone.target[...] = random_target(loss, shape, BATCH, rng)
    return lone


def activated(through, z):
    """The activation of sums (K, N), or of each step (T, K, N)."""
    by_class = np.moveaxis(z, -2, 0)
    return np.moveaxis(ACTIVATIONS.get(through)().value(by_class), 0, -2)


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.kind)
def test_a_loss_has_a_formula_a_kind_of_target_and_a_docstring_with_shapes(kind):
    assert kind.formula
    assert kind.target in {"classes", "binary", "values", "none"}
    assert kind.expects in {"distribution", "probability", "positive", "number"}
    assert kind.source
    assert all(through in ACTIVATIONS for through in kind.fuses)
    assert "Shapes: " in inspect.getdoc(kind)


@each_case
def test_steps_agree_with_the_plain_formula(loss, shape, rng):
    lone = filled(loss, shape, rng)

    np.testing.assert_allclose(lone.forward(), loss.value(lone.prediction, lone.target), rtol=1e-12)


@each_case
def test_the_gradient_agrees_with_central_differences(loss, shape, rng):
    lone = filled(loss, shape, rng)
    lone.forward()
    gradient = {"prediction": lone.backward()}
    arrays = {"prediction": lone.prediction}

    assert_gradients(lone.forward, arrays, gradient)
    for _ in range(3):
        assert_projected_gradients(lone.forward, arrays, gradient, rng)


@each_case
def test_a_gradient_a_thousandth_too_large_is_caught(loss, shape, rng):
    lone = filled(loss, shape, rng)
    lone.forward()
    gradient = {"prediction": lone.backward() * 1.001}

    with pytest.raises(AssertionError):
        assert_gradients(lone.forward, {"prediction": lone.prediction}, gradient)


@each_fused
def test_the_fused_gradient_agrees_with_central_differences(loss, through, shape, rng):
    lone = filled(loss, shape, rng, through=through)
    lone.z[...] = 2 * rng.standard_normal(lone.z.shape)
    lone.forward()

    assert_gradients(lone.forward, {"z": lone.z}, {"z": lone.backward()})


@each_fused
def test_fused_and_unfused_losses_agree(loss, through, shape, rng):
    fused, apart = filled(loss, shape, rng, through=through), filled(loss, shape, rng)
    fused.z[...] = 2 * rng.standard_normal(fused.z.shape)
    apart.target[...] = fused.target
    apart.prediction[...] = activated(through, fused.z)

    np.testing.assert_allclose(fused.forward(), apart.forward(), rtol=1e-12)
    np.testing.assert_allclose(fused.prediction, apart.prediction, rtol=1e-12)


PLAIN_FUSED = [case for case in FUSED if case.values[0] == type(case.values[0])()]


@pytest.mark.parametrize(("loss", "through", "shape"), PLAIN_FUSED)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [4, 1024])
def test_fused_losses_are_exact_for_extreme_sums(loss, through, shape, dtype, batch, rng):
    lone = LoneLoss(loss, shape, batch=batch, dtype=dtype, through=through)
    lone.z[...] = 1e4 * rng.choice([-1, 1], lone.z.shape)
    lone.target[...] = random_target(loss, shape, batch, rng)
    z, t = np.float64(lone.z), np.float64(lone.target)
    if loss.target == "binary":
        expected = np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))
    else:
        classes = len(shape) - 1
        shifted = z - z.max(axis=classes, keepdims=True)
        expected = np.mean(
            np.log(np.exp(shifted).sum(axis=classes)) - (shifted * t).sum(axis=classes)
        )

    np.testing.assert_allclose(lone.forward(), expected, rtol=1e-6)
    share = batch * math.prod(loss.positions(shape))
    np.testing.assert_allclose(
        lone.backward(), (activated(through, z) - t) / share, rtol=1e-6, atol=1e-12
    )


@each_fused
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fused_losses_are_finite_for_extreme_sums(loss, through, shape, dtype, rng):
    lone = LoneLoss(loss, shape, batch=BATCH, dtype=dtype, through=through)
    lone.z[...] = 1e4 * rng.choice([-1, 1], lone.z.shape)
    lone.target[...] = random_target(loss, shape, BATCH, rng)

    assert np.isfinite(lone.forward())
    assert np.isfinite(lone.backward()).all()


@each_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [0.0, 1e4])
def test_losses_are_finite_for_predictions_at_the_ends_of_what_they_may_be(
    loss, shape, dtype, size, rng
):
    lone = filled(loss, shape, rng, dtype=dtype)
    if loss.expects == "number":
        lone.prediction[...] = size * rng.choice([-1, 1], lone.prediction.shape)
    elif loss.expects == "positive":
        lone.prediction[...] = size
        lone.target[..., 0] = 0

    assert np.isfinite(lone.forward())
    assert np.isfinite(lone.backward()).all()


@pytest.mark.parametrize(("loss", "shape"), OF_PROBABILITIES)
def test_probabilities_of_zero_and_one_give_finite_numbers(loss, shape, rng):
    for dtype in (np.float32, np.float64):
        lone = filled(loss, shape, rng, dtype=dtype)
        lone.prediction[...] = np.round(lone.prediction)

        assert np.isfinite(lone.forward())
        assert np.isfinite(lone.backward()).all()


@pytest.mark.witness
@each_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_and_gradients_agree_with_torch(loss, shape, dtype, rng, torch):
    lone = filled(loss, shape, rng, dtype=dtype)
    prediction = torch.tensor(lone.prediction.copy(), requires_grad=True)
    theirs = witness_loss(torch, loss, prediction, torch.tensor(lone.target))
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=dtype)
    assert_agrees(lone.backward(), prediction.grad, dtype=dtype)


@pytest.mark.witness
@each_fused
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fused_values_and_gradients_agree_with_torch(loss, through, shape, dtype, rng, torch):
    lone = filled(loss, shape, rng, dtype=dtype, through=through)
    lone.z[...] = 5 * rng.standard_normal(lone.z.shape)
    z = torch.tensor(lone.z.copy(), requires_grad=True)
    theirs = loss_of_logits(torch, loss, z, torch.tensor(lone.target))
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=dtype)
    assert_agrees(lone.backward(), z.grad, dtype=dtype)


@each_case
def test_without_training_only_the_loss_is_written(loss, shape, rng):
    lone, learning = filled(loss, shape, rng, training=False), filled(loss, shape, rng)
    learning.prediction[...] = lone.prediction
    learning.target[...] = lone.target

    assert lone.gradient is None
    assert not lone.work.backward_steps
    assert lone.forward() == learning.forward()


SMALLEST = list({(case.values[0], case.values[0].kind): case for case in CASES[::-1]}.values())


@pytest.mark.parametrize(("loss", "shape"), SMALLEST)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fused", [False, True])
def test_a_step_allocates_nothing_and_keeps_the_precision(loss, shape, dtype, fused, rng):
    through = next(iter(loss.fuses), None) if fused else None
    lone = LoneLoss(loss, shape, batch=600, dtype=dtype, through=through)
    lone.prediction.fill(0.5)
    if through:
        lone.z.fill(0.5)
    lone.target[...] = random_target(loss, shape, 600, rng)

    def step():
        run(lone.steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
    assert lone.gradient.dtype == dtype


@pytest.mark.parametrize(("loss", "shape"), IN_HALVES)
def test_a_batch_is_the_mean_of_its_halves(loss, shape, rng):
    whole = LoneLoss(loss, shape, batch=6)
    halves = [LoneLoss(loss, shape, batch=3) for _ in range(2)]
    whole.prediction[...] = rng.uniform(0.1, 0.9, whole.prediction.shape)
    whole.target[...] = random_target(loss, shape, 6, rng)
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


COMPARING = [kind for kind in LOSSES if kind.target != "none"]


@pytest.mark.parametrize("kind", COMPARING, ids=lambda kind: kind.kind)
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


@pytest.mark.parametrize("shape", [(1,), (3, 8, 8), (4, 1)])
def test_categorical_cross_entropy_refuses_what_is_no_row_of_classes(shape):
    with pytest.raises(ShapeError) as refusal:
        LOSSES.get("categorical_cross_entropy")().check(shape)
    assert str(refusal.value) == (
        "Cross-entropy needs one probability per class, (K,) or at each step (T, K), for 2 or "
        f"more classes, got {shape}. Put a Dense with one unit per class and softmax before it."
    )


def test_class_weights_must_be_as_many_as_classes():
    with pytest.raises(ShapeError) as refusal:
        LOSSES.get("categorical_cross_entropy")(class_weights=(1, 2)).check((3,))
    assert str(refusal.value) == (
        "Cross-entropy needs one weight for each of 3 classes, got 2. List one for "
        "each class, or none."
    )


def test_a_cosine_of_one_number_is_refused():
    with pytest.raises(ShapeError) as refusal:
        LOSSES.get("cosine")().check((1,))
    assert str(refusal.value) == (
        "Cosine distance needs 2 or more values, got 1: a single number has no direction. "
        "Use squared error."
    )


@pytest.mark.parametrize("through", [None, "softmax"])
def test_examples_without_a_target_are_left_out_where_classes_are_weighted(through, rng):
    loss = LOSSES.get("categorical_cross_entropy")(class_weights=(1, 2, 3))
    lone, kept = (LoneLoss(loss, (3,), batch=batch, through=through) for batch in (4, 3))
    for part in (lone, kept):
        array = part.z if through else part.prediction
        array[...] = np.random.default_rng(2).uniform(0.1, 1, (3, 4))[:, : part.work.batch]
        part.target[:, :3] = np.eye(3)

    assert lone.forward() == pytest.approx(kept.forward(), rel=1e-14)
    np.testing.assert_allclose(lone.backward()[:, :3], kept.backward(), rtol=1e-14)
    assert not lone.gradient[:, 3].any()


@pytest.mark.parametrize("smoothing", [0, 0.2])
@pytest.mark.parametrize("through", [None, "softmax"])
def test_a_batch_in_which_no_example_counts_costs_nothing(smoothing, through):
    loss = LOSSES.get("categorical_cross_entropy")(class_weights=(0, 1), smoothing=smoothing)
    lone = LoneLoss(loss, (2,), through=through)
    (lone.z if through else lone.prediction)[...] = [[0.3], [0.7]]
    lone.target[0] = 1

    assert lone.forward() == 0
    assert loss.value(lone.prediction, lone.target) == 0
    assert not lone.backward().any()
