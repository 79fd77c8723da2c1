"""The application: settings, theme, one window, and what happens when something goes wrong."""

from __future__ import annotations

import gc
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import platformdirs
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from engine.project.recovery import RecoveryFolder
from gui.document.document import Document
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from gui.theme import theme

NAME = "glassbox"
FIRST_TEMPLATE = "digits"


def run(file: Path | None) -> int:
    """Open the window on a file, or on the digits, and stay until it is closed."""
    app = make_application()
    window = open_window(app, file, Folders.of_user())
    window.completed.connect(collect_garbage)
    install_excepthook(window)
    try:
        return app.exec()
    finally:
        dispose(window)


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


def open_window(app: QApplication, file: Path | None, folders: Folders) -> MainWindow:
    """Show the window on a file, or on the digits."""
    settings = SettingsFile(folders.settings / "settings.json")
    theme.choose(app, settings.settings.theme)
    window = make_window(settings, RecoveryFolder(folders.recovery))
    if file:
        window.files.show_file(file)
    else:
        window.files.show_template(FIRST_TEMPLATE)
    window.show()
    return window


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


def collect_garbage() -> None:
    """Switch Python's collector on, once the window is there.

    What was made until then stays for good, so the collector need not look at it again and
    again: it would hold up a frame each time.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def install_excepthook(window: MainWindow) -> None:
    """Show a fault of the program as a sentence, with the details to copy, and carry on."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
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
