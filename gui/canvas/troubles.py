"""Problems on the canvas: the card of a badge, and the way from one problem to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from engine.graph.check import Problem
from engine.graph.check.fix import Fix
from gui.canvas import metrics
from gui.canvas.items.node_item import NodeItem
from gui.canvas.problem_card import ProblemCard, on_badge

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

REACH = 12.0
"""How near to the middle of a badge the pointer is on it, on screen."""


class Troubles:
    """Opens the card of a badge under the pointer, and walks along problems with the keys."""

    def __init__(self, view: CanvasView) -> None:
        self.view, self.scene = view, view.graph_scene
        self.card = ProblemCard(view.viewport())
        self.card.fix_wanted.connect(self.fix)
        self.card.left.connect(view.setFocus)
        self._at: Problem | None = None
        document = view.document
        for changed in (document.problems_changed, document.graph_replaced):
            changed.connect(self._problems_changed)

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            "network.next_problem": lambda: self.walk(1),
            "network.previous_problem": lambda: self.walk(-1),
        }

    def of(self, item: NodeItem) -> list[Problem]:
        """The problems of a node, or of all nodes in a folded group, the worst first."""
        held = self.scene.holder
        problems = self.view.document.problems
        return [p for p in problems if p.node and held(p.node) == item.key]

    # The pointer

    def badge_at(self, point: QPointF) -> NodeItem | None:
        """The node on whose badge a point of the scene is."""
        if self.view.zoom < metrics.FAR:
            return None
        reach = self.view.on_scene(REACH)
        for item in self.scene.items(point):
            if not isinstance(item, NodeItem) or not item.severity:
                continue
            if on_badge(item.pos() + item.badge_place(), point, reach):
                return item
        return None

    def follow(self, point: QPointF) -> bool:
        """Open or leave the card as the pointer moves; whether it is on a badge."""
        item = self.badge_at(point)
        if item is None:
            self.card.let_go()
            return False
        if not self.card.pinned:
            self._show(item)
        return True

    def press(self, point: QPointF) -> bool:
        """A press on a badge pins its card; whether there was one."""
        item = self.badge_at(point)
        if item is None:
            self.card.close_card()
            return False
        self._show(item, pinned=True)
        return True

    def _show(self, item: NodeItem, *, pinned: bool = False) -> None:
        self._open(item, self.of(item), pinned=pinned)

    def _open(self, item: NodeItem, problems: Sequence[Problem], *, pinned: bool) -> None:
        place = self.view.mapFromScene(item.pos() + item.badge_place())
        around = self.view.mapFromScene(item.scene_card()).boundingRect()
        title = item.name or item.own_title
        self.card.show_at(place, title, problems, pinned=pinned, around=around)

    # The keys

    def walk(self, step: int) -> None:
        """Go to the next problem, or to the one before, and open its card."""
        problems = self.view.document.problems
        if not problems:
            self.card.close_card()
            self.view.note.show_for_a_while(
                self.view.pointer_place(), self.view.tr("There are no problems."), "info"
            )
            return
        before = problems.index(self._at) if self._at in problems else (-1 if step > 0 else 0)
        self._at = problem = problems[(before + step) % len(problems)]
        if problem.node is None or problem.node not in self.view.document.graph:
            middle = QPoint(self.view.viewport().width() // 2 - 160, 24)
            self.card.show_at(middle, self.view.tr("Network"), [problem], pinned=True)
            return
        self.view.go_to(problem.node)
        self._open(self.scene.nodes[problem.node], [problem], pinned=True)

    def fix(self, fix: Fix) -> None:
        """Apply a remedy, as one edit that can be undone."""
        self.card.close_card()
        self.view.attempt(lambda: self.view.document.apply_fix(fix))

    def _problems_changed(self) -> None:
        self.card.close_card()
