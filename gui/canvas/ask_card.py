"""A small card over the canvas that asks for one thing before something is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.errors import GlassboxError
from gui.theme import theme
from gui.widgets import FieldRow, PlainButton, PrimaryButton, TextLabel, TitleLabel, soft_shadow

WIDTH = 304


class AskCard(QFrame):
    """A title, a few fields, and a button that does it. Enter does it too, Escape does not."""

    def __init__(self, parent: QWidget, focus_back: QWidget) -> None:
        super().__init__(parent)
        self._host, self._focus_back = parent, focus_back
        self._done: Callable[[], object] | None = None
        self._fields: list[QWidget] = []
        self.setObjectName("askCard")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        self.title = TitleLabel(parent=self)
        self.text = TextLabel(parent=self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.wrong = TextLabel(parent=self, token="bad")
        self.cancel = PlainButton(self.tr("Cancel"), parent=self)
        self.cancel.clicked.connect(self.leave)
        self.accept = PrimaryButton(parent=self)
        self.accept.clicked.connect(self._accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(self._rows)
        column.addWidget(self.wrong)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.setFixedWidth(WIDTH)
        soft_shadow(self)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    def open(
        self,
        place: QPoint,
        title: str,
        text: str,
        fields: dict[str, QWidget],
        verb: str,
        done: Callable[[], object],
    ) -> None:
        """Ask beside a place.

        fields: by their labels; the first gets the keyboard. done: reads them and does it; a
        GlassboxError that it raises is shown, and the card stays.
        """
        self._drop_fields()
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.wrong.hide()
        for label, field in fields.items():
            row = FieldRow(label, field, parent=self)
            self._fields.append(row)
            self._rows.addWidget(row)
            row.show()
        self.accept.setText(verb)
        self._done = done
        self.show()
        self.adjustSize()
        room = self._host.rect()
        x = min(place.x(), room.right() - self.width() - 8)
        y = min(place.y(), room.bottom() - self.height() - 8)
        self.move(max(8, x), max(8, y))
        self.raise_()
        next(iter(fields.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close without doing it."""
        if not self.isHidden():
            self.hide()
            self._done = None
            self._drop_fields()
            self._focus_back.setFocus(Qt.FocusReason.PopupFocusReason)

    def _drop_fields(self) -> None:
        for row in self._fields:
            row.setParent(None)
            row.deleteLater()
        self._fields = []

    def _accept(self) -> None:
        if self._done is None:
            return
        try:
            self._done()
        except GlassboxError as error:
            self.wrong.setText(str(error))
            self.wrong.show()
            self.adjustSize()
            return
        self.leave()

    def event(self, event: QEvent) -> bool:
        # Keys typed here are letters, whatever the canvas would do at them.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return bool(QWidget.focusNextPrevChild(self, forward))

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#askCard {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )
