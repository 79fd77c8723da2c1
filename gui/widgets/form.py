"""Rows of a form: the label left, the editor right, the reason of a refusal under them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.theme import ui_font
from gui.widgets.choice_field import ChoiceField
from gui.widgets.labels import ElidedLabel, NumberLabel, TextLabel


class FieldRow(QWidget):
    """One labelled editor. `help` is the tooltip of the whole row.

    Label and editor have the same shares in all rows, save where one of them would be cut
    and the other one can spare the space. An editor `below` has the width to itself; `aside`
    then stands at the right of the label.
    """

    LABEL_SHARE, EDITOR_SHARE = 43, 57
    NARROWEST, GAP = 72, 8

    def __init__(
        self,
        label: str,
        editor: QWidget,
        help: str = "",
        parent: QWidget | None = None,
        *,
        below: bool = False,
        aside: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self.label = ElidedLabel(label, self, font=ui_font(12.5))
        self.label.setFixedHeight(26)
        self.label.setBuddy(editor)
        self._below = below
        self._reason = TextLabel("", self, token="bad")
        self._reason.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(self.GAP)
        self._grid.setVerticalSpacing(4)
        self._grid.addWidget(self.label, 0, 0)
        self._place_editor()
        if aside is not None:
            self._grid.addWidget(aside, 0, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self._reason, 2, 0, 1, 2)
        self.setToolTip(help)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(help)
        if hasattr(editor, "refused"):
            editor.refused.connect(self.set_wrong)

    def _place_editor(self) -> None:
        editor, grid = self.editor, self._grid
        if self._below:
            grid.addWidget(editor, 1, 0, 1, 2)
            grid.setColumnStretch(0, 1)
            return
        stretches = editor.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Fixed
        fixed = editor.minimumWidth() == editor.maximumWidth()
        if stretches and not fixed:
            grid.addWidget(editor, 0, 1)
        else:
            grid.addWidget(editor, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, self.LABEL_SHARE)
        grid.setColumnStretch(1, self.EDITOR_SHARE)
        if isinstance(editor, ChoiceField):
            editor.currentIndexChanged.connect(self._share_width)

    def minimumSizeHint(self) -> QSize:
        # What is wanted where there is space must not keep the panel from being made narrow.
        return QSize(self.NARROWEST + self.GAP + 24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        if self._below:
            return
        label = self.label.needed
        editor = self.editor.needed if isinstance(self.editor, ChoiceField) else self.NARROWEST
        both = label + self.GAP + editor <= self.width()
        self._grid.setColumnMinimumWidth(0, label if both else 0)
        self._grid.setColumnMinimumWidth(1, editor if both else 0)

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
