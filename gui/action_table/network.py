"""The Network menu: nodes, wires, and how they stand."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

NETWORK: tuple[ActionSpec, ...] = (
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
)
