"""Frames around parts of the drawing, and sticky notes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.drawing import Annotation
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.theme import drawing_font, theme

HEADER = 28.0
"""Height of a frame's title, by which it is held."""

HANDLE = 14.0
"""Size of the corner by which it is made larger."""

PADDING = 10.0
RADIUS = 8.0
LEAST = {"frame": (96.0, 64.0), "note": (80.0, 48.0)}
"""The smallest size of each kind."""

WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
"""How the words of a note stand in it."""

COLORS = ("", "blue", "green", "amber", "red", "violet")
"""The colours that a user may choose; the first is the quiet one."""


def tone(color: str) -> str:
    """The value of a colour by its name; the quiet one for a name that is not known."""
    tokens = theme.tokens
    return {
        "blue": tokens.accent,
        "green": tokens.ok,
        "amber": tokens.warning,
        "red": tokens.bad,
        "violet": tokens.series[3],
    }.get(color, tokens.muted)


class AnnotationItem(QGraphicsItem):
    """A frame lies beneath wires and nodes and is held by its title; a note anywhere.

    handled: whether the corner is painted by which it is made larger.
    """

    handled = True

    def __init__(self, annotation: Annotation) -> None:
        super().__init__()
        self.annotation = annotation
        self.ringed = False
        self._size = annotation.size
        self._bounds = QRectF()
        self._grown: tuple[object, float] = (None, 1.0)
        self.show_annotation(annotation)

    def show_annotation(self, annotation: Annotation) -> None:
        self.annotation = annotation
        # In an open group it lies on the box of that, which lies on the frames around it.
        depth = -3.0 if not annotation.group else -0.5
        self.setZValue(depth if annotation.kind == "frame" else depth + 0.1)
        self.show_at(annotation.position, annotation.size)

    def show_at(self, position: tuple[float, float], size: tuple[float, float]) -> None:
        """Show it elsewhere or larger, until the document is told."""
        self.prepareGeometryChange()
        self._size = size
        self._bounds = QRectF(0, 0, *size).adjusted(-3, -3, 3, 3)
        self.setPos(*position)
        self.update()

    def set_ringed(self, ringed: bool) -> None:
        if ringed != self.ringed:
            self.ringed = ringed
            self.update()

    # Where it is

    def boundingRect(self) -> QRectF:
        return self._bounds

    @property
    def size(self) -> tuple[float, float]:
        return self._size

    def card(self) -> QRectF:
        """Where it is drawn, in the scene."""
        return QRectF(self.pos(), self.pos() + QPointF(*self._size))

    def is_taken_by(self, rect: QRectF) -> bool:
        """Whether a rubber band selects it: one around a frame, one that touches a note."""
        card = self.card()
        return rect.contains(card) if self.annotation.kind == "frame" else rect.intersects(card)

    def grip(self) -> QRectF:
        """Where it is taken hold of, in the scene: a frame's title, all of a note."""
        card = self.card()
        if self.annotation.kind == "frame":
            card.setHeight(HEADER)
        return card

    def handle(self) -> QRectF:
        """The corner by which it is made larger, in the scene."""
        corner = self.card().bottomRight()
        return QRectF(corner - QPointF(HANDLE, HANDLE), corner)

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(0.5, 0.5, self._size[0] - 1, self._size[1] - 1)
        color = tone(self.annotation.color)
        painter.setPen(self._edge(color))
        if self.annotation.kind == "frame":
            painter.setBrush(ink(color, 16))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
            self._paint_title(painter, rect, color, detail)
        else:
            painter.setBrush(ink(theme.tokens.surface))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(color, 40))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
            self._paint_words(painter, rect, detail)
        if self.handled and detail >= metrics.NEAR:
            self._paint_handle(painter)
        # The view keeps no painter state from item to item.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _edge(self, color: str) -> QPen:
        if self.ringed:
            return pen(theme.tokens.accent, 2)
        return pen(color, 1, alpha=110)

    def _paint_title(self, painter: QPainter, rect: QRectF, color: str, detail: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(color, 40))
        painter.setClipRect(QRectF(rect.left(), rect.top(), rect.width(), HEADER))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        painter.setClipping(False)
        if detail < metrics.FAR:
            return
        growth = text.growth("name", detail)
        room = (rect.width() - 2 * PADDING) / growth
        title = text.prepared("name", self.annotation.text, int(room))
        painter.setFont(text.font("name"))
        painter.setPen(ink(theme.tokens.text))
        painter.save()
        painter.translate(rect.left() + PADDING, rect.top() + HEADER / 2)
        painter.scale(growth, growth)
        painter.drawStaticText(QPointF(0, -title.size().height() / 2), title)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRectF, detail: float) -> None:
        if detail < metrics.FAR:
            return
        painter.setFont(drawing_font(13))
        painter.setPen(ink(theme.tokens.text))
        place = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        growth = self._growth(painter, place, text.growth("name", detail))
        painter.save()
        painter.translate(place.topLeft())
        painter.scale(growth, growth)
        room = QRectF(0, 0, place.width() / growth, place.height() / growth)
        painter.drawText(room, WRAPPED, self.annotation.text)
        painter.restore()

    def _growth(self, painter: QPainter, place: QRectF, wanted: float) -> float:
        """How much larger than life the words of a note are from afar: as far as they fit."""
        key = (wanted, place.width(), place.height(), self.annotation.text)
        if key != self._grown[0]:
            growth = wanted
            while growth > 1.0:
                room = QRectF(0, 0, place.width() / growth, place.height() / growth)
                needed = painter.boundingRect(room, WRAPPED, self.annotation.text)
                if needed.height() <= room.height():
                    break
                growth = max(1.0, growth - 0.1)
            self._grown = (key, growth)
        return self._grown[1]

    def _paint_handle(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.tokens.muted, 140))
        right, bottom = self._size[0] - 4, self._size[1] - 4
        corner = [QPointF(right, bottom - 7), QPointF(right, bottom), QPointF(right - 7, bottom)]
        painter.drawPolygon(QPolygonF(corner))
