"""Axes have round ends and labels that are no longer than they need to be."""

from __future__ import annotations

import math

import pytest

from gui.dashboard import scales


def labels(scale):
    return [text for _, text in scale.ticks]


def test_a_loss_from_near_zero_starts_at_zero():
    assert labels(scales.linear(0.08, 0.97)) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]


def test_values_far_from_zero_do_not_start_there():
    scale = scales.linear(0.91, 0.99)

    assert (scale.low, scale.high) == pytest.approx((0.9, 1.0))


def test_equal_values_get_room_around_them():
    scale = scales.linear(3.0, 3.0)

    assert scale.low < 3.0 < scale.high


def test_no_values_give_a_scale_from_zero_to_one():
    scale = scales.linear(math.inf, -math.inf)

    assert (scale.low, scale.high) == (0, 1)


def test_a_logarithmic_scale_has_whole_powers_of_ten():
    assert labels(scales.logarithmic(-3.4, 0.2)) == ["1e-4", "1e-3", "1e-2", "1e-1", "1", "10"]


def test_many_powers_are_thinned_out():
    assert len(scales.logarithmic(-30, 2).ticks) <= 8


def test_a_scale_is_kept_while_values_fill_a_fair_part_of_it():
    scale = scales.linear(0.0, 1.0)

    assert scale.fits(0.1, 0.9)
    assert not scale.fits(0.1, 1.1)
    assert not scale.fits(0.0, 0.2)


def test_epochs_are_whole_where_there_are_enough():
    assert labels(scales.epochs(30.0)) == ["0", "5", "10", "15", "20", "25", "30"]
    assert labels(scales.epochs(15.0)) == ["0", "5", "10", "15"]
    assert labels(scales.epochs(2.0)) == ["0", "0.5", "1.0", "1.5", "2.0"]
    assert labels(scales.epochs(150.0)) == ["0", "25", "50", "75", "100", "125", "150"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.131, "0.1310"),
        (2.106, "2.106"),
        (123.4, "123.4"),
        (3.1e-5, "3.10e-05"),
        (-0.5, "-0.5000"),
    ],
)
def test_a_reading_has_four_digits(value, text):
    assert scales.reading(value) == text
