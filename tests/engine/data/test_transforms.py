"""Transforms: fitted on a column of training rows, applied to any."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.data import TRANSFORMS, Transform
from engine.data.table import Column, category
from engine.data.transforms import FillMissing, Normalise, OneHot, Standardise

NAN = float("nan")


def column(*values: float) -> Column:
    return Column("x", "number", np.array(values))


@pytest.mark.parametrize(("how", "value"), [("median", 2.0), ("mean", 4.0), ("zero", 0.0)])
def test_missing_numbers_are_filled(how: str, value: float) -> None:
    fill = FillMissing(numbers=how)
    state = fill.fit(column(1, 2, 9, NAN))

    assert state == {"value": value}
    assert fill.apply(column(NAN, 5), state)[0].values.tolist() == [value, 5]


def test_missing_words_get_the_most_frequent_one() -> None:
    fill = FillMissing()
    words = category("x", ["red", "blue", "red", None])
    state = fill.fit(words)
    (filled,) = fill.apply(words, state)

    assert state == {"level": "red"}
    assert [filled.text(row) for row in range(4)] == ["red", "blue", "red", "red"]


def test_missing_words_can_be_a_category_of_their_own() -> None:
    fill = FillMissing(categories="own")
    words = category("x", ["red", None])
    (filled,) = fill.apply(words, fill.fit(words))

    assert filled.levels == ("red", "missing")
    assert filled.text(1) == "missing"


def test_a_column_without_any_number_is_filled_with_zero() -> None:
    assert FillMissing().fit(column(NAN, NAN)) == {"value": 0.0}


def test_one_hot_gives_one_column_per_level() -> None:
    words = category("colour", ["red", "blue", "red"])
    columns = OneHot().apply(words, OneHot().fit(words))

    assert [c.name for c in columns] == ["colour=blue", "colour=red"]
    assert [c.origin for c in columns] == ["colour", "colour"]
    assert [c.values.tolist() for c in columns] == [[0, 1, 0], [1, 0, 1]]


def test_a_level_that_one_hot_never_saw_is_zeros() -> None:
    state = OneHot().fit(category("colour", ["red", "blue"]))
    columns = OneHot().apply(category("colour", ["green"]), state)

    assert [c.values.tolist() for c in columns] == [[0], [0]]


def test_a_missing_word_stays_missing_through_one_hot() -> None:
    words = category("colour", ["red", "blue", None])

    assert OneHot().apply(words, OneHot().fit(words))[0].missing.tolist() == [False, False, True]


def test_one_hot_leaves_numbers_alone() -> None:
    assert OneHot().fit(column(1, 2)) is None


def test_standardise_gives_mean_zero_and_deviation_one() -> None:
    standardise = Standardise()
    state = standardise.fit(column(2, 4, 6, NAN))

    assert state == {"mean": 4.0, "deviation": pytest.approx(np.sqrt(8 / 3))}
    np.testing.assert_allclose(
        standardise.apply(column(4, 8), state)[0].values, [0, 4 / np.sqrt(8 / 3)]
    )


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, 1e9 + 0.1])
def test_a_constant_column_becomes_zero(value: float) -> None:
    constant = column(*[value] * 7)
    standardise = Standardise()

    np.testing.assert_allclose(
        standardise.apply(constant, standardise.fit(constant))[0].values, 0, atol=1e-6
    )


def test_a_column_of_tiny_numbers_has_a_scale_too() -> None:
    picofarads = column(2e-12, 4e-12, 6e-12)
    standardise = Standardise()
    values = standardise.apply(picofarads, standardise.fit(picofarads))[0].values

    np.testing.assert_allclose(values, np.array([-1, 0, 1]) * np.sqrt(1.5))


def test_standardise_leaves_what_one_hot_made_alone() -> None:
    words = category("colour", ["red", "blue"])
    columns = OneHot().apply(words, OneHot().fit(words))

    assert [Standardise().fit(c) for c in columns] == [None, None]


def test_normalise_spans_the_range_given() -> None:
    normalise = Normalise(low=-1, high=1)
    state = normalise.fit(column(10, 20, 30))

    assert normalise.apply(column(10, 20, 30, 40), state)[0].values.tolist() == [-1, 0, 1, 2]


def test_normalise_makes_a_constant_column_the_lower_end() -> None:
    normalise = Normalise()

    assert normalise.apply(column(3, 3), normalise.fit(column(3, 3)))[0].values.tolist() == [0, 0]


@pytest.mark.parametrize("transform", list(TRANSFORMS), ids=lambda transform: transform.kind)
@pytest.mark.parametrize(
    "values",
    [column(1, 2, NAN, 4), column(5), category("x", ["a", None, "b"])],
    ids=["numbers", "one number", "words"],
)
def test_what_a_transform_remembers_survives_json(
    transform: type[Transform], values: Column
) -> None:
    state = transform().fit(values)
    if state is None:
        return
    restored = json.loads(json.dumps(state))

    assert restored == state
    for one, other in zip(
        transform().apply(values, state), transform().apply(values, restored), strict=True
    ):
        assert one.name == other.name
        np.testing.assert_array_equal(one.values, other.values)


@pytest.mark.parametrize("transform", list(TRANSFORMS), ids=lambda transform: transform.kind)
def test_no_transform_touches_free_text(transform: type[Transform]) -> None:
    text = Column("note", "text", np.array(["a", None], dtype=object))

    assert transform().fit(text) is None


@pytest.mark.parametrize("transform", [Standardise(), Normalise()])
def test_tokens_are_numbers_without_a_scale(transform):
    tokens = Column("code", "number", np.array([[1.0, 2], [0, 1]]), ("", "a", "b"))

    assert transform.fit(tokens) is None


@pytest.mark.parametrize("transform", [Standardise(), Normalise(), Normalise(low=-1.0, high=3.0)])
def test_what_was_scaled_can_be_told_in_its_own_unit_again(transform):
    x = column(3, 8, -1, 12.5)
    state = transform.fit(x)
    (scaled,) = transform.apply(x, state)

    np.testing.assert_allclose(transform.undo(scaled.values, state), x.values, rtol=1e-12)
