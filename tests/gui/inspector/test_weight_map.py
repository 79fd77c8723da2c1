"""The heat map of weights, and the curve of activations."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from engine.activations import ACTIVATIONS
from gui.inspector.curve import ActivationCurve, sampled
from gui.inspector.weight_map import WeightMap, reduced


def test_a_large_matrix_is_reduced_to_its_largest_entries():
    matrix = np.zeros((4, 6))
    matrix[1, 2], matrix[3, 5] = -2, 1

    assert reduced(matrix, 2, 3).tolist() == [[0, -2, 0], [0, 0, 1]]


def test_a_small_matrix_is_left_as_it_is():
    matrix = np.eye(3)

    assert reduced(matrix, 8, 8) is matrix


@pytest.fixture
def map_(qtbot) -> WeightMap:
    painted = WeightMap()
    qtbot.addWidget(painted)
    return painted


def test_the_pointer_finds_the_weight_of_a_matrix(map_):
    map_.show_weights(np.arange(6.0).reshape(2, 3))
    map_.resize(200, map_.heightForWidth(200))

    assert map_.weight_at(QPoint(1, 1)) == (0, 0)
    assert map_.weight_at(QPoint(2 * 14 + 3, 14 + 3)) == (1, 2)
    assert map_.weight_at(QPoint(150, 3)) is None


def test_the_pointer_finds_the_pixel_of_a_picture(map_):
    map_.show_weights(np.arange(16.0).reshape(4, 4), picture=(2, 2))
    map_.resize(200, map_.heightForWidth(200))

    assert map_.weight_at(QPoint(0, 0)) == (0, 0)
    # a 2x2 picture is 28 pixels wide, and 3 lie between two
    assert map_.weight_at(QPoint(28 + 3 + 20, 20)) == (1, 3)


def test_wide_and_tall_matrices_stay_within_the_panel(map_):
    for shape in ((1000, 10), (10, 1000), (1000, 1000), (1, 1)):
        map_.show_weights(np.ones(shape))

        assert 4 <= map_.heightForWidth(220) <= 168


@pytest.mark.parametrize("kind", ACTIVATIONS.kinds())
def test_every_activation_can_be_plotted(qtbot, kind):
    z, value, slope = sampled(ACTIVATIONS.get(kind)())
    curve = ActivationCurve()
    qtbot.addWidget(curve)
    curve.show_activation(ACTIVATIONS.get(kind)())
    picture = curve.grab()

    assert z.shape == value.shape == slope.shape
    assert np.all(np.isfinite(value))
    assert np.all(np.isfinite(slope))
    assert not picture.isNull()
