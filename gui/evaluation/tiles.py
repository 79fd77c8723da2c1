"""The metrics as tiles: the part looked at large, the other parts small under it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.evaluation.report import Report
from engine.metrics import ClassAverage, Metric
from gui.evaluation.scoring import averages
from gui.forms import spoken
from gui.theme import ui_font
from gui.widgets import Card, HintLabel, SectionLabel, TitleLabel
from gui.widgets.units import metric_text

LOSS = "loss"
"""Its key in a report."""


class MetricTile(Card):
    """One metric, or the loss where that is None."""

    def __init__(self, metric: Metric | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = metric.kind if metric else LOSS
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.label = SectionLabel("", self)
        self.value = TitleLabel("", self)
        self.value.setFont(ui_font(22, 600))
        self.others = HintLabel("", self)
        for part in (self.label, self.value, self.others):
            self.content.addWidget(part)

    def show_metric(
        self,
        metric: Metric | None,
        part: str,
        reports: Mapping[str, Report],
        names: Mapping[str, str],
    ) -> None:
        """names: of the parts that there are; those without a report are on their way."""
        self.label.setText(spoken(metric.title()) if metric else self.tr("Loss"))
        self.setToolTip(self._sentence(metric, reports[part]))
        self.value.setText(self._text(metric, reports[part]))
        self.others.setText(
            "\n".join(
                f"{name} {self._text(metric, reports[other]) if other in reports else '…'}"
                for other, name in names.items()
                if other != part
            )
        )

    def _sentence(self, metric: Metric | None, report: Report) -> str:
        """What it says, and in which way where one can choose."""
        if metric is None:
            return self.tr("What training makes small.")
        sentence = spoken(metric.summary)
        if isinstance(metric, ClassAverage):
            return f"{sentence}\n{averages(report)[metric.average]}"
        return sentence

    def _text(self, metric: Metric | None, report: Report) -> str:
        value = report.value(metric) if metric else report.metrics[LOSS]
        return self.tr("undefined") if math.isnan(value) else metric_text(self.kind, value)


class MetricTiles(QWidget):
    """A row of tiles: the loss, then the metrics."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[MetricTile] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(12)

    def show_reports(
        self,
        part: str,
        reports: Mapping[str, Report],
        names: Mapping[str, str],
        metrics: Sequence[Metric],
    ) -> None:
        """metrics: what to show of each report beside its loss."""
        shown = [None, *metrics]
        if [each.kind if each else LOSS for each in shown] != [tile.kind for tile in self.tiles]:
            for tile in self.tiles:
                tile.hide()
                tile.deleteLater()
            self.tiles = [MetricTile(metric, self) for metric in shown]
            for tile in self.tiles:
                self._line.addWidget(tile, 1)
        for tile, metric in zip(self.tiles, shown, strict=True):
            tile.show_metric(metric, part, reports, names)
