"""One of a few, from a list that opens under the field."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyledItemDelegate, QWidget

from gui.theme import paint_icon, theme, ui_font

BESIDE_TEXT = 36
"""What stands beside the text: the space before it, the arrow, the edges."""


class ChoiceField(QComboBox):
    """Chooses one key of `options`, which maps each to what a user reads for it.

    Typing jumps to an option; Up and Down go through them.

    Emits
        committed(str): the key that the user chose.
    """

    committed = Signal(str)

    def __init__(
        self,
        options: Mapping[str, str],
        value: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # The default delegate of a combo box ignores the style sheet's item height.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFont(ui_font(13))
        self.setFixedHeight(26)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(16)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._options: dict[str, str] = {}
        self._widest = 40
        self.set_options(options)
        if value is not None:
            self.set_value(value)
        self.activated.connect(lambda index: self.committed.emit(self.itemData(index)))

    @property
    def value(self) -> str:
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        """Show a choice without announcing it."""
        self.setCurrentIndex(self.findData(value))

    def show_mixed(self) -> None:
        """Show that what is edited as one has several values."""
        self.setPlaceholderText(self.tr("several"))
        self.setCurrentIndex(-1)

    def set_options(self, options: Mapping[str, str]) -> None:
        """Offer other options; the choice stays if it is among them."""
        if self._options == options:
            return
        self._options = dict(options)
        kept = self.currentData()
        self.clear()
        for key, label in options.items():
            self.addItem(label, key)
        if (index := self.findData(kept)) >= 0:
            self.setCurrentIndex(index)
        wide = self.fontMetrics().horizontalAdvance
        self._widest = max((wide(label) for label in options.values()), default=40)

    def sizeHint(self) -> QSize:
        return QSize(self._widest + BESIDE_TEXT, 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 26)

    @property
    def needed(self) -> int:
        """The width that shows what is chosen in full."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) + BESIDE_TEXT

    def showPopup(self) -> None:
        needed = self.sizeHint().width() + 24
        self.view().setMinimumWidth(max(self.width(), needed))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A choice is too easily changed by scrolling past it.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = tokens.accent if self.hasFocus() else tokens.border
        if self.underMouse() and self.isEnabled() and not self.hasFocus():
            edge = tokens.muted
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(tokens.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        chosen = self.currentIndex() >= 0
        painter.setPen(QColor(tokens.text if self.isEnabled() and chosen else tokens.muted))
        area = self.rect().adjusted(9, 0, -24, 0)
        text = self.fontMetrics().elidedText(
            self.currentText() if chosen else self.placeholderText(),
            Qt.TextElideMode.ElideRight,
            area.width(),
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        arrow = QRect(self.width() - 20, self.height() // 2 - 5, 11, 11)
        paint_icon(painter, arrow, "caret-down-bold", tokens.muted)
