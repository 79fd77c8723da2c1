"""The card beside a wire that carries a weight: from where to where, how much, how it learns."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from engine.diagnosis.reading import WeightReading
from engine.graph.model import Graph, Node
from gui.canvas.items.tile_item import TileItem
from gui.canvas.items.wire_item import WireItem
from gui.theme import mono_font, theme, ui_font
from gui.widgets import TextLabel, soft_shadow

AWAY = QPoint(16, 16)
UNKNOWN = WeightReading()


class WireCard(QFrame):
    """A weight in figures, beside the pointer. What is not known is left out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("wireCard")
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        self._title = self._label(ui_font(13, 600), "text")
        grid.addWidget(self._title, 0, 0, 1, 2)
        self._rows = [self._row(name) for name in ("w", "∂L/∂w", self.tr("update / weight"))]
        soft_shadow(self)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    def _label(self, font: QFont, token: str) -> TextLabel:
        label = TextLabel("", self, token=token)
        label.setWordWrap(False)
        label.setFont(font)
        return label

    def _row(self, name: str) -> tuple[TextLabel, TextLabel]:
        head, value = self._label(mono_font(12), "muted"), self._label(mono_font(12), "text")
        head.setText(name)
        number = self._grid.rowCount()
        self._grid.addWidget(head, number, 0)
        self._grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignRight)
        return head, value

    @property
    def words(self) -> tuple[str, ...]:
        """What it says: the title, and the values that are known."""
        shown = [value.text() for _, value in self._rows if not value.isHidden()]
        return (self._title.text(), *shown)

    def show_for(
        self, graph: Graph, item: WireItem, place: QPoint, reading: WeightReading = UNKNOWN
    ) -> None:
        source, target = (_name(graph.node(n)) for n in (item.wire.source, item.wire.target))
        self._title.setText(self.tr("Weight {} → {}").format(source, target))
        values = (
            "" if item.weight is None else f"{item.weight:+.4f}",
            "" if reading.gradient is None else f"{reading.gradient:+.1e}",
            "" if reading.update is None else f"{reading.update:.1e}",
        )
        for (head, value), words in zip(self._rows, values, strict=True):
            value.setText(words)
            head.setVisible(bool(words))
            value.setVisible(bool(words))
        self._rows[-1][1].set_token("ok" if reading.steady else "text")
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


def _name(node: Node) -> str:
    return TileItem.name_of(node) or node.id
