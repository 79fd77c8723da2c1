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
            self._beside_room = min(LABEL_ROOM, 1.4 * text.width("name", self._label) + 20)
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
        below = 0 if self._beside else 20
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
        if zoom >= metrics.LABELS:
            self._paint_texts(painter, zoom)

    def _paint_texts(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        if self._beside:
            growth = text.growth("name", zoom)
            label = text.prepared("name", self._label, int((LABEL_ROOM - 8) / growth))
            painter.setFont(text.font("name"))
            painter.setPen(ink(tokens.text))
            size = label.size() * growth
            painter.save()
            painter.translate(-size.width() - 12, (self.height - size.height()) / 2)
            painter.scale(growth, growth)
            painter.drawStaticText(QPointF(), label)
            painter.restore()
        elif self._label:
            self._paint_middle(painter, self._label, self.height + 4, tokens.second, zoom)
        if self.preview is None and self._inside:
            growth = text.growth("label", zoom)
            middle = (self.height - growth * text.metrics("label").height()) / 2
            self._paint_middle(painter, self._inside, middle, tokens.second, zoom)

    def _paint_middle(
        self, painter: QPainter, words: str, top: float, color: str, zoom: float
    ) -> None:
        growth = text.growth("label", zoom)
        label = text.prepared("label", words, int((metrics.TILE + 8) / growth))
        painter.setFont(text.font("label"))
        painter.setPen(ink(color))
        painter.save()
        painter.translate((self.width - growth * label.size().width()) / 2, top)
        painter.scale(growth, growth)
        painter.drawStaticText(QPointF(), label)
        painter.restore()

    def paint_ports(self, painter: QPainter, zoom: float) -> None:
        # A picture speaks for itself until somebody wants to wire it.
        if self.preview is None or self.hovered or self.joinable is not None:
            super().paint_ports(painter, zoom)
