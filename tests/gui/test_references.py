"""Some versions of PySide6 lose a reference to None with each paint, and abort after thousands."""

import sys

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap, Qt

from gui.theme import DARK, icon, mono_font, paint_icon

PAINTS = 2000


def test_painting_two_thousand_times_keeps_the_references_to_none(qapp):
    pixmap = QPixmap(64, 64)
    play = icon("play-fill")
    before = sys.getrefcount(None)
    for _ in range(PAINTS):
        painter = QPainter(pixmap)
        painter.setPen(QColor(DARK.accent))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK.node))
        painter.setFont(mono_font(12))
        painter.drawRoundedRect(QRect(0, 0, 64, 64), 8, 8)
        paint_icon(painter, QRect(0, 0, 16, 16), "trash", DARK.text)
        play.paint(painter, QRect(0, 0, 16, 16))
        painter.end()

    # From Python 3.12 None is immortal and its count stands still; before, it could fall or grow.
    assert abs(sys.getrefcount(None) - before) < PAINTS // 10
