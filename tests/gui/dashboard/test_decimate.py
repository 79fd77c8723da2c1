"""Curves cut down to pixels keep what an eye would see."""

from __future__ import annotations

import numpy as np

from gui.dashboard.decimate import cut


def test_a_short_curve_is_left_as_it_is():
    x, y = cut(np.arange(5), np.array([3.0, 1.0, 2.0, 5.0, 4.0]), 600)

    assert x.tolist() == [0, 1, 2, 3, 4]
    assert y.tolist() == [3, 1, 2, 5, 4]


def test_each_bucket_keeps_its_least_and_its_largest_value_in_order():
    y = np.array([1.0, 9, 2, 3, 8, 0, 5, 5])
    x, kept = cut(np.arange(8), y, 4)

    assert x.tolist() == [0, 1, 4, 5]
    assert kept.tolist() == [1, 9, 8, 0]


def test_a_single_spike_among_many_points_is_kept():
    y = np.zeros(100_000)
    y[54_321] = 7.0
    x, kept = cut(np.arange(100_000), y)

    assert len(kept) <= 600
    assert x[kept.argmax()] == 54_321


def test_what_was_drawn_stands_still_while_the_curve_grows():
    y = np.random.default_rng(0).standard_normal(2_000)
    before, _ = cut(np.arange(1_500), y[:1_500])
    after, _ = cut(np.arange(1_600), y[:1_600])

    assert after[: len(before) - 2].tolist() == before[:-2].tolist()


def test_values_that_are_not_finite_are_left_out():
    x, y = cut(np.arange(4), np.array([1.0, np.nan, np.inf, 2.0]))

    assert x.tolist() == [0, 3]
    assert y.tolist() == [1, 2]
