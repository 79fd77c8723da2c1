"""Yes or no, as a switch."""

from __future__ import annotations

from PySide6.QtCore import (
    Property,
    QEasingCurve,
    QPointF,
    QPropertyAnimation,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.theme import theme
from gui.widgets.motion import motion_ms


class Switch(QAbstractButton):
    """Emits
    committed(bool): what the user switched to.
    """

    committed = Signal(bool)

    def __init__(self, value: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(value)
        self.setAccessibleName(name)
        self.setFixedSize(36, 20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._knob = float(value)
        self._mixed = False
        self._slide = QPropertyAnimation(self, b"knob", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.toggled.connect(self._start)
        self.clicked.connect(lambda on: self.committed.emit(on))

    @property
    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show a value without announcing it."""
        was_mixed, self._mixed = self._mixed, False
        self.setChecked(value)
        if was_mixed and not value:
            self._set_knob(0.0)

    def show_mixed(self) -> None:
        """Show that what is edited as one is on here and off there; a click switches all on."""
        self.setChecked(False)
        self._slide.stop()
        self._mixed = True
        self._set_knob(0.5)

    def _get_knob(self) -> float:
        return self._knob

    def _set_knob(self, at: float) -> None:
        self._knob = at
        self.update()

    knob = Property(float, _get_knob, _set_knob)

    def _start(self, on: bool) -> None:
        self._slide.stop()
        duration = motion_ms(120) if self.isVisible() else 0
        if not duration:
            self._set_knob(float(on))
            return
        self._slide.setDuration(duration)
        self._slide.setEndValue(float(on))
        self._slide.start()

    def sizeHint(self) -> QSize:
        return QSize(36, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        on = self._knob > 0.5
        edge = tokens.text if self.hasFocus() else tokens.accent if on else tokens.border
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(tokens.accent if on else tokens.field))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        radius = track.height() / 2 - 2
        left, right = track.left() + radius + 2, track.right() - radius - 2
        painter.setPen(QPen(QColor(tokens.border), 1 if not on and not tokens.dark else 0))
        painter.setBrush(QColor("#ffffff" if self.isEnabled() else tokens.muted))
        middle = QPointF(left + (right - left) * self._knob, track.center().y())
        painter.drawEllipse(middle, radius, radius)
