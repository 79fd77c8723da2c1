"""The gallery of templates and recent files (Ctrl+T)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.project.templates import FAMILIES
from gui.gallery.cards import CARD, ENTRY, GAP, PICTURE, PIXMAP, Cards
from gui.gallery.entries import RECENT, Entry, picture
from gui.theme import theme
from gui.widgets import HintLabel, PlainButton, PrimaryButton, QuietButton, SearchField, TitleLabel
from gui.widgets.fuzzy import fuzzy_score

ALL = ""


class Gallery(QDialog):
    """Cards with pictures; the arrows walk through them, Enter opens one.

    pictures: those drawn before, by key, colours and pixel ratio; filled with the new ones.

    Emits
        chosen (Entry, bool): open it, in a new window or in this one.
    """

    chosen = Signal(object, bool)

    def __init__(
        self,
        parent: QWidget,
        offers: Sequence[Entry],
        pictures: dict[tuple[str, str, float], QPixmap],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New from a template"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pictures = pictures
        self.family = ALL
        self.search = SearchField(self.tr("Find a network"))
        self.search.setMinimumWidth(220)
        self.list = _list(self.tr("Networks"))
        self.list.setItemDelegate(Cards(self.list))
        self._nothing = HintLabel(self.tr("No network is called so. Type less, or choose All."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = PrimaryButton(self.tr("Open"))
        self.apart = PlainButton(self.tr("Open in a new window"))
        self.filters = self._made_filters(offers)
        self._lay_out()
        for entry in offers:
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY, entry)
            item.setToolTip(entry.summary)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}. {entry.summary}")
            self.list.addItem(item)
        self._drawing = QTimer(self, interval=0)
        self._drawing.timeout.connect(self._draw_next)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self._choose(False))
        self.list.itemSelectionChanged.connect(self._enable)
        self.open_button.clicked.connect(lambda: self._choose(False))
        self.apart.clicked.connect(lambda: self._choose(True))
        theme.changed.connect(self._draw_again)
        columns = 4
        self.resize(columns * (CARD.width() + GAP) + 62, 640)
        self.show_family(ALL)
        self.search.setFocus()
        self._drawing.start()

    def _made_filters(self, offers: Sequence[Entry]) -> dict[str, QuietButton]:
        titles = {
            ALL: self.tr("All"),
            RECENT: self.tr("Recent files"),
            "playground": self.tr("Playground"),
            "vision": self.tr("Vision"),
            "table": self.tr("Tables"),
            "sequence": self.tr("Sequences"),
            "memory": self.tr("Memory"),
            "generative": self.tr("Generative"),
        }
        there = {entry.family for entry in offers}
        filters = {}
        for family in (ALL, RECENT, *FAMILIES):
            if family == ALL or family in there:
                filters[family] = QuietButton(titles[family])
                filters[family].setCheckable(True)
                filters[family].clicked.connect(lambda _on=False, f=family: self.show_family(f))
        return filters

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 12, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        head.addWidget(TitleLabel(self.tr("Begin with a network")))
        head.addStretch(1)
        head.addWidget(self.search)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in self.filters.values():
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 12, 0)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.apart)
        buttons.addWidget(self.open_button)
        column.addLayout(buttons)

    # What is shown

    def show_family(self, family: str) -> None:
        """Show the networks of one family, or all templates and files."""
        self.family = family
        for each, button in self.filters.items():
            button.setChecked(each == family)
        self._narrow()

    def titles(self) -> list[str]:
        """What is shown."""
        return [item.text() for item in self._items() if not item.isHidden()]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _narrow(self) -> None:
        query = self.search.text()
        for item in self._items():
            entry: Entry = item.data(ENTRY)
            found = (
                fuzzy_score(query, entry.title) is not None
                or query.casefold().strip() in entry.summary.casefold()
            )
            item.setHidden(not found or self.family not in (ALL, entry.family))
        shown = [item for item in self._items() if not item.isHidden()]
        self.list.setCurrentRow(self.list.row(shown[0]) if shown else -1)
        self.list.setVisible(bool(shown))
        self._nothing.setVisible(not shown)
        self.list.scrollToTop()
        self._enable()

    def _enable(self) -> None:
        for button in (self.open_button, self.apart):
            button.setEnabled(bool(self.list.selectedItems()))

    # Pictures

    def _draw_next(self) -> None:
        """One picture at a time, so that the dialog answers all the while."""
        ratio = self.devicePixelRatioF()
        waiting = [item for item in self._items() if item.data(PIXMAP) is None]
        waiting.sort(key=lambda item: item.isHidden())
        if not waiting:
            self._drawing.stop()
            return
        entry: Entry = waiting[0].data(ENTRY)
        key = (entry.key, theme.tokens.name, ratio)
        if key not in self._pictures:
            self._pictures[key] = QPixmap.fromImage(picture(entry, PICTURE, ratio))
        waiting[0].setData(PIXMAP, self._pictures[key])

    def _draw_again(self) -> None:
        for item in self._items():
            item.setData(PIXMAP, None)
        self._drawing.start()

    # Choosing

    def _choose(self, apart: bool) -> None:
        selected = self.list.selectedItems()
        if selected:
            entry: Entry = selected[0].data(ENTRY)
            self.accept()
            self.chosen.emit(entry, apart)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows and Enter work on the cards while one types.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus()
                if self.list.currentItem() is not None and event.key() == Qt.Key.Key_Down:
                    return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
                return True
        return super().eventFilter(watched, event)


def _list(name: str) -> QListWidget:
    cards = QListWidget()
    cards.setAccessibleName(name)
    cards.setViewMode(QListView.ViewMode.IconMode)
    cards.setMovement(QListView.Movement.Static)
    cards.setResizeMode(QListView.ResizeMode.Adjust)
    cards.setGridSize(CARD + QSize(GAP, GAP))
    cards.setUniformItemSizes(True)
    cards.setMouseTracking(True)
    cards.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    cards.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return cards
