"""Data sets ready for training, and the encoding that new rows take."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.data import DataSettings, Table
from engine.data.builtin import Digits, Iris
from engine.data.csv_file import CsvFile
from engine.data.dataset import Dataset, prepare, prepare_table
from engine.data.encoding import Encoding
from engine.data.suggest import suggest
from engine.data.synthetic import Xor
from engine.data.table import Column, category
from engine.errors import DataError
from engine.project.templates import open_template

NAN = float("nan")


def people(rows: int = 40) -> Table:
    """Ages with gaps, a town with gaps, notes nobody can learn from, and a class."""
    number = np.arange(rows, dtype=float)
    return Table(
        (
            Column("age", "number", np.where(number % 7 == 3, NAN, number)),
            category("town", [("Ulm", "Köln", None)[int(n) % 3] for n in number]),
            Column("note", "text", np.array([f"note {n}" for n in number], dtype=object)),
            Column("empty", "number", np.full(rows, NAN)),
            category("class", [("no", "yes")[int(n) % 2] for n in number]),
        )
    )


@pytest.fixture
def dataset() -> Dataset:
    return prepare_table(
        people(), DataSettings(transforms=["fill_missing", "one_hot", "standardise"])
    )


def test_features_are_filled_one_hot_and_standardised(dataset: Dataset) -> None:
    assert dataset.signature.feature_names == ("age", "town=Köln", "town=Ulm")
    assert dataset.signature.origins == ("age", "town", "town")
    assert dataset.features.dtype == np.float32
    assert np.isfinite(dataset.features).all()
    assert set(np.unique(dataset.features[:, 1:])) == {0, 1}


def test_what_was_left_out_is_noted(dataset: Dataset) -> None:
    assert dataset.notes == (
        "Column 'note' is free text and was left out.",
        "Column 'empty' is empty and was left out.",
    )


def test_two_classes_are_binary_and_kept_as_class_numbers(dataset: Dataset) -> None:
    assert dataset.signature.target == "binary"
    assert dataset.signature.classes == ("no", "yes")
    assert dataset.targets.dtype == np.int64
    assert dataset.targets.tolist() == [0, 1] * 20


def test_transforms_are_fitted_on_the_training_rows_alone() -> None:
    table = people()
    settings = DataSettings(transforms=["fill_missing", "one_hot", "standardise"])
    test = prepare_table(table, settings).test
    ages = table.columns[0].values.copy()
    ages[test] = 1e6
    other = Table((Column("age", "number", ages), *table.columns[1:]))

    before = prepare_table(table, settings)
    after = prepare_table(other, settings)

    assert after.encoding == before.encoding
    np.testing.assert_array_equal(after.features[after.train], before.features[before.train])


def test_a_column_is_selected_by_its_raw_name_and_by_that_of_one_feature(
    dataset: Dataset,
) -> None:
    signature = dataset.signature

    assert signature.indices() == (0, 1, 2)
    assert signature.indices(["town"]) == (1, 2)
    assert signature.indices(["town=Ulm", "age"]) == (2, 0)
    assert signature.input_shape(["town"]) == (2,)
    assert signature.input_shape() == (3,)
    np.testing.assert_array_equal(dataset.inputs(["town"]), dataset.features[:, 1:])


def test_an_unknown_column_is_refused_with_the_ones_there_are(dataset: Dataset) -> None:
    with pytest.raises(DataError) as caught:
        dataset.inputs(["size"])

    assert str(caught.value) == ("The data has no feature 'size'. Its features are 'age', 'town'.")


def test_inputs_take_the_shape_of_pictures() -> None:
    dataset = prepare(DataSettings())

    assert dataset.inputs(shape=(1, 8, 8)).shape == (1797, 1, 8, 8)
    assert dataset.inputs(shape=(64,)).shape == (1797, 64)


def test_a_shape_of_another_size_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source="iris")).inputs(shape=(2, 3))

    assert str(caught.value) == (
        "The input takes 2×3 values and the data gives 4 per row. Set the input's shape to 4."
    )


def test_two_classes_serve_a_sigmoid_and_a_softmax(dataset: Dataset) -> None:
    assert dataset.targets_as("binary", (1,))[:2].tolist() == [[0], [1]]
    assert dataset.targets_as("binary", (1, 1))[:2].tolist() == [[[0]], [[1]]]
    assert dataset.targets_as("classes", (2,))[:2].tolist() == [[1, 0], [0, 1]]
    assert dataset.targets_as("values", (1,))[:2].tolist() == [[0], [1]]


def test_values_serve_a_loss_on_values() -> None:
    dataset = prepare(DataSettings(source="diabetes", scale_target=False))

    assert dataset.targets_as("values", (1,)).shape == (442, 1)
    assert dataset.targets_as("values", (1,))[0] == 151


def test_classes_do_not_serve_the_wrong_number_of_units() -> None:
    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source="iris")).targets_as("classes", (2,))

    assert str(caught.value) == (
        "The loss wants 2 output(s) as classes, and the target 'species' has 3 classes. "
        "Use cross-entropy behind 3 softmax units."
    )


def test_values_do_not_serve_cross_entropy() -> None:
    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source="sine")).targets_as("classes", (1,))

    assert str(caught.value) == (
        "The loss wants 1 output(s) as classes, and the target 'y' has 1 value(s). "
        "Use a loss on values, such as squared error, behind 1 unit(s)."
    )


def test_values_are_standardised_and_can_be_decoded() -> None:
    dataset = prepare(DataSettings(source="diabetes"))
    train = dataset.targets[dataset.train]

    assert dataset.targets.dtype == np.float32
    assert abs(float(train.mean())) < 1e-5
    assert float(train.std()) == pytest.approx(1, abs=1e-5)
    assert float(dataset.decode(dataset.targets)[0, 0]) == pytest.approx(151)


def test_new_rows_are_encoded_as_training_rows_were(dataset: Dataset) -> None:
    np.testing.assert_array_equal(dataset.encode(people()), dataset.features)


def test_an_encoding_survives_json(dataset: Dataset) -> None:
    plain = json.loads(json.dumps(dataset.encoding.to_plain()))

    restored = Encoding.from_plain(plain)

    assert restored == dataset.encoding
    np.testing.assert_array_equal(restored.encode(people()), dataset.features)


def test_a_broken_saved_encoding_is_one_sentence() -> None:
    with pytest.raises(DataError, match=r"^The saved preparation of the data cannot be read"):
        Encoding.from_plain({"raw": []})


def test_new_rows_without_a_column_are_refused(dataset: Dataset) -> None:
    table = people()

    with pytest.raises(DataError) as caught:
        dataset.encode(Table(table.columns[1:]))

    assert str(caught.value) == (
        "The data must have the columns the network was trained on; 'age' is not among "
        "'town', 'note', 'empty', 'class'."
    )


def test_new_rows_with_words_for_numbers_are_refused(dataset: Dataset) -> None:
    table = Table((category("age", ["old"]), category("town", ["Ulm"])))

    with pytest.raises(DataError) as caught:
        dataset.encode(table)

    assert str(caught.value) == (
        "Column 'age' must hold numbers, as in training, got 'old'. "
        "Correct the column, or choose another file."
    )


def test_new_rows_may_have_new_words_and_gaps(dataset: Dataset) -> None:
    table = Table((Column("age", "number", np.array([NAN, 5.0])), category("town", ["Rom", None])))
    features = dataset.encode(table)

    assert features.shape == (2, 3)
    assert features[0, 1:].tolist() == [0, 0]
    assert features[1, 1:].sum() == 1


def test_numbers_serve_where_training_had_words() -> None:
    rows = [("1", "2")[n % 2] for n in range(20)]
    table = Table((category("floor", rows), Column("y", "number", np.arange(20.0) % 2)))
    dataset = prepare_table(table, DataSettings())

    encoded = dataset.encode(Table((Column("floor", "number", np.array([2.0, 1.0])),)))

    assert encoded.tolist() == [[0, 1], [1, 0]]


def test_rows_without_a_target_are_left_out_and_noted() -> None:
    table = Table(
        (
            Column("x", "number", np.arange(6.0)),
            category("class", ["a", "b", None, "a", "b", "a"]),
        )
    )
    dataset = prepare_table(table, DataSettings(validation=0, test=0))

    assert dataset.rows.tolist() == [0, 1, 3, 4, 5]
    assert dataset.notes == ("1 row without a value in the target 'class' was left out.",)


def test_gaps_that_nothing_fills_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        prepare_table(people(), DataSettings(transforms=["one_hot"], excluded=["town"]))

    assert str(caught.value) == (
        "Column 'age' lacks 6 of 40 values. "
        "Add the Fill missing values transform, or leave the column out."
    )


def test_words_that_nothing_turns_into_numbers_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        prepare_table(people(), DataSettings(transforms=["fill_missing"]))

    assert str(caught.value) == (
        "Column 'town' holds words, and a network takes numbers. "
        "Add the One-hot transform, or leave the column out."
    )


def test_numbers_beyond_float32_are_refused() -> None:
    table = Table(
        (Column("x", "number", np.array([1e300, 1.0])), category("y", ["a", "b"])),
    )

    with pytest.raises(DataError) as caught:
        prepare_table(table, DataSettings(validation=0, test=0))

    assert str(caught.value) == (
        "Column 'x' holds 1e+300, and a network takes numbers up to 3e38. "
        "Standardise the data, or leave the column out."
    )


def test_a_target_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source="xor", target="colour"))

    assert str(caught.value) == (
        "The data has no column 'colour' to predict. Choose the target among 'x1', 'x2', 'class'."
    )


def test_a_target_without_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x\n1\n2\n")

    with pytest.raises(DataError) as caught:
        prepare(DataSettings(source=CsvFile(path=str(path))))

    assert str(caught.value) == (
        "Beside the target 'x' no column is left to learn from. "
        "Load data with at least two columns, or leave out fewer."
    )


def test_excluded_columns_are_not_features() -> None:
    dataset = prepare_table(people(), DataSettings(excluded=["town"]))

    assert dataset.signature.feature_names == ("age",)


def test_one_column_of_pictures_keeps_its_shape() -> None:
    pictures = np.arange(10 * 12.0).reshape(10, 3, 2, 2)
    table = Table((Column("photo", "number", pictures), category("y", ["a", "b"] * 5)))
    dataset = prepare_table(table, DataSettings(transforms=["fill_missing", "normalise"]))

    assert dataset.features.shape == (10, 3, 2, 2)
    assert dataset.signature.feature_shape == (3, 2, 2)
    assert dataset.image_shape == (3, 2, 2)
    assert len(dataset.signature.feature_names) == 12


def test_settings_survive_their_plain_form() -> None:
    settings = DataSettings(
        source=Xor(count=50), excluded=["a"], transforms=["standardise"], validation=0.25
    )

    assert DataSettings(**json.loads(json.dumps(settings.to_plain()))) == settings


def test_measured_columns_are_suggested_standardised_and_pictures_are_not() -> None:
    flowers = suggest(Iris(), Iris().load())
    digits = suggest(Digits(), Digits().load())

    assert [t.kind for t in flowers.transforms] == ["fill_missing", "one_hot", "standardise"]
    assert [t.kind for t in digits.transforms] == ["fill_missing", "one_hot"]
    assert digits.target == "digit"


def test_settings_are_suggested_without_loading_too() -> None:
    assert suggest(Iris()) == suggest(Iris(), Iris().load()).replaced(target="")


@pytest.mark.parametrize("template", ["linear_regression", "iris", "gru_forecast", "digits"])
def test_features_are_told_in_the_units_of_their_columns(template):
    settings = open_template(template).data
    dataset = prepare(settings)
    table = settings.source.load()
    names = dict.fromkeys(dataset.signature.origins)
    columns = [table.column(name).values.reshape(len(table), -1) for name in names]
    raw = np.concatenate(columns, axis=1)[dataset.rows[dataset.test]]

    found = dataset.in_raw_units(dataset.test).reshape(len(raw), -1)
    np.testing.assert_allclose(found, raw, rtol=1e-5, atol=1e-5)


def test_rows_in_one_piece_are_in_the_order_of_their_source():
    dataset = prepare(DataSettings(source="iris", parts="in_order", validation=0.2, test=0.2))

    assert dataset.train.tolist() == list(range(90))
    assert dataset.validation.tolist() == list(range(90, 120))
    assert dataset.test.tolist() == list(range(120, 150))
    assert dataset.notes == (
        "No training row has the target 'virginica', since the rows are taken in their order. "
        "Take them at random, unless the order matters.",
    )


def labelled_rows(values, **settings):
    table = Table((Column("a", "number", np.arange(30.0)), Column("y", "number", values)))
    return prepare_table(table, DataSettings(target="y", **settings))


@pytest.mark.parametrize("written", ["-1", "-1.0", "−1"])
def test_numbers_to_ignore_may_be_written_in_any_way(written):
    dataset = labelled_rows(np.tile([-1.0, 0, 1], 10), ignored=[written])

    assert dataset.signature.classes == ("0", "1")
    assert len(dataset) == 20


def test_a_target_to_ignore_that_never_occurs_is_told_of():
    dataset = labelled_rows(np.tile([-1.0, 0, 1], 10), ignored=["unknwon", "1"])

    assert dataset.notes[0] == (
        "No row has 'unknwon' as its target 'y', so that there is nothing to ignore. Check how it "
        "is written."
    )


def test_a_target_that_is_its_own_row_weights_is_told_of():
    dataset = labelled_rows(np.tile([0.5, 1, 2.5], 10), weights="y", task="values")

    assert dataset.notes == (
        "The target 'y' also says how much each row counts. Choose another column of row weights, "
        "or none.",
    )
