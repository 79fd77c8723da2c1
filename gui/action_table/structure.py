"""The part of the Network menu on groups, blocks, switches and shared weights."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

GROUPS = translate("Actions", "Groups and blocks")
LEARN = translate("Actions", "Switch and share")

STRUCTURE: tuple[ActionSpec, ...] = (
    ActionSpec(
        "network.group",
        translate("Actions", "&Group"),
        translate("Actions", "Draw the selected nodes as one card."),
        ("Ctrl+G",),
        "bounding-box",
        canvas=True,
        submenu=GROUPS,
    ),
    ActionSpec(
        "network.ungroup",
        translate("Actions", "&Ungroup"),
        translate("Actions", "Dissolve the selected group; its nodes stay."),
        ("Ctrl+Alt+G",),
        "selection-slash",
        canvas=True,
        submenu=GROUPS,
    ),
    ActionSpec(
        "network.fold",
        translate("Actions", "&Fold or unfold"),
        translate("Actions", "Draw the selected group as one card, or its nodes in a box."),
        ("Alt+C",),
        "arrows-in-simple",
        canvas=True,
        submenu=GROUPS,
    ),
    ActionSpec(
        "network.enter",
        translate("Actions", "Look &inside"),
        translate("Actions", "Look at the inside of the selected group alone."),
        ("PgDown", "Ctrl+Down"),
        "sign-in",
        canvas=True,
        submenu=GROUPS,
    ),
    ActionSpec(
        "network.leave",
        translate("Actions", "Go &out"),
        translate("Actions", "Go back to what the open group is a part of."),
        ("PgUp", "Ctrl+Up"),
        "sign-out",
        canvas=True,
        submenu=GROUPS,
    ),
    ActionSpec(
        "network.mute",
        translate("Actions", "&Mute"),
        translate("Actions", "Let the selected nodes put out zeros, or turn them on again."),
        ("M",),
        "speaker-simple-slash",
        canvas=True,
        submenu=LEARN,
    ),
    ActionSpec(
        "network.bypass",
        translate("Actions", "&Bypass"),
        translate(
            "Actions", "Pass on what arrives at the selected nodes as it is, or turn them on again."
        ),
        ("Ctrl+B",),
        "arrow-bend-up-right",
        canvas=True,
        submenu=LEARN,
    ),
    ActionSpec(
        "network.freeze",
        translate("Actions", "F&reeze"),
        translate("Actions", "Keep the selected nodes from learning, or let them learn again."),
        ("Ctrl+Shift+F",),
        "snowflake",
        canvas=True,
        submenu=LEARN,
    ),
)
