"""Examples that are pictures, side by side, each alone or over what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import Tokens, mono_font, theme

Array = NDArray[np.floating]
Stack = tuple[Array, ...]
"""Pictures (C, H, W) that stand over each other."""

SIDE, CAPTION, GAP, BETWEEN = 56, 18, 8, 3


def picture(
    values: Array,
    shape: tuple[int, ...],
    tokens: Tokens,
    span: tuple[float, float] | None = None,
    *,
    photograph: bool = False,
) -> QImage:
    """One example (C, H, W) as an image, ink on paper as the theme has it; colours if C is 3.

    span: the values of paper and ink; those of the example itself where it is not given.
    photograph: light is light in any theme.
    """
    channels = np.nan_to_num(values).reshape(shape).astype(np.float64)
    low, high = span or (channels.min(), channels.max())
    shares = np.clip((channels - low) / (high - low or 1.0), 0, 1)
    grey = np.rint(shares * 255).astype(np.uint8)
    if len(grey) != 3 and not (tokens.dark or photograph):
        grey = 255 - grey
    if len(grey) == 3:
        pixels = np.ascontiguousarray(grey.transpose(1, 2, 0))
        form, bytes_a_pixel = QImage.Format.Format_RGB888, 3
    else:
        pixels = np.ascontiguousarray(grey[0])
        form, bytes_a_pixel = QImage.Format.Format_Grayscale8, 1
    height, width = pixels.shape[:2]
    # The image borrows the array's memory; the copy owns its own.
    return QImage(pixels.data, width, height, width * bytes_a_pixel, form).copy()


class PictureGrid(QWidget):
    """As many stacks of pictures a line as there is room for, and at most some lines."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lines = lines
        self._stacks: tuple[Stack, ...] = ()
        self._captions: tuple[str, ...] = ()
        self._spans: tuple[tuple[float, float] | None, ...] = ()
        self._photographs = False
        self._images: list[list[QImage]] = []
        theme.changed.connect(self._redraw)

    @property
    def captions(self) -> tuple[str, ...]:
        return self._captions

    @property
    def stacks(self) -> tuple[Stack, ...]:
        return self._stacks

    def show_stacks(
        self,
        stacks: Sequence[Stack],
        captions: Sequence[str] = (),
        spans: Sequence[tuple[float, float] | None] = (),
        *,
        photographs: bool = False,
    ) -> None:
        """captions: what stands under each. spans: paper and ink at each height of the stacks.

        photographs: whether light is light in any theme; else they are drawn in ink.
        """
        self._photographs = photographs
        self._stacks, self._captions = tuple(stacks), tuple(captions)
        self._spans = tuple(spans) or (None,) * self._deep
        self.setAccessibleDescription("\n".join(self._captions))
        self._redraw()
        self.updateGeometry()

    def _redraw(self) -> None:
        self._images = [
            [
                picture(each, each.shape, theme.tokens, span, photograph=self._photographs)
                for each, span in zip(stack, self._spans, strict=True)
            ]
            for stack in self._stacks
        ]
        self.update()

    # Layout

    @property
    def _deep(self) -> int:
        return len(self._stacks[0]) if self._stacks else 1

    @property
    def _tile(self) -> QSize:
        height = self._deep * (SIDE + BETWEEN) + (CAPTION if self._captions else 0)
        return QSize(SIDE + GAP, height + GAP)

    def _per_line(self, width: int) -> int:
        return max(1, (width + GAP) // self._tile.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = -(-len(self._stacks) // self._per_line(width))
        return min(lines, self._lines) * self._tile.height()

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def place(self, number: int) -> QRect:
        """Where a stack stands with its caption."""
        line, column = divmod(number, self._per_line(self.width()))
        tile = self._tile
        return QRect(QPoint(column * tile.width(), line * tile.height()), tile)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(mono_font(10.5))
        for number in range(min(len(self._images), self._lines * self._per_line(self.width()))):
            place = self.place(number)
            for image in self._images[number]:
                scale = SIDE / max(image.width(), image.height())
                size = QSize(round(image.width() * scale), round(image.height() * scale))
                target = QRect(place.topLeft(), size)
                painter.drawImage(target, image)
                painter.setPen(QColor(theme.tokens.border))
                painter.drawRect(target.adjusted(0, 0, -1, -1))
                place.translate(0, SIDE + BETWEEN)
            if self._captions:
                painter.setPen(QColor(theme.tokens.muted))
                line = QRect(place.left(), place.top(), SIDE, CAPTION - 4)
                painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._captions[number])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._captions:
            at = [n for n in range(len(self._captions)) if self.place(n).contains(event.pos())]
            if at:
                QToolTip.showText(event.globalPos(), self._captions[at[0]], self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
