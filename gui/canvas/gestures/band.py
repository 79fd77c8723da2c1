"""Selecting with a rubber band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from gui.canvas.gestures.base import Gesture, Pointer
from gui.theme import theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

ADD = Qt.KeyboardModifier.ShiftModifier
TOGGLE = Qt.KeyboardModifier.ControlModifier


class RubberBand(Gesture):
    """Drag from an empty place: what it touches is selected, a frame if all of it is inside.

    Shift adds to the selection, Ctrl takes out of it what was in it.
    """

    def __init__(self, view: CanvasView, start: Pointer) -> None:
        super().__init__(view, start)
        self._before = self.document.selection
        self._before_drawn = view.annotations.chosen
        self._band: QGraphicsRectItem | None = None
        if not (start.has(ADD) or start.has(TOGGLE)):
            view.annotations.select((), ())
            self.scene.select_wires(())

    def move(self, pointer: Pointer) -> bool:
        if self._band is None:
            if not self.dragged(pointer):
                return True
            self._band = self._new_band()
        rect = QRectF(self.start.scene, pointer.scene).normalized()
        self._band.setRect(rect)
        touched = [i for i, item in self.scene.nodes.items() if item.scene_card().intersects(rect)]
        drawn = [i for i, item in self.scene.annotations.items() if item.is_taken_by(rect)]
        self.view.annotations.select(
            self._with(self._before, touched), self._with(self._before_drawn, drawn)
        )
        return True

    def _with(self, before: Sequence[str], touched: Sequence[str]) -> list[str]:
        """What is selected when the band touches these."""
        if self.start.has(TOGGLE):
            kept = [i for i in before if i not in touched]
            return [*kept, *(i for i in touched if i not in before)]
        return [*before, *touched] if self.start.has(ADD) else list(touched)

    def _new_band(self) -> QGraphicsRectItem:
        band = QGraphicsRectItem()
        pen = QPen(QColor(theme.tokens.accent), 1)
        pen.setCosmetic(True)
        fill = QColor(theme.tokens.accent)
        fill.setAlpha(28)
        band.setPen(pen)
        band.setBrush(fill)
        band.setZValue(10)
        self.scene.addItem(band)
        return band

    def release(self, pointer: Pointer) -> bool:
        self._drop_band()
        return False

    def cancel(self) -> None:
        self._drop_band()
        self.view.annotations.select(self._before, self._before_drawn)

    def _drop_band(self) -> None:
        if self._band is not None:
            self.scene.removeItem(self._band)
            self._band = None
