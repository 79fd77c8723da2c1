"""All wires in a few calls, for when they are seen from afar and too many to paint one by one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter

from gui.canvas.items.ink import pen
from gui.canvas.items.wire_item import WireItem
from gui.canvas.metrics import FAR
from gui.canvas.values import value_color


class FarWires:
    """The lines of all wires by the kind of value, joined again after one of them has changed."""

    def __init__(self) -> None:
        self._lines: dict[str, list[QLineF]] | None = None

    def forget(self) -> None:
        """A wire came, went, carries something else or runs elsewhere."""
        self._lines = None

    def paint(self, painter: QPainter, wires: Iterable[WireItem]) -> None:
        if painter.worldTransform().m11() >= FAR:
            return
        if self._lines is None:
            self._lines = {}
            for wire in wires:
                self._lines.setdefault(wire.kind, []).extend(wire.far_lines())
        painter.save()
        painter.scale(1 / FAR, 1 / FAR)
        for kind, lines in self._lines.items():
            painter.setPen(pen(value_color(kind), cosmetic=True))
            painter.drawLines(lines)
        painter.restore()
