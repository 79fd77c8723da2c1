"""Predictions as a table for people, where they are sequences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.cli.tables import write_table
from engine.data import DataSettings, Table
from engine.data.dataset import prepare_table
from engine.data.table import Column


def encoding_of(target):
    codes = Column("code", "number", np.arange(len(target) * 2.0).reshape(-1, 2))
    return prepare_table(Table((codes, target), target=target.name), DataSettings()).encoding


def tags(levels):
    return Column("tag", "category", np.arange(20).reshape(10, 2) % len(levels), levels)


@pytest.mark.parametrize(
    ("target", "predicted", "expected"),
    [
        (tags(("a", "b", "c")), [[[0.1, 0.2, 0.7], [0.8, 0.1, 0.1]]], "tag 1,tag 2\nc,a\n"),
        (tags(("no", "yes")), [[[0.9], [0.2]]], "tag 1,tag 2\nyes,no\n"),
        (tags(("no", "yes")), [[[0.9, 0.1], [0.2, 0.8]]], "tag 1,tag 2\nno,yes\n"),
        (tags(("a", "b", "c")), [[0.5, 0.25]], "value 1,value 2\n0.5,0.25\n"),
    ],
)
def test_classes_of_steps_stand_side_by_side(target, predicted, expected, tmp_path):
    write_table(str(tmp_path / "out.csv"), {"y": np.array(predicted)}, encoding_of(target))

    assert (tmp_path / "out.csv").read_text() == expected


def test_values_of_steps_are_in_the_unit_of_the_target(tmp_path):
    way = Column("way", "number", np.arange(20.0).reshape(10, 2))
    encoding = encoding_of(way)
    mean, deviation = encoding.target.mean, encoding.target.deviation
    predicted = (np.array([[[3.0], [4.0]]]) - mean) / deviation
    write_table(str(tmp_path / "out.csv"), {"y": predicted}, encoding)

    assert (tmp_path / "out.csv").read_text() == "way 1,way 2\n3,4\n"
