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
        "file.gallery",
        translate("Actions", "New from a &template…"),
        translate("Actions", "Choose from pictures of ready networks, or of recent files."),
        ("Ctrl+T",),
        "squares-four",
    ),
    ActionSpec(
        "file.new_window",
        translate("Actions", "New &window"),
        translate("Actions", "Work on another network beside this one."),
        ("Ctrl+Alt+N",),
        "browsers",
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
        translate("Actions", "Load a ta&ble…"),
        translate("Actions", "Learn from a CSV file or NumPy files (.npy) of your own."),
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
        "file.network_picture",
        translate("Actions", "Save a picture of the networ&k…"),
        translate("Actions", "Write the network as SVG, PDF or PNG, for a paper or a talk."),
        ("Ctrl+Alt+E",),
        "image-square",
    ),
    ActionSpec(
        "file.picture",
        translate("Actions", "Save a &picture of the window…"),
        translate("Actions", "Write what the window shows as a PNG file."),
        ("Ctrl+Shift+G",),
        "image",
    ),
    ActionSpec(
        "file.close",
        translate("Actions", "C&lose the window"),
        translate("Actions", "Close this window and leave the others."),
        ("Ctrl+W",),
    ),
    ActionSpec(
        "file.quit",
        translate("Actions", "&Quit"),
        translate("Actions", "Close all windows."),
        ("Ctrl+Q",),
    ),
)
