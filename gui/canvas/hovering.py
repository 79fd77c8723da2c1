"""What lights up under a pointer that does nothing, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.graph.groups import inside
from engine.graph.model import Wire
from gui.canvas.items.group_item import GroupItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.ports import PortEnd, wires_of
from gui.canvas.wire_card import WireCard

if TYPE_CHECKING:
    from engine.diagnosis.reading import WeightReading
    from gui.canvas.gestures.base import Pointer
    from gui.canvas.view import CanvasView

MOST_NAMED = 8
"""Of more nodes in a group only so many are named."""


class Hovering:
    """Follows the pointer between gestures: nodes, wires, and the wires of a port.

    reading: what is known about the weight on a wire, for the card beside the pointer.
    """

    def __init__(self, view: CanvasView, reading: Callable[[Wire], WeightReading]) -> None:
        self.view = view
        self.scene = view.graph_scene
        self.card = WireCard(view.viewport())
        self._reading = reading

    def follow(self, pointer: Pointer) -> None:
        """Light up what is under the pointer."""
        node, end = self.scene.grasp(pointer.scene, self.view.on_scene(1))
        item: NodeItem | WireItem | None = node
        if item is None:
            item = self.scene.drawn_at(end) if end else self.view.wire_at(pointer.scene)
        self.scene.hover(item, wires_of(self.view.document.graph, end) if end else ())
        if isinstance(item, WireItem) and item.weight is not None:
            self._show_weight(item)
        else:
            self.card.hide()
        self.view.viewport().setToolTip(self._tip(item, end))

    def leave(self) -> None:
        self.card.hide()
        self.scene.hover(None)

    def refresh(self) -> None:
        """The card of a weight follows what is learnt."""
        hovered = self.scene.hovered
        if isinstance(hovered, WireItem) and self.card.isVisible():
            self._show_weight(hovered)

    def _show_weight(self, item: WireItem) -> None:
        place, graph = self.view.pointer_place(), self.view.document.graph
        self.card.show_for(graph, item, place, self._reading(item.wire))

    def _port_name(self, item: NodeItem, end: PortEnd) -> str:
        """A port's name; on the card of a group, whose port it is too."""
        if end.node == item.key:
            return end.port
        return f"{self.view.document.graph.node(end.node).title} · {end.port}"

    def _tip(self, item: NodeItem | WireItem | None, end: PortEnd | None) -> str:
        """What is wrong with a node, else how well it learns, what it costs and why it shows
        nothing; over one of many ports, its name."""
        if not isinstance(item, NodeItem):
            return ""
        if end is not None and len(item.ports(end.output)) > 1:
            return self._port_name(item, end)
        problems = self.view.troubles.of(item)
        if problems:
            return "\n".join(f"{problem.message} {problem.remedy}" for problem in problems)
        if item.health:
            return item.health.sentence
        node = item.node
        if isinstance(item, GroupItem):
            note = self._inside(item.key)
        else:
            note = self.view.preview_note(node)
        said = (self._state(item), self.view.costs.sentence(item.key, node), note)
        return "\n".join(sentence for sentence in said if sentence)

    def _inside(self, group_id: str) -> str:
        """What is in a folded group, by name."""
        titles = [node.title for node in inside(self.view.document.graph, group_id)]
        shown = ", ".join(titles[:MOST_NAMED])
        if len(titles) > MOST_NAMED:
            more = self.view.tr("{0} and {1} more")
            shown = more.format(shown, len(titles) - MOST_NAMED)
        return shown

    def _state(self, item: NodeItem) -> str:
        """What a node is beside its settings, in words."""
        node, tr = item.node, self.view.tr
        said = {
            "bypassed": tr("Bypassed: what arrives first goes straight on."),
            "muted": tr("Muted: it gives zeros and learns nothing."),
        }
        sentences = [said[node.switch]] if node.switch in said else []
        if node.same_as:
            title = self.view.document.graph.node(node.same_as).title
            sentences.append(tr("Shares the weights of {}.").format(title))
        if node.frozen:
            sentences.append(tr("Frozen: its weights do not learn."))
        if node.rate != 1.0:
            text = tr("Its learning rate is multiplied by {}.")
            sentences.append(text.format(f"{node.rate:g}"))
        return "\n".join(sentences)
