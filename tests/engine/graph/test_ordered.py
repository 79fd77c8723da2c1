"""An order does what a list does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.ordered import Ordered


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=60))
def test_it_keeps_the_order_that_a_list_would(edits):
    order, expected = Ordered(), []
    for number, (takes_out, place) in enumerate(edits):
        if takes_out and expected:
            item = expected.pop(place % len(expected))
            expected_index = place % (len(expected) + 1)

            assert order.remove(item) == expected_index
        else:
            index = place % (len(expected) + 1)
            expected.insert(index, number)
            order.insert(index, number)

    assert list(order) == expected
    assert [order.index(item) for item in expected] == list(range(len(expected)))
    assert sorted(expected, key=order.key) == expected


def test_a_thousand_items_find_room_between_two():
    order = Ordered()
    order.append("first")
    order.append("last")
    for number in range(1000):
        order.insert(1, number)

    assert list(order) == ["first", *range(999, -1, -1), "last"]


def test_an_order_of_items_goes_on_as_one_they_were_put_into():
    order = Ordered("abc")
    order.insert(1, "x")
    order.append("y")

    assert list(order) == ["a", "x", "b", "c", "y"]
    assert [order.index(item) for item in "axbcy"] == [0, 1, 2, 3, 4]


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_items_are_placed_among_others_in_the_order_of_all(items, chosen):
    order, among = Ordered(items), []
    for item in sorted(chosen):
        order.place(item, among)

    assert among == [item for item in items if item in chosen]


def test_what_is_not_there_is_not_found():
    order = Ordered()

    assert "a" not in order
    with pytest.raises(KeyError):
        order.remove("a")
