"""Loss and metrics over the epochs, for training and validation, beside earlier runs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.training.history import Run
from engine.training.telemetry import Curve, Telemetry
from gui.dashboard.chart import Chart, Series
from gui.dashboard.live import LivePanel
from gui.document.document import Document
from gui.training.controller import TrainingController

EARLIER_RUNS = 3
"""Runs that are drawn grey to compare with."""


class LossPanel(LivePanel):
    """The loss at the left, with the parts that it is the sum of; the metric at the right."""

    def __init__(
        self, document: Document, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, controller, parent)
        self._earlier: dict[Run, dict[str, Curve]] = {}
        self.loss = Chart(
            self.tr("Loss"),
            self.tr(
                "Press Train (F5) and watch the loss fall here.\n"
                "Where validation rises again, the network has begun to memorise."
            ),
        )
        self.metrics = Chart(
            self.tr("Accuracy"),
            self.tr(
                "How often the network is right, on rows it learns from\n"
                "and on rows it has never seen."
            ),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 8)
        row.setSpacing(40)
        row.addWidget(self.loss)
        row.addWidget(self.metrics)

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        self.loss.show_series(self._series("loss", telemetry), self.growing)
        metric = metric_of(telemetry)
        self.metrics.header.set_title(metric.replace("_", " ").capitalize() or self.tr("Accuracy"))
        self.metrics.show_series(self._series(metric, telemetry) if metric else [], self.growing)

    def _series(self, name: str, telemetry: Telemetry | None) -> list[Series]:
        lines = []
        if telemetry is not None:
            # Validation on top: it has the fewer points, and the more to say.
            parts = (("validation", self.tr("validation"), 1), ("train", self.tr("training"), 0))
            for part, label, hue in parts:
                curve = telemetry.curves.get(f"{name}/{part}")
                if curve is not None:
                    lines.append(Series(label, *curve.points(), hue))
        lines.reverse()
        if telemetry is not None and name == "loss":
            lines += self._parts_of_loss(telemetry)
        for run in self.controller.earlier_runs(EARLIER_RUNS):
            curves = self._curves_of(run)
            curve = curves.get(f"{name}/validation") or curves.get(f"{name}/train")
            if curve is not None:
                lines.append(Series(run.name, *curve.points(), earlier=True))
        return lines

    def _parts_of_loss(self, telemetry: Telemetry) -> list[Series]:
        """The training loss of each of several objectives, or, without those, of each loss."""
        parts = {
            name.split("/")[1]: curve
            for name, curve in telemetry.curves.items()
            if name.startswith("loss/") and name.endswith("/train") and name.count("/") == 2
        }
        graph = self.document.graph
        objectives = {name: curve for name, curve in parts.items() if name not in graph}
        return [
            Series(graph.node(name).title if name in graph else name, *curve.points(), hue)
            for hue, (name, curve) in enumerate((objectives or parts).items(), start=2)
        ]

    def _curves_of(self, run: Run) -> dict[str, Curve]:
        """The curves of a run that is over, read from its checkpoint once."""
        if run not in self._earlier:
            self._earlier = {r: c for r, c in self._earlier.items() if r in self.document.runs}
            self._earlier[run] = run.curves
        return self._earlier[run]


def metric_of(telemetry: Telemetry | None) -> str:
    """The first metric that was reported beside the loss: `accuracy`, `r2`, ..."""
    names = telemetry.curves if telemetry else {}
    for name in names:
        metric, _, part = name.partition("/")
        if part in ("train", "validation") and metric != "loss":
            return metric
    return ""
