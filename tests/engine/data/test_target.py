"""Guessing the target and its task."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.table import Column, Table, category
from engine.data.target import Target, as_classes, as_values, guess_target, guess_task
from engine.errors import DataError


def table(*names: str) -> Table:
    return Table(tuple(Column(name, "number", np.zeros(2)) for name in names))


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (("a", "b"), "b"),
        (("y", "b"), "y"),
        (("Label", "b"), "Label"),
        (("class", "y", "b"), "class"),
        ((" Target ", "class"), " Target "),
    ],
)
def test_the_target_is_guessed_by_name_and_else_the_last(
    names: tuple[str, ...], target: str
) -> None:
    assert guess_target(table(*names)) == target


def test_what_the_source_says_is_the_target() -> None:
    assert guess_target(Table(table("a", "y").columns, target="a")) == "a"


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([0, 1, 0, 1], "classes"),
        ([0.5, 1.5, 0.5, 0.5], "classes"),
        ([1, 2, 3] * 5, "classes"),
        ([0.1, 0.2, 0.3] * 5, "values"),
        (list(range(15)), "values"),
        (list(range(21)) * 5, "values"),
        ([1, 2, float("nan"), 1], "classes"),
    ],
)
def test_few_distinct_whole_numbers_are_classes(values: list[float], task: str) -> None:
    assert guess_task(Column("y", "number", np.array(values, dtype=float))) == task


def test_words_are_classes() -> None:
    assert guess_task(category("y", ["a", "b"])) == "classes"


def test_numbers_become_classes_in_rising_order() -> None:
    column = as_classes(Column("y", "number", np.array([10.0, 2.0, float("nan"), 10.0])))

    assert column.levels == ("2", "10")
    assert column.values.tolist() == [1, 0, -1, 1]


def test_levels_that_do_not_occur_are_no_classes() -> None:
    column = as_classes(Column("y", "category", np.array([2, 0, -1]), ("a", "b", "c")))

    assert column.levels == ("a", "c")
    assert column.values.tolist() == [1, 0, -1]


def test_more_classes_than_anyone_could_learn_are_refused() -> None:
    words = np.array([f"word {n}" for n in range(1001)], dtype=object)

    with pytest.raises(DataError) as caught:
        as_classes(Column("y", "text", words))

    assert str(caught.value) == (
        "The target 'y' has 1,001 classes, expected at most 1,000. "
        "Choose another target column, or predict values instead."
    )


def test_words_as_values_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        as_values(category("y", ["low", "high"]))

    assert str(caught.value) == (
        "The target 'y' must hold numbers to predict values, got 'low' and 1 more. "
        "Set the task to classes, or choose another target column."
    )


def test_a_target_survives_its_plain_form() -> None:
    target = Target("y", "values", (), 2.0, 4.0)

    assert Target.from_plain(target.to_plain()) == target
    assert target.decode(np.array([0.0, 1.0])).tolist() == [2.0, 6.0]
