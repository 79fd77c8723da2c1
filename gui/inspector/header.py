"""The top of the inspector: what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.graph.model import Node
from gui.forms import spoken
from gui.theme import category_color, ui_font
from gui.widgets import NumberLabel, TextField, TextLabel, TitleLabel

LONG = 17
"""Letters of a title that fit at full size."""

BETWEEN = 24
"""Room around the title: gaps, and its own edges."""

PLAIN = """
QLineEdit { background: transparent; border: 1px solid transparent; padding: 0 1px; }
QLineEdit:hover { border-color: palette(mid); }
QLineEdit:focus { border-color: palette(highlight); background: palette(base); }
"""


class CategorySquare(QWidget):
    """The colour of a category, as in the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(12, 12))
        self._category = ""

    def show_category(self, category: str) -> None:
        self._category = category
        self.setToolTip(spoken(category.capitalize()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(category_color(self._category)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 2.5, 2.5)


class NodeHeader(QWidget):
    """A node's category, its title, which can be typed over, its id and its summary.

    Emits
        renamed(str): the name that the user gave; empty for the layer's own title.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.square = CategorySquare(self)
        self.title = TextField(parent=self)
        self.title.setFont(ui_font(15, 600))
        self.title.setStyleSheet(PLAIN)
        self.title.setAccessibleName(self.tr("Name"))
        self.title.setToolTip(self.tr("Type to rename"))
        self.title.committed.connect(self._commit)
        self.id = NumberLabel(parent=self, token="muted")
        self.id.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.summary = TextLabel(parent=self)
        self._own_title = ""
        self._line = QHBoxLayout()
        self._line.setSpacing(6)
        self._line.addWidget(self.square)
        self._line.addWidget(self.title, 1)
        self._line.addWidget(self.id)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addLayout(self._line)
        self._rows.addWidget(self.summary)

    def show_node(self, node: Node) -> None:
        self._own_title = node.layer.title()
        self.square.show_category(node.layer.category)
        self.title.set_value(node.title)
        self.title.setFont(ui_font(15 if len(node.title) <= LONG else 12.5, 600))
        self.title.setPlaceholderText(self._own_title)
        self.title.setCursorPosition(0)
        self.id.setText(node.id)
        self._place_id()
        self.summary.setText(spoken(node.layer.summary))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_id()

    def _place_id(self) -> None:
        """Beside the title where both have room, else under it."""
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        needed = self.square.width() + title + self.id.sizeHint().width() + BETWEEN
        beside = needed <= self.width()
        if beside != (self._line.indexOf(self.id) >= 0):
            (self._rows if beside else self._line).removeWidget(self.id)
            if beside:
                self._line.addWidget(self.id)
            else:
                self._rows.insertWidget(1, self.id)

    def _commit(self, text: str) -> None:
        self.renamed.emit("" if text.strip() == self._own_title else text.strip())


class ManyHeader(QWidget):
    """How many nodes are selected, and which."""

    NAMED = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = TitleLabel(parent=self)
        self.names = TextLabel(parent=self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.title)
        rows.addWidget(self.names)

    def show_nodes(self, nodes: Sequence[Node], title: str = "") -> None:
        self.title.setText(title or self.tr("{0} nodes").format(len(nodes)))
        names = ", ".join(node.title for node in nodes[: self.NAMED])
        self.names.setText(names + (" …" if len(nodes) > self.NAMED else ""))
