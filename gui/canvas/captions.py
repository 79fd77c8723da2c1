"""Captions over columns of neurons: how many there are, and what they compute.

Worked out from where the nodes stand; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter

from engine.graph.model import Graph, Node
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink
from gui.canvas.items.tile_item import is_tile
from gui.theme import theme

ASIDE = 8.0
"""Tiles are of one column if their left edges are no further apart."""

RISE = 56.0
"""How far above the highest tile the captions begin."""

ROOM = 40.0
"""How much of that the two lines take."""

FARTHEST = 0.4
"""Below this zoom columns stand too close for captions."""

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Caption:
    """Two lines, centred on `middle`, from `top` down."""

    title: str
    line: str
    middle: float
    top: float

    def rect(self) -> QRectF:
        wide = max(text.width("caption", self.title), text.width("line", self.line))
        return QRectF(self.middle - wide / 2, self.top, wide, ROOM)


def captions(graph: Graph, drawn: Iterable[str] | None = None) -> list[Caption]:
    """One for each column of tiles, all on one height; none if no neurons stand in columns.

    drawn: ids of what is seen, also of groups; all nodes unless they are given.
    """
    ids = [node.id for node in graph.nodes] if drawn is None else [i for i in drawn if i in graph]
    columns = _columns(node for node in map(graph.node, ids) if is_tile(node))
    if not any(len(column) > 1 and column[0].layer.input_ports for column in columns):
        return []
    top = min(node.position[1] for column in columns for node in column) - RISE
    middles = [column[0].position[0] + metrics.TILE / 2 for column in columns]
    return [
        Caption(*_words(graph, column), middle, top)
        for column, middle in zip(columns, middles, strict=True)
    ]


def paint_captions(painter: QPainter, found: Iterable[Caption]) -> None:
    """Paint them in the scene, as large on screen from afar: they need not fit into a card."""
    zoom = painter.worldTransform().m11()
    if zoom < FARTHEST:
        return
    tokens = theme.tokens
    for caption in found:
        painter.save()
        painter.translate(caption.middle, caption.top + ROOM)
        if zoom < 1:
            painter.scale(1 / zoom, 1 / zoom)
        rows = (
            ("caption", caption.title, 0, tokens.second),
            ("line", caption.line, 19, tokens.muted),
        )
        for style, words, below, color in rows:
            label = text.prepared(style, words)
            painter.setFont(text.font(style))
            painter.setPen(ink(color))
            left = -label.size().width() / 2
            painter.drawStaticText(QPointF(left, below - ROOM), label)
        painter.restore()


def _columns(tiles: Iterable[Node]) -> list[list[Node]]:
    """Inputs and neurons that stand above one another, from left to right."""
    columns: list[list[Node]] = []
    for node in sorted(tiles, key=lambda n: n.position[0]):
        first = columns[-1][0] if columns else None
        if (
            first is not None
            and node.position[0] - first.position[0] <= ASIDE
            and bool(first.layer.input_ports) == bool(node.layer.input_ports)
        ):
            columns[-1].append(node)
        else:
            columns.append([node])
    return columns


def _words(graph: Graph, column: list[Node]) -> tuple[str, str]:
    layers, count = [node.layer for node in column], len(column)
    if not layers[0].input_ports:
        title = translate("Captions", "Input") if count == 1 else translate("Captions", "Inputs")
        features = translate("Captions", "1 feature"), translate("Captions", "{} features")
        return title, features[count > 1].format(count)
    lines = dict.fromkeys(layer.line() for layer in layers)
    line = next(iter(lines)) if len(lines) == 1 else translate("Captions", "mixed")
    if all(_answers(graph, node.id) for node in column):
        title = translate("Captions", "Output") if count == 1 else translate("Captions", "Outputs")
        return title, line
    neurons = translate("Captions", "1 neuron"), translate("Captions", "{} neurons")
    return neurons[count > 1].format(count), line


def _answers(graph: Graph, node_id: str) -> bool:
    """Whether a neuron's value leaves the network: for a loss or an output, and nothing else."""
    targets = [graph.node(wire.target) for wire in graph.outgoing(node_id)]
    return bool(targets) and all(not node.layer.output_ports for node in targets)
