"""A number that never changes, as a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Real, Sizes
from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Constant(Layer):
    """Give the same number everywhere, whatever the data: y = c.

    Shapes: -> y (*shape, N).
    """

    kind = "constant"
    label = "Constant"
    summary = "Gives one number that never changes, to add, to multiply or to compare with."
    synonyms = ("number", "bias", "fixed")
    category = "core"
    formula = "y = c"
    input_ports = ()
    examples = (
        Example({"value": 2.5, "shape": [3]}, ()),
        Example({"shape": [1, 2, 2]}, ()),
    )

    value = Real(1.0, help="The number that it gives.")
    shape = Sizes((1,), help="The shape in which it is repeated.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (self.shape,)

    def bind(self, work: Workspace) -> None:
        work.forward(work.output.array.fill, self.value)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.for_each_example(np.full(self.shape, self.value), "value"))

    def line(self) -> str:
        return f"{self.value:g}"
