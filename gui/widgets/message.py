"""Sentences to the user: inside a panel, or floating over the window for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import paint_icon, theme, ui_font
from gui.widgets.buttons import IconButton, LinkButton
from gui.widgets.card import Card, Follower, soft_shadow
from gui.widgets.labels import TextLabel

SIGNS = {
    "ok": "check-circle-fill",
    "info": "info-fill",
    "warning": "warning-fill",
    "bad": "warning-octagon-fill",
}


class Sign(QWidget):
    """A shape and a colour for how grave something is: ok, info, warning, bad."""

    def __init__(self, severity: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(16, 16))
        self.severity = severity

    def set_severity(self, severity: str) -> None:
        self.severity = severity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        token = "accent" if self.severity == "info" else self.severity
        rect = QRect(1, 1, 14, 14)
        paint_icon(QPainter(self), rect, SIGNS[self.severity], getattr(theme.tokens, token))


class InlineMessage(Card):
    """A sentence in a card, with actions under it. `details` can be copied, never read here."""

    def __init__(
        self,
        text: str = "",
        severity: str = "info",
        parent: QWidget | None = None,
        *,
        title: str = "",
        details: str = "",
    ) -> None:
        super().__init__(parent)
        self._sign = Sign(severity, self)
        self._title = TextLabel(title, self, token="text")
        self._title.setFont(ui_font(13, 600))
        self._text = TextLabel(text, self)
        self._details = details
        row = QHBoxLayout()
        row.setSpacing(8)
        self._signs = QVBoxLayout()
        self._signs.addWidget(self._sign)
        self._signs.addStretch(1)
        row.addLayout(self._signs)
        texts = self._texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        self.content.addLayout(row)
        self.head = row
        self._actions = QHBoxLayout()
        self._actions.setContentsMargins(23, 0, 0, 0)
        self._actions.setSpacing(8)
        self._actions.addStretch(1)
        self.content.addLayout(self._actions)
        self._title.setVisible(bool(title))
        if details:
            self.add_action(self.tr("Copy details"), self.copy_details, quiet=True)

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def severity(self) -> str:
        return self._sign.severity

    def set_message(self, text: str, severity: str = "info", title: str = "") -> None:
        self._sign.set_severity(severity)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)

    def add_action(
        self, label: str, action: Callable[[], object], *, quiet: bool = False
    ) -> LinkButton:
        button = LinkButton(label, self, quiet=quiet)
        button.clicked.connect(lambda: action())
        self._actions.insertWidget(self._actions.count() - 1, button)
        return button

    def copy_details(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")


class Toast(InlineMessage):
    """A message that floats at the bottom of `host` and leaves by itself, unless it is grave.

    Emits
        dismissed: it went, by itself or by the user.
    """

    dismissed = Signal()

    STAYS_MS = 6000

    def __init__(
        self,
        host: QWidget,
        text: str,
        severity: str = "info",
        *,
        title: str = "",
        details: str = "",
    ) -> None:
        super().__init__(text, severity, host, title=title, details=details)
        self._host = host
        self._lift = 0
        close = IconButton("x", self.tr("Close"), self)
        close.clicked.connect(self.dismiss)
        self.head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        # The first line stands level with the button beside it.
        for column in (self._signs, self._texts):
            column.setContentsMargins(0, 5, 0, 0)
        self.setFixedWidth(min(440, max(280, host.width() - 48)))
        soft_shadow(self)
        self._follower = Follower(host, self._place)
        if severity in ("ok", "info"):
            QTimer.singleShot(self.STAYS_MS, self, self.dismiss)

    def open(self) -> None:
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        if self.isHidden():
            return
        self._host.removeEventFilter(self._follower)
        self.hide()
        self.dismissed.emit()
        self.deleteLater()

    def lift(self, pixels: int) -> None:
        """Leave room for others below."""
        self._lift = pixels
        self._place()

    def _place(self) -> None:
        bottom = self._host.height() - 42 - self._lift
        self.move(QPoint((self._host.width() - self.width()) // 2, bottom - self.height()))
