"""What the mouse does on the canvas, as the sheet of keys tells it."""

from __future__ import annotations

from PySide6.QtCore import QObject


def canvas_gestures(sheet: QObject) -> list[tuple[str, str]]:
    """What is done with the mouse, and what happens."""
    return [
        (sheet.tr("double click on the empty"), sheet.tr("Add a node")),
        (sheet.tr("star or * in the palette"), sheet.tr("Make a favourite")),
        (sheet.tr("drop a node on a wire"), sheet.tr("Insert it there; with Alt it stays beside")),
        (sheet.tr("Alt and drag a node"), sheet.tr("Drag a copy")),
        (sheet.tr("double click on a name"), sheet.tr("Rename")),
        (sheet.tr("drag on the empty"), sheet.tr("Select")),
        (sheet.tr("Shift or Ctrl and click"), sheet.tr("Select more")),
        (sheet.tr("wheel"), sheet.tr("Zoom at the pointer")),
        (sheet.tr("middle button or Space"), sheet.tr("Move the canvas")),
        (sheet.tr("arrow keys"), sheet.tr("Move the selected nodes")),
        (sheet.tr("Alt and arrow keys"), sheet.tr("Walk along the wires")),
    ]


def wire_gestures(sheet: QObject) -> list[tuple[str, str]]:
    return [
        (sheet.tr("drag from port to port"), sheet.tr("Wire; so do two clicks")),
        (sheet.tr("drag a wire into the empty"), sheet.tr("Add a node that takes it")),
        (sheet.tr("drag the end of a wire"), sheet.tr("Take it off, or elsewhere")),
        (sheet.tr("Ctrl and drag from a port"), sheet.tr("Move all its wires")),
        (sheet.tr("Alt and click on a port"), sheet.tr("Take all its wires off")),
        (sheet.tr("Ctrl and right drag, or Y and drag"), sheet.tr("Cut the wires crossed")),
        (sheet.tr("Shift and right drag"), sheet.tr("Put a point into the wires crossed")),
        (sheet.tr("Alt and drag, or double click"), sheet.tr("Put a point into a wire")),
        (sheet.tr("Tab on a selected wire"), sheet.tr("Add a node into it")),
        (sheet.tr("W, then W, A, Tab, Enter"), sheet.tr("Next port, new node, next target, join")),
        (sheet.tr("shake a node"), sheet.tr("Take it out of its wires, if set so")),
    ]


def clashes(sheet: QObject) -> list[tuple[str, str]]:
    """Keys and gestures that mean different things in other programs, and what they mean here."""
    return [
        (sheet.tr("F"), sheet.tr("Fits the selection; J joins the selected nodes")),
        (sheet.tr("Space and drag"), sheet.tr("Moves the canvas; Home and H fit the network")),
        (sheet.tr("Ctrl+D"), sheet.tr("Duplicates, as Shift+D does; M mutes a node")),
        (
            sheet.tr("Alt and click"),
            sheet.tr("Takes the wires off a port; on a node it drags a copy"),
        ),
        (
            sheet.tr("Ctrl and drag"),
            sheet.tr("Moves the wires of a port; elsewhere it selects more"),
        ),
    ]
