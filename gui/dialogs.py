"""What opens over the window: the command palette, the gallery, keys, pictures, find."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from gui.actions import category_titles

if TYPE_CHECKING:
    from gui.canvas.find_bar import FindBar
    from gui.gallery.entries import Entry
    from gui.main_window import MainWindow


class Dialogs(QObject):
    """Each is imported and made when it is first asked for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._find: FindBar | None = None
        self._pictures: dict[tuple[str, str, float], QPixmap] = {}

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions do that open something."""
        return {
            "file.gallery": self.open_gallery,
            "file.network_picture": self.open_picture,
            "network.find": self.open_find,
            "train.find_rate": self.open_rate_finder,
            "help.commands": self.open_commands,
            "help.shortcuts": self.open_keys,
            "help.change_keys": self.open_key_editor,
            "help.about": self.open_about,
        }

    def open_commands(self) -> None:
        """Every command, found by typing."""
        from gui.window.command_palette import CommandPalette
        from gui.window.commands import all_commands, setting_commands

        window = self._window
        commands = all_commands(
            window.commands, window.files, window.habits.offers(), window.add_node
        )
        commands += setting_commands(window.panels.inspector.stops(), window.edit_settings)
        settings = window.settings.settings
        palette = CommandPalette(window, commands, settings.recent_commands)
        palette.ran.connect(settings.add_command)
        palette.open_over(window)

    def open_find(self) -> None:
        """Find nodes on the canvas."""
        from gui.canvas.find_bar import FindBar

        self._window.show_canvas()
        if self._find is None:
            self._find = FindBar(self._window.canvas)
        self._find.open()

    def open_gallery(self) -> None:
        """Begin with a template or a recent file, chosen by its picture."""
        from gui.gallery import Gallery
        from gui.gallery.entries import entries

        recent = self._window.settings.settings.recent
        gallery = Gallery(self._window, entries(recent), self._pictures)
        gallery.chosen.connect(self._begin_with)
        gallery.open()

    def _begin_with(self, entry: Entry, apart: bool) -> None:
        window = self._window
        if apart:
            window.window_wanted.emit(entry.path or entry.key)
        elif entry.path is not None:
            window.files.open(entry.path)
        else:
            window.files.open_template(entry.key)

    def open_picture(self) -> None:
        """Write the network as a picture."""
        from gui.canvas.picture_dialog import PictureDialog

        window = self._window
        window.show_canvas()
        path = window.document.path
        name = Path(window.files.name).stem
        dialog = PictureDialog(window, window.canvas, path.parent if path else Path.home(), name)
        dialog.saved.connect(
            lambda saved: window.say(window.tr("The picture is in {}.").format(saved), "ok")
        )
        dialog.open()

    def open_rate_finder(self) -> None:
        """Search for a learning rate beside the window."""
        from gui.dashboard.rate_finder import RateFinder

        finder = RateFinder(self._window.document, self._window)
        finder.show()
        finder.search()

    def open_keys(self) -> None:
        """The sheet of keys."""
        from gui.help.key_sheet import KeySheet

        sheet = KeySheet(self._window, self._window.commands)
        sheet.change_wanted.connect(self.open_key_editor)
        sheet.open()

    def open_key_editor(self) -> None:
        """Other keys for the actions."""
        from gui.help.key_editor import KeyEditor
        from gui.help.keymap import KeyMap

        window = self._window
        keymap = KeyMap(window.settings.settings, window.commands.specs)
        editor = KeyEditor(window, keymap, category_titles())
        editor.changed.connect(self._use_keys)
        editor.open()

    def _use_keys(self) -> None:
        window = self._window
        window.commands.use(window.settings.settings.shortcuts)
        window.save_settings()

    def open_about(self) -> None:
        """What this is."""
        from gui.help.about import About

        About(self._window).open()
