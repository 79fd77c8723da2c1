"""All wires in one call, for when they are seen from afar and too many to paint one by one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter

from gui.canvas.items.ink import pen
from gui.canvas.items.wire_item import WireItem
from gui.canvas.metrics import FAR
from gui.theme import theme


class FarWires:
    """The lines of all wires, joined again after one of them has changed."""

    def __init__(self) -> None:
        self._lines: list[QLineF] | None = None

    def forget(self) -> None:
        """A wire came, went or runs elsewhere."""
        self._lines = None

    def paint(self, painter: QPainter, wires: Iterable[WireItem]) -> None:
        if painter.worldTransform().m11() >= FAR:
            return
        if self._lines is None:
            self._lines = [line for wire in wires for line in wire.far_lines()]
        painter.save()
        painter.scale(1 / FAR, 1 / FAR)
        painter.setPen(pen(theme.tokens.muted, cosmetic=True))
        painter.drawLines(self._lines)
        painter.restore()
