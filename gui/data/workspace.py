"""The Data workspace: choose, look, set up, use."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from engine.data import SOURCES
from engine.data.array_file import ArrayFile, paired
from engine.data.image_folder import ImageFolder
from engine.errors import DataError
from gui.data.draft import Draft
from gui.data.loader import DatasetLoader
from gui.data.settings_panel import SettingsPanel
from gui.data.sources import SourceList
from gui.data.stage import Stage
from gui.data.use_card import UseCard
from gui.document.document import Document
from gui.theme import theme, ui_font
from gui.widgets import Panel

LEFT, RIGHT = 272, 320
PROJECT_SUFFIX = ".glassbox"
ARRAYS = ".npy"


class DataWorkspace(QWidget):
    """The page of the Data workspace.

    loader: told of data sets that were prepared here already, so that using them is
        immediate. The one of the window, or none.

    Emits
        used: data was chosen and is the document's now.
    """

    used = Signal()

    def __init__(
        self,
        document: Document,
        loader: DatasetLoader | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.draft = Draft(document, self)
        self._loader = loader
        self.sources = SourceList(self)
        self.stage = Stage(self.draft, self)
        self.settings = SettingsPanel(self.draft, self)
        self.use_card = UseCard(self.draft, self)
        self.sources.chosen.connect(self.choose)
        self.sources.file_wanted.connect(self.ask_for_file)
        self.sources.folder_wanted.connect(self.ask_for_folder)
        self.stage.file_wanted.connect(self.ask_for_file)
        self.stage.folder_wanted.connect(self.ask_for_folder)
        self.use_card.used.connect(self.used)
        self.draft.changed.connect(self._refresh)
        self.draft.read_again.connect(self._hand_on)
        document.data_changed.connect(self._follow)
        document.graph_replaced.connect(self._follow)
        self._panel = self._side()
        self._split(self._panel)
        self._veil = DropVeil(self)
        self.setAcceptDrops(True)
        self._refresh()

    def _side(self) -> Panel:
        side = Panel(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.settings, 1)
        column.addWidget(self.use_card)
        return side

    def _split(self, side: QWidget) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        for pane in (self.sources, self.stage, side):
            self.splitter.addWidget(pane)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.setStretchFactor(1, 1)
        self.sources.setMinimumWidth(200)
        self.stage.setMinimumWidth(360)
        side.setMinimumWidth(272)
        self.splitter.setSizes([LEFT, 900, RIGHT])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    # What can be asked

    def choose(self, kind: str) -> None:
        """Look at a built-in data set."""
        used = self.document.data
        if used is not None and used.source.kind == kind:
            self.draft.adopt()
        else:
            self.draft.choose(SOURCES.get(kind)())
        self._refresh()

    def open_file(self, path: str | Path) -> None:
        """Look at a table in a file, or at a folder of images.

        Of NumPy files the other one is found, or asked for.
        """
        path = Path(path)
        if path.is_dir():
            self.draft.choose(ImageFolder(path=str(path)))
            return
        if path.suffix.lower() != ARRAYS:
            self.draft.choose(SOURCES.get("csv")(path=str(path)))
            return
        try:
            source = paired(path)
        except DataError:
            source = ArrayFile(path=str(path), targets=str(path))  # reading it says what is wrong
        if not source.targets:
            targets = self._ask(self.tr("Open the targets of {0}").format(path.name), path.parent)
            if not targets:
                return
            source = source.replaced(targets=targets)
        self.draft.choose(source)

    def ask_for_file(self) -> None:
        """Let the user choose a file to look at."""
        path = self._ask(self.tr("Open a table"))
        if path:
            self.open_file(path)

    def ask_for_folder(self) -> None:
        """Let the user choose a folder of images to look at."""
        path = QFileDialog.getExistingDirectory(self, self.tr("Open a folder of images"))
        if path:
            self.open_file(path)

    def _ask(self, title: str, folder: Path | None = None) -> str:
        kinds = (
            self.tr("NumPy files (*.npy)")
            if folder
            else self.tr("Tables ({0})").format("*.csv *.tsv *.txt *.tab *.npy")
        )
        every = self.tr("All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, title, str(folder or ""), f"{kinds};;{every}")
        return path

    def shut_down(self) -> None:
        """Wait for the worker, before the window closes."""
        self.draft.shut_down()

    # Following

    def _follow(self) -> None:
        # A page that nobody sees has no reason to load anything.
        if self.isVisible():
            self.draft.follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draft.follow()

    def _refresh(self) -> None:
        settings, dataset = self.draft.settings, self.draft.dataset
        self.sources.show_source(settings.source if settings else None)
        self._panel.setVisible(self.draft.study is not None)
        if self._loader is not None and settings is not None and dataset is not None:
            self._loader.keep(settings, dataset)

    def _hand_on(self) -> None:
        """What was read again takes the place of what the document had of the same source."""
        if self.draft.in_use and self.draft.dataset is not None:
            self.document.set_dataset(self.draft.dataset)

    # Files dropped anywhere on the page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_table(event):
            event.acceptProposedAction()
            self._veil.cover()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if dropped_table(event):
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        path = dropped_table(event)
        if path:
            event.acceptProposedAction()
            self.open_file(path)


def dropped_table(event: QDropEvent) -> str:
    """The first file that is dragged, unless it is a project, which is the window's affair."""
    for url in event.mimeData().urls():
        path = url.toLocalFile()
        if path and not path.endswith(PROJECT_SUFFIX):
            return path
    return ""


class DropVeil(QWidget):
    """Lies over the page while a file is dragged over it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.tint)
        ground.setAlpha(215)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(tokens.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        painter.setFont(ui_font(18, 600))
        painter.setPen(QColor(tokens.text))
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop it to look at the data")
        )
