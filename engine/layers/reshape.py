"""Layers that keep every number and change only how they are arranged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Sizes
from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def _bind_copy(work: Workspace) -> None:
    x, y = work.input, work.output
    work.forward(np.copyto, y.array, x.array.reshape(y.array.shape))
    if work.training and x.gradient is not None and y.gradient is not None:
        work.backward(np.copyto, x.gradient, y.gradient.reshape(x.array.shape))


@LAYERS.register
class Flatten(Layer):
    """Lay out all numbers of an example in one row: an image (C, H, W) becomes (C H W,).

    Shapes: x (*shape, N) -> y (D, N), the last axis running fastest.
    """

    kind = "flatten"
    label = "Flatten"
    summary = "Lays out an image or a sequence as one row of features."
    synonyms = ("vectorise", "reshape", "squeeze")
    category = "core"
    arranges = True
    formula = "y = all of x in one row"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({}, ((5,),)),
        Example({}, ((1, 8, 8),)),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return ((shapes.size(arriving.one),),)

    def bind(self, work: Workspace) -> None:
        _bind_copy(work)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Flatten", [graph.inputs[0]], axis=1))


@LAYERS.register
class Reshape(Layer):
    """Arrange the numbers of an example in another shape, in the same order.

    Shapes: x (*shape, N) -> y (*other shape of the same size, N).
    """

    kind = "reshape"
    label = "Reshape"
    summary = "Arranges the numbers of an example in another shape, in the same order."
    synonyms = ("view", "unflatten", "expand dims", "unsqueeze")
    category = "core"
    arranges = True
    formula = "y = x in another shape"
    examples = (
        Example({"shape": [2, 6]}, ((12,),)),
        Example({"shape": [3, -1]}, ((2, 3, 2),)),
        Example({"shape": [-1]}, ((4,),)),
    )

    shape = Sizes(
        (-1,), free_axis=True, help="The new shape of one example; -1 is whatever is left."
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        count = shapes.size(arriving.one)
        known = math.prod(length for length in self.shape if length != -1)
        fits = count % known == 0 if -1 in self.shape else count == known
        if not fits:
            wanted = "×".join("?" if length == -1 else str(length) for length in self.shape)
            raise ShapeError(
                f"Reshape cannot make {wanted} of {shapes.text(arriving.one)}: that has {count} "
                f"numbers. Choose a shape whose sizes multiply to {count}."
            )
        return (tuple(count // known if length == -1 else length for length in self.shape),)

    def bind(self, work: Workspace) -> None:
        _bind_copy(work)

    def onnx(self, graph: OnnxGraph) -> None:
        (shape,) = self.infer(ArrivingShapes.of(graph.shapes[0]))
        sizes = graph.constant(np.array([-1, *shape], dtype=np.int64), "shape")
        graph.result(graph.node("Reshape", [graph.inputs[0], sizes]))

    def line(self) -> str:
        return "×".join("?" if length == -1 else str(length) for length in self.shape)


@LAYERS.register
class Squeeze(Layer):
    """Leave out the axes of length 1: an image (1, H, W) of one channel becomes (H, W).

    Shapes: x (*shape, N) -> y (*those of shape that are not 1, N); (1,) of a single number.
    """

    kind = "squeeze"
    label = "Squeeze"
    summary = "Leaves out the axes of length 1."
    synonyms = ("reshape", "drop axes")
    category = "core"
    arranges = True
    formula = "y = x without axes of length 1"
    examples = (
        Example({}, ((1, 3, 1, 2),)),
        Example({}, ((1, 1),)),
        Example({}, ((4,),)),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (tuple(length for length in arriving.one if length != 1) or (1,),)

    def bind(self, work: Workspace) -> None:
        _bind_copy(work)

    def onnx(self, graph: OnnxGraph) -> None:
        (shape,) = self.infer(ArrivingShapes.of(graph.shapes[0]))
        sizes = graph.constant(np.array([-1, *shape], dtype=np.int64), "shape")
        graph.result(graph.node("Reshape", [graph.inputs[0], sizes]))
