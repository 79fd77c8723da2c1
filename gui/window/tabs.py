"""The tabs under the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gui.widgets import HairLine, Panel


class BottomTabs(Panel):
    """Pages by name, one of which is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QTabBar()
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar.setAccessibleName(self.tr("What is shown under the canvas"))
        self._pages = QStackedWidget()
        self._names: list[str] = []
        self._blanks: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 2, 16, 0)
        head.addWidget(self._bar)
        column.addLayout(head)
        column.addWidget(HairLine())
        column.addWidget(self._pages, 1)
        self._bar.currentChanged.connect(self._pages.setCurrentIndex)

    def add(self, name: str, title: str) -> None:
        """A tab whose page comes later."""
        self._names.append(name)
        self._blanks[name] = Panel()
        self._pages.addWidget(self._blanks[name])
        self._bar.addTab(_escaped(title))

    def fill(self, name: str, page: QWidget) -> None:
        """Put the page under its tab."""
        place = self._names.index(name)
        blank = self._blanks.pop(name)
        self._pages.insertWidget(place, page)
        self._pages.removeWidget(blank)
        blank.deleteLater()
        self._pages.setCurrentIndex(self._bar.currentIndex())

    def set_title(self, name: str, title: str) -> None:
        self._bar.setTabText(self._names.index(name), _escaped(title))

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self._bar.setCurrentIndex(self._names.index(name))

    def take_focus(self) -> None:
        """Take the keyboard to the page, or to the tabs where the page has no use for it."""
        page = self._pages.currentWidget()
        proxy = page.focusProxy() if page is not None else None
        (proxy or self._bar).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def shown(self) -> str:
        return self._names[self._bar.currentIndex()]


def _escaped(title: str) -> str:
    return title.replace("&", "&&")
