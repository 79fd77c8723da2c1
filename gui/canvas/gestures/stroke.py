"""Strokes across wires: one that cuts them, one that puts a point into each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from engine.graph.model import Wire
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.items.dot_item import corner
from gui.document import rewiring
from gui.theme import theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Stroke(Gesture):
    """Drag a line; the wires that it crosses are collected with the place of the crossing."""

    cursor = Qt.CursorShape.CrossCursor
    dashed = False

    def __init__(self, view: CanvasView, start: Pointer) -> None:
        super().__init__(view, start)
        self.crossed: dict[Wire, QPointF] = {}
        self._path = QPainterPath(start.scene)
        self._line = QGraphicsPathItem()
        self._line.setZValue(6)
        pen = QPen(QColor(self.color()), 2)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self.dashed:
            pen.setDashPattern([3, 3])
        self._line.setPen(pen)
        self.scene.addItem(self._line)

    def color(self) -> str:
        raise NotImplementedError  # each stroke has its own

    def mark(self, wire: Wire, place: QPointF) -> None:
        """Show what will happen to a wire."""
        raise NotImplementedError  # each stroke has its own

    def act(self) -> None:
        """Do it to the wires that were crossed."""
        raise NotImplementedError  # each stroke has its own

    def clear(self) -> None:
        self.scene.removeItem(self._line)

    def move(self, pointer: Pointer) -> bool:
        step = QLineF(self._path.currentPosition(), pointer.scene)
        if not step.length():
            return True
        self._path.lineTo(pointer.scene)
        self._line.setPath(self._path)
        for wire, place in self.scene.wires_across(step).items():
            if wire not in self.crossed:
                self.crossed[wire] = place
                self.mark(wire, place)
        return True

    def release(self, pointer: Pointer) -> bool:
        self.move(pointer)
        self.clear()
        if self.crossed:
            self.act()
        return False

    def cancel(self) -> None:
        self.clear()


class Cut(Stroke):
    """Remove the wires that the stroke crosses."""

    dashed = True

    def color(self) -> str:
        return theme.tokens.bad

    def mark(self, wire: Wire, place: QPointF) -> None:
        self.scene.wires[wire].set_doomed(True)

    def act(self) -> None:
        count = len(self.crossed)
        text = self.view.tr("Cut wire") if count == 1 else self.view.tr("Cut {} wires")
        rewiring.cut(self.document, self.crossed, text.format(count))

    def clear(self) -> None:
        super().clear()
        for wire in self.crossed:
            self.scene.wires[wire].set_doomed(False)


class LeadThrough(Stroke):
    """Put a reroute point into each wire that the stroke crosses."""

    def color(self) -> str:
        return theme.tokens.accent

    def mark(self, wire: Wire, place: QPointF) -> None:
        self.scene.wires[wire].set_hovered(True)

    def act(self) -> None:
        ids = rewiring.lead_through(
            self.document, {wire: corner(place) for wire, place in self.crossed.items()}
        )
        self.document.select(ids)

    def clear(self) -> None:
        super().clear()
        for wire in self.crossed:
            self.scene.wires[wire].set_hovered(False)
