"""The panel at the left: search, and everything that can be added to the network."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from gui.document.catalog import catalog, search
from gui.document.document import Document
from gui.palette.delegate import PaletteDelegate
from gui.palette.model import PaletteModel
from gui.theme import theme
from gui.widgets import HintLabel, Panel, SearchField

LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class PalettePanel(Panel):
    """Nodes to drag onto the canvas, or to add by a double-click or Enter.

    Emits
        chosen (Offer): add a node of it, wherever the canvas finds fit.
    """

    chosen = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.field = SearchField(self.tr("Add a node"), "Tab", self)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._add_current)
        self.field.installEventFilter(self)
        self._model = PaletteModel()
        self.list = _List(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setAccessibleName(self.tr("Nodes to add"))
        self.list.doubleClicked.connect(self._add)
        self.list.confirmed.connect(self._add)
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
        self._fill()

    def _repaint(self) -> None:
        self.list.viewport().update()

    def _fill(self) -> None:
        typed, offers = self.field.text().strip(), catalog()
        if typed:
            self._model.show_found(search(typed, offers))
            self.list.setCurrentIndex(self._model.first_offer())
        else:
            self._model.show_sections(offers)
        self.nothing.setVisible(self._model.rowCount() == 0)

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
    """

    confirmed = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; }")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
