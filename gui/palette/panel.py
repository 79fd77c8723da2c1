"""The panel at the left: search, and everything that can be added to the network."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from gui.document.catalog import search
from gui.document.habits import Habits
from gui.palette.block_menu import BlockMenu
from gui.palette.delegate import PaletteDelegate, star_rect
from gui.palette.model import PaletteModel, Section
from gui.theme import theme
from gui.widgets import HintLabel, Panel, SearchField

LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class PalettePanel(Panel):
    """Nodes to drag onto the canvas, or to add by a double-click or Enter.

    Starred ones and those used lately stand at the top, each in a section that
    can be folded like the others. In the list `*` stars, left and right fold.

    Emits
        chosen (Offer): add a node of it, wherever the canvas finds fit.
    """

    chosen = Signal(object)

    def __init__(self, habits: Habits | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.habits = habits or Habits(parent=self)
        self.field = SearchField(self.tr("Add a node"), "Tab", self)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._add_current)
        self.field.installEventFilter(self)
        self.list = _List(self)
        self._model = PaletteModel(self.list)
        self.list.setModel(self._model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setAccessibleName(self.tr("Nodes to add"))
        self.list.doubleClicked.connect(self._add)
        self.list.confirmed.connect(self._add)
        self.block_menu = BlockMenu(self.list, self.habits.blocks)
        self.list.pressed_key = self.block_menu.key
        self.list.starred.connect(self._star)
        self.list.folded.connect(self._fold)
        self.nothing = HintLabel(self.tr("No node has such a name."), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 6, 0)
        column.setSpacing(4)
        # The list reaches further to the right than the field, up to its scroll bar.
        field = QHBoxLayout()
        field.setContentsMargins(0, 0, 6, 0)
        field.addWidget(self.field)
        column.addLayout(field)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        theme.changed.connect(self._repaint)
        self.habits.changed.connect(self._follow_habits)
        self._fill()

    def _repaint(self) -> None:
        self.list.viewport().update()

    def _fill(self) -> None:
        typed, offers, habits = self.field.text().strip(), self.habits.offers(), self.habits
        self._model.show_starred(habits.favourites)
        if typed:
            self._model.show_found(search(typed, offers, habits.recent, habits.uses))
            self.list.setCurrentIndex(self._model.first_offer())
        else:
            by_key = {offer.key: offer for offer in offers}
            sections = {
                self.tr("Favourites"): [by_key[k] for k in habits.favourites if k in by_key],
                self.tr("Recently used"): [by_key[k] for k in habits.recent if k in by_key],
            }
            for offer in offers:
                if offer.entry.listed:
                    sections.setdefault(offer.section, []).append(offer)
            self._model.show_sections(sections, habits.folded)
        self.nothing.setVisible(self._model.rowCount() == 0)

    def _follow_habits(self) -> None:
        """Show other favourites and other nodes used lately, and stay where one looks."""
        bar, index = self.list.verticalScrollBar(), self.list.currentIndex()
        offer, place, before = self._model.offer(index), bar.value(), self.list.contents_height()
        self._fill()
        if offer is not None:
            self.list.setCurrentIndex(self._model.place_of(offer))
        if not self.field.text() and place:
            bar.setValue(place + self.list.contents_height() - before)

    def _star(self, index: QModelIndex) -> None:
        offer = self._model.offer(index)
        if offer is not None:
            self.habits.star(offer.key, offer.key not in self.habits.favourites)

    def _fold(self, index: QModelIndex, folded: bool) -> None:
        section = self._model.section(index)
        if section is not None and section.folded != folded:
            self.habits.fold(section.title, folded)
            place = self.list.verticalScrollBar().value()
            self._fill()
            self.list.verticalScrollBar().setValue(place)
            self.list.setCurrentIndex(self._model.place_of(section))

    def _add_current(self) -> None:
        index = self.list.currentIndex()
        self._add(index if index.isValid() else self._model.first_offer())

    def _add(self, index: QModelIndex) -> None:
        offer = self._model.offer(index)
        if offer is not None:
            self.chosen.emit(offer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows walk through the list while one types.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)


class _List(QListView):
    """A list whose rows are dragged out, never in.

    Emits
        confirmed (QModelIndex): Enter was pressed on a row.
        starred (QModelIndex): its star was clicked, or `*` pressed.
        folded (QModelIndex, bool): a section is to be folded, or opened.
    """

    confirmed = Signal(QModelIndex)
    starred = Signal(QModelIndex)
    folded = Signal(QModelIndex, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pressed_key: Callable[[QKeyEvent], bool] = lambda event: False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; }")

    def _section(self, index: QModelIndex) -> Section | None:
        model = self.model()
        assert isinstance(model, PaletteModel)
        return model.section(index)

    def contents_height(self) -> int:
        bar = self.verticalScrollBar()
        return bar.maximum() + bar.pageStep()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        section = self._section(index) if index.isValid() else None
        if event.button() == Qt.MouseButton.LeftButton and section is not None:
            self.folded.emit(index, not section.folded)
        elif index.isValid() and star_rect(self.visualRect(index)).contains(place):
            self.starred.emit(index)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        on_star = index.isValid() and star_rect(self.visualRect(index)).contains(place)
        if on_star or self._section(index) is not None:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.pressed_key(event):
            return
        index = self.currentIndex()
        section = self._section(index)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if section is not None:
                self.folded.emit(index, not section.folded)
            else:
                self.confirmed.emit(index)
        elif event.key() == Qt.Key.Key_Asterisk:
            self.starred.emit(index)
        elif section is not None and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.folded.emit(index, event.key() == Qt.Key.Key_Left)
        else:
            super().keyPressEvent(event)
