"""Rows of a form: the label left, the editor right, the reason of a refusal under them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.theme import ui_font
from gui.widgets.labels import ElidedLabel, NumberLabel, TextLabel


class FieldRow(QWidget):
    """One labelled editor. `help` is the tooltip of the whole row."""

    LABEL_SHARE, EDITOR_SHARE = 43, 57

    def __init__(
        self, label: str, editor: QWidget, help: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self.label = ElidedLabel(label, self, font=ui_font(12.5))
        self.label.setFixedHeight(26)
        self.label.setBuddy(editor)
        self._reason = TextLabel("", self, token="bad")
        self._reason.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.label, 0, 0)
        stretches = editor.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Fixed
        fixed = editor.minimumWidth() == editor.maximumWidth()
        if stretches and not fixed:
            grid.addWidget(editor, 0, 1)
        else:
            grid.addWidget(editor, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._reason, 1, 0, 1, 2)
        grid.setColumnStretch(0, self.LABEL_SHARE)
        grid.setColumnStretch(1, self.EDITOR_SHARE)
        self.setToolTip(help)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(help)
        if hasattr(editor, "refused"):
            editor.refused.connect(self.set_wrong)

    def set_wrong(self, message: str) -> None:
        """Show why the editor's value is refused; "" takes it away."""
        self._reason.setText(message)
        self._reason.setVisible(bool(message))


class ValueRow(QWidget):
    """A label and a number or shape that cannot be edited."""

    def __init__(
        self, label: str, value: str = "", parent: QWidget | None = None, *, token: str = "text"
    ) -> None:
        super().__init__(parent)
        self.label = ElidedLabel(label, self, font=ui_font(12.5))
        self.value = NumberLabel(value, self, token=token)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.value, 0, 1)
        grid.setColumnStretch(0, 1)

    def set_value(self, text: str) -> None:
        self.value.setText(text)
