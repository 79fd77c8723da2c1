"""The wire that follows the pointer while it is drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gui.canvas.items.wire_path import return_path, wire_path
from gui.theme import theme


class PendingWire(QGraphicsPathItem):
    """Blue where it can end, dashed and grey on its way, dashed and red where it is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(4)

    def lead(self, start: QPointF, end: QPointF, state: str, returns: bool = False) -> None:
        """state: joined, loose or refused. returns: it closes a loop."""
        self.setPath((return_path if returns else wire_path)(start, end))
        tokens = theme.tokens
        color = {"joined": tokens.accent, "loose": tokens.second, "refused": tokens.bad}[state]
        pen = QPen(QColor(color), 2)
        pen.setCosmetic(True)
        if state != "joined":
            pen.setStyle(Qt.PenStyle.DashLine)
        self.setPen(pen)
