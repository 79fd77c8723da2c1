"""A recorder of ONNX nodes that does not import onnx.

A layer writes itself into an `OnnxGraph`; the exporter makes one for each
node, hands it the names of the values that arrive, and turns what it recorded
into a model. Values in ONNX have the batch as their first axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ExportError
from engine.shapes import Shape

Array = NDArray[Any]
Attribute = int | float | str | Sequence[int] | Sequence[float]


@dataclass(frozen=True)
class OnnxNode:
    """One operator. An empty input name stands for an optional input left out."""

    op_type: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


class OnnxGraph:
    """What one layer writes: nodes, initialisers, and the names of its outputs.

    prefix: begins every name made here, so that layers never collide.
    inputs: names of the arriving values, in the order of ports, then of wiring.
    shapes: the shapes of those values, without the batch.
    weights: gives a parameter's array by name.
    dtype: of the constants; weights keep their own.
    model_input: name of any input of the model, which tells the size of the batch.
    masks: for each of `inputs`, the name of its mask (N, T), or None (see `Value.mask`).
    owner: begins the names of initialisers. initializers: those of layers with the same owner,
        to which this one's are added; of equal arrays one is enough.
    mask: the name of the mask of what leaves, set by a layer that makes one.
    """

    def __init__(
        self,
        prefix: str,
        inputs: Sequence[str],
        shapes: Sequence[Shape],
        weights: Callable[[str], Array],
        dtype: Any = np.float32,
        model_input: str | None = None,
        masks: Sequence[str | None] = (),
        owner: str = "",
        initializers: dict[str, Array] | None = None,
    ) -> None:
        self.prefix = prefix
        self._owner = owner or prefix
        self.inputs = tuple(inputs)
        self.shapes = tuple(shapes)
        self.dtype = np.dtype(dtype)
        self.nodes: list[OnnxNode] = []
        self.initializers = {} if initializers is None else initializers
        self.results: list[str] = []
        self.masks = tuple(masks) or (None,) * len(self.inputs)
        self.mask: str | None = None
        self._weights = weights
        self._model_input = model_input

    def parameter(self, name: str, shape: Shape | None = None) -> str:
        """The name of an initialiser that holds a parameter, in another shape if one is given."""
        array = np.ascontiguousarray(self._weights(name))
        return self._keep(name, array if shape is None else array.reshape(shape))

    def weight(self, name: str) -> Array:
        """The array of a parameter, for those that ONNX wants in another arrangement."""
        return self._weights(name)

    def constant(self, array: Any, hint: str = "constant") -> str:
        """The name of an initialiser that holds a fixed array; floats take the graph's dtype."""
        array = np.asarray(array)
        if array.dtype.kind == "f":
            array = array.astype(self.dtype)
        return self._keep(hint, array)

    def for_each_example(self, array: Any, hint: str = "constant") -> str:
        """The name of a value that repeats a fixed array, without batch, for each example.

        Raises ExportError if the model has no input to tell how many there are.
        """
        if self._model_input is None:
            raise ExportError(
                f"{self.prefix} is a fixed value, and the network has no Input that tells how "
                "many examples there are. Add an Input and wire it in."
            )
        array = np.asarray(array)
        count = self.node("Shape", [self._model_input], start=0, end=1)
        shape = self.constant(np.array(array.shape, np.int64), "shape")
        sizes = self.node("Concat", [count, shape], axis=0)
        return self.node("Expand", [self.constant(array, hint), sizes])

    def _keep(self, hint: str, array: Array) -> str:
        return next(
            name
            for name in _names(self._owner, hint)
            if _same(self.initializers.setdefault(name, array), array)
        )

    def _unused(self, hint: str, taken: Mapping[str, object]) -> str:
        return next(name for name in _names(self.prefix, hint) if name not in taken)

    def node(self, op_type: str, inputs: Sequence[str], **attributes: Attribute) -> str:
        """Add an operator with one output. Returns the name of that output."""
        return self.node_with_outputs(op_type, inputs, 1, **attributes)[0]

    def node_with_outputs(
        self, op_type: str, inputs: Sequence[str], outputs: int, **attributes: Attribute
    ) -> tuple[str, ...]:
        """Add an operator with several outputs. Returns their names."""
        name = self._unused(op_type, dict.fromkeys(node.name for node in self.nodes))
        names = tuple(f"{name}:{i}" for i in range(outputs))
        self.nodes.append(OnnxNode(op_type, name, tuple(inputs), names, attributes))
        return names

    def join_masks(self, masks: Iterable[str | None]) -> None:
        """Give what leaves the mask of all these: a step is real where it is in each of them."""
        names = list(dict.fromkeys(name for name in masks if name is not None))
        for name in names:
            self.mask = name if self.mask is None else self.node("Mul", [self.mask, name])

    def result(self, name: str) -> None:
        """Declare the value of the layer's next output port."""
        self.results.append(name)


def _names(prefix: str, hint: str) -> Iterator[str]:
    yield f"{prefix}/{hint}"
    for number in count(2):
        yield f"{prefix}/{hint}_{number}"


def _same(a: Array, b: Array) -> bool:
    return a is b or (a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())
