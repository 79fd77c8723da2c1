"""Where one is while the inside of a group is looked at: a way of names, each a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.document.document import Document
from gui.theme import theme
from gui.widgets import QuietButton, TextLabel, soft_shadow

MARGIN = 16


class Breadcrumbs(QFrame):
    """The groups from the whole network to the one that is open; hidden at the top."""

    def __init__(self, host: QWidget, document: Document) -> None:
        super().__init__(host)
        self.document = document
        self.setObjectName("breadcrumbs")
        self.setAccessibleName(self.tr("Open groups"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 12, 4)
        self._row.setSpacing(0)
        soft_shadow(self)
        document.level_changed.connect(self.refresh)
        document.graph_changed.connect(self.refresh)
        theme.changed.connect(self._style)
        self._style()
        self.move(MARGIN, MARGIN)
        self._shown: list[tuple[str, str]] = []
        self.refresh()

    @property
    def names(self) -> list[str]:
        """What it says, from the network to the open group."""
        return [name for _, name in self._shown]

    def refresh(self) -> None:
        """Say where one is now."""
        drawing = self.document.graph.drawing
        level = self.document.level if drawing.has_group(self.document.level) else ""
        groups = [drawing.group(group_id) for group_id in drawing.path(level)]
        way = [("", self.tr("Network")), *((g.id, g.name or g.id) for g in groups)]
        self.setVisible(bool(level))
        if way == self._shown:
            return
        self._shown = way
        while (item := self._row.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.setParent(None)
                part.deleteLater()
        for group_id, name in way[:-1]:
            step = QuietButton(name, parent=self)
            step.setToolTip(self.tr("Go back to {}").format(name))
            step.clicked.connect(lambda _on=False, group_id=group_id: self._go(group_id))
            self._row.addWidget(step)
            self._row.addWidget(TextLabel("›", self, token="muted"))
        here = TextLabel(way[-1][1], self, token="text")
        here.setContentsMargins(8, 0, 0, 0)
        self._row.addWidget(here)
        for part in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            part.show()
        self.adjustSize()

    def _go(self, group_id: str) -> None:
        self.document.enter(group_id)

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#breadcrumbs {{ background: {tokens.surface}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )
