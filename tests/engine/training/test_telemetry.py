"""Curves that never outgrow their memory, and progress."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.control import Control, StopReason
from engine.training.pace import Pace
from engine.training.telemetry import Curve, Telemetry


def filled(count, capacity=8):
    curve = Curve(capacity)
    for number in range(count):
        curve.append(number, -number)
    return curve


def test_a_curve_keeps_every_point_while_there_is_room():
    xs, ys = filled(8).points()

    np.testing.assert_array_equal(xs, range(8))
    np.testing.assert_array_equal(ys, -xs)


def test_a_full_curve_keeps_every_second_point_and_takes_every_second_one():
    curve = filled(13)

    np.testing.assert_array_equal(curve.points()[0], [0, 2, 4, 6, 8, 10, 12])
    assert curve.stride == 2
    assert curve.latest == (12, -12)


@pytest.mark.parametrize("count", [1, 8, 9, 16, 17, 33, 1000])
def test_points_stay_evenly_spaced_however_long_the_curve(count):
    curve = filled(count)
    xs, _ = curve.points()

    np.testing.assert_array_equal(xs, np.arange(0, count, curve.stride))
    assert len(curve) <= 8
    assert curve.latest == (count - 1, 1 - count)


def test_what_a_reader_holds_does_not_change():
    curve = filled(8)
    held = curve.points()
    for number in range(8, 40):
        curve.append(number, 0)

    np.testing.assert_array_equal(held[0], range(8))


@pytest.mark.parametrize("count", [0, 5, 9, 100])
def test_a_curve_that_was_saved_goes_on_as_if_it_had_not(count):
    curve = filled(count, capacity=8)
    again = Curve(8)
    again.load(curve.to_array(), curve.to_plain())
    for number in range(50):
        curve.append(number, 1)
        again.append(number, 1)

    np.testing.assert_array_equal(again.to_array(), curve.to_array())
    assert again.to_plain() == curve.to_plain()


def test_the_version_counts_what_was_recorded():
    telemetry = Telemetry(epochs=2, steps_per_epoch=10)
    telemetry.record(0.5, {"loss/train": 2.0, "loss/validation": 3.0})
    telemetry.record(1.0, {"loss/train": 1.0})

    assert telemetry.version == 2
    assert telemetry.latest() == {"loss/train": 1.0, "loss/validation": 3.0}


def test_progress_tells_the_time_that_is_left():
    telemetry = Telemetry(epochs=2, steps_per_epoch=10)
    assert telemetry.progress.seconds_left is None
    telemetry.step, telemetry.steps_per_second = 15, 2.5

    assert telemetry.progress.epoch == 1
    assert telemetry.progress.seconds_left == 2.0


def test_pace_is_taken_over_the_last_moments():
    pace = Pace(now=0.0, steps=0)
    taken = [pace.passed(0.1, 1), pace.passed(0.25, 5), pace.passed(0.3, 6), pace.passed(1.25, 15)]

    assert taken == [True, True, False, True]
    assert 10.0 < pace.steps_per_second < 20.0

    for second in range(2, 12):
        pace.passed(0.25 + second, 5 + 10 * second)

    assert pace.steps_per_second == pytest.approx(10.0, rel=1e-3)


def test_a_short_halt_hardly_shows_in_the_pace():
    pace = Pace(now=0.0, steps=0)
    for tenth in range(1, 41):
        pace.passed(tenth / 4, 25 * tenth)
    pace.passed(10.25, 1001)

    assert 70 < pace.steps_per_second < 100


def test_a_stop_outweighs_a_pause():
    control = Control()
    control.stop()
    control.pause()

    assert control.requested is StopReason.STOPPED
    control.clear()
    assert control.requested is None
