"""The metrics as tiles: the part looked at large, the other parts small under it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.evaluation.report import Report
from engine.metrics import METRICS
from gui.forms import spoken
from gui.theme import ui_font
from gui.widgets import Card, HintLabel, SectionLabel, TitleLabel
from gui.widgets.units import metric_text


class MetricTile(Card):
    """One metric."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        known = METRICS.get(kind)() if kind in METRICS else None
        self.label = SectionLabel(spoken(known.title()) if known else self.tr("Loss"), self)
        self.setToolTip(spoken(known.summary) if known else self.tr("What training makes small."))
        self.value = TitleLabel("", self)
        self.value.setFont(ui_font(22, 600))
        self.others = HintLabel("", self)
        for part in (self.label, self.value, self.others):
            self.content.addWidget(part)

    def show_metric(
        self, part: str, reports: Mapping[str, Report], names: Mapping[str, str]
    ) -> None:
        """names: of the parts that there are; those without a report are on their way."""
        self.value.setText(self._text(reports[part]))
        self.others.setText(
            "\n".join(
                f"{name} {self._text(reports[other]) if other in reports else '…'}"
                for other, name in names.items()
                if other != part
            )
        )

    def _text(self, report: Report) -> str:
        value = report.metrics[self.kind]
        return self.tr("undefined") if math.isnan(value) else metric_text(self.kind, value)


class MetricTiles(QWidget):
    """A row of tiles, one per metric of the reports."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[MetricTile] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(12)

    def show_reports(
        self, part: str, reports: Mapping[str, Report], names: Mapping[str, str]
    ) -> None:
        kinds = list(reports[part].metrics)
        if kinds != [tile.kind for tile in self.tiles]:
            for tile in self.tiles:
                tile.hide()
                tile.deleteLater()
            self.tiles = [MetricTile(kind, self) for kind in kinds]
            for tile in self.tiles:
                self._line.addWidget(tile, 1)
        for tile in self.tiles:
            tile.show_metric(part, reports, names)
