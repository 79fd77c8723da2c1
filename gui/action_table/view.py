"""The View menu: workspaces, zoom, panels, colours."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

VIEW: tuple[ActionSpec, ...] = (
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
        "view.legend",
        translate("Actions", "&Key to the wires"),
        translate("Actions", "Say on the canvas what colours of wires and shapes of ports mean."),
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
)
