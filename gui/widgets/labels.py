"""Text: titles, section labels, hints, numbers, and rules between them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.theme import Tokens, label_font, mono_font, theme, ui_font


class _Label(QLabel):
    """A label whose colour is a token."""

    def __init__(self, text: str, font: QFont, token: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(font)
        self._token = token
        # Over a canvas or a list, Qt would take the colour of text in fields instead.
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._recolor(theme.tokens)
        theme.changed.connect(self._recolor)

    def set_token(self, token: str) -> None:
        """Paint the text in another colour of the theme, such as `bad`."""
        self._token = token
        self._recolor(theme.tokens)

    def _recolor(self, tokens: Tokens) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, getattr(tokens, self._token))
        self.setPalette(palette)


class TitleLabel(_Label):
    """The title of a panel or card, 15 px semi-bold."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, ui_font(15, 600), "text", parent)


class SectionLabel(_Label):
    """Small capitals over a group of things."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, label_font(), "muted", parent)


class TextLabel(_Label):
    """Running text that wraps: an explanation, a sentence."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, token: str = "second"
    ) -> None:
        super().__init__(text, ui_font(12.5), token, parent)
        self.setWordWrap(True)


class HintLabel(_Label):
    """What is good to know and easy to overlook."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, ui_font(12), "muted", parent)


class NumberLabel(_Label):
    """A number or a shape, monospaced, at the right."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, token: str = "text"
    ) -> None:
        super().__init__(text, mono_font(12), token, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


class ElidedLabel(_Label):
    """One line that gives way: what does not fit ends in an ellipsis and stands in the tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        token: str = "second",
        font: QFont | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, font or ui_font(12.5), token, parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    @property
    def needed(self) -> int:
        """The width that shows the text in full."""
        return self.fontMetrics().horizontalAdvance(self.text())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        cut = self.needed > self.width()
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.contentsRect(), self.alignment(), shown)


class HairLine(QFrame):
    """A horizontal rule of one pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)


def labelled(label: str, field: QWidget, *after: QWidget) -> QWidget:
    """A field with its name before it and what belongs to it after, shown and hidden as one."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 4, 0)
    row.setSpacing(8)
    name = HintLabel(label)
    name.setBuddy(field)
    row.addWidget(name)
    row.addWidget(field)
    for part in after:
        row.addWidget(part)
    return pair
