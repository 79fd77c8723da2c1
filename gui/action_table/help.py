"""The Help menu: commands, keys, what this is."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

HELP: tuple[ActionSpec, ...] = (
    ActionSpec(
        "help.commands",
        translate("Actions", "&Commands…"),
        translate("Actions", "Find any command by typing."),
        ("Ctrl+Shift+P",),
        "command",
    ),
    ActionSpec(
        "help.shortcuts",
        translate("Actions", "&Keys…"),
        translate("Actions", "Every key and what it does."),
        ("F1", "Ctrl+/"),
        "keyboard",
    ),
    ActionSpec(
        "help.change_keys",
        translate("Actions", "C&hange keys…"),
        translate("Actions", "Choose the keys of every action."),
        ("Ctrl+Alt+K",),
        "sliders-horizontal",
    ),
    ActionSpec(
        "help.about",
        translate("Actions", "&About Glassbox"),
        translate("Actions", "What this is, its version, and what it is made of."),
        icon="info",
    ),
)
