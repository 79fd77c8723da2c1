"""What a window does whatever stands in it: sentences, help, pictures, drops, and closing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QTimer, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from engine.project.recovery import Offer, RecoveryFolder
from gui.actions import Actions
from gui.document.document import Document
from gui.settings import SettingsFile
from gui.theme import theme
from gui.widgets import Toast
from gui.window.files import Ask, ProjectFiles

THEMES = ("system", "dark", "light")


class Frame(QMainWindow):
    """The part of the main window that knows no panel.

    Emits
        painted: the first frame is on its way to the screen.
        window_wanted (Path, id of a template, or None): show it in a window of its own.
        closed: the window is closed for good.
    """

    painted = Signal()
    window_wanted = Signal(object)
    closed = Signal()

    def __init__(
        self,
        document: Document,
        settings: SettingsFile,
        recovery: RecoveryFolder | None,
        ask: Ask | None,
    ) -> None:
        super().__init__()
        self.document = document
        self.settings = settings
        self.commands = Actions(settings.settings.shortcuts, self)
        self.files = ProjectFiles(self, document, settings, recovery, ask)
        self.files.said.connect(self.say)
        self.files.opened.connect(self.drop_failures)
        self.is_first = True  # which speaks of what concerns all windows
        self._was_painted = False
        self._toasts: list[Toast] = []
        self.show_title()
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.setMinimumSize(900, 560)
        if settings.settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.settings.geometry.encode()))
        handlers: dict[str, Callable[..., object]] = {
            "file.new": self.files.new,
            "file.open": self.files.open,
            "file.save": self.files.save,
            "file.save_as": self.files.save_as,
            "file.picture": self.save_picture,
            "file.new_window": lambda: self.window_wanted.emit(None),
            "file.close": self.close,
            "file.quit": self.close_all,
            "edit.undo": document.undo.undo,
            "edit.redo": document.undo.redo,
            "view.full_screen": self.set_full_screen,
        }
        for action_id, handler in handlers.items():
            self.commands.bind(action_id, handler)
        themes = QActionGroup(self)
        for name in THEMES:
            action = self.commands[f"view.theme_{name}"]
            action.triggered.connect(partial(self.choose_theme, name))
            themes.addAction(action)
        self._show_theme()
        theme.changed.connect(self._show_theme)
        document.modified_changed.connect(self.show_title)
        document.path_changed.connect(self.show_title)

    def begin(self) -> None:
        """The window is there: keep unsaved work from now on, and say what there is to say."""
        lost = self.files.begin_keeping()
        if not self.is_first:
            return
        for offer in lost:
            self.offer_recovery(offer)
        for sentence in (self.settings.note, *self.commands.conflicts):
            if sentence:
                self.say(sentence, "warning")

    # Saying something

    def say(self, sentence: str, severity: str = "info", details: str = "") -> Toast:
        """Show a sentence over the window; it takes the place of the same one."""
        for toast in tuple(self._toasts):
            if toast.text == sentence:
                toast.dismiss()
        return self._open(Toast(self.centralWidget() or self, sentence, severity, details=details))

    def _open(self, toast: Toast) -> Toast:
        self._toasts.append(toast)
        toast.dismissed.connect(lambda: self._forget(toast))
        toast.open()
        self._stack()
        return toast

    def say_error(self) -> bool:
        """Say what keeps the network from training, if anything does; whether it does."""
        from gui.forms import spoken  # not before the first frame

        worst = next((p for p in self.document.problems if p.severity == "error"), None)
        if worst is not None:
            self.say(f"{spoken(worst.message)} {spoken(worst.remedy)}", "bad")
        return worst is not None

    def drop_failures(self) -> None:
        """What went wrong before is of no interest any more."""
        for toast in tuple(self._toasts):
            if toast.severity == "bad":
                toast.dismiss()

    def _forget(self, toast: Toast) -> None:
        self._toasts.remove(toast)
        self._stack()

    def _stack(self) -> None:
        """The newest sentence at the bottom, the older ones above it."""
        room = 0
        for toast in reversed(self._toasts):
            toast.lift(room)
            room += toast.height() + 8

    def offer_recovery(self, offer: Offer) -> None:
        """Ask what to do with work that an earlier session left behind."""
        name = offer.original.name if offer.original else self.tr("an untitled network")
        sentence = self.tr("Unsaved work on {name} was found from an earlier session.")
        toast = Toast(self.centralWidget() or self, sentence.format(name=name), "warning")

        def answer(act: Callable[[], object]) -> None:
            toast.dismiss()
            act()

        toast.add_action(self.tr("Restore"), lambda: answer(lambda: self.files.restore(offer)))
        toast.add_action(self.tr("Discard"), lambda: answer(offer.discard), quiet=True)
        self._open(toast)

    # Looks

    def show_title(self) -> None:
        """What the desktop writes over the window and into its list of windows."""
        self.setWindowTitle(f"{self.files.name}[*] – Glassbox")
        self.setWindowModified(self.document.modified)

    def choose_theme(self, name: str, _checked: bool = True) -> None:
        """Dark, light or as the system is, from now on."""
        self.settings.settings.theme = name  # type: ignore[assignment]  # an action's, so one of the three
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.choose(app, name)

    def _show_theme(self) -> None:
        for name in THEMES:
            self.commands[f"view.theme_{name}"].setChecked(name == self.settings.settings.theme)

    def set_full_screen(self, on: bool) -> None:
        self.showFullScreen() if on else self.showNormal()

    def save_picture(self) -> None:
        """Write what the window shows as a PNG file."""
        chosen, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Save a picture"), str(Path.home() / "glassbox.png"), "PNG (*.png)"
        )
        if chosen and not self.grab().save(chosen):
            self.say(
                self.tr("The picture could not be written to {path}. Choose another place.").format(
                    path=repr(chosen)
                ),
                "bad",
            )

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.drop(paths[0])

    def drop(self, path: str) -> None:
        """Open what was dropped, once the program that dragged it has its answer."""
        QTimer.singleShot(0, self, lambda: self.files.drop(Path(path)))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop_working()
        if not self.files.may_leave():
            event.ignore()
            return
        self.files.end()
        self.leave()
        self.save_settings()
        event.accept()
        self.closed.emit()

    def close_all(self) -> None:
        """Close every window of the program, until the user thinks better of one."""
        for window in QApplication.topLevelWidgets():
            if isinstance(window, Frame) and window.isVisible() and not window.close():
                return

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Another window may have changed the keys.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.commands.use(self.settings.settings.shortcuts)

    def save_settings(self) -> None:
        """Write the settings now. Nothing of the user's work depends on it."""
        with contextlib.suppress(OSError):
            self.settings.save()

    def stop_working(self) -> None:
        """Before the question whether to save: nothing goes on in the background."""

    def leave(self) -> None:
        """The window closes: put into the settings how it stands."""
        self.settings.settings.geometry = self.saveGeometry().toBase64().toStdString()
