"""Typing a name right on the node."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.paper import Paper
from gui.document.document import Document
from gui.theme import theme, ui_font


class RenameField(QLineEdit):
    """A field over a node's title. Enter or a click elsewhere renames, Escape does not."""

    def __init__(self, paper: Paper, document: Document) -> None:
        super().__init__(paper.viewport())
        self._paper = paper
        self._document = document
        self._node_id = ""
        self.setAccessibleName(self.tr("Name of the node"))
        self.setFont(ui_font(13, 600))
        self.editingFinished.connect(self.commit)
        paper.moved.connect(self.leave)
        document.graph_replaced.connect(self.leave)
        self.hide()

    def open(self, item: NodeItem | BoxItem) -> None:
        """Edit the name of a node or a group."""
        self._node_id = item.key
        rect = QRectF(item.scene_card().topLeft(), item.title_rect().size())
        place = self._paper.mapFromScene(rect).boundingRect()
        place.setHeight(28)
        place.setWidth(max(place.width(), 140))
        self.setGeometry(place.adjusted(-2, -2, 2, 0))
        self.setStyleSheet(f"QLineEdit {{ border-color: {theme.tokens.accent}; }}")
        self.setText(item.name)
        self.setPlaceholderText(item.own_title)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def commit(self) -> None:
        node_id, self._node_id = self._node_id, ""
        if node_id and self._document.has(node_id):
            self._document.rename(node_id, self.text())
        self._close()

    def leave(self) -> None:
        """Close without renaming."""
        self._node_id = ""
        self._close()

    def _close(self) -> None:
        if self.isVisible():
            focused = self.hasFocus()
            self.hide()
            if focused:
                self._paper.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        # Keys typed here are letters, whatever the canvas would do at them.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)
