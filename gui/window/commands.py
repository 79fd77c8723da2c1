"""What the command palette offers: every action, every template, every node to add."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from gui.actions import Actions, category_titles, plain_text, shortcut_text
from gui.document.catalog import Offer
from gui.window.command_palette import Command
from gui.window.files import ProjectFiles


def all_commands(
    actions: Actions,
    files: ProjectFiles,
    offers: Iterable[Offer],
    add: Callable[[Offer], object],
) -> list[Command]:
    """Everything that can be done now. `add` puts what is offered on the canvas."""
    groups = _groups()
    commands = [
        Command(
            spec.id,
            groups[spec.category],
            plain_text(action.text()),
            action.statusTip(),
            action.trigger,
            shortcut_text(action),
        )
        for spec, action in actions
        if action.isEnabled() and spec.id != "help.commands"
    ]
    commands += [
        Command(f"new {title}", groups["new"], title, sentence, run)
        for title, sentence, run in files.templates()
    ]
    commands += [
        Command(f"open {sentence}", groups["open"], title, sentence, run)
        for title, sentence, run in files.recent()
    ]
    commands += [
        Command(
            f"add {offer.key}",
            groups["add"],
            offer.label,
            offer.entry.summary,
            partial(add, offer),
            words=" ".join(offer.entry.synonyms),
        )
        for offer in offers
    ]
    return commands


def setting_commands(stops: Iterable[QWidget], show: Callable[[], object]) -> list[Command]:
    """The settings of what is selected: each takes the keyboard to its field.

    show: brings the fields into view.
    """

    def enter(stop: QWidget) -> None:
        show()
        stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    return [
        Command(
            f"set {stop.accessibleName()}",
            QCoreApplication.translate("Commands", "Setting"),
            stop.accessibleName(),
            stop.accessibleDescription() or stop.toolTip(),
            partial(enter, stop),
        )
        for stop in stops
        if stop.accessibleName() and stop.isEnabled()
    ]


def _groups() -> dict[str, str]:
    def translated(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    return {
        **category_titles(),
        "new": translated("Template"),
        "open": translated("Recent"),
        "add": translated("Add"),
    }
