"""The parameters of a graph: one flat vector, and every weight a view into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.plan.layout import units
from engine.plan.memory import zeros
from engine.plan.state import State
from engine.randomness import stream
from engine.workspace import Array, ParameterSpec

Weights = dict[tuple[str, str], Array]
"""(node id, name) to an array: how parameters and state travel between plans and files."""


@dataclass(frozen=True)
class Place:
    """Where one parameter lies in the flat vector.

    A matrix with a vector beside it is stored as (U, D + 1) rows at `start`:
    columns 0 to D - 1 are the matrix, column D is the vector. One row alone
    may call itself (D,), and kernels (U, C, K_h, K_w) are rows of D = C K_h K_w.
    """

    spec: ParameterSpec
    start: int
    joined: tuple[int, int] | None = None
    is_vector: bool = False

    def view(self, vector: Array) -> Array:
        """This parameter in a vector as long as all parameters."""
        if self.joined is None:
            length = shapes.size(self.spec.shape)
            return vector[self.start : self.start + length].reshape(self.spec.shape)
        block = self.joined_view(vector)
        return block[:, -1] if self.is_vector else block[:, :-1].reshape(self.spec.shape)

    def joined_view(self, vector: Array) -> Array:
        rows, columns = self.joined or (1, shapes.size(self.spec.shape))
        return vector[self.start : self.start + rows * columns].reshape(rows, columns)


class Parameters:
    """All parameters of a graph.

    vector: every number that is trained, end to end. gradient: as long, dL/d(vector).
    An optimiser works on these two alone; layers hold views of them.
    state: what runs along with them and is not trained.
    """

    def __init__(
        self, graph: Graph, inference: Inference, dtype: np.dtype[Any] | type = np.float32
    ) -> None:
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._places: dict[str, dict[str, Place]] = {}
        self._slices: dict[str, slice] = {}
        size = 0
        for unit in units(graph, inference, inference):
            for node_id in unit.nodes:
                start = size
                self._places[node_id], size = _placed(inference[node_id].parameters, start)
                self._slices[node_id] = slice(start, size)
        self.size = size
        # One more number that stays zero: where grouped neurons are not wired,
        # their common matrix takes its weight from there.
        self.with_zero: Array = zeros(size + 1, self.dtype)
        self.vector: Array = self.with_zero[:size]
        self.gradient: Array = zeros(size, self.dtype)
        self.state = State(inference, self.dtype)

    def __contains__(self, node_id: object) -> bool:
        """Whether a node has parameters."""
        return bool(self._places.get(str(node_id)))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that have parameters."""
        return tuple(node_id for node_id, places in self._places.items() if places)

    def slice(self, node_id: str) -> slice:
        """The part of the vector that is a node's own."""
        return self._slices[node_id]

    def place(self, node_id: str, name: str) -> Place:
        return self._places[node_id][name]

    def of(self, node_id: str) -> dict[str, Array]:
        """Views of a node's parameters, by name."""
        return {name: p.view(self.vector) for name, p in self._places[node_id].items()}

    def views(self, vector: Array) -> Weights:
        """Every parameter's part of a vector as long as `vector`, such as optimiser state."""
        return {
            (node_id, name): place.view(vector)
            for node_id, places in self._places.items()
            for name, place in places.items()
        }

    def weights(self) -> Weights:
        """Views of every parameter and of the state: all that a trained network consists of."""
        return self.views(self.vector) | self.state.views()

    def initialize(self, seed: int) -> None:
        """Begin anew: initial weights depend on the seed and on each parameter's name alone."""
        for node_id, places in self._places.items():
            for name, place in places.items():
                spec = place.spec
                rng = stream(seed, "weights", node_id, name)
                spec.initializer.fill(rng, place.view(self.vector), spec.fan_in, spec.fan_out)
        self.state.reset()

    def load(self, weights: Mapping[tuple[str, str], Array]) -> None:
        """Take weights by name. Those that are not given stay as they are; others are ignored.

        Raises ShapeError if one has another shape.
        """
        for (node_id, name), view in self.weights().items():
            given = weights.get((node_id, name))
            if given is None:
                continue
            if given.shape != view.shape:
                raise ShapeError(
                    f"The {name} of {node_id} needs an array of shape {view.shape}, "
                    f"got {given.shape}. Train again after changing the network."
                )
            view[...] = given

    def take(self, other: Parameters) -> None:
        """Take all weights of an equal graph, as they are now."""
        np.copyto(self.vector, other.vector)
        np.copyto(self.state.vector, other.state.vector)

    def to_dict(self) -> Weights:
        """Copies of all weights, by (node id, name)."""
        return {key: view.copy() for key, view in self.weights().items()}


def _placed(specs: tuple[ParameterSpec, ...], start: int) -> tuple[dict[str, Place], int]:
    """The places of one node's parameters, and where the next node's begin."""
    beside = {spec.beside: spec for spec in specs if spec.beside}
    found: dict[str, Place] = {}
    for spec in specs:
        if spec.beside:
            continue
        neighbour = beside.get(spec.name)
        if neighbour:
            rows = 1 if len(spec.shape) == 1 else spec.shape[0]
            block = (rows, shapes.size(spec.shape) // rows + 1)
            found[spec.name] = Place(spec, start, block)
            found[neighbour.name] = Place(neighbour, start, block, is_vector=True)
            start += shapes.size(block)
        else:
            found[spec.name] = Place(spec, start)
            start += shapes.size(spec.shape)
    return {spec.name: found[spec.name] for spec in specs}, start
