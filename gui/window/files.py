"""Opening, saving and leaving: the file actions, their questions, and work saved by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from engine.errors import GlassboxError, ProjectError
from engine.project.file import open_project, save_project
from engine.project.project import Project
from engine.project.recovery import Offer, RecoveryFolder, Session
from engine.project.templates import TEMPLATES, open_template
from gui.document.document import Document
from gui.settings import SettingsFile

SUFFIX = ".glassbox"
MODEL = ".onnx"
TABLES = (".csv", ".tsv", ".txt", ".tab", ".npy")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
KEPT_EVERY_MS = 20_000

Ask = Callable[[QWidget, str], QMessageBox.StandardButton]


class ProjectFiles(QObject):
    """What the File menu does to the document.

    ask: asks whether to save a document of that name; answers Save, Discard or Cancel.

    Emits
        said (sentence, severity, details): something that the user should read.
        opened: the document shows another project.
        table_given (Path): a table or a folder of images was dropped, to be looked at.
    """

    said = Signal(str, str, str)
    opened = Signal()
    table_given = Signal(object)

    def __init__(
        self,
        window: QWidget,
        document: Document,
        settings: SettingsFile,
        recovery: RecoveryFolder | None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._settings = settings
        self._recovery = recovery
        self._session: Session | None = None
        self._ask = ask or ask_to_save
        self._title = ""
        self._keeping = QTimer(self, interval=KEPT_EVERY_MS)
        self._keeping.timeout.connect(self.keep)
        self._unkept = True
        for changed in (
            document.graph_changed,
            document.data_changed,
            document.training_changed,
            document.weights_changed,
            document.runs_changed,
            document.modified_changed,
        ):
            changed.connect(self._note_change)

    @property
    def name(self) -> str:
        """What the top bar calls the document."""
        path = self._document.path
        return path.name if path else (self._title or self.tr("untitled")) + SUFFIX

    # New and open

    def new(self) -> None:
        """An empty canvas."""
        if self.may_leave():
            self.show_project(Project(), None)

    def open_template(self, template_id: str) -> None:
        if self.may_leave():
            self.show_template(template_id)

    def show_template(self, template_id: str) -> None:
        """Show a template without asking first; for a window that has just opened."""
        try:
            self.show_project(open_template(template_id), None, template_id)
        except GlassboxError as error:
            self.said.emit(str(error), "bad", repr(error))

    def open(self, path: Path | None = None) -> None:
        """Open a project or a model, asking for the file if it is not given."""
        if not self.may_leave():
            return
        if path is None:
            chosen, _filter = QFileDialog.getOpenFileName(
                self._window, self.tr("Open a project"), self._folder(), self._filter(MODEL)
            )
            if not chosen:
                return
            path = Path(chosen)
        self.show_file(path)

    def show_file(self, path: Path) -> None:
        """Open a project or a model without asking first; for the command line."""
        if path.suffix.lower() == MODEL:
            self._show_model(path)
            return
        try:
            project, notes = open_project(path)
        except GlassboxError as error:
            self.said.emit(str(error), "bad", repr(error))
            self._forget(path)
            return
        self.show_project(project, path)
        self._remember(path)
        if notes:
            self.said.emit("\n".join(notes), "warning", "")

    def _show_model(self, path: Path) -> None:
        """Show a model as a project that has no file yet."""
        # Too heavy for the start of the program.
        from engine.interop.onnx_import import import_onnx, verify_import

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            found = import_onnx(path)
            checked = verify_import(path, found)
        except GlassboxError as error:
            self.said.emit(str(error), "bad", repr(error))
            return
        finally:
            QApplication.restoreOverrideCursor()
        self.show_project(Project(graph=found.graph, weights=found.weights), None, path.stem)
        notes = [*found.notes, *([] if checked is None or checked.ok else [checked.message])]
        if notes:
            self.said.emit("\n".join(notes), "warning", "")

    def drop(self, path: Path) -> bool:
        """What was dropped on the window: projects and models are opened, data looked at."""
        if path.suffix.lower() in (SUFFIX, MODEL, ".json"):
            self.open(path)
        elif path.suffix.lower() in TABLES or path.is_dir():
            self.table_given.emit(path)
        else:
            self.said.emit(self._refusal(path).format(name=repr(path.name)), "warning", "")
            return False
        return True

    def _refusal(self, path: Path) -> str:
        """Why what was dropped cannot be opened, and what to do instead."""
        if path.suffix.lower() in PICTURES:
            return self.tr(
                "{name} is one image, and learning takes many. Drop the folder of images, with one "
                "subfolder for each class."
            )
        return self.tr(
            "{name} is neither a project (.glassbox), a model (.onnx) nor a table (.csv, .npy). "
            "Drop one of those."
        )

    def show_project(self, project: Project, path: Path | None, title: str = "") -> None:
        """Show a project without asking first. title: its name while it has no file."""
        self._title = title
        self._document.load(project, path)
        if self._session:
            self._session.discard()
        self.opened.emit()

    # Save

    def save(self) -> bool:
        """Save to the document's file. False if the user thought better of it, or it failed."""
        return self._write(self._document.path) if self._document.path else self.save_as()

    def save_as(self) -> bool:
        start = self._document.path or Path(self._folder()) / self.name
        chosen, _filter = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the project"), str(start), self._filter()
        )
        if not chosen:
            return False
        path = Path(chosen)
        return self._write(path if path.suffix else path.with_suffix(SUFFIX))

    def _write(self, path: Path) -> bool:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            save_project(self._document.project(), path)
        except ProjectError as error:
            self.said.emit(str(error), "bad", repr(error))
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self._document.mark_saved(path)
        self._remember(path)
        if self._session:
            self._session.discard()
        return True

    def may_leave(self) -> bool:
        """Whether the document may go: it is saved, or the user says so."""
        if not self._document.modified:
            return True
        answer = self._ask(self._window, self.name)
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    # Work that saves itself

    def begin_keeping(self) -> list[Offer]:
        """Save unsaved work aside from now on. Returns what an earlier session left behind."""
        if self._recovery is None:
            return []
        offers = self._recovery.offers()
        try:
            self._session = self._recovery.begin()
        except ProjectError as error:
            self.said.emit(str(error), "warning", "")
        else:
            self._keeping.start()
        return offers

    def keep(self) -> None:
        """Save the work aside if there is any that is saved neither there nor by the user."""
        if self._session is None or not (self._document.modified and self._unkept):
            return
        self._unkept = False
        try:
            self._session.keep(self._document.project(), self._document.path, time.time())
        except ProjectError as error:
            self._keeping.stop()  # one sentence is enough
            self.said.emit(str(error), "warning", "")

    def _note_change(self) -> None:
        self._unkept = True

    def restore(self, offer: Offer) -> None:
        if not self.may_leave():
            return
        try:
            project, notes = offer.restore()
        except GlassboxError as error:
            self.said.emit(str(error), "bad", repr(error))
            return
        self.show_project(project, offer.original)
        self._document.mark_modified()
        self.keep()
        offer.discard()
        if notes:
            self.said.emit("\n".join(notes), "warning", "")

    def end(self) -> None:
        """The window closes in good order."""
        self._keeping.stop()
        if self._session:
            self._session.end()
            self._session = None

    # Lists for menus

    def recent(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        for text in self._settings.settings.recent:
            path = Path(text)
            yield path.name, text, partial(self.open, path)

    def templates(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        for template in TEMPLATES:
            yield (
                template.title,
                template.summary,
                partial(self.open_template, template.id),
            )

    def _remember(self, path: Path) -> None:
        self._settings.settings.add_recent(path.resolve())

    def _forget(self, path: Path) -> None:
        recent = self._settings.settings.recent
        recent[:] = [kept for kept in recent if Path(kept).exists()]

    def _folder(self) -> str:
        if self._document.path:
            return str(self._document.path.parent)
        recent = self._settings.settings.recent
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    def _filter(self, *others: str) -> str:
        """What a file dialog offers: projects, and files of other kinds."""
        if not others:
            return self.tr("Glassbox projects") + f" (*{SUFFIX})"
        kinds = " ".join(f"*{suffix}" for suffix in (SUFFIX, *others))
        return self.tr("Projects and models") + f" ({kinds})"


def ask_to_save(window: QWidget, name: str) -> QMessageBox.StandardButton:
    """The question before unsaved work goes."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("Glassbox")
    box.setText(f"<b>{box.tr('Save the changes to {name}?').format(name=name)}</b>")
    box.setInformativeText(box.tr("Without saving they are lost."))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    box.setEscapeButton(buttons.Cancel)
    return QMessageBox.StandardButton(box.exec())
