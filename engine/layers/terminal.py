"""Where a network begins and ends: inputs, constants, outputs and losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Real, Sizes, Texts, Variant
from engine.layers.base import (
    LAYERS,
    ArrivingShapes,
    Example,
    Layer,
    PaletteEntry,
    Port,
    Workspace,
)
from engine.losses import LOSSES
from engine.losses import Loss as LossKind
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Input(Layer):
    """Where examples enter: x.

    Shapes: nothing -> x (*shape, N).
    """

    kind = "input"
    label = "Input"
    summary = "Where the examples of the data set enter the network."
    synonyms = ("features", "source", "data")
    category = "ends"
    formula = "x"
    input_ports = ()
    examples = (Example({"shape": [3]}, ()), Example({"shape": [1, 8, 8]}, ()))

    shape = Sizes((2,), help="Numbers of one example: (D,) features, (C, H, W) an image.")
    columns = Texts(
        (), suggests="columns", help="Feature columns that enter here; none means all of them."
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (self.shape,)

    def bind(self, work: Workspace) -> None:
        pass  # the plan's owner fills the array

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.inputs[0])  # the exporter hands over the name of the model's input

    def line(self) -> str:
        """What enters; the card shows the shape anyway."""
        return ", ".join(self.columns) or ("images" if len(self.shape) == 3 else "all features")


@LAYERS.register
class Output(Layer):
    """Marks a value as an output of the model, for prediction and export.

    Shapes: y (*shape, N) -> nothing. Without one, what the losses judge are the outputs.
    """

    kind = "output"
    label = "Output"
    summary = "Names a value that the finished model gives out."
    synonyms = ("result", "prediction", "sink")
    category = "ends"
    masking = "ends"
    formula = "y"
    output_ports = ()
    examples = (Example({}, ((3,),)),)

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return ()

    def bind(self, work: Workspace) -> None:
        # Nothing is learned here: what only this node reads gets no gradient.
        for value in (value for arriving in work.inputs.values() for value in arriving):
            if work.training and value.gradient is not None:
                work.backward(value.gradient.fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        pass  # the exporter declares the model's outputs


@LAYERS.register
class Loss(Layer):
    """Judges a prediction: one number that training makes small. Several add up, each
    times its weight. With a weight below 0 it is made large: a Wasserstein critic has
    "The value itself" of generated examples with 1 and of real ones with -1.

    Shapes: prediction (*shape, N), target as the loss asks for -> nothing. An
    unwired target is the data set's; a wired one is taken as given and learns
    nothing from being judged by. "The value itself" has no target.
    """

    kind = "loss"
    label = "Loss"
    summary = "How wrong the network is: the number that training makes small."
    synonyms = ("cost", "objective", "error", "criterion")
    category = "loss"
    masking = "ends"
    formula = "L(prediction, target)"
    input_ports = (Port("prediction"), Port("target", required=False))
    output_ports = ()
    examples = (
        Example({}, ((3,),), "prediction"),
        Example({"loss": "squared_error"}, ((1,),), "prediction"),
    )

    loss: Variant[LossKind] = Variant(
        "categorical_cross_entropy", LOSSES, help="How a prediction is compared with its target."
    )
    weight = Real(
        1.0,
        advanced=True,
        help="How much it counts beside other losses: training makes the sum of all small. Below "
        "0 it is made large instead, as what a critic says of real examples.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        (prediction,) = arriving.at("prediction")
        self.loss.check(prediction)
        for target in arriving.at("target"):
            self.loss.check_target(prediction, target)
        return ()

    def bind(self, work: Workspace) -> None:
        self.loss.bind_weighed(work)
        for value in work.inputs["prediction"]:
            if work.training and value.gradient is not None and self.weight != 1:
                share = work.scalar(self.weight)
                work.backward(np.multiply, value.gradient, share, out=value.gradient)
            if work.factor is not None and value.gradient is not None:
                work.backward(np.multiply, value.gradient, work.factor, out=value.gradient)
        for value in work.inputs.get("target", ()):
            if work.training and value.gradient is not None:
                work.backward(value.gradient.fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        pass  # a finished model has no loss

    def title(self) -> str:
        return self.loss.label

    def line(self) -> str:
        judged = {"classes": "classes", "binary": "yes or no", "values": "values", "none": ""}
        weight = "" if self.weight == 1 else f"× {self.weight:g}"
        return " · ".join(filter(None, (judged[self.loss.target], weight)))

    @classmethod
    def palette_entries(cls) -> Sequence[PaletteEntry]:
        return tuple(
            PaletteEntry(
                cls.kind,
                loss.label,
                loss.summary,
                (*loss.synonyms, *cls.synonyms),
                {"loss": loss.kind},
            )
            for loss in LOSSES
        )


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
