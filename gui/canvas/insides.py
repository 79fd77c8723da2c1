"""The sheets with what is inside of nodes: which there are, and where they find room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF

from gui.canvas import metrics
from gui.canvas.finding import Findable
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.inside_item import Inside, InsideItem, beside, tall
from gui.canvas.items.node_item import NodeItem

EDGE = 4.0
"""Between a sheet that slides and the edge of what is in sight."""


class Insides:
    """One sheet a node at most: under its card, else over it, where no other node stands.

    Where neither place is free and in sight as a whole, the sheet under a card slides up over the
    picture on it, but not over its name; and so it does before it hangs over the words of a note.
    Of a node without room nothing is shown, unless it is chosen: then it lies over others.
    """

    def __init__(self, scene: Findable) -> None:
        self._scene = scene
        self._chosen: frozenset[str] = frozenset()
        self.sheets: dict[str, InsideItem] = {}

    def show(self, insides: Mapping[str, Inside], sight: QRectF, chosen: Iterable[str]) -> None:
        """Show these by node id, and no others. sight: what of the scene one sees."""
        for node_id in [key for key in self.sheets if key not in insides]:
            self._remove(node_id)
        self._chosen = frozenset(chosen)
        for node_id, inside in insides.items():
            place = self._place(node_id, tall(inside), sight)
            if place is None:
                self._remove(node_id)
                continue
            if node_id not in self.sheets:
                self.sheets[node_id] = InsideItem()
                self._scene.addItem(self.sheets[node_id])
            self.sheets[node_id].stand(place)
            self.sheets[node_id].show_inside(inside)

    def keep_in(self, sight: QRectF) -> None:
        """Something else is in sight: let the sheets stand where they are seen."""
        for node_id, sheet in self.sheets.items():
            place = self._place(node_id, sheet.boundingRect().height(), sight)
            if place is not None:
                sheet.stand(place)

    def reach(self, ids: Iterable[str]) -> QRectF:
        """The rectangle around the sheets of these nodes where they hang if all is in sight."""
        rect = QRectF()
        for node_id in ids:
            if node_id in self.sheets:
                sheet = self.sheets[node_id].sceneBoundingRect()
                places = self._places(node_id, sheet.height())
                item = self._scene.nodes[node_id]
                free = (place for place in places if self._is_free(place, node_id, item))
                rect = rect.united(next(free, sheet))
        return rect

    def forget(self) -> None:
        """The scene was cleared, and the sheets with it."""
        self.sheets = {}

    def _remove(self, node_id: str) -> None:
        if node_id in self.sheets:
            self._scene.removeItem(self.sheets.pop(node_id))

    def _place(self, node_id: str, height: float, sight: QRectF) -> QRectF | None:
        if node_id not in self._scene.nodes:
            return None
        under, *others = self._places(node_id, height)
        item = self._scene.nodes[node_id]
        name = max(item.title_rect().bottom(), item.scene_card().top() + metrics.CARD_HEIGHT)
        lowest = sight.bottom() - EDGE - height
        over = [
            QRectF(under.left(), top, under.width(), height)
            for top in (max(name, min(under.top(), lowest)), name)
            if top < under.top()
        ]
        places = [under, *others, *over]
        free = [place for place in places if self._is_free(place, node_id, item)]
        # All places have the same sides, so that only their heights matter.
        whole = [p for p in free if sight.top() <= p.top() and p.bottom() <= sight.bottom()]
        slid = [place for place in free if place in over]
        clear = [place for place in (*whole, *slid) if not self._is_over_words(place)]
        chosen = (over or places)[:1] if node_id in self._chosen else []
        return next(iter((*clear, *whole, *slid, *free, *chosen)), None)

    def _is_over_words(self, place: QRectF) -> bool:
        """Whether a note is there."""
        return any(
            isinstance(each, AnnotationItem)
            and each.annotation.kind == "note"
            and each.card().intersects(place)
            for each in self._scene.items(place)
        )

    def _places(self, node_id: str, height: float) -> list[QRectF]:
        """Under the card, and over it."""
        item = self._scene.nodes[node_id]
        # The name of a neuron stands under it.
        card = item.scene_card().united(item.title_rect())
        return [beside(card, height, below) for below in (True, False)]

    def _is_free(self, place: QRectF, node_id: str, item: NodeItem) -> bool:
        """Whether no other card and no other sheet is there."""
        cards = (
            each.scene_card()
            for each in self._scene.items(place)
            if isinstance(each, NodeItem) and each is not item
        )
        sheets = (sheet.sceneBoundingRect() for key, sheet in self.sheets.items() if key != node_id)
        return not any(place.intersects(other) for other in (*cards, *sheets))
