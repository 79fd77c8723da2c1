"""An activation as a layer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import ACTIVATIONS
from engine.activations import Activation as ActivationKind
from engine.errors import ShapeError
from engine.fields import Variant
from engine.layers.base import (
    LAYERS,
    ArrivingShapes,
    Example,
    Layer,
    PaletteEntry,
    ParameterSpec,
    Value,
    Workspace,
    size_of,
)
from engine.layers.each_step import EachStep
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Activation(Layer):
    """Apply a function to every value: y = f(x).

    Shapes: x (*shape, N) -> y (*shape, N). Softmax and log-softmax run over the features: of a
    row (D,), of each step of a sequence (T, D), or the channels of an image (C, H, W). A PReLU
    may have a slope for each of these.
    """

    kind = "activation"
    label = "Activation"
    summary = "A function on its own: ReLU, sigmoid, softmax and the others."
    synonyms = ("nonlinearity", "function", "linear", "identity")
    category = "core"
    formula = "y = f(x)"
    masking = "passes"
    examples = (
        *(
            Example({"function": kind}, (shape,))
            for kind in ACTIVATIONS.kinds()
            for shape in ((4,), (3, 2, 5))
        ),
        Example({"function": "softmax"}, ((3, 4),)),
        Example({"function": "log_softmax"}, ((3, 4),)),
        *(
            Example({"function": {"kind": "prelu", "per_channel": True}}, (shape,))
            for shape in ((4,), (3, 4), (3, 2, 5))
        ),
        Example({"function": {"kind": "hard_sigmoid", "alpha": 0.3, "beta": 0.4}}, ((4,),)),
    )

    @classmethod
    def palette_entries(cls) -> Sequence[PaletteEntry]:
        """Itself, and for those who search for one each function that does something."""
        named = (
            PaletteEntry(
                cls.kind,
                function.label,
                function.summary,
                (*function.synonyms, function.kind.replace("_", "")),
                {"function": function.kind},
                listed=False,
            )
            for function in ACTIVATIONS
            if function.kind != "linear"
        )
        return (*super().palette_entries(), *named)

    function: Variant[ActivationKind] = Variant(
        "relu", ACTIVATIONS, help="What is applied to every value."
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        if not arriving.one:
            raise ShapeError(
                f"{self.label} needs values with at least one axis, got {arriving.one}. "
                "Put a Reshape before it."
            )
        return (arriving.one,)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        shape = arriving.one
        return self.function.parameters(shape[1] if len(shape) == 2 else shape[0])

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if not self.function.by_feature or x.array.ndim != 3:
            self._bind(work, x, y)
            return
        steps = EachStep(work, x.array.shape[1])
        steps.bind_before()
        self._bind(work, steps.x, steps.y)
        steps.bind_after()

    def _bind(self, work: Workspace, x: Value, y: Value) -> None:
        self.function.forward(work, x.array, y.array)
        if not work.training or y.gradient is None:
            return
        self.function.backward(work, x.array, y.array, y.gradient)
        if x.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        axes = len(graph.shapes[0])
        # The features come first, but for a sequence, where they come last.
        places = 0 if axes == 2 else axes - 1
        graph.result(self.function.onnx(graph, graph.inputs[0], places))

    def final_activation(self) -> ActivationKind:
        return self.function

    def without_activation(self) -> Layer:
        return self.replaced(function="linear")

    def title(self) -> str:
        return self.function.label

    def line(self) -> str:
        return self.function.formula

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)
