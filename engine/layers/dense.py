"""The fully connected layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.activations import Activation
from engine.fields import Boolean, Integer
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Value,
    Workspace,
    features_of,
)
from engine.layers.each_step import EachStep
from engine.layers.small_products import multiply
from engine.layers.weighing import activation_field, bias_initializer_field, initializer_field
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Dense(Layer):
    """Multiply by a weight matrix, add a bias, apply an activation: y = f(W x + b).

    In a sequence it does the same at every step, with the same weights. W has a row for each
    unit, as in PyTorch; Keras has a column.

    Shapes: x (D, N) -> y (U, N), or x (T, D, N) -> y (T, U, N); W (U, D), b (U,).
    """

    kind = "dense"
    label = "Dense"
    summary = "Every unit reads every input: the fully connected layer."
    synonyms = ("fully connected", "linear", "affine", "perceptron", "mlp", "time distributed")
    category = "core"
    formula = "y = f(W x + b)"
    masking = "passes"
    source = "Rosenblatt, The perceptron, 1958; PyTorch, torch.nn.Linear"
    examples = (
        Example({"units": 4}, ((3,),)),
        Example({"units": 1, "activation": "linear"}, ((1,),)),
        Example({"units": 5, "activation": "tanh", "bias": False}, ((2,),)),
        Example({"units": 3, "activation": "softmax"}, ((6,),)),
        Example({"units": 3, "activation": "gelu"}, ((4,),)),
        Example({"units": 3, "activation": "prelu"}, ((4,),)),
        Example({"units": 3, "activation": "softmax"}, ((2, 4),)),
        Example({"units": 3, "activation": {"kind": "prelu", "per_channel": True}}, ((2, 4),)),
        Example({"units": 2, "activation": "gelu", "bias": False}, ((3, 1),)),
    )

    units = Integer(64, minimum=1, maximum=1_000_000, help="How many neurons the layer has.")
    activation = activation_field("relu")
    bias = Boolean(True, help="Whether each neuron adds a number of its own to its sum.")
    initializer = initializer_field("glorot_uniform")
    bias_initializer = bias_initializer_field()

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        self._features(arriving)
        return ((*arriving.one[:-1], self.units),)

    def _features(self, arriving: ArrivingShapes) -> int:
        """D, of one row or of each step of a sequence (T, D). Raises ShapeError."""
        is_sequence = len(arriving.one) == 2
        return features_of(self, arriving.one[1:] if is_sequence else arriving.one)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        features = self._features(arriving)
        weight = ParameterSpec(
            "weight", (self.units, features), self.initializer, features, self.units
        )
        bias = ParameterSpec(
            "bias", (self.units,), self.bias_initializer, features, self.units, beside="weight"
        )
        return (weight, *((bias,) if self.bias else ()), *self.activation.parameters(self.units))

    def bind(self, work: Workspace) -> None:
        if work.input.array.ndim == 2:
            self._bind(work, work.input, work.output)
            return
        steps = EachStep(work, self.units)
        steps.bind_before()
        self._bind(work, steps.x, steps.y)
        steps.bind_after()

    def _bind(self, work: Workspace, x: Value, y: Value) -> None:
        # A loss that differentiates through the activation reads z as well.
        apart = self.activation.needs_input or work.fused
        z = work.buffer(*y.array.shape) if apart else y.array
        if self.bias:
            # (U, D + 1) @ (D + 1, N) -> (U, N): the row of ones meets the bias.
            multiply(work.forward, work.joined("weight"), x.with_ones, z)
        else:
            multiply(work.forward, work.parameter("weight"), x.array, z)
        self.activation.forward(work, z, y.array)
        if work.training and y.gradient is not None:
            self.activation.backward(work, z, y.array, y.gradient)
            self._bind_products(work, x, y.gradient)

    def _bind_products(self, work: Workspace, x: Value, gradient: Array) -> None:
        weight = work.parameter("weight")
        rows = x.with_ones if self.bias else x.array
        weight_gradient = (
            work.joined_gradient("weight") if self.bias else work.parameter_gradient("weight")
        )
        if weight_gradient is not None:
            # (U, N) @ (N, D + 1) -> (U, D + 1)
            work.backward(np.dot, gradient, rows.T, weight_gradient)
        if x.gradient is None:
            return
        if self.bias and x.gradient_with_row is not None:
            # The spare row takes the bias's share: cheaper than a strided view of W.
            multiply(work.backward, work.joined("weight").T, gradient, x.gradient_with_row)
        else:
            multiply(work.backward, weight.T, gradient, x.gradient)  # (D, U) @ (U, N)

    def onnx(self, graph: OnnxGraph) -> None:
        x, shape = graph.inputs[0], graph.shapes[0]
        biases = [graph.parameter("bias")] if self.bias else []
        if len(shape) == 2:  # Gemm takes rows: those of all steps, one under the other
            x = graph.node("Reshape", [x, graph.constant(np.array([-1, shape[1]]), "rows")])
        sums = graph.node("Gemm", [x, graph.parameter("weight"), *biases], transB=1)
        y = self.activation.onnx(graph, sums)
        if len(shape) == 2:
            sizes = graph.constant(np.array([-1, shape[0], self.units]), "steps")
            y = graph.node("Reshape", [y, sizes])
        graph.result(y)

    def final_activation(self) -> Activation:
        return self.activation

    def line(self) -> str:
        return f"{self.units} · {self.activation.label.lower()}"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return shapes.size(arriving.one) * self.units
