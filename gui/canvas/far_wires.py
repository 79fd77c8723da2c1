"""All wires in a few calls, for when they are seen from afar and too many to paint one by one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath

from gui.canvas.items.ink import pen
from gui.canvas.items.wire_item import WireItem
from gui.canvas.metrics import FAR
from gui.canvas.values import value_color


class FarWires:
    """The curves of all wires by the kind of value, joined again after one of them has changed."""

    def __init__(self) -> None:
        self._paths: dict[str, QPainterPath] | None = None

    def forget(self) -> None:
        """A wire came, went, carries something else or runs elsewhere."""
        self._paths = None

    def paint(self, painter: QPainter, wires: Iterable[WireItem]) -> None:
        if painter.worldTransform().m11() >= FAR:
            return
        if self._paths is None:
            self._paths = {}
            for wire in wires:
                if wire.is_plain:
                    self._paths.setdefault(wire.kind, QPainterPath()).addPath(wire.path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for kind, path in self._paths.items():
            painter.setPen(pen(value_color(kind), cosmetic=True))
            painter.drawPath(path)
