"""Every action of the window, declared once: name, sentence, keys and icon.

Menus, tool bars, tooltips, the command palette and the sheet of shortcuts are
made from this table. What an action does is bound in the main window.
"""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES = ("file", "edit", "view", "network", "train", "help")
"""The menus, in order."""


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    id: `category.name`; stable, since shortcuts in the settings go by it.
    text: as in a menu, with `&` before the letter that picks it there.
    tooltip: one sentence of what it does.
    keys: shortcuts, the first of which is shown.
    canvas: its keys work on the canvas only, where a bare letter may be a key.
    """

    id: str
    text: str
    tooltip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    canvas: bool = False

    @property
    def category(self) -> str:
        return self.id.partition(".")[0]


def translate(context: str, text: str) -> str:
    """Mark a text for lupdate, which finds it by this name; `Actions` translates it."""
    return text


ACTIONS: tuple[ActionSpec, ...] = (
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
        "edit.paste",
        translate("Actions", "&Paste"),
        translate("Actions", "Insert the copied nodes."),
        ("Ctrl+V",),
        "clipboard",
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
    ActionSpec(
        "view.data",
        translate("Actions", "&Data"),
        translate("Actions", "Choose what to learn from, look at it, prepare and split it."),
        ("Ctrl+1",),
        checkable=True,
    ),
    ActionSpec(
        "view.build",
        translate("Actions", "&Build"),
        translate("Actions", "Draw the network."),
        ("Ctrl+2",),
        checkable=True,
    ),
    ActionSpec(
        "view.train",
        translate("Actions", "&Train"),
        translate("Actions", "Watch the network learn."),
        ("Ctrl+3",),
        checkable=True,
    ),
    ActionSpec(
        "view.evaluate",
        translate("Actions", "&Evaluate"),
        translate("Actions", "See how well the network does on rows it has never seen."),
        ("Ctrl+4",),
        checkable=True,
    ),
    ActionSpec(
        "view.export",
        translate("Actions", "E&xport"),
        translate("Actions", "Leave with a model that runs anywhere."),
        ("Ctrl+5",),
        checkable=True,
    ),
    ActionSpec(
        "view.zoom_in",
        translate("Actions", "Zoom &in"),
        translate("Actions", "Show the canvas larger."),
        ("Ctrl++", "Ctrl+="),
        "magnifying-glass-plus",
    ),
    ActionSpec(
        "view.zoom_out",
        translate("Actions", "Zoom &out"),
        translate("Actions", "Show more of the canvas."),
        ("Ctrl+-",),
        "magnifying-glass-minus",
    ),
    ActionSpec(
        "view.actual_size",
        translate("Actions", "Actual &size"),
        translate("Actions", "Show the canvas at 100 %."),
        ("Ctrl+0",),
    ),
    ActionSpec(
        "view.fit",
        translate("Actions", "&Fit the network"),
        translate("Actions", "Bring the whole network into view."),
        ("Home", "H"),
        "frame-corners",
        canvas=True,
    ),
    ActionSpec(
        "view.fit_selection",
        translate("Actions", "Fit the se&lection"),
        translate("Actions", "Bring the selected nodes into view."),
        ("F", "."),
        "selection",
        canvas=True,
    ),
    ActionSpec(
        "view.minimap",
        translate("Actions", "&Minimap"),
        translate("Actions", "Show or hide the overview in the corner of the canvas."),
        ("Ctrl+Shift+M",),
        checkable=True,
    ),
    ActionSpec(
        "view.palette",
        translate("Actions", "&Palette of nodes"),
        translate("Actions", "Show or hide the list of nodes at the left."),
        ("Ctrl+Shift+L",),
        checkable=True,
    ),
    ActionSpec(
        "view.inspector",
        translate("Actions", "I&nspector"),
        translate("Actions", "Show or hide the settings of the selected node at the right."),
        ("Ctrl+Shift+I",),
        checkable=True,
    ),
    ActionSpec(
        "view.bottom",
        translate("Actions", "Problems and &curves"),
        translate("Actions", "Show or hide the tabs under the canvas."),
        ("Ctrl+J",),
        checkable=True,
    ),
    ActionSpec(
        "view.theme_system",
        translate("Actions", "Colours of the s&ystem"),
        translate("Actions", "Dark or light as the desktop is."),
        checkable=True,
    ),
    ActionSpec(
        "view.theme_dark",
        translate("Actions", "D&ark colours"),
        translate("Actions", "Dark surfaces, whatever the desktop says."),
        checkable=True,
    ),
    ActionSpec(
        "view.theme_light",
        translate("Actions", "Li&ght colours"),
        translate("Actions", "Light surfaces, whatever the desktop says."),
        checkable=True,
    ),
    ActionSpec(
        "view.full_screen",
        translate("Actions", "F&ull screen"),
        translate("Actions", "Let the window cover the screen."),
        ("F11",),
        checkable=True,
    ),
    ActionSpec(
        "network.add",
        translate("Actions", "&Add a node…"),
        translate("Actions", "Type the name of a node and put it on the canvas."),
        ("Tab", "Shift+A"),
        "plus",
        canvas=True,
    ),
    ActionSpec(
        "network.wire",
        translate("Actions", "Draw a &wire"),
        translate(
            "Actions", "Draw a wire from the selected node: arrows choose where, Enter joins."
        ),
        ("W",),
        "flow-arrow",
        canvas=True,
    ),
    ActionSpec(
        "network.settings",
        translate("Actions", "&Settings"),
        translate("Actions", "Go to the settings of what is selected; Escape comes back."),
        ("Return",),
        "sliders-horizontal",
        canvas=True,
    ),
    ActionSpec(
        "network.find",
        translate("Actions", "&Find a node…"),
        translate("Actions", "Go to a node by its name."),
        ("Ctrl+F",),
        "magnifying-glass",
    ),
    ActionSpec(
        "network.arrange",
        translate("Actions", "A&rrange"),
        translate("Actions", "Lay the network out in columns, from inputs to losses."),
        ("L",),
        "tree-structure",
        canvas=True,
    ),
    ActionSpec(
        "network.fit_ends",
        translate("Actions", "Fit the &ends to the data"),
        translate(
            "Actions",
            "Give the input and the last layer the sizes of the data, and a fitting loss.",
        ),
        ("Ctrl+Shift+E",),
        "arrows-in-line-horizontal",
    ),
    ActionSpec(
        "train.train",
        translate("Actions", "&Train"),
        translate("Actions", "Start to train, go on, or pause."),
        ("F5", "Ctrl+Return"),
        "play-fill",
    ),
    ActionSpec(
        "train.step",
        translate("Actions", "&Step"),
        translate("Actions", "Train on one batch."),
        ("F10",),
        "skip-forward-fill",
    ),
    ActionSpec(
        "train.reset",
        translate("Actions", "&Reset"),
        translate("Actions", "Forget what was learnt and start from fresh weights."),
        ("Ctrl+Shift+R",),
        "arrow-counter-clockwise-bold",
    ),
    ActionSpec(
        "train.slow",
        translate("Actions", "S&low"),
        translate("Actions", "About 10 batches a second: follow every step."),
        ("F6",),
        checkable=True,
    ),
    ActionSpec(
        "train.watch",
        translate("Actions", "&Watch"),
        translate("Actions", "At most 300 batches a second: watch it learn."),
        ("F7",),
        checkable=True,
    ),
    ActionSpec(
        "train.full",
        translate("Actions", "&Full"),
        translate("Actions", "Train as fast as this machine can; the results are the same."),
        ("F8",),
        checkable=True,
    ),
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
        "help.about",
        translate("Actions", "&About Glassbox"),
        translate("Actions", "What this is, its version, and what it is made of."),
        icon="info",
    ),
)
