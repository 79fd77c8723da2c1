"""Targets that are sequences, targets that are not there, and rows that count more than others."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.data import DataSettings, Table
from engine.data.dataset import prepare_table
from engine.data.encoding import Encoding
from engine.data.split import split
from engine.data.table import Column
from engine.errors import DataError
from engine.evaluation.labelled import labelled

NAN = float("nan")
TAGS = np.array([[0, 2, 1], [1, 1, -1], [2, -1, -1], [0, 1, -1]] * 5)


def tagged(tags=TAGS, levels=("a", "b", "c")) -> Table:
    codes = Column("codes", "number", np.arange(tags.size, dtype=float).reshape(tags.shape))
    return Table((codes, Column("tag", "category", tags, levels)), target="tag")


def curves() -> Table:
    values = np.arange(60, dtype=float).reshape(20, 3)
    values[1, 2] = NAN
    return Table(
        (Column("x", "number", np.arange(20.0)), Column("curve", "number", values)), target="curve"
    )


def rows(target, kind="number", levels=(), **more) -> Table:
    columns = [Column("x", "number", np.arange(len(target), dtype=float))]
    columns += [Column(name, "number", np.array(values)) for name, values in more.items()]
    return Table((*columns, Column("y", kind, np.array(target), levels)), target="y")


def test_classes_at_each_step_are_numbers_and_minus_one_where_the_sequence_is_over():
    dataset = prepare_table(tagged(), DataSettings())

    assert dataset.targets.shape == (20, 3)
    assert dataset.signature.target == "classes"
    assert dataset.signature.target_steps == 3
    assert dataset.signature.outputs == 3
    np.testing.assert_array_equal(dataset.present, TAGS >= 0)


def test_they_serve_one_unit_for_each_class_at_each_step():
    dataset = prepare_table(tagged(), DataSettings())
    one_hot = dataset.targets_as("classes", (3, 3))

    np.testing.assert_array_equal(one_hot[1], [[0, 1, 0], [0, 1, 0], [0, 0, 0]])


def test_two_classes_at_each_step_serve_a_sigmoid():
    dataset = prepare_table(tagged(np.minimum(TAGS, 1), ("no", "yes")), DataSettings())

    np.testing.assert_array_equal(dataset.targets_as("binary", (3, 1))[0], [[0], [1], [1]])
    assert dataset.targets_as("classes", (3, 2)).shape == (20, 3, 2)


@pytest.mark.parametrize("shape", [(3,), (9,), (2, 3), (3, 2)])
def test_other_shapes_are_refused_for_classes_at_each_step(shape):
    with pytest.raises(DataError) as caught:
        prepare_table(tagged(), DataSettings()).targets_as("classes", shape)

    written = "×".join(map(str, shape))
    assert str(caught.value) == (
        f"The loss wants {written} output(s) as classes, and the target 'tag' has 3 classes at "
        "each of 3 steps. Let the layers before the loss keep every step, and end with a Dense "
        "of 3 unit(s)."
    )


def test_values_at_each_step_are_standardised_over_what_is_there():
    dataset = prepare_table(curves(), DataSettings())
    known = dataset.targets[dataset.train]

    assert dataset.targets.shape == (20, 3, 1)
    assert np.nanmean(known) == pytest.approx(0, abs=1e-6)
    assert np.nanstd(known) == pytest.approx(1, rel=1e-6)
    assert dataset.targets_as("values", (3, 1))[1, 2] == 0
    assert not dataset.present[1, 2]
    np.testing.assert_allclose(dataset.decode(dataset.targets)[5, :, 0], [15, 16, 17], rtol=1e-5)


def test_steps_and_ignored_words_are_kept_with_the_project():
    encoding = prepare_table(tagged(), DataSettings(ignored=("c",))).encoding
    again = Encoding.from_plain(json.loads(json.dumps(encoding.to_plain())))

    assert again.target == encoding.target
    assert (again.target.steps, again.target.ignored) == (3, ("c",))


def test_projects_from_before_sequences_have_targets_of_one_step():
    plain = prepare_table(rows([0.5, 1.5] * 10), DataSettings()).encoding.to_plain()
    for name in ("steps", "width", "ignored"):
        del plain["target"][name]

    assert Encoding.from_plain(plain).target.steps == 0


def test_words_that_stand_for_no_target_are_no_class():
    dataset = prepare_table(tagged(), DataSettings(ignored=("c",)))

    assert dataset.signature.classes == ("a", "b")
    np.testing.assert_array_equal(dataset.targets[0], [0, -1, 1])
    assert len(dataset) == 15  # five rows had nothing but a c


@pytest.mark.parametrize("ignored", ["-1", "9"])
def test_a_number_may_stand_for_no_target(ignored):
    dataset = prepare_table(rows([0, 1, 2, float(ignored)] * 6), DataSettings(ignored=(ignored,)))

    assert dataset.signature.classes == ("0", "1", "2")
    assert len(dataset) == 18
    assert dataset.present is None


def test_rows_without_a_target_can_be_kept_and_do_not_count():
    settings = DataSettings(unlabelled="keep")
    dataset = prepare_table(rows([0, 1, -1, 1] * 6, "category", ("no", "yes")), settings)

    assert len(dataset) == 24
    np.testing.assert_array_equal(dataset.present[:4], [True, True, False, True])
    np.testing.assert_array_equal(dataset.targets_as("binary", (1,))[:4, 0], [0, 1, 0, 1])


def test_values_that_are_not_there_can_be_kept_and_do_not_count():
    dataset = prepare_table(rows([0.5, NAN, 2.5, 7] * 6), DataSettings(unlabelled="keep"))

    assert len(dataset) == 24
    assert not dataset.present[1, 0]
    assert np.isfinite(dataset.targets_as("values", (1,))).all()


def test_rows_to_learn_from_need_a_target():
    table = rows([-1] * 18 + [0, 1], "category", ("a", "b"))
    unlucky = next(seed for seed in range(99) if split(20, 0.5, 0.4, seed).train.max() < 18)
    settings = DataSettings(
        unlabelled="keep", validation=0.5, test=0.4, stratify=False, seed=unlucky
    )

    with pytest.raises(DataError) as caught:
        prepare_table(table, settings)

    assert str(caught.value) == (
        "No training row has a value in the target 'y', so there is nothing to learn. "
        "Load more rows with a target, or leave out those without one."
    )


def test_a_column_of_weights_is_no_feature():
    table = rows([0.5, 1.5, 2.5] * 8, w=[1.0, 0, 3] * 8)
    dataset = prepare_table(table, DataSettings(weights="w"))

    assert dataset.signature.feature_names == ("x",)
    np.testing.assert_array_equal(dataset.weights[:3], [1, 0, 3])


@pytest.mark.parametrize(
    ("weights", "got"), [([1, -2, 1], "-2"), ([1, NAN, 1], "nothing"), ([0, 0, 0], "only zeros")]
)
def test_what_is_no_weight_is_refused(weights, got):
    with pytest.raises(DataError) as caught:
        prepare_table(rows([0.5, 1.5, 2.5] * 8, w=weights * 8), DataSettings(weights="w"))

    assert str(caught.value) == (
        f"The weights 'w' must be a number from 0 up in each row, got {got}. "
        "Correct the column, or choose another one."
    )


def test_a_sequence_of_classes_is_shown_by_its_first_words():
    column = Column("tag", "category", np.array([[0, 1, -1], [2, 2, 2]]), ("a", "b", "long"))

    assert [column.text(0), column.text(1)] == ["ab", "long long long"]


def test_tokens_are_shown_by_what_they_stand_for():
    letters = Column("code", "number", np.array([[1.0, 2, 0]]), ("", "x", "y"))
    words = Column("words", "number", np.array([[1.0, 2, 0]]), ("", "two", "words"))

    assert (letters.text(0), words.text(0)) == ("xy", "two words")


def test_a_sequence_of_numbers_is_shown_by_its_first_ones():
    column = Column("way", "number", np.array([[0.51234, -2, NAN], [1, 2, 3]])[..., None])
    longer = Column("way", "number", np.arange(6.0)[None])

    assert [column.text(0), column.text(1)] == ["0.512 -2", "1 2 3"]
    assert longer.text(0) == "0 1 2 3 …"


def test_new_sequences_are_judged_by_the_classes_of_training():
    dataset = prepare_table(tagged(), DataSettings())
    other = tagged(np.array([[0, 1, -1], [-1, -1, -1], [1, 0, 0]]), ("b", "c"))
    found = labelled(other, dataset.encoding)

    np.testing.assert_array_equal(found.targets, [[1, 2, -1], [2, 1, 1]])


def test_new_sequences_of_another_length_are_refused():
    dataset = prepare_table(tagged(), DataSettings())

    with pytest.raises(DataError) as caught:
        labelled(tagged(TAGS[:, :2]), dataset.encoding)

    assert str(caught.value) == (
        "The column 'tag' must be a sequence of 3 steps, as in training, got (2,). "
        "Choose data of that length."
    )


def test_an_unknown_class_in_a_new_sequence_is_refused():
    dataset = prepare_table(tagged(), DataSettings())

    with pytest.raises(DataError) as caught:
        labelled(tagged(levels=("a", "b", "z")), dataset.encoding)

    assert "holds 'z', and the network was trained on 'a', 'b', 'c'" in str(caught.value)
