"""Where a new node goes, and what it is wired to at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from weakref import WeakMethod

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from engine.errors import GlassboxError
from engine.graph.groups import members
from engine.graph.infer import infer_node
from engine.graph.model import Node, Wire
from engine.graph.order import reachable
from engine.layers.base import Layer
from gui.canvas import metrics
from gui.canvas.items.node_item import NodeItem
from gui.canvas.ports import PortEnd, wire_between
from gui.canvas.scene import GraphScene, new_item

ROOM = 16.0
LEAST = 40.0
"""How far two wired nodes stand apart after one was put between them."""


class Adding:
    """Adds nodes in one undoable step each, and selects them.

    `add_at` and `add_beside` answer why the node could not be wired too, or "".
    """

    def __init__(self, scene: GraphScene) -> None:
        self.scene = scene
        self.document = scene.document

    def add_at(self, layer: Layer, point: QPointF, origin: PortEnd | None = None) -> str:
        """A node with its input port at a point; wired to `origin`, if that is given.

        Where `origin` is an input, the new node's output port is at the point.
        """
        item = new_item(Node("", layer), None)
        left = point.x() - (item.width if origin is not None and not origin.output else 0)
        return self._add(layer, self._free(item, left, point.y() - item.port_line), origin)

    def end_of(self, node_id: str) -> PortEnd | None:
        """The port by which a node is joined: its first output, else its first input."""
        item = self.scene.nodes[node_id]
        return next(iter([*item.ends(True), *item.ends(False)]), None)

    def add_beside(self, layer: Layer, node_id: str) -> str:
        """A node to the right of another and wired to it; at its left if it feeds it."""
        beside = self.scene.nodes[node_id]
        item = new_item(Node("", layer), None)
        card, line = beside.scene_card(), beside.pos().y() + beside.port_line
        top = line - item.port_line
        outputs, inputs = beside.ends(True), beside.ends(False)
        if outputs and layer.input_ports:
            origin = outputs[0]
            return self._add(layer, self._free(item, card.right() + metrics.GAP, top), origin)
        if inputs and layer.output_ports:
            origin = inputs[0]
            left = card.left() - metrics.GAP - item.width
            return self._add(layer, self._free(item, left, top), origin)
        return self._add(layer, self._free(item, card.left(), card.bottom() + ROOM * 2), None)

    def drop(self, layer: Layer, point: QPointF) -> str:
        """A node with its middle at a point."""
        item = new_item(Node("", layer), None)
        left, top = point.x() - item.width / 2, point.y() - item.port_line
        return self._add(layer, self._free(item, left, top), None)

    def insert(self, wire: Wire, node: Layer | str, point: QPointF) -> str:
        """A node, new or there already, into a wire, with its middle at a point.

        What stands behind it moves on, where there is no room for it.
        """
        if isinstance(node, Layer):
            layer, item = node, new_item(Node("", node), None)
        else:
            layer, item = self.document.graph.node(node).layer, self.scene.nodes[node]
        position = _snapped(point.x() - item.width / 2, point.y() - item.port_line, item)
        before = self.scene.nodes[wire.source].scene_card()
        left = max(position[0], before.right() + LEAST) if _ahead(before, point) else position[0]
        position = _snapped(left, position[1], item)
        title = layer.title() if isinstance(node, Layer) else self.document.graph.node(node).title
        try:
            with self.document.edit(QCoreApplication.translate("Undo", "Insert {}").format(title)):
                node_id = self.document.insert_on_wire(wire, node, position)
                self._make_room(wire, QRectF(*position, item.width, item.height))
        except GlassboxError as error:
            if isinstance(node, Layer):
                self._add(node, position, None)
            else:
                self.document.move({node: position})
            return str(error)
        self.document.select((node_id,))
        return ""

    def asked_for_room(self) -> Callable[[Mapping[str, Layer]], Mapping[str, tuple[float, float]]]:
        """`room_for`, held weakly: the document must not keep a canvas that is gone."""
        asked = WeakMethod(self.room_for)

        def room(layers: Mapping[str, Layer]) -> Mapping[str, tuple[float, float]]:
            found = asked()
            return {} if found is None else found(layers)

        return room

    def room_for(self, layers: Mapping[str, Layer]) -> dict[str, tuple[float, float]]:
        """Where nodes go that cards with these settings would cover; none go in most cases."""
        places: dict[str, tuple[float, float]] = {}
        for node_id, layer in layers.items():
            item = self.scene.nodes.get(node_id)
            if item is None:  # in a group that is folded
                continue
            card = item.scene_card()
            wide = self._width(node_id, layer)
            if wide <= card.width():
                continue
            grown = QRectF(card.left(), card.top(), wide + ROOM, card.height())
            covered = {
                key: other.scene_card().left()
                for key, other in self.scene.nodes.items()
                if other.scene_card().left() >= card.right()
                and grown.intersects(other.scene_card())
            }
            if covered:
                left, ids = min(covered.values()), members(self.document.graph, covered)
                places |= self._aside(ids, left, card.left() + wide - left)
        return places

    def _width(self, node_id: str, layer: Layer) -> float:
        """Of the card of a node with other settings."""
        node, found = self.document.graph.node(node_id), self.document.inference[node_id]
        changed = replace(node, layer=layer)
        # What arrives is known by the ports: it says nothing to a layer that has others.
        arriving = found.arriving if layer.input_ports == node.layer.input_ports else None
        return new_item(changed, infer_node(changed, arriving)).width

    def _aside(
        self, ids: Iterable[str], left: float, short: float
    ) -> dict[str, tuple[float, float]]:
        """Places for nodes and all behind them, as far to the right as is too short for them."""
        step = math.ceil((short + LEAST) / metrics.SNAP) * metrics.SNAP
        behind = reachable(self.document.graph.followers, ids)
        units = dict.fromkeys(held for i in behind if (held := self.scene.holder(i)))
        ahead = [i for i in units if self.scene.nodes[i].pos().x() >= left - ROOM]
        places = {i: self.document.position_of(i) for i in ahead}
        return {i: (x + step, y) for i, (x, y) in places.items()}

    def _make_room(self, wire: Wire, card: QRectF) -> None:
        """Move what lies behind a wire to the right, until its target is clear of a card."""
        target = self.scene.nodes[wire.target].scene_card()
        short = card.right() - target.left()
        if wire.delay or short + LEAST <= 0 or target.right() < card.left():
            return
        self.document.move(self._aside([wire.target], target.left(), short))

    def _add(self, layer: Layer, position: tuple[float, float], origin: PortEnd | None) -> str:
        layer, refusal = self._sized(layer), ""
        with self.document.edit(QCoreApplication.translate("Undo", "Add {}").format(layer.title())):
            node_id = self.document.add_node(layer, position, group=self._group(position))
            if origin is not None:
                refusal = self._wire(node_id, layer, origin)
        self.document.select((node_id,))
        return refusal

    def _sized(self, layer: Layer) -> Layer:
        """An input without settings of its own takes what the data set gives."""
        signature = self.document.dataset_signature
        if signature is None or layer.kind != "input" or layer != type(layer)():
            return layer
        return layer.replaced(shape=signature.input_shape())

    def _group(self, position: tuple[float, float]) -> str:
        """The open group that a node at a position lies in."""
        return self.scene.group_at(QPointF(*position) + QPointF(ROOM, ROOM))

    def _wire(self, node_id: str, layer: Layer, origin: PortEnd) -> str:
        """Join the new node by the first of its ports that fits; the reason if none does."""
        refusal = ""
        for port in layer.input_ports if origin.output else layer.output_ports:
            wire = wire_between(origin, PortEnd(node_id, port.name, not origin.output))
            assert wire is not None  # the two directions differ
            try:
                self.document.connect(wire)
                return ""
            except GlassboxError as error:
                refusal = refusal or str(error)
        return refusal

    def _free(self, item: NodeItem, left: float, top: float) -> tuple[float, float]:
        """The place wanted, or the next one below it where nothing stands."""
        left, top = _snapped(left, top, item)
        rect = QRectF(left, top, item.width, item.height)
        while self._taken(rect):
            rect.translate(0, metrics.COARSE_SNAP)
        return rect.x(), rect.y()

    def _taken(self, rect: QRectF) -> bool:
        around = rect.adjusted(-ROOM / 2, -ROOM / 2, ROOM / 2, ROOM / 2)
        return any(
            isinstance(other, NodeItem) and other.scene_card().intersects(around)
            for other in self.scene.items(around)
        )


def _ahead(card: QRectF, point: QPointF) -> bool:
    """Whether a point lies on the way of a wire that leaves a card to the right."""
    return point.x() > card.center().x() and card.top() - ROOM < point.y() < card.bottom() + ROOM


def _snapped(left: float, top: float, item: NodeItem) -> tuple[float, float]:
    """On the grid by the left edge and by the port."""
    grid, line = metrics.SNAP, item.port_line
    return round(left / grid) * grid, round((top + line) / grid) * grid - line
