"""How a sequence enters and leaves an unrolled loop. No palette has these layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Integer
from engine.layers.base import ArrivingShapes, Layer, Masking, Port, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class Unstack(Layer):
    """Give each step of a sequence by a port of its own: y_t = x[t].

    Shapes: x (T, *shape, N) -> T times y_t (*shape, N).
    """

    kind = "unstack"
    label = "Unstack"
    summary = "Takes a sequence apart."
    category = "recurrent"
    formula = "y_t = x[t]"

    steps = Integer(1, minimum=1, maximum=1_000_000, help="How many steps there are.")

    def __init__(self, steps: int) -> None:
        super().__init__(steps=steps)
        self.__dict__["output_ports"] = tuple(Port(self.port(step)) for step in range(steps))

    @staticmethod
    def port(step: int) -> str:
        return f"step {step}"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (arriving.one[1:],) * self.steps

    def bind(self, work: Workspace) -> None:
        x = work.input
        for step, y in enumerate(work.outputs):
            work.forward(np.copyto, y.array, x.array[step])
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, x.gradient[step], y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        axis = graph.constant(np.array([1], np.int64), "axis")
        sizes = graph.constant(np.ones(self.steps, np.int64), "sizes")
        parts = graph.node_with_outputs("Split", [graph.inputs[0], sizes], self.steps, axis=1)
        for part in parts:
            graph.result(graph.node("Squeeze", [part, axis]))


class Stack(Layer):
    """Make a sequence of its steps: y[t] = x_t, in the order of wiring.

    A sequence at `like` lends its mask: the same steps are real.

    Shapes: T times x_t (*shape, N) -> y (T, *shape, N).
    """

    kind = "stack"
    label = "Stack"
    summary = "Puts steps together to a sequence."
    category = "recurrent"
    arranges = True
    formula = "y[t] = x_t"
    input_ports = (Port("in", many=True, masks=False), Port("like", many=True, required=False))

    @property
    def masking(self) -> Masking:
        return "passes"

    steps = Integer(1, minimum=1, maximum=1_000_000, help="How many steps there are.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return ((self.steps, *arriving.at("in")[0]),)

    def bind(self, work: Workspace) -> None:
        y = work.output
        for step, x in enumerate(work.inputs["in"]):
            work.forward(np.copyto, y.array[step], x.array)
            if work.training and x.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, x.gradient, y.gradient[step])
        for like in work.inputs.get("like", ()):
            if work.training and like.gradient is not None:
                work.backward(like.gradient.fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        axis = graph.constant(np.array([1], np.int64), "axis")
        rows = [graph.node("Unsqueeze", [x, axis]) for x in graph.inputs[: self.steps]]
        graph.result(graph.node("Concat", rows, axis=1))
