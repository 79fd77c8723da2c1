"""A number that can be typed, dragged and scrolled."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from engine.fields import Integer, Real
from gui.theme import mono_font, paint_icon, theme
from gui.widgets.text_field import mark_wrong

PIXELS_A_STEP = 4
SCROLL_SETTLES_MS = 350
"""A turn of the wheel counts as one edit until it has rested this long."""


class NumberField(QLineEdit):
    """Edits the value of an `Integer` or `Real` field within its bounds.

    Dragging sideways, the wheel (while focused), Up and Down and the arrows at
    the right change it by a step: a whole number by 1, a logarithmic field by a
    twentieth of a decade, any other by a unit of its second digit. Shift makes
    ten steps of one, Alt a tenth. A click starts typing.

    Emits
        changed(number): with every new value, also in the middle of a drag.
        committed(number): once at the end of a drag, a scroll or typing.
        refused(str): the sentence for what was typed and cannot be; the field
            shows it too, and "" when it is gone.
    """

    changed = Signal(object)
    committed = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        field: Integer | Real,
        value: float | None = None,
        parent: QWidget | None = None,
        *,
        arrows: bool = True,
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._value: float = field.default if value is None else value
        self._committed = self._value
        self._arrows = arrows
        self._mixed = False
        self._pressed: QPoint | None = None
        self._dragged_from: float | None = None
        self._settle = QTimer(self, singleShot=True, interval=SCROLL_SETTLES_MS)
        self._settle.timeout.connect(self._commit)
        self.setFont(mono_font(12.5))
        self.setTextMargins(0, 0, 14 if arrows else 0, 0)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        # A press may begin a drag; only a click without one takes the focus.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.editingFinished.connect(self._typed)
        self._show()

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without announcing it, unless the user is in the middle of an edit."""
        self._committed = value
        if self._dragged_from is None and not self._settle.isActive():
            self._value = value
            if not (self.hasFocus() and self.isModified()):
                self._show()

    def show_mixed(self, value: float) -> None:
        """Show that what is edited as one has several values; steps go on from this one."""
        self.set_value(value)
        if not (self.hasFocus() and self.isModified()):
            self._mixed = True
            self.clear()
            self.setModified(False)
            self.setPlaceholderText(self.tr("several"))

    @property
    def help(self) -> str:
        return self._field.help

    def set_field(self, field: Integer | Real) -> None:
        """Edit by the bounds of another declaration."""
        self._field = field

    def set_wrong(self, message: str) -> None:
        mark_wrong(self, message)
        self.refused.emit(message)

    def stepped(self, steps: float) -> float:
        """The acceptable value nearest to `steps` steps from here."""
        field, value = self._field, self._value
        if isinstance(field, Integer):
            whole = math.copysign(max(1, round(abs(steps))), steps)
            return self._bounded(int(value + whole))
        if field.logarithmic:
            start = value if value > 0 else 1e-6
            return self._bounded(float(f"{start * 10 ** (steps / 20):.3g}"))
        unit = 10 ** (math.floor(math.log10(abs(value))) - 1) if value else 0.01
        return self._bounded(round(value + steps * unit, 10))

    def _bounded(self, value: float) -> float:
        field = self._field
        low, high = field.minimum, field.maximum
        if isinstance(field, Real):
            low = math.nextafter(field.above, math.inf) if field.above is not None else low
            high = math.nextafter(field.below, -math.inf) if field.below is not None else high
        value = value if low is None else max(low, value)
        value = value if high is None else min(high, value)
        # A step that would land on an excluded bound is not made.
        excluded = (
            isinstance(field, Real)
            and value in (low, high)
            and (
                (field.above is not None and value == low)
                or (field.below is not None and value == high)
            )
        )
        return self._value if excluded else value

    def _set(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self._show()
            self.changed.emit(value)

    def _commit(self) -> None:
        self._settle.stop()
        if self._value != self._committed:
            self._committed = self._value
            self.committed.emit(self._value)

    def _show(self) -> None:
        if self._mixed:
            self._mixed = False
            self.setPlaceholderText("")
        self.setText(number_text(self._value))
        self.setCursorPosition(0)
        self.setModified(False)
        if self.property("wrong"):
            self.set_wrong("")

    def _typed(self) -> None:
        if not self.isModified():
            return
        try:
            value = self._field.accepted(parsed_number(self.text()))
        except ValueError:
            self.set_wrong(
                self.tr("Needs {expected}, got {text}.").format(
                    expected=self._field.expects(), text=self.text().strip() or self.tr("nothing")
                )
            )
            return
        of_several = self._mixed
        self._value = value
        self._show()
        if value != self._committed or of_several:
            self.changed.emit(value)
        if of_several:
            self._committed = value
            self.committed.emit(value)
        self._commit()

    # Keys and wheel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if steps is not None:
            self._set(self.stepped(steps * _pace(event.modifiers())))
            self._settle.start()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Without the focus the wheel belongs to the panel that scrolls.
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        delta = event.angleDelta().y() or event.angleDelta().x()
        self._set(self.stepped(delta / 120 * _pace(event.modifiers())))
        self._settle.start()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._commit()
        if self.property("wrong"):
            self._show()
        self.deselect()
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    # Mouse: a click types, a sideways drag turns

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.isReadOnly():
            super().mousePressEvent(event)
            return
        if (direction := self._arrow_at(event.position())) and not self.isModified():
            self._set(self.stepped(direction * _pace(event.modifiers())))
            self._settle.start()
            return
        if self.hasFocus():
            super().mousePressEvent(event)
            return
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position().toPoint().x() - self._pressed.x()
        if self._dragged_from is None:
            if abs(moved) < QApplication.startDragDistance() // 2:
                return
            self._dragged_from = self._value
        self._pressed = event.position().toPoint() if abs(moved) >= PIXELS_A_STEP else self._pressed
        if steps := int(moved / PIXELS_A_STEP):
            self._set(self.stepped(steps * _pace(event.modifiers())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        self._pressed = None
        if self._dragged_from is None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.selectAll()
        else:
            self._dragged_from = None
            self._commit()

    def _arrow_at(self, position: QPointF) -> int:
        if not self._arrows or position.x() < self.width() - 18:
            return 0
        return 1 if position.y() < self.height() / 2 else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._arrows:
            return
        painter = QPainter(self)
        middle, right = self.height() // 2, self.width() - 16
        paint_icon(painter, QRect(right, middle - 9, 9, 9), "caret-up-bold", theme.tokens.muted)
        paint_icon(painter, QRect(right, middle + 1, 9, 9), "caret-down-bold", theme.tokens.muted)


def _pace(modifiers: Qt.KeyboardModifier) -> float:
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 10
    return 0.1 if modifiers & Qt.KeyboardModifier.AltModifier else 1


def number_text(value: float) -> str:
    """A number as short as it can be read back: 0.001, 3e-5, 64."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e9):
        return str(int(value))
    return f"{value:.7g}"


def parsed_number(text: str) -> float:
    """A number as people write it: `1e-3`, `0,5`, `1/255`, `50 %`. Raises ValueError."""
    text = text.strip().replace("−", "-").replace(" ", "").replace("\u00a0", "")
    if text.endswith("%"):
        return parsed_number(text[:-1]) / 100
    if "/" in text:
        above, below = (parsed_number(part) for part in text.split("/", 1))
        if below == 0:
            raise ValueError
        return above / below
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return int(text) if text.lstrip("+-").isdigit() else float(text)
