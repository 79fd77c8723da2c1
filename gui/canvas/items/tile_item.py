"""The tile of a single neuron, or of an input of one feature: what it computes, as a picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QPainter, QTransform

from engine.graph.model import Node
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.stripe import stripe_path
from gui.theme import theme

LABEL_ROOM = 96


def is_tile(node: Node) -> bool:
    """Whether a node is shown as a tile: it computes or brings in a single number."""
    if node.layer.kind == "input":
        return bool(node.layer.__dict__["shape"] == (1,))
    return node.layer.category == "neuron"


class TileItem(NodeItem):
    """A square with the node's heat map; its name at the left of inputs, below neurons."""

    filled = True

    def lay_out(self) -> None:
        self._beside = not self.node.layer.input_ports
        self._label = self.name_of(self.node)
        self._inside = "" if self._beside else self.node.layer.line()
        self.prepareGeometryChange()
        self._beside_room = 0.0
        if self._beside:
            self._beside_room = min(LABEL_ROOM, text.width("name", self._label) + 20)
        self.resize_to(metrics.TILE, metrics.TILE)

    @staticmethod
    def name_of(node: Node) -> str:
        if node.name:
            return node.name
        columns = node.layer.__dict__.get("columns")
        return columns[0] if columns else ("" if node.layer.input_ports else node.title)

    @property
    def port_line(self) -> float:
        return metrics.TILE / 2

    def boundingRect(self) -> QRectF:
        below = 0 if self._beside else 12
        return super().boundingRect().adjusted(-self._beside_room, 0, 0, below)

    def title_rect(self) -> QRectF:
        return self.scene_card().adjusted(0, 0, 0, 16)

    def health_place(self) -> QPointF:
        return QPointF(self.width - 6, 6)

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        card = self.card()
        if self.preview is None:
            painter.setPen(pen(tokens.muted if self.hovered else tokens.border))
            painter.setBrush(ink(tokens.node))
            painter.drawRoundedRect(card, metrics.RADIUS, metrics.RADIUS)
            painter.fillPath(stripe_path(self.height), self.color)
        else:
            brush = QBrush(self.preview)
            # The picture stretched over the tile; a brush, so that the corners stay round.
            brush.setTransform(
                QTransform.fromScale(
                    self.width / self.preview.width(), self.height / self.preview.height()
                )
            )
            painter.setPen(pen(tokens.border))
            painter.setBrush(brush)
            painter.drawRoundedRect(card, metrics.RADIUS, metrics.RADIUS)
        if zoom >= metrics.NEAR:
            self._paint_texts(painter)

    def _paint_texts(self, painter: QPainter) -> None:
        tokens = theme.tokens
        if self._beside:
            label = text.prepared("name", self._label, LABEL_ROOM - 8)
            painter.setFont(text.font("name"))
            painter.setPen(ink(tokens.text))
            wide, tall = label.size().width(), label.size().height()
            painter.drawStaticText(QPointF(-wide - 12, (self.height - tall) / 2), label)
        elif self._label:
            self._paint_middle(painter, self._label, self.height + 4, tokens.second)
        if self.preview is None and self._inside:
            middle = (self.height - text.metrics("label").height()) / 2
            self._paint_middle(painter, self._inside, middle, tokens.second)

    def _paint_middle(self, painter: QPainter, words: str, top: float, color: str) -> None:
        label = text.prepared("label", words, metrics.TILE + 8)
        painter.setFont(text.font("label"))
        painter.setPen(ink(color))
        painter.drawStaticText(QPointF((self.width - label.size().width()) / 2, top), label)

    def paint_ports(self, painter: QPainter, zoom: float) -> None:
        # A picture speaks for itself until somebody wants to wire it.
        if self.preview is None or self.hovered or self.joinable is not None:
            super().paint_ports(painter, zoom)
