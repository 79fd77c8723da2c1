"""The norm of the gradient in each layer: whether the error reaches the first one."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.training.telemetry import Telemetry
from gui.dashboard.chart import Chart, Series
from gui.dashboard.decimate import Array
from gui.dashboard.live import LivePanel
from gui.document.document import Document
from gui.training.controller import TrainingController


class GradientsPanel(LivePanel):
    """Gradient norms at the left, update-to-weight ratios at the right, both logarithmic."""

    def __init__(
        self, document: Document, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, controller, parent)
        self.norms = Chart(
            self.tr("Gradient norm per layer"),
            self.tr(
                "How strongly each layer is told to change.\n"
                "Lines that fall apart by powers of ten: the error fades on its way back."
            ),
            logarithmic=True,
        )
        self.updates = Chart(
            self.tr("Update to weight ratio"),
            self.tr(
                "How much of its weights a layer changes in one step.\n"
                "About 1e-3 is healthy; far above, lower the rate; far below, raise it."
            ),
            logarithmic=True,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 8)
        row.setSpacing(40)
        row.addWidget(self.norms)
        row.addWidget(self.updates)

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        self.norms.show_series(self._series("gradient", telemetry), self.growing)
        self.updates.show_series(self._series("update", telemetry), self.growing)

    def _series(self, kind: str, telemetry: Telemetry | None) -> list[Series]:
        if telemetry is None:
            return []
        prefix = f"{kind}/"
        found = {
            name.removeprefix(prefix): curve.points()
            for name, curve in telemetry.curves.items()
            if name.startswith(prefix)
        }
        groups = self.layer_groups(found)
        # The layer nearest to the loss first, as the error travels.
        return [
            Series(group.label, *together([found[node_id] for node_id in group.nodes], kind), hue)
            for hue, group in enumerate(reversed(groups))
        ]


def together(points: list[tuple[Array, Array]], kind: str) -> tuple[Array, Array]:
    """One curve for several nodes: the norm of all their gradients, or the mean ratio."""
    if len(points) == 1:
        return points[0]
    # The trainer may just have added a point to some of them.
    count = min(len(x) for x, _ in points)
    values = np.stack([y[:count] for _, y in points])
    y = np.sqrt((values**2).sum(axis=0)) if kind == "gradient" else values.mean(axis=0)
    return points[0][0][:count], y
