"""What stands for a node that is muted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.layers.base import ArrivingShapes, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class Silence(Layer):
    """Give zeros of some shapes in place of a muted layer. It has no place in the palette."""

    kind: ClassVar[str] = "silence"
    label = "Silence"
    summary = "Zeros in place of a muted layer."
    category = "core"
    input_ports = ()

    def __init__(self, layer: Layer, outputs: tuple[Shape, ...]) -> None:
        """layer: the muted one, whose ports it has."""
        super().__init__()
        self.__dict__.update(output_ports=layer.output_ports, outputs=outputs)

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        outputs: tuple[Shape, ...] = self.__dict__["outputs"]
        return outputs

    def bind(self, work: Workspace) -> None:
        for value in work.outputs:
            work.forward(value.array.fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        for shape in self.infer(ArrivingShapes({})):
            graph.result(graph.for_each_example(np.zeros(shape), "zeros"))
