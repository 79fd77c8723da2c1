"""Evaluate shows what a network of two inputs answers over their plane, as Train does."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.dashboard.boundary import BoundaryCard
from gui.theme import DARK, LIGHT, apply_theme
from gui.widgets.decision_plane import CELLS, DecisionPlane


@pytest.mark.parametrize("template", ["xor", "circles", "moons", "spirals"])
def test_two_inputs_have_a_picture_of_their_plane(judged, template):
    surface = judged(template).findings.surface

    assert surface.isVisible()
    assert (surface.picture.image.width(), surface.picture.image.height()) == (CELLS, CELLS)
    assert surface.text.text().startswith("x1 to the right, x2 upwards.")


@pytest.mark.parametrize("template", ["iris", "linear_regression", "digits"])
def test_other_data_has_none(judged, template):
    assert not judged(template).findings.surface.isVisible()


def test_the_colours_are_those_of_the_class_that_is_predicted(judged):
    workspace = judged("xor", epochs=40)
    image = workspace.findings.surface.picture.image
    corners = [image.pixelColor(x, y) for y in (4, CELLS - 5) for x in (4, CELLS - 5)]
    blue, orange = QColor(DARK.positive).name(), QColor(DARK.negative).name()

    assert workspace.reports["test"].metrics["accuracy"] == 1
    assert [corner.name() for corner in corners] == [blue, orange, orange, blue]


def test_the_marks_are_the_examples_of_the_part_that_is_shown(judged):
    workspace = judged("xor")
    picture, dataset = workspace.findings.surface.picture, workspace.document.dataset
    first = picture.rows.tolist()
    workspace.show_part("train")

    assert first == dataset.test.tolist()
    assert set(picture.rows.tolist()) <= set(dataset.train.tolist())


def test_train_and_evaluate_show_it_in_one_way():
    assert issubclass(BoundaryCard, DecisionPlane)


def test_the_picture_takes_the_colours_of_another_theme(judged, qapp):
    apply_theme(qapp, DARK)
    picture = judged("xor", epochs=40).findings.surface.picture
    dark = picture.grab().toImage()
    apply_theme(qapp, LIGHT)
    light = picture.grab().toImage()
    apply_theme(qapp, DARK)

    assert light != dark
    assert picture.grab().toImage() == dark


def test_an_answer_that_is_no_number_and_no_class_is_not_drawn(qtbot):
    picture = DecisionPlane(100)
    qtbot.addWidget(picture)

    assert not picture.show_answers("Codes", np.zeros((3, CELLS, CELLS)), "relu")
    assert picture.show_answers("Shares", np.full((3, CELLS, CELLS), 1 / 3), "softmax")
