"""Commands that put other nodes in the place of some: blocks, repeats, instances, kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QPointF, QRectF

from engine.fields import Integer
from engine.graph.fragment import cut
from engine.graph.groups import inside, members
from engine.layers.base import Layer
from gui.canvas import metrics
from gui.canvas.ask_card import AskCard
from gui.canvas.room import steps_aside
from gui.document.blocks import BlockOffer
from gui.document.catalog import Offer
from gui.document.reshaping import MOST_REPEATS
from gui.widgets import ChoiceField, NumberField, Switch, TextField

if TYPE_CHECKING:
    from gui.canvas.adding import AddingCanvas

translate = QCoreApplication.translate

OFFSET = (32.0, 32.0)


class ReshapingCommands(QObject):
    """What is done to groups and nodes as wholes, with the cards that ask for what it needs."""

    def __init__(self, canvas: AddingCanvas) -> None:
        super().__init__(canvas)
        self._canvas, self.document = canvas, canvas.document
        self.ask = AskCard(canvas.viewport(), canvas)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that concerns them does."""
        return {
            "network.repeat": self.repeat,
            "network.save_block": self.save_block,
            "network.share_copy": self.duplicate_sharing,
            "network.independent": self.make_independent,
            "network.replace": self.replace,
            "network.collapse": self.collapse,
            "network.expand": self.expand,
        }

    # Blocks

    def repeat(self) -> None:
        """Ask how often the selected block is to stand in series."""
        group_id = self._one_group()
        if not group_id:
            return
        name = self.document.called([group_id])
        count = NumberField(
            Integer(3, minimum=2, maximum=MOST_REPEATS, help="How many there are in all.")
        )
        weights = ChoiceField(
            {"own": self.tr("Each its own"), "shared": self.tr("Shared by all")}, "own"
        )
        self.ask.open(
            self._beside(group_id),
            self.tr("Repeat {}").format(name),
            self.tr("Copies follow one another, each fed by the one before it."),
            {self.tr("Times"): count, self.tr("Weights"): weights},
            self.tr("Repeat"),
            lambda: self._repeat(group_id, int(count.value), weights.value == "shared"),
        )

    def _repeat(self, group_id: str, count: int, shared: bool) -> None:
        canvas, drawing = self._canvas, self.document.graph.drawing
        group = drawing.group(group_id)
        with self.document.edit(
            translate("Undo", "Repeat {0} {1} times").format(group.name, count)
        ):
            if not group.folded:
                canvas.grouping.set_folded(group_id, True)
            nodes = inside(self.document.graph, group_id)
            widest = canvas.grouping.card_size(nodes, f"{group.name} {count}")
            step = widest.width() + metrics.GAP
            groups = self.document.repeat(group_id, count, step, shared)
        self.document.select(groups)
        canvas.bring_into_sight(canvas.graph_scene.bounds(groups))

    def save_block(self) -> None:
        """Ask under which name the selected group is kept in the palette."""
        group_id = self._one_group()
        if not group_id:
            return
        name = TextField(self.document.called([group_id]))
        weights = Switch()
        self.ask.open(
            self._beside(group_id),
            self.tr("Save as a block of your own"),
            self.tr("It is offered in the palette, in every project."),
            {self.tr("Name"): name, self.tr("With its weights"): weights},
            self.tr("Save"),
            lambda: self._save_block(group_id, name.text(), weights.isChecked()),
        )

    def _save_block(self, group_id: str, name: str, with_weights: bool) -> None:
        weights = self.document.weights if with_weights else None
        self._canvas.habits.blocks.save(name, cut(self.document.graph, [group_id], weights))

    def insert(self, offer: BlockOffer, point: QPointF, *, shared: bool = False) -> None:
        """Put a block of the user's at a point.

        shared: with the weights of the block of that name that is there already, if one is.
        """
        document, scene = self.document, self._canvas.graph_scene
        drawing = document.graph.drawing
        same = [group for group in drawing.groups if group.name == offer.name]
        fragment = self._canvas.habits.blocks.load(offer.name)
        if shared and same:
            fragment = cut(document.graph, [same[0].id])
        left, top = fragment.corner
        grid = metrics.SNAP
        at = (round(point.x() / grid) * grid, round(point.y() / grid) * grid)
        lent = document.with_weights(n.id for n in fragment.nodes) if shared and same else ()
        ids = document.paste(
            fragment,
            (at[0] - left, at[1] - top),
            translate("Undo", "Insert {}"),
            scene.group_at(point),
            lent,
        )
        document.select(ids)
        self._canvas.bring_into_sight(scene.bounds(ids))

    # Instances

    def duplicate_sharing(self) -> None:
        """Add copies of what is selected that use its weights."""
        if self.document.selection:
            self.document.select(self.document.duplicate_sharing(self.document.selection, OFFSET))

    def make_independent(self) -> None:
        """Give what is selected weights of its own."""
        ids = members(self.document.graph, self.document.selection)
        self._canvas.attempt(lambda: self.document.make_independent(ids))

    # Kinds

    def replace(self) -> None:
        """Type which kind of node is to stand in the place of the selected ones."""
        ids = [i for i in self.document.selection if i in self.document.graph]
        if not ids:
            self._canvas.refuse(self.tr("Select the nodes that are to be of another kind."))
            return
        name = self.document.called(ids)
        self._canvas.popup.open(
            self._beside(ids[0]),
            lambda offer: self._replace(ids, offer),
            prompt=self.tr("In the place of {}").format(name),
        )

    def _replace(self, ids: list[str], offer: Offer) -> None:
        layer: Layer = offer.layer()
        lost: dict[str, None] = {}
        text = translate("Undo", "Replace {0} by {1}")
        with self.document.edit(text.format(self.document.called(ids), offer.label)):
            for node_id in ids:
                lost.update(dict.fromkeys(self.document.replace_kind(node_id, layer)))
        if lost:
            sentence = self.tr("{0} has no place for the wires of {1}; they are gone.")
            self._canvas.refuse(sentence.format(offer.label, ", ".join(lost)))

    def collapse(self) -> None:
        """Put one Dense layer in the place of the selected neurons."""
        ids = members(self.document.graph, self.document.selection)
        self._canvas.attempt(lambda: self.document.select((self.document.collapse(ids),)))

    def expand(self) -> None:
        """Put neurons in the place of the selected Dense layer."""
        ids = members(self.document.graph, self.document.selection)
        if len(ids) != 1:
            self._canvas.refuse(self.tr("Select the Dense layer that is to become neurons."))
            return
        self._canvas.attempt(lambda: self._expand(ids[0]))

    def _expand(self, node_id: str) -> None:
        """Select the neurons, and not what joins them, so that they can be collapsed again."""
        document, scene = self.document, self._canvas.graph_scene
        title = document.graph.node(node_id).title
        card = scene.nodes[node_id].scene_card()
        with document.edit(translate("Undo", "Expand {} into neurons").format(title)):
            added = document.expand(node_id)
            self._make_room(card, added)
        document.select(i for i in added if document.graph.node(i).layer.kind == "neuron")

    def _make_room(self, card: QRectF, added: tuple[str, ...]) -> None:
        """Move what stands in the way of nodes that have come where a card stood."""
        scene, notes = self._canvas.graph_scene, self._canvas.annotations.items
        others = {key: item.scene_card() for key, item in scene.nodes.items() if key not in added}
        others |= {i: n.card() for i, n in notes.items() if not n.card().contains(card)}
        steps = steps_aside(scene.reach(added), card, others)
        places = {key: self.document.position_of(key) for key in steps}
        self.document.move(
            {i: (places[i][0] + step[0], places[i][1] + step[1]) for i, step in steps.items()}
        )

    # What is selected

    def _one_group(self) -> str:
        """The selected group; what is selected is made one if it is none."""
        document = self.document
        chosen = [i for i in document.selection if document.is_group(i)]
        if len(chosen) == 1 and len(document.selection) == 1:
            return chosen[0]
        if not document.selection:
            self._canvas.refuse(self.tr("Select a group, or the nodes that are to be one."))
            return ""
        self._canvas.grouping.group()
        return document.selection[0] if document.selection else ""

    def _beside(self, key: str) -> QPoint:
        canvas = self._canvas
        rect = canvas.graph_scene.bounds((key,))
        canvas.bring_into_sight(rect)
        return canvas.mapFromScene(rect.bottomLeft()) + QPoint(0, 12)
