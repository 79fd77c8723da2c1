"""The Edit menu: undo, the clipboard, names, what is selected."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

EDIT: tuple[ActionSpec, ...] = (
    ActionSpec(
        "edit.undo",
        translate("Actions", "&Undo"),
        translate("Actions", "Take the last edit back."),
        ("Ctrl+Z",),
        "arrow-u-up-left",
    ),
    ActionSpec(
        "edit.redo",
        translate("Actions", "&Redo"),
        translate("Actions", "Make the edit again that was taken back."),
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        "arrow-u-up-right",
    ),
    ActionSpec(
        "edit.cut",
        translate("Actions", "Cu&t"),
        translate("Actions", "Copy the selected nodes and remove them."),
        ("Ctrl+X",),
        "scissors",
        canvas=True,
    ),
    ActionSpec(
        "edit.copy",
        translate("Actions", "&Copy"),
        translate("Actions", "Copy the selected nodes with the wires between them."),
        ("Ctrl+C",),
        "copy",
        canvas=True,
    ),
    ActionSpec(
        "edit.copy_weights",
        translate("Actions", "Copy with &weights"),
        translate("Actions", "Copy the selected nodes with what they have learned."),
        ("Ctrl+Alt+C",),
        canvas=True,
    ),
    ActionSpec(
        "edit.copy_picture",
        translate("Actions", "Copy as p&icture"),
        translate("Actions", "Copy the selected nodes, or the whole network, as a picture."),
        ("Ctrl+Shift+C",),
        "image",
        canvas=True,
    ),
    ActionSpec(
        "edit.paste",
        translate("Actions", "&Paste"),
        translate("Actions", "Insert the copied nodes."),
        ("Ctrl+V",),
        "clipboard",
        canvas=True,
    ),
    ActionSpec(
        "edit.paste_wired",
        translate("Actions", "Past&e with wires"),
        translate("Actions", "Insert the copied nodes with the wires that led to them."),
        ("Ctrl+Shift+V",),
        canvas=True,
    ),
    ActionSpec(
        "edit.duplicate",
        translate("Actions", "&Duplicate"),
        translate("Actions", "Copy the selected nodes beside themselves."),
        ("Ctrl+D", "Shift+D"),
        "copy-simple",
        canvas=True,
    ),
    ActionSpec(
        "edit.delete",
        translate("Actions", "De&lete"),
        translate("Actions", "Remove the selected nodes and their wires."),
        ("Del", "Backspace"),
        "trash",
        canvas=True,
    ),
    ActionSpec(
        "edit.heal",
        translate("Actions", "Delete and &heal"),
        translate("Actions", "Remove the selected nodes and join what they stood between."),
        ("Ctrl+Del", "Ctrl+Backspace"),
        "bandaids",
        canvas=True,
    ),
    ActionSpec(
        "edit.rename",
        translate("Actions", "Rena&me"),
        translate("Actions", "Give the selected node a name of its own."),
        ("F2",),
        "pencil-simple",
        canvas=True,
    ),
    ActionSpec(
        "edit.select_all",
        translate("Actions", "Select &all"),
        translate("Actions", "Select every node."),
        ("Ctrl+A",),
        "selection-all",
        canvas=True,
    ),
)
