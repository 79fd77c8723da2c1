"""The Network menu: nodes, wires, and how they stand."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

ALIGN = translate("Actions", "Align")

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
        "network.straighten",
        translate("Actions", "S&traighten wires"),
        translate("Actions", "Move the selected nodes, or all, so that wires into them run level."),
        ("Q",),
        "minus",
        canvas=True,
    ),
    ActionSpec(
        "network.align_left",
        translate("Actions", "Align &left edges"),
        translate("Actions", "Bring the left edges of the selected nodes to one line."),
        ("Shift+L",),
        "align-left",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.align_center",
        translate("Actions", "Align &centres"),
        translate("Actions", "Bring the centres of the selected nodes above each other."),
        (),
        "align-center-horizontal",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.align_right",
        translate("Actions", "Align ri&ght edges"),
        translate("Actions", "Bring the right edges of the selected nodes to one line."),
        (),
        "align-right",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.align_top",
        translate("Actions", "Align t&ops"),
        translate("Actions", "Bring the tops of the selected nodes to one line."),
        ("Shift+T",),
        "align-top",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.align_middle",
        translate("Actions", "Align &by wires"),
        translate("Actions", "Bring the selected nodes to one height, by where their wires run."),
        ("Shift+Q",),
        "align-center-vertical",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.align_bottom",
        translate("Actions", "Align botto&ms"),
        translate("Actions", "Bring the bottoms of the selected nodes to one line."),
        (),
        "align-bottom",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.distribute_across",
        translate("Actions", "Distribute &across"),
        translate("Actions", "Make the gaps between the selected nodes equal, left to right."),
        ("Shift+H",),
        "dots-three",
        canvas=True,
        submenu=ALIGN,
    ),
    ActionSpec(
        "network.distribute_down",
        translate("Actions", "Distribute &down"),
        translate("Actions", "Make the gaps between the selected nodes equal, top to bottom."),
        ("Shift+V",),
        "dots-three-vertical",
        canvas=True,
        submenu=ALIGN,
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
