"""The card beside a wire that carries a weight: from where to where, and how much."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from engine.graph.model import Graph
from gui.canvas.items.tile_item import TileItem
from gui.canvas.items.wire_item import WireItem
from gui.theme import mono_font, theme, ui_font
from gui.widgets import TextLabel, soft_shadow

AWAY = QPoint(16, 16)


class WireCard(QFrame):
    """A weight in figures, beside the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("wireCard")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        self._title = TextLabel("", self, token="text")
        self._title.setWordWrap(False)
        self._title.setFont(ui_font(13, 600))
        name = TextLabel("w", self, token="muted")
        name.setFont(mono_font(12))
        self._weight = TextLabel("", self, token="text")
        self._weight.setWordWrap(False)
        self._weight.setFont(mono_font(12))
        grid.addWidget(self._title, 0, 0, 1, 2)
        grid.addWidget(name, 1, 0)
        grid.addWidget(self._weight, 1, 1, Qt.AlignmentFlag.AlignRight)
        soft_shadow(self)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    @property
    def words(self) -> tuple[str, str]:
        return self._title.text(), self._weight.text()

    def show_for(self, graph: Graph, item: WireItem, place: QPoint) -> None:
        source = TileItem.name_of(graph.node(item.wire.source)) or item.wire.source
        target = TileItem.name_of(graph.node(item.wire.target)) or item.wire.target
        self._title.setText(self.tr("Weight {} → {}").format(source, target))
        self._weight.setText(f"{item.weight:+.4f}" if item.weight is not None else "")
        self.adjustSize()
        room = self._host.rect()
        corner = place + AWAY
        corner.setX(min(corner.x(), room.right() - self.width() - 8))
        corner.setY(min(corner.y(), room.bottom() - self.height() - 8))
        self.move(corner)
        self.show()
        self.raise_()

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#wireCard {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )
