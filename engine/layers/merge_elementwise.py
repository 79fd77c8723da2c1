"""Layers that join values of one shape number by number: add, subtract, multiply and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    Port,
    Workspace,
    size_of,
)
from engine.shapes import Shape
from engine.workspace import AddStep

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class Elementwise(Layer):
    """What they share: the shape of all that arrives is the shape that leaves."""

    category = "merging"
    masking = "passes"
    input_ports: ClassVar[tuple[Port, ...]] = (Port("in", many=True),)
    examples: ClassVar[tuple[Example, ...]] = (
        Example({}, ((3,), (3,))),
        Example({}, ((2, 2, 3), (2, 2, 3), (2, 2, 3))),
        Example({}, ((4,),)),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        first = arriving.all[0]
        for shape in arriving.all[1:]:
            if shape != first:
                raise ShapeError(
                    f"{self.label} needs values of one shape, got {shapes.text(first)} and "
                    f"{shapes.text(shape)}. {self.remedy(first)}"
                )
        return (first,)

    def remedy(self, first: Shape) -> str:
        """What to do where a value is not of the shape of the first."""
        return "Make them the same, with a Dense or a Reshape."

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


@LAYERS.register
class Add(Elementwise):
    """Add values of one shape: y = Σ x_i. With a wire around a block it makes a residual block.

    Shapes: x_i (*shape, N) -> y (*shape, N).
    """

    kind = "add"
    label = "Add"
    summary = "Adds values of the same shape; the end of a residual block."
    synonyms = ("sum", "plus", "residual", "skip", "merge")
    formula = "y = x_1 + x_2 + ..."
    source = "He, Zhang, Ren and Sun, Deep residual learning, 2016"

    def remedy(self, first: Shape) -> str:
        if len(first) > 1:
            return "Make them the same, or join them with Concat."
        return (
            f"Put a Dense of {shapes.text(first)} units before the second, or join them with "
            "Concat."
        )

    def bind(self, work: Workspace) -> None:
        y, values = work.output, work.inputs["in"]
        _bind_joined(work.forward, np.add, [x.array for x in values], y.array)
        for x in values:
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, x.gradient, y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Sum", graph.inputs))


@LAYERS.register
class Subtract(Elementwise):
    """Take one value from another: y = x - m.

    Shapes: x, m (*shape, N) -> y (*shape, N).
    """

    kind = "subtract"
    label = "Subtract"
    summary = "Takes one value from another of the same shape."
    synonyms = ("minus", "difference", "merge")
    formula = "y = x - m"
    input_ports = (Port("in"), Port("minus"))
    examples = (
        Example({}, ((3,), (3,)), ports=("in", "minus")),
        Example({}, ((2, 3, 2), (2, 3, 2)), ports=("in", "minus")),
    )

    def bind(self, work: Workspace) -> None:
        (x,), (m,), y = work.inputs["in"], work.inputs["minus"], work.output
        work.forward(np.subtract, x.array, m.array, out=y.array)
        if not work.training or y.gradient is None:
            return
        if x.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)
        if m.gradient is not None:
            work.backward(np.negative, y.gradient, out=m.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Sub", graph.inputs))


@LAYERS.register
class Multiply(Elementwise):
    """Multiply values number by number: y = Π x_i. One value between 0 and 1 makes it a gate.

    Shapes: x_i (*shape, N) -> y (*shape, N).
    """

    kind = "multiply"
    label = "Multiply"
    summary = "Multiplies values of the same shape, number by number: a gate."
    synonyms = ("product", "times", "gate", "hadamard", "merge")
    formula = "y = x_1 x_2 ..."

    def bind(self, work: Workspace) -> None:
        y, values = work.output, work.inputs["in"]
        arrays = [x.array for x in values]
        _bind_joined(work.forward, np.multiply, arrays, y.array)
        for place, x in enumerate(values):
            if work.training and x.gradient is not None and y.gradient is not None:
                others = arrays[:place] + arrays[place + 1 :]
                _bind_joined(work.backward, np.multiply, [y.gradient, *others], x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        product, *others = graph.inputs
        for other in others:
            product = graph.node("Mul", [product, other])
        graph.result(product if others else graph.node("Identity", [product]))


def _bind_joined(
    add_step: AddStep, function: Callable[..., object], arrays: list[Array], out: Array
) -> None:
    """Add the steps that join arrays by a function of two, one after the other."""
    if len(arrays) == 1:
        add_step(np.copyto, out, arrays[0])
        return
    add_step(function, arrays[0], arrays[1], out=out)
    for array in arrays[2:]:
        add_step(function, out, array, out=out)


@LAYERS.register
class Average(Elementwise):
    """Take the mean of values of one shape: y = Σ x_i / k.

    Shapes: x_i (*shape, N), k of them -> y (*shape, N).
    """

    kind = "average"
    label = "Average"
    summary = "Takes the mean of values of the same shape."
    synonyms = ("mean", "ensemble", "merge")
    formula = "y = (x_1 + x_2 + ... + x_k) / k"

    def bind(self, work: Workspace) -> None:
        y, values = work.output, work.inputs["in"]
        share = work.scalar(1 / len(values))
        _bind_joined(work.forward, np.add, [x.array for x in values], y.array)
        work.forward(np.multiply, y.array, share, out=y.array)
        for x in values:
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.multiply, y.gradient, share, out=x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Mean", graph.inputs))


@LAYERS.register
class Maximum(Elementwise):
    """Keep the largest number at each place: y = max x_i.

    Where several are the largest they share the gradient equally, as torch.amax does.
    Shapes: x_i (*shape, N) -> y (*shape, N).
    """

    kind = "maximum"
    label = "Maximum"
    summary = "Keeps the largest number at each place of values of the same shape: maxout."
    synonyms = ("max", "maxout", "merge")
    formula = "y = max(x_1, x_2, ...)"
    source = "Goodfellow et al., Maxout networks, 2013"

    def bind(self, work: Workspace) -> None:
        y, values = work.output, work.inputs["in"]
        _bind_joined(work.forward, np.maximum, [x.array for x in values], y.array)
        if not work.training or y.gradient is None:
            return
        is_largest = work.buffer(*y.array.shape, dtype=np.bool_)
        count, spare = work.buffer(*y.array.shape), work.buffer(*y.array.shape)
        work.backward(count.fill, 0)
        for x in values:
            work.backward(np.equal, x.array, y.array, out=is_largest)
            mask = spare if x.gradient is None else x.gradient
            work.backward(np.copyto, mask, is_largest)
            work.backward(np.add, count, mask, out=count)
        work.backward(np.divide, y.gradient, count, out=y.gradient)
        for x in values:
            if x.gradient is not None:
                work.backward(np.multiply, x.gradient, y.gradient, out=x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Max", graph.inputs))
