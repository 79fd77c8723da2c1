"""What is wrong or doubtful in a graph, and what every rule may look at to find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from engine.graph.check.fix import Fix
from engine.graph.infer import Inference
from engine.graph.model import Graph, Node, Wire
from engine.graph.order import reachable
from engine.layers.base import LAYERS, Layer
from engine.shapes import Shape

Severity = Literal["error", "warning", "hint"]
"""error: cannot run or cannot learn. warning: runs, and is hardly meant. hint: could be better."""

TRANSPARENT = frozenset({"flatten", "reroute", "reshape", "squeeze", "output"})
"""Kinds that pass values on unchanged, so that the activation before them still counts."""


@dataclass(frozen=True)
class Problem:
    """Something wrong or doubtful.

    node: id of the node it is about; None where it is about the whole graph.
    message: who, what was expected, what came. remedy: what to do.
    fix: the remedy as one undoable step, where there is one.
    """

    node: str | None
    severity: Severity
    message: str
    remedy: str
    fix: Fix | None = None


class Signature(Protocol):
    """What a check wants to know of a data set.

    feature_names, origins: names by which an input may ask for features.
    target: "classes" (one of several), "binary" (yes or no) or "values" (numbers).
    target_steps: how many steps a sequence of targets has; 0 for one target an example.
    target_scaled: whether targets are standardised, so that some are negative.
    token_count: how many tokens there are, where the features are tokens; else 0.
    padding: the token that fills short texts up; -1 where there is none.
    in_order: whether training, validation and test each are one piece of the rows.
    overlapping: whether rows of different parts of the split share some of their values.
    input_shape: the shape of the features of these columns; of all features for none.
    """

    @property
    def feature_names(self) -> tuple[str, ...]: ...
    @property
    def origins(self) -> tuple[str, ...]: ...
    @property
    def feature_shape(self) -> Shape: ...
    @property
    def target(self) -> str: ...
    @property
    def target_names(self) -> tuple[str, ...]: ...
    @property
    def target_steps(self) -> int: ...
    @property
    def target_scaled(self) -> bool: ...
    @property
    def token_count(self) -> int: ...
    @property
    def padding(self) -> int: ...
    @property
    def in_order(self) -> bool: ...
    @property
    def overlapping(self) -> bool: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    def input_shape(self, columns: Sequence[str] = ()) -> Shape: ...


class Objective(Protocol):
    """What a check wants to know of one of several objectives of a training."""

    @property
    def name(self) -> str: ...
    @property
    def losses(self) -> tuple[str, ...]: ...
    @property
    def trains(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Survey:
    """A graph, its shapes and its data, with the questions that several rules ask."""

    graph: Graph
    inference: Inference
    signature: Signature | None = None
    data_chosen: bool = False
    smallest_batch: int | None = None
    shuffled: bool = False
    objectives: Sequence[Objective] = ()
    one_by_one: bool = False

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        return self.graph.nodes

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.layer.kind == "input")

    @cached_property
    def losses(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.layer.kind == "loss")

    @cached_property
    def outputs(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.layer.kind == "output")

    @cached_property
    def used(self) -> set[str]:
        """Nodes from which a loss or an output is reached, these included."""
        ends = [node.id for node in (*self.losses, *self.outputs)]
        return reachable(self.graph.predecessors, ends)

    @cached_property
    def loose_ends(self) -> tuple[Node, ...]:
        """Nodes that compute something which no other node takes."""
        return tuple(
            node
            for node in self.nodes
            if node.layer.output_ports and not self.graph.outgoing(node.id)
        )

    def arriving(self, node_id: str, port: str) -> Shape | None:
        """The shape of the only value that arrives at a port, where it is known."""
        found = self.inference.get(node_id)
        shapes = found.arriving.at(port) if found and found.arriving else ()
        return shapes[0] if len(shapes) == 1 else None

    def makers(self, wires: Sequence[Wire]) -> Iterator[Node]:
        """The nodes that computed what arrives by these wires, behind those that pass it on."""
        waiting, seen = [wire.source for wire in reversed(wires)], set[str]()
        while waiting:
            node = self.graph.node(waiting.pop())
            if node.id in seen:  # a loop passes it on to itself
                continue
            seen.add(node.id)
            if node.layer.kind in TRANSPARENT or node.layer.kind == "concat":
                waiting += [wire.source for wire in reversed(self.graph.incoming(node.id))]
            else:
                yield node


def activation_field(layer: Layer) -> str | None:
    """The field that holds a layer's activation, if it has one."""
    activation = layer.final_activation()
    names = (field.name for field, value in layer if value is activation)
    return None if activation is None else next(names, None)


def new_layer(kind: str, **settings: object) -> Layer | None:
    """A layer for a fix, or None where the kind is not registered."""
    return LAYERS.get(kind)(**settings) if kind in LAYERS else None
