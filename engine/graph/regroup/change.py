"""What collapsing or expanding changes: in the drawing, and in the arrays that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.graph.model import Graph, Node, Wire

Arrays = Mapping[tuple[str, str], NDArray[Any]]
"""Arrays by (node id, name of the parameter): weights, gradients, or an optimiser's slot."""

ROWS = ("weight", "bias")
"""The parameters that have a row, or a number, for each neuron."""


@dataclass(frozen=True)
class Unit:
    """A neuron: a node of its own, or one row of a layer."""

    node: str
    row: int | None = None


@dataclass(frozen=True)
class Moved:
    """A neuron that computes the same in another place.

    order: which of its weights stands first, second and so on in the new place.
    """

    before: Unit
    after: Unit
    order: tuple[int, ...]


@dataclass(frozen=True)
class Regrouping:
    """An edit of a graph that leaves what it computes as it is.

    removed: ids of nodes that go, with their wires. cut: the other wires that go. added: the
    nodes that come. wires: those that come, each with its place in the order of wires; drawn
    one after the other, they get the order of all wires right.
    moved: where the parameters of each neuron go.
    """

    removed: tuple[str, ...]
    cut: tuple[Wire, ...]
    added: tuple[Node, ...]
    wires: tuple[tuple[Wire, int], ...]
    moved: tuple[Moved, ...]

    def apply(self, graph: Graph) -> None:
        """Change a graph, one mutator after the other."""
        for wire in self.cut:
            graph.disconnect(wire)
        for node_id in self.removed:
            graph.remove_node(node_id)
        for node in self.added:
            graph.add_node(node)
        for wire, place in self.wires:
            graph.connect(wire, place)

    def successors(self) -> dict[str, tuple[str, ...]]:
        """By the id of each node that goes, the ids of those that compute in its place."""
        found: dict[str, dict[str, None]] = {}
        for moved in self.moved:
            found.setdefault(moved.before.node, {})[moved.after.node] = None
        return {gone: tuple(come) for gone, come in found.items()}

    def carry(self, arrays: Arrays) -> dict[tuple[str, str], NDArray[Any]]:
        """The arrays as the changed graph has them: weights, or an optimiser's slot."""
        return carried(self.moved, arrays)


def carried(moves: Sequence[Moved], arrays: Arrays) -> dict[tuple[str, str], NDArray[Any]]:
    """Arrays of a graph as they are once its neurons have moved; those of a layer row by row."""
    gone = {moved.before.node for moved in moves}
    found = {key: array for key, array in arrays.items() if key[0] not in gone}
    rows: dict[tuple[str, str], list[NDArray[Any]]] = {}
    for moved in moves:
        before, after = moved.before, moved.after
        for name in ROWS:
            array = arrays.get((before.node, name))
            if array is None:
                continue
            row = array if before.row is None else array[before.row].reshape(-1)
            ordered = row[list(moved.order)] if name == "weight" else row
            if after.row is None:
                found[after.node, name] = ordered.copy()
            else:
                rows.setdefault((after.node, name), []).append(ordered)
    for key, of_one in rows.items():
        # U rows (D,) -> (U, D); U biases (1,) -> (U,)
        found[key] = np.stack(of_one) if key[1] == "weight" else np.concatenate(of_one)
    return found


def back(moves: Sequence[Moved]) -> tuple[Moved, ...]:
    """The moves that undo these."""
    return tuple(
        Moved(moved.after, moved.before, tuple(np.argsort(moved.order).tolist())) for moved in moves
    )


def rewired(
    graph: Graph,
    removed: tuple[str, ...],
    final: list[Wire],
    added: tuple[Node, ...],
    moved: tuple[Moved, ...],
) -> Regrouping:
    """The regrouping that leads to these wires, in this order."""
    known = set(graph.wires)
    stays = {wire for wire in final if wire in known}
    cut = tuple(
        wire
        for wire in graph.wires
        if wire not in stays and wire.source not in removed and wire.target not in removed
    )
    drawn = tuple((wire, place) for place, wire in enumerate(final) if wire not in stays)
    return Regrouping(removed, cut, added, drawn, moved)
