"""The application: settings, theme, windows, and what happens when something goes wrong."""

from __future__ import annotations

import sys
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import platformdirs
import shiboken6
from PySide6.QtCore import QLocale, QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication

from engine.project.recovery import RecoveryFolder
from gui.document.document import Document
from gui.garbage import Garbage
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from gui.theme import theme, unstyled

NAME = "glassbox"
FIRST_TEMPLATE, EMPTY_TEMPLATE = "digits", "empty"
CASCADE = 32
"""How far a further window stands from the one before."""


def run(file: Path | None) -> int:
    """Open the window on a file, or on the digits, and stay until it is closed."""
    app = make_application()
    garbage = Garbage(app)
    windows = Windows(app, Folders.of_user())
    windows.open(file).completed.connect(garbage.begin)
    install_excepthook(windows)
    try:
        return app.exec()
    finally:
        windows.dispose()


@dataclass(frozen=True)
class Folders:
    """Where the program keeps what is not part of a project."""

    settings: Path
    recovery: Path

    @classmethod
    def of_user(cls) -> Folders:
        """The folders that the desktop means for this."""
        return cls(
            Path(platformdirs.user_config_dir(NAME, appauthor=False)),
            Path(platformdirs.user_state_dir(NAME, appauthor=False), "recovery"),
        )


class Windows(QObject):
    """All windows of the program: each has a document, a training and undo of its own.

    They share the settings, and each keeps its unsaved work apart.
    """

    def __init__(self, app: QApplication, folders: Folders) -> None:
        super().__init__()
        self.settings = SettingsFile(folders.settings / "settings.json")
        self._recovery = RecoveryFolder(folders.recovery)
        self._app = app
        self.all: list[MainWindow] = []
        theme.choose(app, self.settings.settings.theme)

    def open(self, what: Path | str | None = None) -> MainWindow:
        """Show a window on a file, on a template by its id, or on the digits."""
        # Windows that are there already would lose their style meanwhile.
        with unstyled(self._app) if not self.all else nullcontext():
            window = make_window(self.settings, self._recovery)
        window.is_first = not self.all
        if self.all:
            window.move(self.all[-1].pos() + QPoint(CASCADE, CASCADE))
        self.all.append(window)
        window.window_wanted.connect(self._open_apart)
        window.closed.connect(lambda: QTimer.singleShot(0, self, lambda: self._drop(window)))
        if isinstance(what, Path):
            window.files.show_file(what)
        else:
            window.files.show_template(what or FIRST_TEMPLATE)
        window.show()
        return window

    def _open_apart(self, what: Path | str | None) -> None:
        window = self.open(what or EMPTY_TEMPLATE)
        window.raise_()
        window.activateWindow()

    @property
    def active(self) -> MainWindow | None:
        """The window that the user works in, or the latest."""
        front = [window for window in self.all if window.isActiveWindow()]
        return next(iter((*front, *reversed(self.all))), None)

    def _drop(self, window: MainWindow) -> None:
        if window in self.all:
            self.all.remove(window)
            dispose(window)

    def dispose(self) -> None:
        """Take all windows down."""
        while self.all:
            dispose(self.all.pop())


def make_application() -> QApplication:
    """The one application object, with the name that the desktop shows."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([NAME])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("Glassbox")
    app.setDesktopFileName(NAME)
    # Numbers look alike in fields, files and formulas.
    QLocale.setDefault(QLocale.c())
    return app


def make_window(settings: SettingsFile, recovery: RecoveryFolder | None = None) -> MainWindow:
    """A window on an empty document."""
    document = Document()
    window = MainWindow(document, settings, recovery)
    document.setParent(window)
    return window


def dispose(window: MainWindow) -> None:
    """Take a window down while Python is whole.

    Left to the end of the process, Qt would call methods of objects that are half gone.
    """
    window.stop_working()
    shiboken6.delete(window)


def install_excepthook(windows: Windows) -> None:
    """Show a fault of the program as a sentence, with the details to copy, and carry on."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        window = windows.active
        if window is None:
            sys.__excepthook__(kind, error, trace)
            return
        window.say(
            window.tr(
                "Something in the program went wrong; the last action may not be complete. "
                "Your work is still here. Please report the details."
            ),
            "bad",
            "".join(traceback.format_exception(kind, error, trace)),
        )

    sys.excepthook = show
