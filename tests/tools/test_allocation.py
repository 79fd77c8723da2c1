"""The measure of memory must see one array and forgive none."""

from __future__ import annotations

import numpy as np

from tests.tools.allocation import SLACK, most_allocated

a = np.ones((64, 64))
out = np.empty_like(a)


def test_writing_into_an_array_allocates_nothing():
    assert most_allocated(lambda: np.multiply(a, a, out=out)) <= SLACK


def test_a_new_array_is_seen_even_if_it_is_dropped_at_once():
    assert most_allocated(lambda: a * a) >= a.nbytes


def test_what_only_one_call_in_five_takes_is_seen():
    calls = iter(range(10_000))

    assert most_allocated(lambda: a * a if next(calls) % 5 == 0 else None) >= a.nbytes


def test_what_happens_once_is_forgiven():
    calls = iter(range(10_000))

    assert most_allocated(lambda: a * a if next(calls) == 6 else None) <= SLACK
