"""What a network that learns to clean makes of examples that are disturbed as in training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.dataset import Dataset
from engine.data.split import Rows
from engine.evaluation.generate import Passage, Place
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import Layer
from engine.layers.dropout import Dropout
from engine.layers.noise import GaussianNoise
from engine.layers.terminal import Input, Loss
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.judged import judged
from engine.plan.parameters import Parameters, Weights
from engine.randomness import NodeStreams
from engine.shapes import Shape
from engine.workspace import Array

MOST = 512


@dataclass(frozen=True, eq=False)
class Restored:
    """rows: the examples, (N,). given: disturbed, made: what came of it, clean: what was wanted.

    The arrays are (N, *shape).
    """

    rows: Rows
    given: Array
    made: Array
    clean: Array


def restored(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array] | Weights,
    dataset: Dataset,
    rows: Rows,
    most: int = MOST,
    seed: int = 0,
) -> Restored | None:
    """Disturb examples as the first layer does while training, and let the network clean them.

    None for a network that rebuilds nothing, or whose only input is not followed by noise or
    dropout alone. Raises what `Passage` raises.
    """
    pair, place = judged(graph), _disturbing(graph)
    if pair is None or pair.target is None or place is None or not len(rows):
        return None
    source, noise = place
    if pair.target.source != source.id:
        return None
    layer: Any = source.layer
    rows = np.asarray(rows)[:most]
    clean = np.asarray(dataset.inputs(layer.columns, layer.shape)[rows])
    given = _disturbed(clean, layer.shape, noise.layer, seed)
    made = Passage(graph, weights, start=Place(noise.id)).one(given)
    return Restored(rows, given, made, clean) if made.shape == clean.shape else None


def _disturbing(graph: Graph) -> tuple[Node, Node] | None:
    """The only input, and the layer behind it that disturbs all that the network reads."""
    inputs = [node for node in graph.nodes if isinstance(node.layer, Input)]
    if len(inputs) != 1:
        return None
    readers = [graph.node(target) for target in graph.successors(inputs[0].id)]
    readers = [node for node in readers if not isinstance(node.layer, Loss)]
    if len(readers) != 1 or not isinstance(readers[0].layer, GaussianNoise | Dropout):
        return None
    return (inputs[0], readers[0]) if readers[0].switch == "on" else None


def _disturbed(examples: Array, shape: Shape, layer: Layer, seed: int) -> Array:
    """Examples (N, *shape) behind a layer that works as in training."""
    graph = Graph(
        [Node("x", Input(shape=shape)), Node("noise", layer), Node("error", Loss())],
        [
            Wire("x", "noise"),
            Wire("noise", "error", target_port="prediction"),
            Wire("x", "error", target_port="target"),
        ],
    )
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    plan = compile_plan(graph, inference, parameters, len(examples), Mode.TRAIN, NodeStreams(seed))
    plan.inputs["x"][...] = np.moveaxis(examples, 0, -1)  # (N, *shape) -> (*shape, N)
    plan.forward()
    return np.moveaxis(plan.values["noise"][0].array, -1, 0).copy()  # -> (N, *shape)
