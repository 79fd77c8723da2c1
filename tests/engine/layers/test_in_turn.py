"""Steps of a layer that does the same at each of many times."""

from __future__ import annotations

import numpy as np

from engine.layers.in_turn import at_each, in_turn

CALLS = [("read", ("x0", "x1", "x2")), ("mix", "w", ("h0", "h1", "h2"))]


def test_all_calls_of_one_time_come_before_those_of_the_next():
    assert list(in_turn(CALLS)) == [
        ("read", "x0"),
        ("mix", "w", "h0"),
        ("read", "x1"),
        ("mix", "w", "h1"),
        ("read", "x2"),
        ("mix", "w", "h2"),
    ]


def test_backwards_the_last_time_comes_first_and_its_calls_keep_their_order():
    assert list(in_turn(CALLS, backwards=True))[:3] == [
        ("read", "x2"),
        ("mix", "w", "h2"),
        ("read", "x1"),
    ]


def test_a_call_that_is_the_same_at_all_times_comes_as_often_as_the_others():
    assert list(in_turn([("clear",), *CALLS]))[::3] == [("clear",)] * 3


def test_each_time_has_its_part_of_an_array():
    memory = np.arange(8).reshape(4, 2)

    before, after = at_each(memory, 3), at_each(memory, 3, 1)

    np.testing.assert_array_equal(before, memory[:3])
    np.testing.assert_array_equal(after, memory[1:])
    assert all(np.shares_memory(part, memory) for part in (*before, *after))


def test_two_places_are_used_in_turn():
    memory = np.array([[1.0], [2.0]])

    assert [float(part[0]) for part in at_each(memory, 4)] == [1, 2, 1, 2]
    assert [float(part[0]) for part in at_each(memory, 4, 1)] == [2, 1, 2, 1]
