"""Concat, which puts values side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Integer
from engine.layers.base import (
    LAYERS,
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


@LAYERS.register
class Concat(Layer):
    """Put values side by side along one axis, in the order of wiring.

    Shapes: x_i (..., A_i, ..., N) -> y (..., Σ A_i, ..., N); all other axes are the same.
    """

    kind = "concat"
    label = "Concat"
    summary = "Puts values side by side, in the order of wiring."
    synonyms = ("concatenate", "join", "stack", "merge")
    category = "merging"
    arranges = True
    formula = "y = [x_1, x_2, ...]"
    input_ports = (Port("in", many=True),)
    examples = (
        Example({}, ((2,), (3,))),
        Example({}, ((4,),)),
        Example({"axis": 1}, ((2, 3, 2), (2, 1, 2), (2, 4, 2))),
    )

    axis = Integer(
        0,
        minimum=0,
        maximum=7,
        help="Axis along which they are joined; 0 is features, or the channels of an image.",
    )

    @property
    def masking(self) -> Masking:
        return "passes" if self.axis else "stops"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        first, axis = arriving.all[0], self.axis
        if axis >= len(first):
            raise ShapeError(
                f"Concat has no axis {axis} to join along in values of {shapes.text(first)}. "
                f"Set the axis to at most {len(first) - 1}."
            )
        for shape in arriving.all[1:]:
            if len(shape) != len(first) or _without(shape, axis) != _without(first, axis):
                raise ShapeError(
                    f"Concat needs values that agree in all axes but axis {axis}, got "
                    f"{shapes.text(first)} and {shapes.text(shape)}. Put a Reshape or a Flatten "
                    "before one of them."
                )
        total = sum(shape[axis] for shape in arriving.all)
        return ((*first[:axis], total, *first[axis + 1 :]),)

    def bind(self, work: Workspace) -> None:
        y, start = work.output, 0
        for x in work.inputs["in"]:
            stop = start + x.array.shape[self.axis]
            here = (*[slice(None)] * self.axis, slice(start, stop))
            start = stop
            work.forward(np.copyto, y.array[here], x.array)
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, x.gradient, y.gradient[here])

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Concat", graph.inputs, axis=self.axis + 1))

    def line(self) -> str:
        return "" if self.axis == 0 else f"axis {self.axis}"


def _without(shape: Shape, axis: int) -> Shape:
    return shape[:axis] + shape[axis + 1 :]
