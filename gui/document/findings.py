"""What is known about a graph while it is edited: shapes and problems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.graph.check import Problem, check
from engine.graph.drawing import AnnotationChanged, GroupChanged
from engine.graph.events import NodeChanged, NodesMoved
from engine.graph.infer import Inference, infer, infer_changed
from engine.graph.model import Graph
from engine.graph.summary import Summary, summarise
from engine.training.idle import idle_settings
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from engine.data.dataset import DataSignature


class Findings:
    """The shapes and problems of one graph, worked out again only after a change.

    The document asks once per edit, so that an edit of many steps costs no more
    than a small one.
    """

    def __init__(self, graph: Graph, signature: DataSignature | None = None) -> None:
        self.graph = graph
        self.signature = signature
        self.data_chosen = signature is not None
        self.smallest_batch: int | None = None
        self.training = TrainingSettings()
        self.problems: list[Problem] = []
        self.changed = True
        self._inference: Inference = {}
        self._inferred = False
        self._rewired = True
        self._reset: set[str] = set()
        self._checked = False
        self._announced: Inference = {}
        self._summary: tuple[Inference, Summary] | None = None
        for mutation in (
            graph.node_added,
            graph.node_removed,
            graph.node_changed,
            graph.nodes_moved,
            graph.wire_added,
            graph.wire_removed,
            graph.drawing.group_changed,
            graph.drawing.annotation_changed,
        ):
            mutation.connect(self._note)

    def _note(self, event: object) -> None:
        self.changed = True
        if isinstance(event, NodesMoved | GroupChanged | AnnotationChanged) or _drawn_anew(event):
            return
        self._inferred = self._checked = False
        # Other settings leave the order of the nodes, and most of them, as they are.
        if isinstance(event, NodeChanged) and _same_ports(event):
            self._reset.add(event.after.id)
        else:
            self._rewired = True

    @property
    def inference(self) -> Inference:
        """The shapes as of now, also in the middle of an edit of many steps."""
        if not self._inferred:
            if self._rewired:
                self._inference = infer(self.graph, self._inference)
            else:
                self._inference = infer_changed(self.graph, self._inference, self._reset)
            self._inferred, self._rewired = True, False
            self._reset.clear()
        return self._inference

    @property
    def summary(self) -> Summary:
        """The size of the network as of now; worked out when it is first asked for."""
        inference = self.inference
        if self._summary is None or self._summary[0] is not inference:
            self._summary = inference, summarise(self.graph, inference)
        return self._summary[1]

    def set_data(self, signature: DataSignature | None, is_chosen: bool) -> None:
        """What is known of the data set, and whether one is chosen, loaded or not."""
        self.signature = signature
        self.data_chosen = is_chosen
        self._checked = False

    def set_training(self, smallest: int | None, training: TrainingSettings) -> None:
        """How it is trained, and the fewest examples that go through at a time, if known."""
        if (smallest, training) != (self.smallest_batch, self.training):
            self.smallest_batch, self.training = smallest, training
            self._checked = False

    def refresh(self) -> tuple[set[str], bool]:
        """Bring all up to date: the nodes of which something else is known, and whether
        there are other problems than at the last call."""
        self.changed = False
        now, before = self.inference, self._announced
        nodes: set[str] = set()
        if now is not before:
            nodes = {node_id for node_id, found in now.items() if before.get(node_id) is not found}
        self._announced = now
        if self._checked:
            return nodes, False
        self._checked = True
        problems, self.problems = (
            self.problems,
            self._check(now),
        )
        return nodes, problems != self.problems

    def _check(self, now: Inference) -> list[Problem]:
        training = self.training
        found = check(
            self.graph,
            now,
            self.signature,
            self.data_chosen,
            self.smallest_batch,
            training.shuffle,
            training.objectives,
            training.update == "example",
        )
        return [*found, *idle_settings(training)]


def _drawn_anew(event: object) -> bool:
    """Whether a node is only drawn in another group."""
    if not isinstance(event, NodeChanged):
        return False
    before, after = event.before, event.after
    return before.group != after.group and replace(before, group=after.group) == after


def _same_ports(event: NodeChanged) -> bool:
    before, after = event.before.layer, event.after.layer
    return (before.input_ports, before.output_ports) == (after.input_ports, after.output_ports)
