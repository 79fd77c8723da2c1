"""Which gesture a press of a button begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.canvas.gestures.annotate import MoveAnnotation, ResizeAnnotation
from gui.canvas.gestures.band import RubberBand
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.draw_wire import DrawWire, TakeWire
from gui.canvas.gestures.move import MoveNodes
from gui.canvas.gestures.move_links import MoveLinks
from gui.canvas.gestures.pan import Pan
from gui.canvas.gestures.stroke import Cut, LeadThrough
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.group_item import GroupItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.ports import PortEnd, wires_of
from gui.document import rewiring

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def gesture_for(view: CanvasView, pointer: Pointer) -> Gesture | None:
    """By what is under the pointer: a port, a node, a wire, or nothing."""
    scene = view.graph_scene
    if view.troubles.press(pointer.scene):
        return None
    node, end = scene.grasp(pointer.scene, view.on_scene(1))
    if end is not None:
        if pointer.has(ALT):
            _break_wires(view, end)
            return None
        return _from_port(view, pointer, end)
    if node is not None:
        if isinstance(node, GroupItem) and node.fold_rect().contains(pointer.scene):
            view.grouping.set_folded(node.key, False)
            return None
        return _from_item(view, pointer, node)
    wire = view.wire_at(pointer.scene)
    if wire is not None and pointer.has(ALT):
        # The new point is in the hand at once.
        item = scene.nodes[view.add_point(wire.wire, pointer.scene)]
        return MoveNodes(view, Pointer(pointer.screen, pointer.scene), item)
    if wire is not None:
        return TakeWire(view, pointer, wire)
    annotation = view.annotations.handle_at(pointer.scene)
    if annotation is not None:
        return ResizeAnnotation(view, pointer, annotation)
    annotation = view.annotations.grip_at(pointer.scene)
    if annotation is not None:
        return _from_annotation(view, pointer, annotation)
    box = scene.box_at(pointer.scene)
    if box is not None:
        if box.fold_rect().contains(pointer.scene):
            view.grouping.set_folded(box.key, True)
            return None
        return _from_item(view, pointer, box)
    return RubberBand(view, pointer)


def right_gesture_for(view: CanvasView, pointer: Pointer) -> Gesture:
    """The right button moves the canvas; with Ctrl it cuts wires, with Shift it leads them."""
    if pointer.has(CTRL):
        return Cut(view, pointer)
    return LeadThrough(view, pointer) if pointer.has(SHIFT) else Pan(view, pointer)


def _from_port(view: CanvasView, pointer: Pointer, end: PortEnd) -> Gesture:
    """A new wire; or, from an input that takes one and has it, the end of that wire.

    With Ctrl the ends of all wires of the port.
    """
    if pointer.has(CTRL) and wires_of(view.document.graph, end):
        return MoveLinks(view, pointer, end)
    if not end.output:
        graph = view.document.graph
        ports = graph.node(end.node).layer.input_ports
        many = next(port.many for port in ports if port.name == end.port)
        wires = graph.incoming(end.node, end.port)
        if wires and not many:
            (wire,) = wires
            return DrawWire(view, pointer, PortEnd(wire.source, wire.source_port, True), wire)
    return DrawWire(view, pointer, end)


def _break_wires(view: CanvasView, end: PortEnd) -> None:
    """Alt and a click on a port takes all its wires off."""
    title = view.document.graph.node(end.node).title
    rewiring.cut(
        view.document,
        wires_of(view.document.graph, end),
        view.tr("Detach {}").format(title),
    )


def _from_annotation(view: CanvasView, pointer: Pointer, item: AnnotationItem) -> Gesture | None:
    """Moving frames and notes, after the press has settled which are selected."""
    annotations, key = view.annotations, item.annotation.id
    selected, chosen = view.document.selection, annotations.chosen
    if pointer.has(CTRL) and key in chosen:
        annotations.select(selected, (i for i in chosen if i != key))
        return None
    if pointer.has(CTRL) or pointer.has(SHIFT):
        annotations.select(selected, (*chosen, key))
    elif key not in chosen:
        annotations.choose(key)
    return MoveAnnotation(view, pointer, item)


def _from_item(view: CanvasView, pointer: Pointer, item: NodeItem | BoxItem) -> Gesture | None:
    """Moving what is selected, after the press has settled what that is."""
    document, node_id = view.document, item.key
    selected, chosen = document.selection, view.annotations.chosen
    if pointer.has(CTRL) and node_id in selected:
        view.annotations.select((i for i in selected if i != node_id), chosen)
        return None
    if pointer.has(CTRL) or pointer.has(SHIFT):
        view.annotations.select((*selected, node_id), chosen)
    elif node_id not in selected:
        document.select((node_id,))
    view.graph_scene.select_wires(())
    return MoveNodes(view, pointer, item)
