"""What each schedule makes of the learning rate, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.schedules import (
    SCHEDULES,
    ConstantRate,
    CosineDecay,
    CosineRestarts,
    ExponentialDecay,
    OneCycle,
    PolynomialDecay,
    ReduceOnPlateau,
    StepDecay,
    WarmUp,
)


@pytest.mark.parametrize("epoch", [0, 0.5, 7, 100])
def test_a_constant_rate_stays(epoch):
    assert ConstantRate().factor(epoch, 50) == 1


@pytest.mark.parametrize(
    ("epoch", "expected"), [(0, 1), (9.99, 1), (10, 0.5), (19, 0.5), (20, 0.25), (35, 0.125)]
)
def test_a_step_schedule_drops_at_the_end_of_every_stretch(epoch, expected):
    assert StepDecay(every=10, drop=0.5).factor(epoch, 50) == expected


@pytest.mark.parametrize(("epoch", "expected"), [(0, 1), (25, 0.55), (50, 0.1), (80, 0.1)])
def test_a_cosine_falls_to_its_last_share_and_stays_there(epoch, expected):
    assert CosineDecay(final=0.1).factor(epoch, 50) == pytest.approx(expected)


def test_a_cosine_over_no_epochs_is_at_its_start():
    assert CosineDecay().factor(0, 0) == 1


EPOCHS = 40
STEPS = 4 * EPOCHS
"""Of torch, which steps; ours is asked at epochs in steps of a quarter."""


def one_cycle(kinds, optimizer):
    """torch rises for peak · total - 1 of total - 1 steps."""
    peak = (0.3 * STEPS + 1) / (STEPS + 1)
    return kinds.OneCycleLR(optimizer, 1.0, total_steps=STEPS + 1, pct_start=peak)


def warm_up(kinds, optimizer):
    rising = kinds.LinearLR(optimizer, 0.2, 1.0, total_iters=20)
    falling = kinds.CosineAnnealingLR(optimizer, STEPS - 20)
    return kinds.SequentialLR(optimizer, [rising, falling], [20])


def warm_restarts(kinds, optimizer):
    return kinds.CosineAnnealingWarmRestarts(optimizer, 4 * 5, 2, eta_min=0.1)


BY_TORCH = {
    "constant": (ConstantRate(), lambda k, o: k.ConstantLR(o, 1.0)),
    "step": (StepDecay(every=3, drop=0.4), lambda k, o: k.StepLR(o, 12, 0.4)),
    "cosine": (CosineDecay(), lambda k, o: k.CosineAnnealingLR(o, STEPS)),
    "exponential": (ExponentialDecay(keep=0.9), lambda k, o: k.ExponentialLR(o, 0.9**0.25)),
    "polynomial": (PolynomialDecay(power=2), lambda k, o: k.PolynomialLR(o, STEPS, 2)),
    "cosine_restarts": (CosineRestarts(first=5, longer=2, final=0.1), warm_restarts),
    "one_cycle": (OneCycle(), one_cycle),
    "warm_up": (WarmUp(length=5, start=0.2, then=CosineDecay()), warm_up),
}


@pytest.mark.witness
@pytest.mark.parametrize("kind", BY_TORCH)
def test_schedules_agree_with_torch(kind, torch):
    schedule, made = BY_TORCH[kind]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = made(torch.optim.lr_scheduler, optimizer)
    for step in range(STEPS):
        rate = optimizer.param_groups[0]["lr"]

        assert schedule.factor(step / 4, EPOCHS) == pytest.approx(rate, abs=1e-12, rel=1e-10)
        optimizer.step()
        theirs.step()


def test_every_schedule_is_compared_with_torch():
    assert {*BY_TORCH, "plateau"} == set(SCHEDULES.kinds())


RISING = {"cosine_restarts", "one_cycle", "warm_up"}


@pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.kind)
def test_every_factor_is_from_0_to_1_and_full_once(kind):
    factors = [kind().factor(epoch / 4, 20) for epoch in range(100)]

    assert max(factors) == pytest.approx(1)
    assert min(factors) >= 0


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULES if kind.kind not in RISING])
def test_every_schedule_but_the_rising_ones_starts_at_the_full_rate_and_never_rises(kind):
    factors = [kind().factor(epoch / 4, 20) for epoch in range(100)]

    assert factors[0] == 1
    assert all(0 <= later <= earlier for earlier, later in pairwise(factors))


@pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.kind)
@pytest.mark.parametrize(("epoch", "epochs"), [(0, 0), (3, 1), (5, 5), (1e6, 10)])
def test_every_schedule_has_a_factor_at_odd_times(kind, epoch, epochs):
    assert 0 <= kind().factor(epoch, epochs) <= 1


def test_restarts_grow_longer():
    schedule = CosineRestarts(first=2, longer=3)

    assert [schedule.factor(epoch, 50) for epoch in (0, 2, 8, 26)] == [1, 1, 1, 1]
    assert schedule.factor(1.999999, 50) == pytest.approx(0, abs=1e-6)
    assert schedule.factor(5, 50) == pytest.approx(0.5)


def test_a_warm_up_longer_than_the_run_never_reaches_the_full_rate():
    assert WarmUp(length=10, start=0).factor(5, 5) == 0.5


def test_a_plateau_is_looked_at_behind_a_warm_up_too():
    plateau = ReduceOnPlateau(patience=3)

    assert ConstantRate().on_plateau is None
    assert plateau.on_plateau is plateau
    assert WarmUp(then=plateau).on_plateau is plateau
