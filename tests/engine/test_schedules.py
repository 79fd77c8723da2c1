"""What each schedule makes of the learning rate, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.schedules import SCHEDULES, ConstantRate, CosineDecay, StepDecay


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


@pytest.mark.witness
@pytest.mark.parametrize("schedule", [StepDecay(every=3, drop=0.4), CosineDecay()])
def test_schedules_agree_with_torch(schedule, torch):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    kinds = torch.optim.lr_scheduler
    theirs = (
        kinds.StepLR(optimizer, 3, 0.4)
        if schedule.kind == "step"
        else kinds.CosineAnnealingLR(optimizer, 10)
    )
    for epoch in range(11):
        assert schedule.factor(epoch, 10) == pytest.approx(
            optimizer.param_groups[0]["lr"], abs=1e-12
        )
        optimizer.step()
        theirs.step()


@pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.kind)
def test_every_schedule_starts_at_the_full_rate_and_never_rises(kind):
    factors = [kind().factor(epoch / 4, 20) for epoch in range(100)]

    assert factors[0] == 1
    assert all(0 <= later <= earlier for earlier, later in pairwise(factors))
