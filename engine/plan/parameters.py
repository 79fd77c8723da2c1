"""The parameters of a graph: one flat vector, and every weight a view into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.plan.layout import Unit, learning_rates, units
from engine.plan.memory import zeros
from engine.plan.state import State
from engine.randomness import stream
from engine.workspace import Array, ParameterSpec

Weights = dict[tuple[str, str], Array]
"""(node id, name) to an array: how parameters and state travel between plans and files."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one parameter lies in its node's part of the flat vector.

    A matrix with a vector beside it is stored as (U, D + 1) rows at `start`:
    columns 0 to D - 1 are the matrix, column D is the vector. One row alone
    may call itself (D,), and kernels (U, C, K_h, K_w) are rows of D = C K_h K_w.
    """

    spec: ParameterSpec
    start: int
    joined: tuple[int, int] | None = None
    is_vector: bool = False

    def view(self, part: Array) -> Array:
        """This parameter in its node's part of a vector."""
        if self.joined is None:
            length = shapes.size(self.spec.shape)
            return part[self.start : self.start + length].reshape(self.spec.shape)
        block = self.joined_view(part)
        return block[:, -1] if self.is_vector else block[:, :-1].reshape(self.spec.shape)

    def joined_view(self, part: Array) -> Array:
        rows, columns = self.joined or (1, shapes.size(self.spec.shape))
        return part[self.start : self.start + rows * columns].reshape(rows, columns)


class Parameters:
    """All parameters of a graph. Instances use those of their original, which are kept once.

    vector: every number, end to end. gradient: as long, dL/d(vector). An optimiser
    works on parts of these two alone; layers hold views of them.
    Nodes of equal rates lie together, and those that are not trained at the end.
    state: what runs along with them and is not trained.
    """

    def __init__(
        self, graph: Graph, inference: Inference, dtype: np.dtype[Any] | type = np.float32
    ) -> None:
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._owners = {node.id: node.owner for node in graph.nodes}
        self._places: dict[str, dict[str, Place]] = {}
        self._slices: dict[str, slice] = {}
        self._rates = learning_rates(graph)
        size = 0
        placed: dict[tuple[ParameterSpec, ...], tuple[dict[str, Place], int]] = {}
        for unit in sorted(units(graph, inference, inference), key=self._order):
            for node_id in unit.nodes:
                if self._owners[node_id] == node_id:
                    specs = inference[node_id].parameters
                    if specs not in placed:
                        placed[specs] = _placed(specs)
                    self._places[node_id], length = placed[specs]
                    self._slices[node_id] = slice(size, size + length)
                    size += length
        self.size = size
        # One more number that stays zero: where grouped neurons are not wired,
        # their common matrix takes its weight from there.
        self.with_zero: Array = zeros(size + 1, self.dtype)
        self.vector: Array = self.with_zero[:size]
        self.gradient: Array = zeros(size, self.dtype)
        self.state = State(inference, self.dtype)

    def __contains__(self, node_id: object) -> bool:
        """Whether a node has parameters, or borrows some."""
        return bool(self._places.get(self.owner(str(node_id))))

    def owner(self, node_id: str) -> str:
        """The node whose parameters a node uses: itself, if it is no instance."""
        return self._owners.get(node_id, node_id)

    def lend(self, copies: Mapping[str, str]) -> None:
        """Let further nodes use what some have: steps of a loop, by id, that of the drawn node."""
        self._owners.update(copies)
        self.state.lend(copies)

    def _order(self, unit: Unit) -> tuple[bool, bool, float]:
        rate = self.rate(unit.nodes[0])
        return (True, True, 0.0) if rate is None else (False, rate != 1, rate)

    def rate(self, node_id: str) -> float | None:
        """What multiplies the learning rate of a node's parameters; None: they are not trained."""
        return self._rates.get(self.owner(node_id))

    def gradient_of(self, node_id: str) -> Array:
        """The part of the gradient that belongs to a node's parameters."""
        return self.gradient[self.slice(node_id)]

    def parts(self, node_ids: Iterable[str] | None = None) -> tuple[tuple[slice, float], ...]:
        """The parts of the vector that are trained, and what multiplies the learning rate of each.

        node_ids: train these alone. Parts are as long as they can be.
        """
        chosen = self.nodes if node_ids is None else {self.owner(n) for n in node_ids}
        found: list[tuple[slice, float]] = []
        for node_id in self.nodes:  # in the order of the vector
            rate, here = self.rate(node_id), self._slices[node_id]
            if rate is None or node_id not in chosen:
                continue
            if found and found[-1][0].stop == here.start and found[-1][1] == rate:
                here = slice(found.pop()[0].start, here.stop)
            found.append((here, rate))
        return tuple(found)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that have parameters of their own."""
        return tuple(node_id for node_id, places in self._places.items() if places)

    def slice(self, node_id: str) -> slice:
        """The part of the vector that a node uses."""
        return self._slices[self.owner(node_id)]

    def place(self, node_id: str, name: str) -> Place:
        return self._places[self.owner(node_id)][name]

    def of(self, node_id: str) -> dict[str, Array]:
        """Views of a node's parameters, by name."""
        part = self.vector[self.slice(node_id)]
        places = self._places[self.owner(node_id)]
        return {name: place.view(part) for name, place in places.items()}

    def views(self, vector: Array) -> Weights:
        """Every parameter's part of a vector as long as `vector`, such as optimiser state."""
        return {
            (node_id, name): place.view(vector[self._slices[node_id]])
            for node_id, places in self._places.items()
            for name, place in places.items()
        }

    def weights(self) -> Weights:
        """Views of every parameter and of the state: all that a trained network consists of."""
        return self.views(self.vector) | self.state.views()

    def initialize(self, seed: int) -> None:
        """Begin anew: initial weights depend on the seed and on each parameter's name alone."""
        for (node_id, name), view in self.views(self.vector).items():
            spec = self.place(node_id, name).spec
            rng = stream(seed, "weights", node_id, name)
            spec.initializer.fill(rng, view, spec.fan_in, spec.fan_out)
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
        """Take all weights of a graph of the same nodes, as they are now."""
        if self._slices == other._slices:
            np.copyto(self.vector, other.vector)
        else:  # other nodes are frozen, say
            self.load(other.views(other.vector))
        np.copyto(self.state.vector, other.state.vector)

    def to_dict(self) -> Weights:
        """Copies of all weights, by (node id, name)."""
        return {key: view.copy() for key, view in self.weights().items()}


def _placed(specs: tuple[ParameterSpec, ...]) -> tuple[dict[str, Place], int]:
    """The places of one node's parameters, and how much room they take."""
    start = 0
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
