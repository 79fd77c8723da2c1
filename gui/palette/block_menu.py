"""What can be done to the user's own blocks where they are listed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QMenu

from engine.errors import FragmentError
from gui.document.blocks import BlockOffer, Blocks
from gui.palette.model import PaletteModel
from gui.theme import theme, ui_font


class BlockMenu(QObject):
    """Rename and delete blocks: by the context menu of a row, F2 and Delete."""

    def __init__(self, rows: QListView, blocks: Blocks) -> None:
        super().__init__(rows)
        self._rows, self._blocks = rows, blocks
        self.menu = QMenu(rows)
        self.field = _NameField(rows, self._rename)
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(self._open)

    def block_at(self, index: QModelIndex) -> BlockOffer | None:
        model = self._rows.model()
        assert isinstance(model, PaletteModel)
        offer = model.offer(index)
        return offer if isinstance(offer, BlockOffer) else None

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key was for the block of the current row."""
        index = self._rows.currentIndex()
        block = self.block_at(index)
        if block is None:
            return False
        if event.key() == Qt.Key.Key_F2:
            self.field.open(index, block.name)
        elif event.key() == Qt.Key.Key_Delete:
            self._blocks.delete(block.name)
        else:
            return False
        return True

    def _open(self, place: QPoint) -> None:
        index = self._rows.indexAt(place)
        block = self.block_at(index)
        if block is None:
            return
        self.menu.clear()
        rename = self.menu.addAction(self.tr("Rename"))
        rename.triggered.connect(lambda: self.field.open(index, block.name))
        delete = self.menu.addAction(self.tr("Delete"))
        delete.triggered.connect(lambda: self._blocks.delete(block.name))
        self.menu.popup(self._rows.viewport().mapToGlobal(place))

    def _rename(self, name: str, other: str) -> str:
        """Rename a block; the reason why not, if it cannot be called so."""
        try:
            self._blocks.rename(name, other.strip())
        except FragmentError as error:
            return str(error)
        return ""


class _NameField(QLineEdit):
    """A field over a row. Enter renames, Escape and a click elsewhere do not."""

    def __init__(self, rows: QListView, rename: Callable[[str, str], str]) -> None:
        super().__init__(rows.viewport())
        self._rows, self._rename = rows, rename
        self._name = ""
        self.setFont(ui_font(13))
        self.setAccessibleName(self.tr("Name of the block"))
        self.returnPressed.connect(self._commit)
        self.editingFinished.connect(self._leave)
        self.hide()

    def open(self, index: QModelIndex, name: str) -> None:
        self._name = name
        self.setText(name)
        self.setToolTip("")
        self.setGeometry(self._rows.visualRect(index).adjusted(26, 0, -4, 0))
        self.setStyleSheet(f"QLineEdit {{ border-color: {theme.tokens.accent}; }}")
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def _commit(self) -> None:
        reason = self._rename(self._name, self.text())
        if reason:
            self.setToolTip(reason)
            self.setStyleSheet(f"QLineEdit {{ border-color: {theme.tokens.bad}; }}")
        else:
            self._name = ""
            self.hide()

    def _leave(self) -> None:
        if not self.hasFocus():
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
