"""A wire on the canvas: a thin curve in the colour of the kind of value it carries, or the
weight that it carries as width and colour."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine import shapes
from engine.graph.model import Wire
from engine.shapes import Shape
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.wire_path import STEPS, crossing, distance, return_path, wire_path
from gui.canvas.metrics import FAR
from gui.canvas.values import value_color, value_kind, value_word
from gui.theme import theme

WIDEST = 6.0
LABEL, ROOM = 40.0, 10.0
"""Half the width of a label on the wire; half its height, and the line's own width."""

FADED = 150
"""Alpha of wires seen from afar."""

FAINTEST = 90
"""Alpha of a wire whose weight is zero."""


class WireItem(QGraphicsItem):
    """A wire. It shows what it is told: hovered, ringed (selected), doomed, value, weight.

    One that closes a loop comes back beneath its nodes and says that it takes a step.

    fine: whether it stays as thin on screen however near one looks.
    """

    fine = True

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire
        self.hovered = False
        self.ringed = False
        self.doomed = False
        self.lit = False
        self.from_afar = False
        self.kind = ""
        self.value_shape: Shape | None = None
        self.weight: float | None = None
        self.share = 0.0
        self.numbered = False
        self.path = wire_path(QPointF(), QPointF())
        self._bounds = QRectF()
        self._points: list[QPointF] = []

    # What it shows

    def run(self, start: QPointF, end: QPointF) -> None:
        """Lead from one place to another."""
        self.prepareGeometryChange()
        self.path = (return_path if self.wire.delay else wire_path)(start, end)
        self._bounds = self.path.controlPointRect().adjusted(-LABEL, -ROOM, LABEL, ROOM)
        self._points = []

    def set_hovered(self, hovered: bool) -> None:
        if hovered != self.hovered:
            self.hovered = hovered
            self._raise_or_lower()

    def set_ringed(self, ringed: bool) -> None:
        if ringed != self.ringed:
            self.ringed = ringed
            self._raise_or_lower()

    def set_doomed(self, doomed: bool) -> None:
        """Whether a stroke has crossed it that will cut it."""
        if doomed != self.doomed:
            self.doomed = doomed
            self._raise_or_lower()

    def _raise_or_lower(self) -> None:
        self.lit = self.hovered or self.ringed or self.doomed
        self.setZValue(0.5 if self.lit else 0)
        self._show_or_rest()
        self.update()

    def set_from_afar(self, from_afar: bool) -> None:
        """Whether one looks from so far that the scene paints all plain wires in one go."""
        if from_afar != self.from_afar:
            self.from_afar = from_afar
            self._show_or_rest()

    def _show_or_rest(self) -> None:
        # Asking thousands of wires to paint nothing takes a third of a frame.
        rests = self.from_afar and not self.lit and self.weight is None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, rests)
        if rests and self.scene() is not None:
            self.scene().update(self.sceneBoundingRect())

    def set_value(self, shape: Shape | None) -> None:
        """The shape of what it carries; None where that is unknown."""
        if shape != self.value_shape:
            self.value_shape, self.kind = shape, value_kind(shape)
            self.update()

    @property
    def words(self) -> str:
        """What it carries, as it is written beside it: `1×8×8 · image`."""
        if self.value_shape is None:
            return ""
        word = value_word(self.kind)
        return word if self.kind == "scalar" else f"{shapes.text(self.value_shape)} · {word}"

    def set_weight(self, weight: float | None, limit: float, numbered: bool) -> None:
        """The weight carried; `limit` is the size that is painted widest."""
        share = 0.0 if weight is None or limit <= 0 else max(-1.0, min(1.0, weight / limit))
        if (weight, share, numbered) != (self.weight, self.share, self.numbered):
            self.weight, self.share, self.numbered = weight, share, numbered
            self._show_or_rest()
            self.update()

    # Where it is

    def point_at(self, share: float) -> QPointF:
        """A point on the wire: 0 at the source, 1 at the target."""
        return self.path.pointAtPercent(share)

    @property
    def is_plain(self) -> bool:
        """Whether it is seen, and as a thin line: it carries no weight."""
        return self.weight is None and self.isVisible()

    def distance_to(self, point: QPointF) -> float:
        return distance(self._pieces(), point)

    def crossing(self, line: QLineF) -> QPointF | None:
        """Where a straight line crosses it."""
        return crossing(self._pieces(), line)

    def _pieces(self) -> list[QPointF]:
        if not self._points:
            self._points = [self.path.pointAtPercent(i / STEPS) for i in range(STEPS + 1)]
        return self._points

    def boundingRect(self) -> QRectF:
        return self._bounds

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        if zoom < FAR and not self.lit and self.weight is None:
            return  # the scene draws all of these in one go, by its `path`
        tokens = theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen(zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)
        if zoom < (metrics.LABELS if self.lit or self.wire.delay else metrics.NEAR):
            return
        if self.weight is not None and (self.lit or self.numbered or zoom >= metrics.NUMBERS):
            self._paint_pill(painter, 0.3, f"{self.weight:.2f}", tokens.text)
        elif self.weight is None and self.lit and not self.doomed and self.value_shape is not None:
            self._paint_pill(painter, self._words_at, self.words, tokens.second)
        if self.wire.delay:
            step = QCoreApplication.translate("Canvas", "1 step")
            self._paint_pill(painter, 0.5, step, tokens.text)

    @property
    def _words_at(self) -> float:
        """Where on the wire its words stand; the delay has the middle."""
        return 0.7 if self.wire.delay else 0.5

    def paint_words(self, painter: QPainter) -> None:
        """What it carries, over the cards that it joins; nothing where its weight stands."""
        near = painter.worldTransform().m11() >= metrics.NEAR
        if near and self.lit and self.weight is None and self.value_shape is not None:
            color = theme.tokens.second
            self._paint_pill(painter, self._words_at, self.words, color)

    def _pen(self, zoom: float) -> QPen:
        tokens = theme.tokens
        if self.doomed:
            return pen(tokens.bad, 2, cosmetic=True)
        if self.weight is None:
            if self.ringed:
                return pen(tokens.accent, 2, cosmetic=True)
            if self.hovered:
                return pen(tokens.second, 2, cosmetic=True)
            # Lines on screen stay as wide as they are while cards shrink: they fade instead.
            alpha = 255 if zoom >= metrics.NEAR else FADED
            return pen(value_color(self.kind), cosmetic=self.fine, alpha=alpha)
        made = QPen(self._color(), self._width())
        made.setCosmetic(zoom < FAR)
        return made

    def _color(self) -> QColor:
        tokens = theme.tokens
        if self.ringed:
            return QColor(tokens.accent)
        color = QColor(tokens.positive if self.share > 0 else tokens.negative)
        color.setAlpha(
            255 if self.hovered else round(FAINTEST + (255 - FAINTEST) * abs(self.share))
        )
        return color

    def _width(self) -> float:
        return 1.0 + (WIDEST - 1.0) * abs(self.share) + (1.0 if self.hovered else 0.0)

    def _paint_pill(self, painter: QPainter, share: float, words: str, color: str) -> None:
        tokens = theme.tokens
        label = text.prepared("value", words)
        wide, tall = label.size().width(), label.size().height()
        growth = text.growth("value", painter.worldTransform().m11())
        pill = QRectF(-wide / 2 - 5, -tall / 2 - 1, wide + 10, tall + 2)
        painter.save()
        painter.translate(self.point_at(share))
        painter.scale(growth, growth)
        painter.setPen(pen(tokens.border))
        painter.setBrush(ink(tokens.canvas))
        painter.drawRoundedRect(pill, 5, 5)
        painter.setFont(text.font("value"))
        painter.setPen(ink(color))
        painter.drawStaticText(QPointF(pill.x() + 5, pill.y() + 1), label)
        painter.restore()
