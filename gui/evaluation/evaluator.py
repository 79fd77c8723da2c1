"""Evaluates the weights that there are now, in a thread beside the window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication, QObject

from engine.data.dataset import Dataset
from engine.evaluation.answers import answers
from engine.evaluation.codes import CodeMap, code_map
from engine.evaluation.drawn import Drawn, drawn
from engine.evaluation.report import Report, report
from engine.evaluation.restored import Restored, restored
from engine.evaluation.writing import Writer, writes
from engine.graph.model import Graph
from engine.metrics import TopAccuracy
from engine.plan.judged import judged
from engine.plan.parameters import Weights
from engine.workspace import Array
from gui.evaluation.scoring import LEAST_CLASSES
from gui.training.latest import Latest
from gui.training.latest import Report as Progress
from gui.widgets.decision_plane import CELLS
from gui.widgets.plane import Plane

PARTS = ("test", "validation", "train")

Reports = dict[str, Report]
"""One for each part of the data that has examples."""


@dataclass(frozen=True)
class Judgement:
    """drawn: what the network makes from noise; None of one that makes nothing.

    restored: by part, what it makes of examples disturbed as in training, if it learns to clean.
    codes: the map of an autoencoder. writer: of a network that foretells the next token.
    over_plane: what it answers all over the plane of two features, (K, CELLS, CELLS).
    """

    reports: Reports = field(default_factory=dict)
    drawn: Drawn | None = None
    restored: dict[str, Restored] = field(default_factory=dict)
    codes: CodeMap | None = None
    writer: Writer | None = None
    over_plane: Array | None = None


class Evaluator(Latest):
    """Judges a network on all parts of a data set. What it has finished is a `Judgement`.

    So is what it has so far, after each part.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        fault = QCoreApplication.translate(
            "Evaluator",
            "The evaluation stopped because of a fault in the program ({}). Please report this.",
        )
        super().__init__(fault, parent)

    def evaluate(self, graph: Graph, weights: Weights, dataset: Dataset) -> None:
        """Begin; copies are taken at once, so that training may go on."""
        graph = graph.copy()
        weights = {key: array.copy() for key, array in weights.items()}
        self.start(lambda progress: evaluated(graph, weights, dataset, progress))


def evaluated(graph: Graph, weights: Weights, dataset: Dataset, progress: Progress) -> Judgement:
    """A report on each part that has examples, and what is made. Raises GlassboxError."""
    made = drawn(graph, weights, dataset)
    found = Judgement(drawn=made)
    if made is not None and judged(graph) is None:
        return found  # it makes examples and predicts nothing
    present = [part for part in PARTS if len(dataset.part(part))]
    for part in present:
        own = _counted(report(graph, weights, dataset, part))
        found = replace(found, reports={**found.reports, part: own})
        rows = dataset.part(part)
        if part == present[0]:
            found = replace(
                found,
                codes=code_map(graph, weights, dataset, rows),
                writer=Writer(graph, weights, dataset) if writes(dataset) else None,
                over_plane=_over_plane(graph, weights, dataset),
            )
        cleaned = restored(graph, weights, dataset, rows)
        if cleaned is not None:
            found = replace(found, restored={**found.restored, part: cleaned})
        progress(len(found.reports) / len(present), found)
    return found


def _counted(found: Report) -> Report:
    """The same with its counts made here, so that the window need not wait for them."""
    if found.classes:
        found.scores()
        if len(found.prediction) >= LEAST_CLASSES:
            found.value(TopAccuracy())
    return found


def _over_plane(graph: Graph, weights: Weights, dataset: Dataset) -> Array | None:
    plane = Plane.of(dataset)
    values = answers(graph, weights, dataset, plane.grid(CELLS)) if plane else None
    # (K, CELLS * CELLS) -> (K, CELLS, CELLS)
    return values.reshape(-1, CELLS, CELLS) if values is not None and values.ndim == 2 else None
