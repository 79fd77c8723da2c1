"""A plane of two numbers and its pictures agree about where points lie."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.widgets.plane import MARGIN, Plane

PICTURE = QRectF(10, 20, 200, 100)


def test_a_plane_is_a_little_larger_than_the_points_around_which_it_is():
    plane = Plane.around(np.array([[0.0, -5.0], [10.0, 5.0]]))

    assert (plane.left, plane.right) == (-10 * MARGIN, 10 + 10 * MARGIN)
    assert (plane.bottom, plane.top) == (-5 - 10 * MARGIN, 5 + 10 * MARGIN)


def test_the_first_number_runs_to_the_right_and_the_second_upwards():
    left_bottom, right_top = Plane(0, 1, 0, 1).spots(np.array([[0.0, 0.0], [1.0, 1.0]]), PICTURE)

    assert (left_bottom.x(), left_bottom.y()) == (10, 120)
    assert (right_top.x(), right_top.y()) == (210, 20)


def test_the_point_at_the_spot_of_a_point_is_that_point():
    plane, points = Plane(-3, 7, 2, 4), np.array([[0.5, 3.25], [6.0, 2.5]])
    back = [plane.point(spot, PICTURE) for spot in plane.spots(points, PICTURE)]

    np.testing.assert_allclose(back, points)


def test_the_cells_of_a_grid_lie_where_its_picture_has_them():
    plane = Plane(-1, 1, 10, 20)
    spots = plane.spots(plane.grid(4), QRectF(0, 0, 4, 4))
    places = [(round(spot.x(), 4), round(spot.y(), 4)) for spot in spots]

    assert places == [(x + 0.5, y + 0.5) for y in range(4) for x in range(4)]


@pytest.mark.parametrize(
    ("point", "inside"),
    [([0.5, 0.5], True), ([1.5, 0.5], False), ([np.nan, 0.5], False), ([0.5, -np.inf], False)],
)
def test_what_lies_outside_or_is_no_number_is_not_inside(point, inside):
    assert Plane(0, 1, 0, 1).inside(np.array([point])).tolist() == [inside]


def test_points_that_all_have_one_value_lie_in_the_middle():
    plane = Plane.around(np.array([[3.0, 1.0], [3.0, 2.0]]))
    (spot,) = plane.spots(np.array([[3.0, 1.5]]), PICTURE)

    assert (spot.x(), spot.y()) == pytest.approx((110, 70))
