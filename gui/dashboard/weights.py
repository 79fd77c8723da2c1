"""How the weights and activations of each layer are spread, and how fast the weights move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.training.telemetry import Telemetry
from gui.dashboard.histograms import Array, Histogram, paint_histogram, sampled
from gui.dashboard.layers import LayerGroup
from gui.dashboard.live import LivePanel
from gui.dashboard.readout import EmptyState
from gui.document.document import Document
from gui.theme import mono_font, theme, ui_font
from gui.training.controller import TrainingController

translate = QCoreApplication.translate

CARD = QSize(344, 148)
GAP = 16
MOST = 64
"""Cards that are painted at most; a network of more layers is read on the canvas."""


@dataclass(frozen=True)
class Card:
    """One layer: its title, its two histograms, and the share of its weights that a step moves.

    resting: why no step moves them, in a word; empty where steps do.
    over: the run has ended, so that small steps are what a schedule ends with, and no fault.
    """

    title: str
    weights: Histogram | None
    activations: Histogram | None
    ratio: float | None
    resting: str = ""
    over: bool = False

    @property
    def health(self) -> tuple[str, str]:
        """A token and a word for the ratio of update to weight."""
        if self.ratio is None:
            return "muted", ""
        if self.ratio > 3e-2:
            return "bad", translate("Cards", "large")
        if self.ratio < 1e-5 and self.over:
            return "muted", translate("Cards", "at the end")
        if self.ratio < 1e-5:
            return "warning", translate("Cards", "small")
        return "ok", translate("Cards", "healthy")

    @property
    def update(self) -> str:
        """What a step moves, in words; empty where that is not known."""
        if self.resting or self.ratio is None:
            return self.resting
        share = f"{self.ratio:.1e}" if self.ratio else "0"
        return translate("Cards", "update {0} · {1}").format(share, self.health[1])


class Cards(QWidget):
    """A grid of cards as wide as there is room for, painted in one go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[Card, ...] = ()
        self.setToolTip(
            self.tr(
                "Update: how much of its weights a layer changes in one step. About 1e-3 is "
                "healthy; at the end of a schedule that lowers the rate it fades away."
            )
        )

    @property
    def cards(self) -> tuple[Card, ...]:
        return self._cards

    def show_cards(self, cards: tuple[Card, ...]) -> None:
        if len(cards) != len(self._cards):
            self._cards = cards
            self._fit()
        self._cards = cards
        self.update()

    def place(self, number: int) -> QRectF:
        columns = max(1, (self.width() + GAP) // (CARD.width() + GAP))
        row, column = divmod(number, columns)
        width = (self.width() - GAP * (columns - 1)) / columns
        return QRectF(
            column * (width + GAP), row * (CARD.height() + GAP), min(width, 480), CARD.height()
        )

    def seen_cards(self, count: int) -> list[int]:
        """The numbers of those of `count` cards that are on the screen."""
        seen = self.visibleRegion().boundingRect()
        return [i for i in range(count) if self.place(i).toAlignedRect().intersects(seen)]

    def _fit(self) -> None:
        last = self.place(len(self._cards) - 1) if self._cards else QRectF()
        self.setMinimumHeight(round(last.bottom()))

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, card in enumerate(self._cards):
            place = self.place(number)
            if place.toAlignedRect().intersects(event.rect()):
                self._paint_card(painter, place, card)
        painter.end()

    def _paint_card(self, painter: QPainter, place: QRectF, card: Card) -> None:
        tokens = theme.tokens
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.node))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        inner = place.adjusted(12, 8, -12, -8)
        head = QRectF(inner.x(), inner.y(), inner.width(), 18)
        middle = Qt.AlignmentFlag.AlignVCenter
        token, text = card.health[0], card.update
        painter.setFont(mono_font(11))
        painter.setPen(QColor(tokens.muted if card.resting else getattr(tokens, token)))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, text)
        room = head.width() - painter.fontMetrics().horizontalAdvance(text) - 12
        painter.setFont(ui_font(12, 600))
        painter.setPen(QColor(tokens.text))
        right = Qt.TextElideMode.ElideRight
        title = painter.fontMetrics().elidedText(card.title, right, round(room))
        painter.drawText(head, middle, title)
        half = (inner.width() - 20) / 2
        body = QRectF(inner.x(), head.bottom() + 6, half, inner.bottom() - head.bottom() - 6)
        paint_histogram(painter, body, self.tr("weights"), card.weights, tokens.series[0], tokens)
        paint_histogram(
            painter,
            body.translated(half + 20, 0),
            self.tr("activations"),
            card.activations,
            tokens.series[2],
            tokens,
        )


class WeightsPanel(LivePanel):
    """One card per layer that learns. Only the cards in sight are counted and painted."""

    def __init__(
        self, document: Document, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, controller, parent)
        self.cards = Cards()
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.cards)
        self._scroll.verticalScrollBar().valueChanged.connect(self.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 8)
        column.addWidget(self._scroll)
        self._empty = EmptyState(
            self.tr(
                "Train, and see here how the weights of each layer spread,\n"
                "what the layer puts out, and how much a step changes it."
            ),
            self,
        )
        document.weights_changed.connect(self.refresh)

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        # Before the first training, the weights it would start from.
        weights = self.controller.weights() or self.controller.values.weights()
        arrays: dict[str, list[Array]] = {}
        for (node_id, _), array in weights.items():
            arrays.setdefault(node_id, []).append(array)
        groups = self.layer_groups(arrays)[:MOST]
        before = {card.title: card for card in self.cards.cards}
        seen = set(self.cards.seen_cards(len(groups)))
        outputs = self.controller.values.on_examples()
        cards = [
            before[group.label]
            if number not in seen and group.label in before
            else self._card(group, arrays, outputs, telemetry)
            for number, group in enumerate(groups)
        ]
        self._empty.setVisible(not cards)
        self.cards.show_cards(tuple(cards))

    def _card(
        self,
        group: LayerGroup,
        arrays: Mapping[str, list[Array]],
        outputs: Mapping[str, Array],
        telemetry: Telemetry | None,
    ) -> Card:
        weights = [sampled(array) for node_id in group.nodes for array in arrays[node_id]]
        put_out = [sampled(outputs[node_id]) for node_id in group.nodes if node_id in outputs]
        latest = telemetry.latest() if telemetry else {}
        ratios = [latest[f"update/{n}"] for n in group.nodes if f"update/{n}" in latest]
        return Card(
            group.label,
            Histogram.of(np.concatenate(weights)),
            Histogram.of(np.concatenate(put_out)) if put_out else None,
            float(np.mean(ratios)) if ratios else None,
            self._resting(group),
            not self.growing,
        )

    def _resting(self, group: LayerGroup) -> str:
        """Why a layer does not learn, though others do."""
        nodes = [self.controller.graph.node(node_id) for node_id in group.nodes]
        words = {"bypassed": self.tr("bypassed"), "muted": self.tr("muted")}
        switches = {node.switch for node in nodes}
        if len(switches) == 1 and nodes[0].switch in words:
            return words[nodes[0].switch]
        return self.tr("frozen") if all(node.frozen for node in nodes) else ""

    def resizeEvent(self, event: object) -> None:
        self._empty.setGeometry(self.rect())
