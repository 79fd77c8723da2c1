"""Layers that take apart or turn the axes of an example: slice, split, transpose, permute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Integer, Sizes
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    Masking,
    Port,
    Workspace,
)
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def axis_field(default: int = 0, help: str = "Along which axis; 0 is the first.") -> Integer:
    return Integer(default, minimum=0, maximum=7, help=help)


def length_along(layer: Layer, shape: Shape, axis: int) -> int:
    """Raises ShapeError if there is no such axis."""
    if axis >= len(shape):
        raise ShapeError(
            f"{layer.label} needs an axis {axis}, and values of {shapes.text(shape)} have none. "
            f"Set the axis to at most {max(len(shape) - 1, 0)}."
        )
    return shape[axis]


def _part(array: Array, axis: int, start: int, stop: int) -> Array:
    return array[(*[slice(None)] * axis, slice(start, stop))]


def _resized(shape: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])


@LAYERS.register
class Slice(Layer):
    """Keep a run of places along one axis: y = x[start : start + length].

    Shapes: x (..., A, ..., N) -> y (..., length, ..., N). The rest gets no gradient.
    """

    kind = "slice"
    label = "Slice"
    summary = "Keeps a run of places along one axis, such as the last step of a sequence."
    synonyms = ("crop", "select", "take", "index")
    category = "core"
    arranges = True
    formula = "y = x[start : start + length]"
    examples = (
        Example({"start": 1, "length": 2}, ((4,),)),
        Example({"axis": 1, "start": -1, "length": 1}, ((2, 3, 2),)),
        Example({"start": 1, "length": 0}, ((3, 2),)),
    )

    axis = axis_field()
    start = Integer(
        0,
        minimum=-1_000_000,
        maximum=1_000_000,
        help="The first place that is kept; 0 is the first of all, -1 the last.",
    )
    length = Integer(
        1, minimum=0, maximum=1_000_000, help="How many places are kept; 0 is all that follow."
    )

    @property
    def masking(self) -> Masking:
        return "passes" if self.axis else "stops"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        shape = arriving.one
        first, last = self._run(length_along(self, shape, self.axis))
        if not 0 <= first < last <= shape[self.axis]:
            raise ShapeError(
                f"{self.label} cannot keep places {first} to {last - 1} of an axis of "
                f"{shape[self.axis]}. Choose another start or a smaller length."
            )
        return (_resized(shape, self.axis, last - first),)

    def _run(self, length: int) -> tuple[int, int]:
        """The first place that is kept, and the first behind those."""
        first = self.start + length if self.start < 0 else self.start
        return first, first + self.length if self.length else max(length, first + 1)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        run = self._run(x.array.shape[self.axis])
        work.forward(np.copyto, y.array, _part(x.array, self.axis, *run))
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(x.gradient.fill, 0)
            work.backward(np.copyto, _part(x.gradient, self.axis, *run), y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        first, last = self._run(graph.shapes[0][self.axis])
        bounds = [
            graph.constant(np.array([number], np.int64), hint)
            for number, hint in ((first, "start"), (last, "end"), (self.axis + 1, "axis"))
        ]
        graph.result(graph.node("Slice", [graph.inputs[0], *bounds]))

    def line(self) -> str:
        stop = self.start + self.length
        return f"{self.start}:{stop if self.length and stop else ''}"


@LAYERS.register
class Split(Layer):
    """Part a value in two along one axis: the first places leave by `out`, the others by `rest`.

    Shapes: x (..., A, ..., N) -> y (..., size, ..., N), r (..., A - size, ..., N).
    """

    kind = "split"
    label = "Split"
    summary = "Parts a value in two along one axis."
    synonyms = ("divide", "chunk", "unstack")
    category = "core"
    formula = "y = x[: size], r = x[size :]"
    output_ports = (Port("out"), Port("rest"))
    examples = (
        Example({"size": 2}, ((5,),)),
        Example({"axis": 1}, ((2, 3, 2),)),
    )

    axis = axis_field()
    size = Integer(1, minimum=1, maximum=1_000_000, help="How many places leave by the first port.")

    @property
    def masking(self) -> Masking:
        return "passes" if self.axis else "stops"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        shape = arriving.one
        rest = length_along(self, shape, self.axis) - self.size
        if rest < 1:
            raise ShapeError(
                f"{self.label} cannot take {self.size} of an axis of {shape[self.axis]} and leave "
                "something. Choose a smaller size, or remove it."
            )
        return _resized(shape, self.axis, self.size), _resized(shape, self.axis, rest)

    def bind(self, work: Workspace) -> None:
        x, stop = work.input, work.input.array.shape[self.axis]
        for y, run in zip(work.outputs, ((0, self.size), (self.size, stop)), strict=True):
            work.forward(np.copyto, y.array, _part(x.array, self.axis, *run))
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, _part(x.gradient, self.axis, *run), y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        sizes = np.array([self.size, graph.shapes[0][self.axis] - self.size], np.int64)
        inputs = [graph.inputs[0], graph.constant(sizes, "sizes")]
        for name in graph.node_with_outputs("Split", inputs, 2, axis=self.axis + 1):
            graph.result(name)

    def line(self) -> str:
        return f"{self.size} and the rest"


class Turned(Layer):
    """What layers share that put the axes of an example into another order."""

    category = "core"
    arranges = True

    def axes(self, shape: Shape) -> Shape:
        """Which axis of x is each axis of y. Raises ShapeError if the two don't fit."""
        raise NotImplementedError  # this is where they differ

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        shape = arriving.one
        return (tuple(shape[axis] for axis in self.axes(shape)),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        axes = self.axes(x.array.shape[:-1])
        order = (*axes, len(axes))
        work.forward(np.copyto, y.array, x.array.transpose(order))
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.copyto, x.gradient.transpose(order), y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        order = [0, *(axis + 1 for axis in self.axes(graph.shapes[0]))]
        graph.result(graph.node("Transpose", [graph.inputs[0]], perm=order))


@LAYERS.register
class Transpose(Turned):
    """Swap two axes: the rows of a matrix become its columns.

    Shapes: x (..., A, ..., B, ..., N) -> y (..., B, ..., A, ..., N).
    """

    kind = "transpose"
    label = "Transpose"
    summary = "Swaps two axes: the rows of a matrix become its columns."
    synonyms = ("swap axes", "turn")
    formula = "y_ji = x_ij"
    examples = (
        Example({}, ((2, 3),)),
        Example({"first": 0, "second": 2}, ((2, 3, 4),)),
    )

    first = axis_field(0, "One of the two axes; 0 is the first.")
    second = axis_field(1, "The other of the two axes.")

    def axes(self, shape: Shape) -> Shape:
        length_along(self, shape, max(self.first, self.second))
        axes = list(range(len(shape)))
        axes[self.first], axes[self.second] = axes[self.second], axes[self.first]
        return tuple(axes)

    def line(self) -> str:
        return f"{self.first} ↔ {self.second}"


@LAYERS.register
class Permute(Turned):
    """Put the axes of an example into another order.

    Shapes: x (A_0, A_1, ..., N) -> y (A_p0, A_p1, ..., N) for the order p.
    """

    kind = "permute"
    label = "Permute"
    summary = "Puts the axes of an example into another order."
    synonyms = ("transpose", "reorder", "channels last")
    formula = "y has the axes of x in another order"
    examples = (
        Example({"order": [1, 2, 0]}, ((2, 3, 4),)),
        Example({}, ((2, 5),)),
        Example({"order": [0]}, ((3,),)),
    )

    order = Sizes(
        (1, 0), minimum=0, help="Which axis comes first, second and so on; 0 is the first."
    )

    def axes(self, shape: Shape) -> Shape:
        if sorted(self.order) != list(range(len(shape))):
            raise ShapeError(
                f"{self.label} needs an order that names each axis of {shapes.text(shape)} once, "
                f"got {self.line()}. Use each number from 0 to {len(shape) - 1} once."
            )
        return self.order

    def line(self) -> str:
        return ", ".join(map(str, self.order))
