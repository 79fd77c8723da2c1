"""A field that takes keys as they are pressed, instead of what they would type."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.theme import mono_font

MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
)


class KeyField(QLineEdit):
    """Waits for one press. Escape leaves without one.

    Emits
        pressed(str): the keys, as the settings write them.
        left: Escape was pressed.
    """

    pressed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(mono_font(12))
        self.setPlaceholderText(self.tr("Press the new keys"))
        self.setAccessibleName(self.tr("New keys"))

    def event(self, event: QEvent) -> bool:
        # Before shortcuts, and before Tab goes on to the next field.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._take(event)
            return True
        return bool(super().event(event))

    def _take(self, event: QKeyEvent) -> None:
        if event.key() in MODIFIERS:
            return
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
            return
        combination = event.keyCombination()
        key, modifiers = combination.key(), combination.keyboardModifiers()
        if key == Qt.Key.Key_Backtab:
            key = Qt.Key.Key_Tab
        modifiers &= ~Qt.KeyboardModifier.KeypadModifier
        self.pressed.emit(QKeySequence(modifiers.value | key.value).toString())
