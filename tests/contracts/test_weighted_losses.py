"""What every loss must keep where some positions count more than others, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from engine.losses import LOSSES
from tests.contracts.test_losses import (
    BATCH,
    CASES,
    SMALLEST,
    activated,
    each_case,
    each_fused,
    filled,
)
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.gradients import assert_gradients
from tests.tools.lone import run
from tests.tools.lone_loss import LoneLoss, random_target
from tests.tools.witness import assert_agrees
from tests.tools.witness_training import unreduced


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def weights_of(loss, shape, rng):
    """Weights of positions, some of them 0."""
    weights = rng.uniform(0.2, 3, (*loss.positions(shape), BATCH))
    weights[rng.uniform(size=weights.shape) < 0.3] = 0
    weights[..., 0] = 1.5
    return weights


@each_case
def test_with_weights_it_is_the_weighted_mean_over_positions(loss, shape, rng):
    weights = weights_of(loss, shape, rng)
    lone = filled(loss, shape, rng, weights=weights)
    expected = loss.value(lone.prediction, lone.target, weights)

    np.testing.assert_allclose(lone.forward(), expected, rtol=1e-12)
    gradient = {"prediction": lone.backward()}
    assert_gradients(lone.forward, {"prediction": lone.prediction}, gradient)


@each_fused
def test_fused_gradients_heed_weights(loss, through, shape, rng):
    lone = filled(loss, shape, rng, through=through, weights=weights_of(loss, shape, rng))
    lone.z[...] = 2 * rng.standard_normal(lone.z.shape)
    lone.forward()

    assert_gradients(lone.forward, {"z": lone.z}, {"z": lone.backward()})


@pytest.mark.witness
@each_case
def test_weighted_losses_are_the_unreduced_ones_of_torch_weighted_by_hand(loss, shape, rng, torch):
    weights = weights_of(loss, shape, rng)
    lone = filled(loss, shape, rng, weights=weights)
    prediction = torch.tensor(lone.prediction.copy(), requires_grad=True)
    each = unreduced(torch, loss, prediction, torch.tensor(lone.target))
    weights = torch.tensor(weights)
    counted = weights
    if getattr(loss, "class_weights", ()):
        by_class = torch.tensor(loss.class_weights, dtype=weights.dtype)
        counted = weights * (torch.tensor(lone.target).movedim(-2, -1) @ by_class)
    theirs = (weights * each).sum() / counted.sum()
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=np.float64)
    assert_agrees(lone.backward(), prediction.grad, dtype=np.float64)


@pytest.mark.witness
@pytest.mark.parametrize("settings", [{}, {"class_weights": (0.5, 2, 1, 3), "smoothing": 0.2}])
@pytest.mark.parametrize("through", [None, "softmax"])
def test_what_is_ignored_is_ignored_as_by_torch(settings, through, rng, torch):
    loss = LOSSES.get("categorical_cross_entropy")(**settings)
    numbers = rng.integers(-1, 4, (3, BATCH))
    lone = LoneLoss(loss, (3, 4), batch=BATCH, through=through, weights=numbers >= 0)
    scores = rng.standard_normal((3, 4, BATCH))
    if through:
        lone.z[...] = scores
    else:
        lone.prediction[...] = activated("softmax", scores)
    lone.target[...] = np.moveaxis(np.eye(5, 4)[numbers], -1, -2)
    z = torch.tensor(scores, requires_grad=True)
    weights = torch.tensor(loss.class_weights, dtype=torch.float64) if settings else None
    theirs = torch.nn.functional.cross_entropy(
        z.movedim(1, -1).reshape(-1, 4),
        torch.tensor(numbers).reshape(-1),
        weights,
        ignore_index=-1,
        label_smoothing=loss.smoothing,
    )
    theirs.backward()

    assert_agrees(lone.forward(), theirs.detach(), dtype=np.float64)
    if through:
        assert_agrees(lone.backward(), z.grad, dtype=np.float64)


@each_case
def test_what_weighs_nothing_changes_nothing(loss, shape, rng):
    weights = np.ones((*loss.positions(shape), BATCH))
    weights[..., -1] = 0
    lone, kept = filled(loss, shape, rng, weights=weights), LoneLoss(loss, shape, batch=BATCH - 1)
    kept.prediction[...] = lone.prediction[..., :-1]
    kept.target[...] = lone.target[..., :-1]

    assert lone.forward() == pytest.approx(kept.forward(), rel=1e-12)
    gradient = lone.backward()
    np.testing.assert_allclose(gradient[..., :-1], kept.backward(), rtol=1e-12)
    assert not gradient[..., -1].any()


@each_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_where_nothing_counts_the_loss_is_zero_and_nothing_is_learnt(loss, shape, dtype, rng):
    weights = np.zeros((*loss.positions(shape), BATCH))
    lone = filled(loss, shape, rng, dtype=dtype, weights=weights)

    assert lone.forward() == 0
    assert not lone.backward().any()


IN_STEPS = [case for case in CASES if len(case.values[1]) == 2]


@pytest.mark.parametrize(("loss", "shape"), IN_STEPS)
def test_steps_that_a_mask_leaves_out_weigh_nothing(loss, shape, rng):
    mask = np.ones((shape[0], BATCH))
    mask[1:, 0] = mask[2:, 3] = 0
    weights = weights_of(loss, shape, rng)
    steps = mask.reshape(shape[0], *(1,) * (weights.ndim - 2), BATCH)
    masked = filled(loss, shape, rng, mask=mask, weights=weights)
    by_hand = LoneLoss(loss, shape, batch=BATCH, weights=weights * steps)
    by_hand.prediction[...], by_hand.target[...] = masked.prediction, masked.target

    assert masked.forward() == pytest.approx(by_hand.forward(), rel=1e-14)
    np.testing.assert_allclose(masked.backward(), by_hand.backward(), rtol=1e-14)


@pytest.mark.parametrize(("loss", "shape"), IN_STEPS)
def test_a_mask_alone_counts_the_steps_that_are_there(loss, shape, rng):
    mask = np.ones((shape[0], BATCH))
    mask[1:, 1:] = 0
    lone = filled(loss, shape, rng, mask=mask)
    spread = mask if len(loss.positions(shape)) == 1 else mask[:, None] * np.ones((1, shape[1], 1))

    assert lone.forward() == pytest.approx(
        loss.value(lone.prediction, lone.target, spread), rel=1e-12
    )


@pytest.mark.parametrize(("loss", "shape"), SMALLEST + IN_STEPS)
@pytest.mark.parametrize("fused", [False, True])
def test_a_weighted_step_allocates_nothing(loss, shape, fused, rng):
    through = next(iter(loss.fuses), None) if fused else None
    weights = np.ones((*loss.positions(shape), 600))
    mask = np.ones((shape[0], 600)) if len(shape) == 2 else None
    lone = LoneLoss(loss, shape, batch=600, through=through, weights=weights, mask=mask)
    (lone.z if through else lone.prediction).fill(0.5)
    lone.target[...] = random_target(loss, shape, 600, rng)

    def step():
        run(lone.steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
