"""New rows are encoded and labelled as in training."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.base import SOURCES
from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.data.table import Column, Table
from engine.errors import DataError
from engine.evaluation.labelled import labelled


@pytest.fixture
def trained():
    return prepare(DataSettings(source="iris", transforms=["standardise"]))


def test_the_rows_of_training_come_out_as_they_did_then(trained):
    again = labelled(SOURCES.get("iris")().load(), trained.encoding)

    assert np.array_equal(again.features, trained.features)
    assert np.array_equal(again.targets, trained.targets)
    assert again.signature.classes == trained.signature.classes
    assert len(again.test) == 150
    assert len(again.train) == len(again.validation) == 0


def test_values_are_scaled_as_in_training():
    trained = prepare(DataSettings(source="diabetes"))

    again = labelled(SOURCES.get("diabetes")().load(), trained.encoding)

    np.testing.assert_allclose(again.targets, trained.targets, rtol=1e-6)


def test_rows_without_a_target_are_left_out(trained):
    table = SOURCES.get("iris")().load()
    codes = table.column("species").values.copy()
    codes[:3] = -1
    gaps = Column("species", "category", codes, table.column("species").levels)
    table = Table((*table.columns[:-1], gaps))

    assert labelled(table, trained.encoding).rows[0] == 3
    assert len(labelled(table, trained.encoding)) == 147


def test_a_class_that_training_had_not_is_named(trained):
    table = SOURCES.get("iris")().load()
    last = table.column("species")
    renamed = Column("species", "category", last.values, ("setosa", "tulip", "virginica"))

    with pytest.raises(DataError) as caught:
        labelled(Table((*table.columns[:-1], renamed)), trained.encoding)

    assert str(caught.value) == (
        "The column 'species' holds 'tulip', and the network was trained on 'setosa', "
        "'versicolor', 'virginica'. Leave such rows out, or train anew."
    )


def test_without_a_target_column_nothing_can_be_compared(trained):
    table = SOURCES.get("iris")().load()

    with pytest.raises(DataError, match="has no column 'species' to compare predictions with"):
        labelled(Table(table.columns[:-1]), trained.encoding)


def test_an_empty_target_column_is_told(trained):
    table = SOURCES.get("iris")().load()
    empty = Column("species", "category", np.full(150, -1), ("setosa",))

    with pytest.raises(DataError, match="'species' is empty"):
        labelled(Table((*table.columns[:-1], empty)), trained.encoding)
