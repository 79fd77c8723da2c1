"""The File menu: projects, tables, pictures."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

FILE: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.new",
        translate("Actions", "&New"),
        translate("Actions", "Start with an empty canvas."),
        ("Ctrl+N",),
        "file-plus",
    ),
    ActionSpec(
        "file.open",
        translate("Actions", "&Open…"),
        translate("Actions", "Open a project from a file."),
        ("Ctrl+O",),
        "folder-open",
    ),
    ActionSpec(
        "file.save",
        translate("Actions", "&Save"),
        translate("Actions", "Save the network, its data, settings, weights and runs."),
        ("Ctrl+S",),
        "floppy-disk",
    ),
    ActionSpec(
        "file.save_as",
        translate("Actions", "Save &as…"),
        translate("Actions", "Save the project in another file."),
        ("Ctrl+Shift+S",),
    ),
    ActionSpec(
        "file.csv",
        translate("Actions", "Load a &CSV…"),
        translate("Actions", "Learn from a table of your own."),
        ("Ctrl+Shift+O",),
        "table",
    ),
    ActionSpec(
        "file.export",
        translate("Actions", "&Export…"),
        translate("Actions", "Write the trained network as an ONNX file that runs anywhere."),
        ("Ctrl+E",),
        "export",
    ),
    ActionSpec(
        "file.picture",
        translate("Actions", "Save a &picture of the window…"),
        translate("Actions", "Write what the window shows as a PNG file."),
        ("Ctrl+Shift+G",),
        "image",
    ),
    ActionSpec(
        "file.quit",
        translate("Actions", "&Quit"),
        translate("Actions", "Close the window."),
        ("Ctrl+Q",),
    ),
)
