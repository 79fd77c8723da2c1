"""The codes of an autoencoder as a map: where examples lie, and what is drawn from each place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.dataset import Dataset
from engine.data.split import Rows
from engine.evaluation.generate import Passage, Place, code_of
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.graph.order import reachable
from engine.layers.terminal import Input
from engine.plan.judged import judged
from engine.plan.parameters import Weights
from engine.shapes import size
from engine.workspace import Array

MOST = 1000
"""Examples on a map, at most."""


@dataclass(frozen=True, eq=False)
class CodeMap:
    """A plane through the codes: all of it for two numbers, else where they vary most.

    place: where the code leaves. rows: the examples, (N,). points: their places, (N, 2).
    origin (D,), axes (D, 2): a place p stands for the code origin + axes p.
    shares: how much of the variance of the codes the plane holds.
    """

    place: Place
    rows: Rows
    points: Array
    origin: Array
    axes: Array
    shares: float
    decoder: Passage

    def codes(self, points: Array) -> Array:
        """The codes (N, D) of places (N, 2)."""
        return np.asarray(self.origin + points @ self.axes.T, np.float32)

    def drawn(self, points: Array) -> Array:
        """What the decoder makes of places (N, 2), (N, *shape)."""
        return self.decoder.one(self.codes(np.asarray(points, np.float64)))


def code_map(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array] | Weights,
    dataset: Dataset,
    rows: Rows,
    most: int = MOST,
) -> CodeMap | None:
    """The map of some examples; None for a network that squeezes nothing into two numbers or more.

    Principal components by singular values: Pearson, On lines and planes of closest fit, 1901.
    Raises what `Passage` raises.
    """
    place, rows = bottleneck(graph), np.asarray(rows)[:most]
    inputs = [node for node in graph.nodes if isinstance(node.layer, Input)]
    if place is None or len(inputs) != 1 or len(rows) < 2:
        return None
    decoder = Passage(graph, weights, start=place)
    if decoder.shape is None or decoder.shape[0] < 2:
        return None
    layer: Any = inputs[0].layer
    examples = np.asarray(dataset.inputs(layer.columns, layer.shape)[rows])
    codes = Passage(graph, weights, end=place).one(examples).astype(np.float64)
    origin, axes, shares = _plane(codes)
    points = (codes - origin) @ axes
    return CodeMap(place, rows, points, origin, axes, shares, decoder)


def bottleneck(graph: Graph) -> Place | None:
    """Where all that an autoencoder knows of an example goes through a short vector.

    Its Sampling, or the narrowest layer through which every path from an input to the
    reconstruction leads; None for a network that rebuilds nothing, or squeezes nothing.
    """
    pair = judged(graph)
    if pair is None or pair.target is None:
        return None
    place, inference = code_of(graph), infer(graph)
    if place is not None:
        return place
    end = pair.prediction.source
    before = reachable(graph.predecessors, [end]) - {end}
    sources = {i for i in before if isinstance(graph.node(i).layer, Input)}
    narrowest, found = _width(inference[end].outputs), None
    for node_id in inference:
        width = _width(inference[node_id].outputs)
        narrower = node_id in before - sources and 0 < width < narrowest
        if narrower and _is_gate(graph, node_id, sources, end):
            narrowest, found = width, Place(node_id)
    return found


def _is_gate(graph: Graph, node_id: str, sources: Collection[str], end: str) -> bool:
    """Whether no path leads past a node."""
    return end not in reachable(
        lambda each: () if each == node_id else graph.successors(each), sources
    )


def _width(outputs: tuple[tuple[int, ...], ...] | None) -> int:
    """Numbers in what leaves a node; 0 where that is no vector."""
    return size(outputs[0]) if outputs and len(outputs) == 1 and len(outputs[0]) == 1 else 0


def _plane(codes: Array) -> tuple[Array, Array, float]:
    """origin (D,), axes (D, 2) and the share of the variance that they hold."""
    width = codes.shape[1]
    if width == 2:
        return np.zeros(2), np.eye(2), 1.0
    origin = codes.mean(axis=0)
    _, sizes, directions = np.linalg.svd(codes - origin, full_matrices=False)
    spread = np.square(sizes)
    axes = np.zeros((width, 2))
    axes[:, : len(directions[:2])] = directions[:2].T
    return origin, axes, float(spread[:2].sum() / (spread.sum() or 1.0))
