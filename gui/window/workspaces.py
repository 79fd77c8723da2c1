"""The middle of the window: the canvas with its panels, or one of the other workspaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from gui.widgets import Panel
from gui.window.tabs import BottomTabs

PANELS = ("palette", "inspector", "bottom")

# Widths of palette, canvas and inspector; heights of canvas and tabs, by workspace.
SIZES: Mapping[str, Sequence[int]] = {
    "columns": (236, 1064, 300),
    "build": (690, 200),
    "train": (590, 300),
}

# Which tab comes to the front with a workspace for the first time.
TABS = {"build": "problems", "train": "loss"}


class Workspaces(QStackedWidget):
    """Build and Train share the canvas and its panels; every other workspace is a page.

    A page is made when it is first shown. Sizes are remembered by workspace.

    Emits
        opened (str): the name of the workspace that is shown now.
    """

    opened = Signal(str)

    def __init__(
        self, palette: QWidget, canvas: QWidget, bottom: BottomTabs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.current = "build"
        self._panels = dict(zip(PANELS, (palette, Panel(), bottom), strict=True))
        self._canvas = canvas
        self._bottom = bottom
        self._shown_tab: dict[str, str] = dict(TABS)
        self.pages: dict[str, Callable[[], QWidget] | QWidget] = {}
        palette.setMinimumWidth(208)
        self._panels["inspector"].setMinimumWidth(260)
        canvas.setMinimumSize(240, 160)
        # An explicit minimum, so that no page under the tabs takes room from the sides.
        bottom.setMinimumSize(240, 120)
        self._rows = _splitter(Qt.Orientation.Vertical, canvas, bottom)
        self._columns = _splitter(
            Qt.Orientation.Horizontal, palette, self._rows, self._panels["inspector"]
        )
        self._columns.setStretchFactor(1, 1)
        self._rows.setStretchFactor(0, 1)
        self._sizes = {name: list(sizes) for name, sizes in SIZES.items()}
        self._columns.setSizes(self._sizes["columns"])
        self._rows.setSizes(self._sizes["build"])
        self.addWidget(self._columns)

    def add_page(self, name: str, make: Callable[[], QWidget]) -> None:
        """A workspace that fills the whole middle; `make` builds it when it is first shown."""
        self.pages[name] = make

    def set_inspector(self, inspector: QWidget) -> None:
        """Put the inspector into its place, which is blank until then."""
        blank = self._panels["inspector"]
        inspector.setMinimumWidth(blank.minimumWidth())
        # Before the window is seen the columns have not got their sizes yet.
        sizes = self._columns.sizes() if self.isVisible() else self._sizes["columns"]
        shown = self.shows("inspector")
        self._columns.replaceWidget(2, inspector)
        self._panels["inspector"] = inspector
        inspector.setVisible(shown)
        self._columns.setSizes(sizes)
        blank.deleteLater()

    def open(self, name: str) -> None:
        """Go to a workspace."""
        if name == self.current:
            return
        self._remember()
        self.current = name
        self.opened.emit(name)
        # What had the keyboard disappears; without this Qt would pass it on to anything.
        if (focused := self.window().focusWidget()) and self.isAncestorOf(focused):
            focused.clearFocus()
        if name in self.pages:
            page = self.page(name)
            self.setCurrentWidget(page)
            # Else the first button of the window would get the keyboard, and look chosen.
            page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            page.setFocus()
            return
        self.setCurrentWidget(self._columns)
        self._rows.setSizes(self._sizes[name])
        self._bottom.show_page(self._shown_tab[name])
        self._canvas.setFocus()

    def page(self, name: str) -> QWidget:
        """The page of a workspace, made now if nobody has been there yet."""
        page = self.pages[name]
        if not isinstance(page, QWidget):
            page = self.pages[name] = page()
            self.addWidget(page)
        return page

    def shut_down(self) -> None:
        """Let the pages end what they do in the background, before the window closes."""
        for page in self.pages.values():
            if isinstance(page, QWidget) and hasattr(page, "shut_down"):
                page.shut_down()

    def shows(self, panel: str) -> bool:
        return not self._panels[panel].isHidden()

    def set_shown(self, panel: str, shown: bool) -> None:
        self._panels[panel].setVisible(shown)

    def sizes(self) -> dict[str, list[int]]:
        """What `restore` needs to put the dividers back."""
        self._remember()
        return self._sizes

    def restore(self, sizes: Mapping[str, Sequence[int]]) -> None:
        """Put the dividers where they were; sizes of another form are left out."""
        for name, usual in SIZES.items():
            kept = list(sizes.get(name, ()))
            if len(kept) == len(usual) and min(kept) >= 0 and sum(kept) > 0:
                self._sizes[name] = kept
        self._columns.setSizes(self._sizes["columns"])
        self._rows.setSizes(self._sizes.get(self.current, self._sizes["build"]))

    def _remember(self) -> None:
        if self.current in self.pages or not self.isVisible():
            return
        # A folded panel has no size; the one it had before is kept.
        if all(self._columns.sizes()):
            self._sizes["columns"] = self._columns.sizes()
        if all(self._rows.sizes()):
            self._sizes[self.current] = self._rows.sizes()
        self._shown_tab[self.current] = self._bottom.shown


def _splitter(orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for part in parts:
        splitter.addWidget(part)
    return splitter
