"""Running a part of a trained network: encode, decode a given code, make new examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import CompileError, ShapeError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.graph.order import reachable
from engine.layers.sampling import Sampling
from engine.layers.terminal import Input
from engine.plan.extent import model_inputs, model_outputs
from engine.plan.parameters import Weights
from engine.plan.predict import Predictor
from engine.plan.section import Place, section
from engine.workspace import Array

__all__ = ["Passage", "Place", "code_of", "generate", "generates"]


class Passage:
    """What a trained network makes of values that are put in at a place of it.

    `Passage(graph, weights, start=Place("sampling_1"))` decodes codes;
    `Passage(graph, weights, end=Place("sampling_1"))` finds the codes of examples.

    outputs: names of what comes out. shape: of one value that is put in; of a passage that
    begins at the network's own inputs it is that of the first of them.
    """

    def __init__(
        self,
        graph: Graph,
        weights: Mapping[tuple[str, str], Array] | Weights,
        start: Place | None = None,
        end: Place | None = None,
        dtype: np.dtype[Any] | type = np.float32,
        seed: int = 0,
    ) -> None:
        """Raises what `section` raises, and ShapeError if the weights don't fit."""
        part = section(graph, infer(graph), start, end)
        self._predictor = Predictor(part.graph, weights, dtype, seed)
        by_node = {node_id: name for name, node_id in self._predictor.inputs.items()}
        first = part.start or next(iter(by_node), None)
        self._entry = by_node.get(first) if first else None
        layer = part.graph.node(first).layer if first else None
        self.shape = layer.shape if isinstance(layer, Input) else None
        self.outputs = tuple(self._predictor.outputs)

    def run(self, values: Array, others: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Outputs by name, (N, *shape), of values (N, *shape).

        others: the network's own inputs, by name, where something asked for needs them too.
        Raises ShapeError for values of another shape or a missing input.
        """
        if self._entry is None:
            raise ShapeError("Nothing can be put in: the network has no input. Use generate.")
        return self._predictor.predict({**(others or {}), self._entry: values})

    def one(self, values: Array) -> Array:
        """The first of the outputs, for a passage with one."""
        return next(iter(self.run(values).values()))


def code_of(graph: Graph) -> Place | None:
    """Where a code can be put in from which the model's outputs follow: its first Sampling."""
    outputs = model_outputs(graph)
    ends = {output.end(graph) for output in outputs}
    needed = reachable(graph.predecessors, (output.node for output in outputs))
    samplings = (node.id for node in graph.nodes if isinstance(node.layer, Sampling))
    for place in map(Place, samplings):
        leads_on = any(w.target in needed for w in graph.outgoing(place.node, place.port))
        if leads_on or (place.node, place.port) in ends:
            return place
    return None


def generates(graph: Graph) -> bool:
    """Whether new examples can be made: from noise alone, or from a code."""
    return code_of(graph) is not None or not model_inputs(graph)


def generate(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array] | Weights,
    count: int,
    seed: int = 0,
) -> dict[str, Array]:
    """New examples, (count, *shape) by the name of each output.

    From fresh noise where the outputs depend on sources of noise alone; where they come from a
    Sampling, from codes that are drawn from a standard normal in its place.

    Raises CompileError if the outputs need examples to start from.
    """
    place = code_of(graph)
    if place is not None:
        passage = Passage(graph, weights, start=place, seed=seed)
        shape = passage.shape or ()
        codes = np.random.default_rng(seed).standard_normal((count, *shape), np.float32)
        return passage.run(codes)
    if model_inputs(graph):
        raise CompileError(
            "The network makes its outputs from examples and not from noise. Give it examples, "
            "or add a Noise or a Sampling that its outputs come from."
        )
    return Predictor(graph, weights, seed=seed).predict({}, count)
