"""The top row: menus at the left, the document's name in the middle, workspaces at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar

from gui.actions import Actions
from gui.theme import ui_font
from gui.widgets import ElidedLabel, Panel, QuietButton

WORKSPACES = ("data", "build", "train", "evaluate", "export")


class TopBar(Panel):
    """`set_document` shows the name, with a dot while there is something to save."""

    HEIGHT = 40

    def __init__(self, menus: QMenuBar, actions: Actions) -> None:
        super().__init__()
        self.setFixedHeight(self.HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 16, 0)
        row.setSpacing(4)
        self._menus = menus
        menus.setParent(self)
        row.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        group = QActionGroup(self)
        self._tabs = []
        for name in WORKSPACES:
            action = actions[f"view.{name}"]
            group.addAction(action)
            self._tabs.append(_Tab(action))
            row.addWidget(self._tabs[-1])
        # Not in the row: it stays in the middle of the window whatever stands beside it.
        self._name = ElidedLabel("", self, token="second", font=ui_font(13))
        self._name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_document(self, name: str, modified: bool) -> None:
        self._name.setText(f"{name} •" if modified else name)
        state = self.tr("{name}, not saved") if modified else "{name}"
        self._name.setAccessibleName(state.format(name=name))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        left = self._menus.geometry().right() + 16
        right = self._tabs[0].geometry().left() - 16
        middle = self.width() // 2
        half = max(0, min(middle - left, right - middle))
        wanted = self._name.fontMetrics().horizontalAdvance(self._name.text()) + 8
        if wanted > 2 * half:  # no room in the middle of the window: the middle of the gap
            self._name.setGeometry(left, 0, max(0, right - left), self.height())
        else:
            self._name.setGeometry(middle - half, 0, 2 * half, self.height())


class _Tab(QuietButton):
    """A workspace: shows whether its action is checked, and triggers it."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text().replace("&", ""))
        self.setCheckable(True)
        self.setToolTip(action.toolTip())
        self.setChecked(action.isChecked())
        self._action = action
        self.clicked.connect(self._open)
        action.toggled.connect(self.setChecked)

    def _open(self) -> None:
        self._action.trigger()
        # A click must not uncheck the tab that one is in.
        self.setChecked(self._action.isChecked())
