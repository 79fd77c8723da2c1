"""The page before any data is chosen: what can be done, and a place to drop a file."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import paint_icon, theme
from gui.widgets import HintLabel, PlainButton, TextLabel, TitleLabel

WIDTH = 440


class EmptyPage(QWidget):
    """Emits
    file_wanted, folder_wanted: the user wants to choose a file, or a folder of images.
    """

    file_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        zone = DropZone(self)
        title = TitleLabel(self.tr("Drop a table or a folder of images here"), zone)
        text = TextLabel(
            self.tr(
                "A CSV file with one row per example and one column to predict, or two NumPy "
                "files (.npy): features and targets. How to read them is found out and shown. Of "
                "images a folder with one subfolder for each class."
            ),
            zone,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # A fixed size, since a layout that centres what is in it does not ask for height by width.
        text.setFixedSize(WIDTH - 80, text.heightForWidth(WIDTH - 80))
        button = PlainButton(self.tr("Open file…"), "folder-open", zone)
        button.clicked.connect(self.file_wanted)
        self.folder_button = PlainButton(self.tr("Open folder…"), "image", zone)
        self.folder_button.clicked.connect(self.folder_wanted)
        hint = HintLabel(self.tr("or choose a data set at the left"), zone)
        inner = QVBoxLayout(zone)
        inner.setContentsMargins(40, 88, 40, 32)
        inner.setSpacing(10)
        for widget in (title, text, button, self.folder_button, hint):
            inner.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(zone, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)


class DropZone(QWidget):
    """A dashed field with an arrow into it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        icon = QRect(self.width() // 2 - 20, 36, 40, 40)
        paint_icon(painter, icon, "file-arrow-down", tokens.muted)
