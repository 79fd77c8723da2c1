"""The sheets with what is inside of nodes: which there are, and where they find room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF

from gui.canvas.finding import Findable
from gui.canvas.items.inside_item import Inside, InsideItem, beside, tall
from gui.canvas.items.node_item import NodeItem


class Insides:
    """One sheet a node at most: under its card, else over it, where no other node stands.

    Of a node without room nothing is shown, unless it is chosen: then it lies over others.
    """

    def __init__(self, scene: Findable) -> None:
        self._scene = scene
        self.sheets: dict[str, InsideItem] = {}

    def show(self, insides: Mapping[str, Inside], chosen: Iterable[str] = ()) -> None:
        """Show these by node id, and no others."""
        for node_id in [key for key in self.sheets if key not in insides]:
            self._scene.removeItem(self.sheets.pop(node_id))
        over = set(chosen)
        for node_id, inside in insides.items():
            place = self._place(node_id, tall(inside), node_id in over)
            if place is None:
                if node_id in self.sheets:
                    self._scene.removeItem(self.sheets.pop(node_id))
                continue
            if node_id not in self.sheets:
                self.sheets[node_id] = InsideItem()
                self._scene.addItem(self.sheets[node_id])
            self.sheets[node_id].stand(place)
            self.sheets[node_id].show_inside(inside)

    def forget(self) -> None:
        """The scene was cleared, and the sheets with it."""
        self.sheets = {}

    def _place(self, node_id: str, height: float, over: bool) -> QRectF | None:
        item = self._scene.nodes.get(node_id)
        if item is None:
            return None
        # The name of a neuron stands under it.
        card = item.scene_card().united(item.title_rect())
        places = [beside(card, height, below) for below in (True, False)]
        free = (place for place in places if self._is_free(place, node_id, item))
        return next(free, places[0] if over else None)

    def _is_free(self, place: QRectF, node_id: str, item: NodeItem) -> bool:
        """Whether no other card and no other sheet is there."""
        cards = (
            each.scene_card()
            for each in self._scene.items(place)
            if isinstance(each, NodeItem) and each is not item
        )
        sheets = (sheet.sceneBoundingRect() for key, sheet in self.sheets.items() if key != node_id)
        return not any(place.intersects(other) for other in (*cards, *sheets))
