"""The project that grows while a model is read: nodes, wires, weights, and what is where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.errors import DuplicateWireError, ShapeError
from engine.graph.model import Graph, Node, Wire
from engine.interop.onnx_file import OnnxFile, Operator
from engine.layers.base import LAYERS, Array, ArrivingShapes, Layer, ParameterSpec, StateSpec
from engine.layers.placeholder import Placeholder
from engine.plan.parameters import Weights
from engine.shapes import Shape


class UnsupportedError(Exception):
    """An operator has no counterpart; says why, without a stop at the end."""


@dataclass(frozen=True)
class Value:
    """Where a value of the file is in the graph.

    shape: of one example; None where it is not known. layout: empty where the file has the
        batch first, else a letter for each axis of the file: n batch, t steps, f features,
        d directions, h units of one direction, r batch and steps in one, p steps of which the
        real ones come first.
    shared: whether something else reads the node too.
    """

    node: str
    shape: Shape | None
    port: str = "out"
    layout: str = ""
    shared: bool = False

    @property
    def known(self) -> Shape:
        """The shape. Raises UnsupportedError."""
        if self.shape is None:
            raise UnsupportedError("the shape of what arrives is not known")
        return self.shape


@dataclass(frozen=True)
class Meaning:
    """What a value of the file that is made of a mask stands for.

    what: a word of `onnx_masks`. origins: the comparisons that tell the padding; a step is real
        if it is for each of them. value: what else it is made of.
    """

    what: str
    origins: frozenset[str]
    value: Value | None = None


class Building:
    """The graph and weights so far, and where the values of the file are.

    constants: what is fixed in the file or follows from it. repeated: arrays that the file
        repeats for each example. done: first outputs of operators that are part of a layer
        already. sole: names made here for values that one reader alone has. sources, meanings:
        the comparisons that tell padding, and what else is made of them (see `onnx_masks`).
        padding: for each node, those that tell the padding of what leaves it.
    """

    def __init__(self, file: OnnxFile) -> None:
        self.file = file
        self.graph = Graph()
        self.weights: Weights = {}
        self.constants: dict[str, Array] = dict(file.constants)
        self.repeated: dict[str, Array] = {}
        self.values: dict[str, Value] = {}
        self.done: dict[str, None] = {}
        self.sole: set[str] = set()
        self.sources: dict[str, tuple[Value, float]] = {}
        self.meanings: dict[str, Meaning] = {}
        self.padding: dict[str, frozenset[str]] = {}
        self._numbers: dict[str, int] = {}
        self._readers: dict[str, list[Operator]] = {}
        self._makers = {name: o for o in file.operators for name in o.outputs if name}
        for operator in file.operators:
            for name in dict.fromkeys(operator.inputs):
                self._readers.setdefault(name, []).append(operator)

    # Reading

    def constant(self, name: str) -> Array | None:
        return self.constants.get(name) if name else None

    def fixed(self, name: str, what: str) -> Array:
        """The array of that name. Raises UnsupportedError where it is computed."""
        found = self.constant(name)
        if found is None:
            raise UnsupportedError(f"its {what} must be fixed in the file")
        return found

    def whole(self, operator: Operator, attribute: str, place: int) -> list[int] | None:
        """A list of numbers: an attribute in old files, an input in newer ones."""
        if attribute in operator.attributes:
            return [int(n) for n in np.atleast_1d(operator.attributes[attribute])]
        if not operator.input(place):
            return None
        return [int(n) for n in np.atleast_1d(self.fixed(operator.input(place), attribute))]

    def value(self, name: str, layouts: Sequence[str] = ("",), *, sole: bool = False) -> Value:
        """Where a value is. sole: those that read it are one group, which asks here once.

        Raises UnsupportedError for a constant or another layout.
        """
        if name in self.repeated:
            return self.uniform(self.repeated[name], self.repeated[name].shape)
        if name not in self.values:
            raise UnsupportedError("it reads a constant where a value is expected")
        found = self.values[name]
        if found.layout not in layouts:
            raise UnsupportedError("the batch is not the first axis of what arrives")
        return replace(found, shared=found.shared or not (sole or self._is_read_once(name)))

    def _is_read_once(self, name: str) -> bool:
        alone = len(self._readers.get(name, ())) == 1 and name not in self.file.outputs
        return alone or name in self.sole

    def follower(self, name: str, *kinds: str) -> Operator | None:
        """The operator of one of these kinds that alone reads a value, if there is one."""
        readers = self._readers.get(name, [])
        if name in self.file.outputs or len(readers) != 1 or readers[0].kind not in kinds:
            return None
        return readers[0]

    def maker(self, name: str) -> Operator | None:
        return self._makers.get(name)

    def readers(self, name: str) -> Sequence[Operator]:
        return self._readers.get(name, ())

    # Writing

    def layer(
        self,
        layer: Layer | str,
        arriving: Sequence[Value] | Mapping[str, Sequence[Value]],
        weights: Mapping[str, Array] | None = None,
        layout: str = "",
        name: str = "",
        **settings: Any,
    ) -> Value:
        """Add a node of a kind with wires to it. Raises GlassboxError where it does not fit."""
        made = LAYERS.get(layer)(**settings) if isinstance(layer, str) else layer
        by_port = arriving if isinstance(arriving, Mapping) else {"in": arriving}
        node_id = self.fresh_id(made.kind)
        shape = None
        values = [value for port in by_port.values() for value in port]
        runs = not isinstance(made, Placeholder)
        if runs and all(value.shape is not None for value in values):
            shapes = ArrivingShapes({p: tuple(v.known for v in vs) for p, vs in by_port.items()})
            shape = next(iter(made.infer(shapes)), None)
            self._check(made, shapes, weights or {})
        self.graph.add_node(Node(node_id, made, name))
        for port, several in by_port.items():
            for value in several:
                self.wire(value, node_id, port)
        self._keep(node_id, weights or {})
        if made.masking == "passes":
            ports = [port.name for port in made.input_ports if port.masks]
            passing = [self.padding.get(v.node) for p in ports for v in by_port.get(p, ())]
            self.padding[node_id] = frozenset().union(*filter(None, passing))
        return Value(node_id, shape, layout=layout)

    def replace_layer(
        self, node_id: str, layer: Layer, weights: Mapping[str, Array] | None = None
    ) -> None:
        """Put another layer in a node's place, with further weights."""
        self.graph.replace_layer(node_id, layer)
        self._keep(node_id, weights or {})

    def _keep(self, node_id: str, weights: Mapping[str, Array]) -> None:
        for key, array in weights.items():
            self.weights[node_id, key] = np.ascontiguousarray(array, np.float32)

    @staticmethod
    def _check(layer: Layer, shapes: ArrivingShapes, weights: Mapping[str, Array]) -> None:
        specs: list[ParameterSpec | StateSpec] = [*layer.parameters(shapes), *layer.state(shapes)]
        for spec in specs:
            if spec.name in weights and weights[spec.name].shape != tuple(spec.shape):
                raise ShapeError(
                    f"its {spec.name} has the shape {weights[spec.name].shape}, "
                    f"and {tuple(spec.shape)} was expected"
                )

    def fresh_id(self, kind: str) -> str:
        """As `Graph.fresh_id`, without looking through the graph."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}_{self._numbers[kind]}"

    def wire(self, value: Value, target: str, port: str) -> None:
        """Wire a value to a node, by way of a reroute point where it is wired already."""
        try:
            self.graph.connect(Wire(value.node, target, value.port, port))
        except DuplicateWireError:
            again = self.layer("reroute", [value])
            self.graph.connect(Wire(again.node, target, "out", port))

    def uniform(self, array: Array, shape: Shape) -> Value:
        """A Constant node of a shape. Raises UnsupportedError where the numbers differ."""
        if array.size == 0 or np.ptp(array) != 0:
            raise UnsupportedError("no layer holds a constant of different numbers")
        return self.layer("constant", {}, value=float(array.flat[0]), shape=shape)

    def give(self, operator: Operator, value: Value, place: int = 0) -> None:
        """Say where an output of an operator is."""
        self.values[operator.outputs[place]] = value

    def swallow(self, *operators: Operator) -> None:
        """These have become part of a layer."""
        self.done.update(dict.fromkeys(operator.outputs[0] for operator in operators))

    def back_to(self, nodes: int, done: int) -> None:
        """Undo what an operator did before it turned out that it has no counterpart.

        nodes, done: how many there were before.
        """
        self.forget({node.id for node in self.graph.nodes[nodes:]})
        for name in list(self.done)[done:]:
            del self.done[name]

    def prune(self) -> None:
        """Remove the nodes that nothing reads, but for the inputs and outputs of the model."""
        unread = {"input", "output"}
        for node in reversed(self.graph.nodes):
            if node.layer.kind not in unread and not self.graph.outgoing(node.id):
                self.forget({node.id})

    def forget(self, node_ids: set[str]) -> None:
        """Remove nodes and their weights."""
        for node_id in node_ids:
            self.graph.remove_node(node_id)
        self.weights = {k: array for k, array in self.weights.items() if k[0] not in node_ids}


def give_shape(building: Building, operator: Operator, value: Value, shape: Shape) -> None:
    """The same numbers in a shape, by as little as does it."""
    if shape == value.shape:
        building.give(operator, value)
    elif len(shape) == 1:
        building.give(operator, building.layer("flatten", [value]))
    else:
        building.give(operator, building.layer("reshape", [value], shape=shape))
