"""Amounts as people read them."""

from __future__ import annotations

import pytest

from gui.widgets.units import bytes_text, count_text, metric_text, percent_text, seconds_text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1_400_000, "1.4 MB"), (2_500_000_000, "2.5 GB")],
)
def test_bytes_are_given_in_the_unit_that_fits(count, text):
    assert bytes_text(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.84, "0.8 s"), (12.3, "12 s"), (185, "3:05"), (3729, "1:02:09")],
)
def test_time_is_given_as_on_a_clock(seconds, text):
    assert seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("accuracy", 0.98861, "98.9 %"), ("loss", 0.123456, "0.1235"), ("r2", 0.5, "0.5000")],
)
def test_shares_are_given_as_per_cent(name, value, text):
    assert metric_text(name, value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (950, "950"), (12_345, "12.3k"), (999_600, "1M"), (4_560_000, "4.56M")],
)
def test_large_counts_are_read_in_three_digits(count, text):
    assert count_text(count) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.384, "38 %"), (1.0, "100 %")]
)
def test_shares_are_per_cent(share, text):
    assert percent_text(share) == text
