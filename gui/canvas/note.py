"""The small note beside the pointer: why a wire is refused, or what it will do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.theme import theme
from gui.widgets import Sign, TextLabel, soft_shadow

STAYS_MS = 4000
WIDEST = 320
AWAY = QPoint(18, 20)


class Note(QFrame):
    """A sentence beside the pointer, which the pointer never runs into."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("canvasNote")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 12, 8)
        row.setSpacing(8)
        self._signs = {level: Sign(level, self) for level in ("bad", "info")}
        for sign in self._signs.values():
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self._text = TextLabel("", self, token="text")
        row.addWidget(self._text)
        soft_shadow(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says now; empty while it is hidden."""
        return self._text.text() if self.isVisible() else ""

    def show_at(self, place: QPoint, sentence: str, level: str = "bad") -> None:
        """Stand beside a place until hidden. level: bad or info."""
        self._timer.stop()
        if sentence != self._text.text():
            for name, sign in self._signs.items():
                sign.setVisible(name == level)
            self._text.setText(sentence)
            wide = self._text.fontMetrics().horizontalAdvance(sentence)
            self._text.setFixedWidth(min(WIDEST, wide + 4))
            self.adjustSize()
        room = self._host.rect()
        corner = place + AWAY
        if corner.x() + self.width() > room.right():
            corner.setX(max(8, place.x() - AWAY.x() - self.width()))
        if corner.y() + self.height() > room.bottom():
            corner.setY(max(8, place.y() - AWAY.y() - self.height()))
        self.move(corner)
        self.show()
        self.raise_()

    def show_for_a_while(self, place: QPoint, sentence: str, level: str = "bad") -> None:
        self.show_at(place, sentence, level)
        self._timer.start(STAYS_MS)

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#canvasNote {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )
