"""The codes of an autoencoder as a map: a click draws what the decoder makes of a place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.codes import CodeMap
from engine.shapes import Shape, size
from engine.workspace import Array
from gui.evaluation.code_plane import SIDE, CodePlane
from gui.theme import mono_font, theme
from gui.widgets import SectionLabel, TextLabel
from gui.widgets.pictures import picture

GRID = 9
"""Pictures from one side of the map to the other."""


class DrawnPlane(QWidget):
    """What the decoder makes of places all over the map, side by side as the places are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setAccessibleName(self.tr("What is drawn all over the map"))
        self._image = QImage()

    def show_tiles(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._image.isNull():
            painter.drawImage(self.rect(), self._image)
        painter.setPen(QPen(QColor(theme.tokens.surface), 2))
        for number in range(1, GRID):
            at = round(number * SIDE / GRID)
            painter.drawLine(at, 0, at, SIDE)
            painter.drawLine(0, at, SIDE, at)
        painter.setPen(QColor(theme.tokens.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class CodeMapView(QWidget):
    """The map at the left; at the right the picture of the chosen place, and of all places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: CodeMap | None = None
        self._shape: Shape = ()
        self._span = (0.0, 1.0)
        self.title = SectionLabel(self.tr("Map of the codes"), self)
        self.text = TextLabel("", self)
        self.plane = CodePlane(self)
        self.plane.chosen.connect(self._draw_place)
        self.tiles = DrawnPlane(self)
        self.picture = Portrait(self)
        beside = QHBoxLayout()
        beside.setSpacing(24)
        for part in (self.plane, self.tiles, self.picture):
            beside.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)
        beside.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.title)
        rows.addWidget(self.text)
        rows.addLayout(beside)
        theme.changed.connect(self._redraw)

    def show_map(self, found: CodeMap, dataset: Dataset) -> None:
        self._map = found
        self._shape, self._photographs = dataset.image_shape or (), dataset.photographs
        width = size(found.drawn(found.points[:1]).shape)
        is_picture = bool(self._shape) and size(self._shape) == width
        examples = np.asarray(dataset.features[found.rows])
        self._span = (float(examples.min()), float(examples.max()))
        for part in (self.tiles, self.picture):
            part.setVisible(is_picture)
        self.text.setText(self._words(found))
        classes = dataset.signature.classes
        single = dataset.targets.ndim == 1
        numbers = (
            dataset.targets[found.rows] if classes and single else np.full(len(found.rows), -1)
        )
        self.plane.show_points(found.points, numbers.tolist(), classes if single else ())
        self._redraw()

    def _words(self, found: CodeMap) -> str:
        count = len(found.origin)
        if count == 2:
            return self.tr(
                "Each mark is an example, where its code of two numbers puts it. Click: what does "
                "the decoder draw there?"
            )
        return self.tr(
            "Each mark is an example. Its code has {0} numbers; the map shows the plane in which "
            "they differ most, with {1} % of their variance. Click: what is drawn there?"
        ).format(count, round(100 * found.shares))

    def _redraw(self) -> None:
        if self._map is None or self.tiles.isHidden():
            return
        drawn = self._map.drawn(self.plane.area.grid(GRID))
        channels, height, width = self._shape
        # (rows, columns, C, H, W) -> (C, rows, H, columns, W)
        tiles = drawn.reshape(GRID, GRID, *self._shape).transpose(2, 0, 3, 1, 4)
        whole = tiles.reshape(channels, GRID * height, GRID * width)
        self.tiles.show_tiles(self._picture(whole, whole.shape))
        self._draw_place()

    def _picture(self, values: Array, shape: tuple[int, ...]) -> QImage:
        return picture(values, shape, theme.tokens, self._span, photograph=self._photographs)

    def _draw_place(self) -> None:
        if self._map is None or self.picture.isHidden():
            return
        (drawn,) = self._map.drawn(self.plane.place[None])
        image = self._picture(drawn, self._shape)
        x, y = np.round(self.plane.place, 2) + 0.0  # no minus before a zero
        self.picture.show_picture(image, f"({x:.2f}, {y:.2f})")


class Portrait(QWidget):
    """One picture, large, with words under it."""

    SIDE, CAPTION = 168, 26

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.image = QImage()
        self.words = ""

    def sizeHint(self) -> QSize:
        return QSize(self.SIDE, self.SIDE + self.CAPTION)

    def show_picture(self, image: QImage, words: str) -> None:
        self.image, self.words = image, words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        tokens = theme.tokens
        painter = QPainter(self)
        scale = self.SIDE / max(self.image.width(), self.image.height())
        place = QRectF(0, 0, self.image.width() * scale, self.image.height() * scale)
        painter.drawImage(place, self.image)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.setFont(mono_font(12))
        painter.setPen(QColor(tokens.second))
        line = QRectF(0, place.bottom(), self.SIDE, self.CAPTION)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.words)
