"""A network in a few strokes: a bar for each node, as on the canvas, stretched to fill a card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from gui.canvas.items.dot_item import DotItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.tile_item import TileItem
from gui.canvas.scene import GraphScene
from gui.theme import theme

WIDEST, TALLEST, NEURON = 22.0, 44.0, 11.0
STEEPEST = 2.5
"""How much more a network may be stretched across than down."""


def sketch(scene: GraphScene, room: QSize, ratio: float) -> QImage:
    """What a scene draws, in the colours in use; blank if it is empty.

    ratio: pixels of the screen for each of the room.
    """
    made = QImage(room * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    bars = _bars(scene, room)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QColor(theme.tokens.muted)
    line.setAlpha(210 if len(bars) < 100 else 90)
    painter.setPen(QPen(line, 1))
    for wire in scene.wires:
        source, target = bars[scene.holder(wire.source)], bars[scene.holder(wire.target)]
        painter.drawPath(_line(source, target, bool(wire.delay)))
    painter.setPen(Qt.PenStyle.NoPen)
    for key, bar in bars.items():
        painter.setBrush(scene.nodes[key].color)
        radius = min(3.0, bar.width() / 4)
        painter.drawRoundedRect(bar, radius, radius)
    painter.end()
    return made


def _bars(scene: GraphScene, room: QSize) -> dict[str, QRectF]:
    middles = {key: item.scene_card().center() for key, item in scene.nodes.items()}
    if not middles:
        return {}
    columns = len({round(middle.x() / 8) for middle in middles.values()})
    rows = len({round(middle.y() / 8) for middle in middles.values()})
    wide = min(WIDEST, max(1.5, 0.55 * room.width() / columns))
    tall = min(TALLEST, max(1.5, 0.6 * room.height() / rows))
    left, right = _span([m.x() for m in middles.values()])
    top, bottom = _span([m.y() for m in middles.values()])
    across = (room.width() - wide - 2) / max(1.0, right - left)
    down = (room.height() - tall - 2) / max(1.0, bottom - top)
    across, down = min(across, STEEPEST * down), min(down, STEEPEST * across)
    center = QPointF((left + right) / 2, (top + bottom) / 2)
    bars = {}
    for key, middle in middles.items():
        width, height = _size(scene.nodes[key], wide, tall)
        x = room.width() / 2 + (middle.x() - center.x()) * across
        y = room.height() / 2 + (middle.y() - center.y()) * down
        bars[key] = QRectF(x - width / 2, y - height / 2, width, height)
    return bars


def _span(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def _size(item: NodeItem, wide: float, tall: float) -> tuple[float, float]:
    """A neuron is square, a point small, a layer a bar."""
    if isinstance(item, DotItem):
        return 3.0, 3.0
    side = min(NEURON, wide, tall)
    return (side, side) if isinstance(item, TileItem) else (min(wide, 14.0), tall)


def _line(source: QRectF, target: QRectF, back: bool) -> QPainterPath:
    start = QPointF(source.right(), source.center().y())
    end = QPointF(target.left(), target.center().y())
    path = QPainterPath(start)
    if back:
        low = max(source.bottom(), target.bottom()) + 14
        path.cubicTo(QPointF(start.x() + 16, low), QPointF(end.x() - 16, low), end)
    else:
        reach = (end.x() - start.x()) / 2
        path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
    return path
