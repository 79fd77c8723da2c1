"""Loss and metrics over the epochs, for training and validation, beside earlier runs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.evaluation.generate import generates
from engine.metrics import METRICS
from engine.training.history import Run
from engine.training.telemetry import Curve, Telemetry
from gui.dashboard.chart import Chart, Series
from gui.dashboard.live import LivePanel
from gui.dashboard.made import MadePanel
from gui.document.document import Document
from gui.forms import spoken
from gui.training.controller import TrainingController

EARLIER_RUNS = 3
"""Runs that are drawn grey to compare with."""


class LossPanel(LivePanel):
    """The loss at the left, with the parts that it is the sum of; a metric at the right.

    Of a network that makes examples and predicts nothing, what it makes stands there.
    """

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
        self.metrics.header.chosen.connect(self.choose_metric)
        for chart in (self.loss, self.metrics):
            chart.header.arranged.connect(self._level)
        self.made = MadePanel(controller)
        self.made.hide()
        self._metric = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 8)
        row.setSpacing(40)
        row.addWidget(self.loss, 1)
        row.addWidget(self.metrics, 1)
        row.addWidget(self.made, 1)

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        self.loss.show_series(self._series("loss", telemetry), self.growing)
        offered = {kind: _label(kind) for kind in metrics_of(telemetry)}
        makes = not offered and telemetry is not None and generates(self.controller.graph)
        self.metrics.setVisible(not makes)
        self.made.setVisible(makes)
        if makes:
            self.made.look(self.growing)
            return
        metric = self._metric if self._metric in offered else next(iter(offered), "")
        self.metrics.header.set_title(offered.get(metric, self.tr("Accuracy")))
        self.metrics.header.offer(offered)
        self.metrics.show_series(self._series(metric, telemetry) if metric else [], self.growing)

    def _level(self) -> None:
        """Let both plots begin at one height."""
        headers = self.loss.header, self.metrics.header
        rows = max(header.legend.rows for header in headers)
        for header in headers:
            header.keep_rows(rows)

    def choose_metric(self, kind: str) -> None:
        """Draw another of the metrics that are measured."""
        self._metric = kind
        self.metrics.show_all()
        self.refresh()

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
            losses, oppose = self._parts_of_loss(telemetry)
            # The sum over objectives that work against each other says the least of all.
            lines = losses + lines if oppose else lines + losses
        for run in self.controller.earlier_runs(EARLIER_RUNS):
            curves = self._curves_of(run)
            curve = curves.get(f"{name}/validation") or curves.get(f"{name}/train")
            if curve is not None:
                lines.append(Series(run.name, *curve.points(), earlier=True))
        return lines

    def _parts_of_loss(self, telemetry: Telemetry) -> tuple[list[Series], bool]:
        """The training loss of each of several objectives, or, without those, of each loss.

        And whether it is objectives that they are of.
        """
        parts = {
            name.split("/")[1]: curve
            for name, curve in telemetry.curves.items()
            if name.startswith("loss/") and name.endswith("/train") and name.count("/") == 2
        }
        graph = self.document.graph
        objectives = {name: curve for name, curve in parts.items() if name not in graph}
        lines = [
            Series(graph.node(name).title if name in graph else name, *curve.points(), hue)
            for hue, (name, curve) in enumerate((objectives or parts).items(), start=2)
        ]
        return lines, bool(objectives)

    def _curves_of(self, run: Run) -> dict[str, Curve]:
        """The curves of a run that is over, read from its checkpoint once."""
        if run not in self._earlier:
            self._earlier = {r: c for r, c in self._earlier.items() if r in self.document.runs}
            self._earlier[run] = run.curves
        return self._earlier[run]


def metrics_of(telemetry: Telemetry | None) -> list[str]:
    """The metrics that were reported beside the loss: `accuracy`, `mae`, ..."""
    names = (name.split("/") for name in (telemetry.curves if telemetry else ()))
    found = (name[0] for name in names if name[-1] in ("train", "validation"))
    return list(dict.fromkeys(kind for kind in found if kind != "loss"))


def _label(kind: str) -> str:
    return spoken(METRICS.get(kind)().title()) if kind in METRICS else kind
