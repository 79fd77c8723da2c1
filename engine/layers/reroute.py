"""A point through which a wire is led, so that it runs where it is easy to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Reroute(Layer):
    """Pass on what arrives: y = x. A plan looks through it, so it costs nothing.

    Shapes: x (*shape, N) -> y (*shape, N).
    """

    kind = "reroute"
    label = "Reroute point"
    summary = "Leads a wire through a place of your choice; what it carries stays the same."
    synonyms = ("dot", "identity", "pass through", "knot", "waypoint")
    category = "core"
    arranges = True
    masking = "passes"
    formula = "y = x"
    examples = (
        Example({}, ((5,),)),
        Example({}, ((2, 3, 4),)),
        Example({}, ((4, 3),)),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (arriving.one,)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        work.forward(np.copyto, y.array, x.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Identity", [graph.inputs[0]]))
