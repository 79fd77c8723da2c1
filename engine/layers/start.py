"""Where a loop begins: what the delayed value is at the first step, and how long it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Choice, Integer, Real
from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Port, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Start(Layer):
    """Begin a loop: y_1 = start, then y_t = what came round; zeros where nothing is wired.

    It says for the whole loop how long that runs. Step by step: once for each step of the
    sequences that enter it. Until it settles: over and over on the same values, until no
    number changes by more than the tolerance, or as many steps as are allowed; training
    goes through all of these steps, so that gradients are exact.

    Shapes: start (*shape, N), in (*shape, N), delayed -> y (*shape, N). By itself, outside of
    a loop, there is one step, and y = start.
    """

    kind = "start"
    label = "Start"
    summary = "Where a loop begins: its first value, and whether it runs until it settles."
    synonyms = (
        "loop",
        "feedback",
        "delay",
        "initial",
        "memory",
        "settle",
        "equilibrium",
        "hopfield",
    )
    category = "recurrent"
    formula = "y_1 = start, y_t = x_{t-1}"
    source = "Elman, Finding structure in time, 1990; Hopfield, Neural networks, 1982"
    input_ports = (Port("in"), Port("start", required=False))
    examples = (
        Example({}, ((3,), (3,)), ports=("in", "start")),
        Example({"runs": "settle"}, ((2,),)),
    )

    runs = Choice(
        "sequence",
        {"sequence": "Step by step", "settle": "Until it settles"},
        help="Once for each step of a sequence that enters the loop, or on and on until "
        "nothing changes any more.",
    )
    steps = Integer(
        20, minimum=1, maximum=1000, help="How many steps it has at most to settle.", label="Steps"
    )
    tolerance = Real(
        1e-6,
        minimum=0.0,
        help="It has settled when no number changes by more than this in a step.",
        advanced=True,
    )
    returns = Choice(
        "sequence",
        {"sequence": "Every step", "last": "The last step"},
        help="What leaves the loop. One that settles gives where it has come to rest.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        (later,) = arriving.at("in")
        for start in arriving.at("start"):
            if start != later:
                raise ShapeError(
                    f"{self.label} begins with {shapes.text(start)}, and {shapes.text(later)} "
                    "comes round. Make both the same, such as by a Dense before one of them."
                )
        return (later,)

    def bind(self, work: Workspace) -> None:
        y = work.output
        for start in work.inputs.get("start", ()):
            work.forward(np.copyto, y.array, start.array)
            if work.training and start.gradient is not None and y.gradient is not None:
                work.backward(np.copyto, start.gradient, y.gradient)
        if not work.inputs.get("start"):
            work.forward(y.array.fill, 0)
        for later in work.inputs.get("in", ()):
            if work.training and later.gradient is not None:
                work.backward(later.gradient.fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        later, *start = graph.inputs
        if start:
            graph.result(graph.node("Identity", start))
        else:
            graph.result(graph.node("Mul", [later, graph.constant(0.0, "zero")]))

    def line(self) -> str:
        return f"settles in {self.steps}" if self.runs == "settle" else "step by step"
