"""Tables and columns."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.table import Column, Table, category, listed
from engine.errors import DataError


def test_columns_of_different_lengths_make_no_table() -> None:
    with pytest.raises(DataError) as caught:
        Table((Column("a", "number", np.zeros(2)), Column("b", "number", np.zeros(3))))

    assert str(caught.value) == "The columns of a table must be equally long, got [2, 3]."


def test_values_are_shown_without_noise() -> None:
    column = Column("x", "number", np.array([3.0, 0.25, float("nan"), 1e-7]))

    assert [column.text(row) for row in range(4)] == ["3", "0.25", "", "1e-07"]


def test_levels_are_in_alphabetical_order() -> None:
    column = category("x", ["b", None, "a"])

    assert column.levels == ("a", "b")
    assert column.values.tolist() == [1, -1, 0]
    assert column.texts().tolist() == ["b", None, "a"]


def test_taking_rows_keeps_everything_else() -> None:
    table = Table((category("x", ["b", "c", "a"]),), target="x")
    taken = table.take(np.array([2, 0]))

    assert taken.target == "x"
    assert taken.column("x").levels == ("a", "b", "c")
    assert taken.column("x").texts().tolist() == ["a", "b"]


def test_a_picture_with_a_gap_is_missing() -> None:
    values = np.zeros((2, 1, 2, 2))
    values[1, 0, 1, 1] = np.nan

    assert Column("x", "number", values).missing.tolist() == [False, True]


def test_long_lists_of_names_are_cut() -> None:
    assert listed(("a", "b", "c"), most=2) == "'a', 'b' and 1 more"
