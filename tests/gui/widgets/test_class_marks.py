"""Classes on the plane are told apart by their marks, not by colour alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from gui.widgets.class_marks import draw_mark


def drawn(number):
    image = QImage(40, 40, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    draw_mark(painter, number, QPointF(20, 20), 12)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(40, 40) > 0


@pytest.mark.parametrize("number", range(5))
def test_no_two_of_the_first_five_classes_share_a_mark(qapp, number):
    mark = drawn(number)
    others = [drawn(other) for other in range(5) if other != number]

    assert mark.any()
    assert all((mark != other).mean() > 0.02 for other in others)


def test_marks_are_about_as_large_as_each_other(qapp):
    sizes = [drawn(number).sum() for number in range(5)]

    assert max(sizes) < 2.2 * min(sizes)


def test_what_has_no_class_is_a_disc(qapp):
    assert (drawn(-1) == drawn(0)).all()
