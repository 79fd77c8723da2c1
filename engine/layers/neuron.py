"""A single neuron, to be wired by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Activation
from engine.fields import Boolean
from engine.initializers import INITIALIZERS
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Port,
    Workspace,
    features_of,
)
from engine.layers.weighing import activation_field, initializer_field
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class Neuron(Layer):
    """Weigh every arriving number, add a bias, apply an activation: y = f(Σ w_i x_i + b).

    Shapes: any number of x_i (D_i, N) -> y (1, N); w (Σ D_i,), in the order of wiring; b (1,).
    A plan computes neurons that read the same values as one matrix product.
    """

    kind = "neuron"
    label = "Neuron"
    summary = "One neuron: a weight on each wire, a bias, an activation."
    synonyms = ("unit", "perceptron", "cell")
    category = "neuron"
    formula = "y = f(Σ w_i x_i + b)"
    source = "McCulloch and Pitts, A logical calculus, 1943"
    input_ports = (Port("in", many=True),)
    examples = (
        Example({}, ((1,), (1,))),
        Example({"activation": "sigmoid"}, ((3,),)),
        Example({"activation": "relu", "bias": False}, ((2,), (1,), (4,))),
        Example({"activation": "softplus"}, ((2,), (3,))),
    )

    activation = activation_field("tanh", help="What is applied to the weighted sum.")
    bias = Boolean(True, help="Whether the neuron adds a number of its own to the sum.")
    initializer = initializer_field("glorot_uniform")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        for shape in arriving.all:
            features_of(self, shape)
        return ((1,),)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        features = sum(features_of(self, shape) for shape in arriving.all)
        weight = ParameterSpec("weight", (features,), self.initializer, features, 1)
        bias = ParameterSpec("bias", (1,), INITIALIZERS.get("zeros")(), features, 1)
        return (weight, *((bias,) if self.bias else ()), *self.activation.parameters(1))

    def bind(self, work: Workspace) -> None:
        y = work.output
        # A loss that differentiates through the activation reads z as well.
        apart = self.activation.needs_input or work.fused
        z = work.buffer(1, work.batch) if apart else y.array
        part = work.buffer(work.batch)
        weight = work.parameter("weight")
        start = 0
        for number, x in enumerate(work.inputs["in"]):
            here = weight[start : start + len(x.array)]
            start += len(x.array)
            # (D_i,) @ (D_i, N) -> (N,)
            work.forward(np.dot, here, x.array, z[0] if number == 0 else part)
            if number:
                work.forward(np.add, z, part, out=z)
        if self.bias:
            work.forward(np.add, z, work.parameter("bias").reshape(()), out=z)
        self.activation.forward(work, z, y.array)
        if work.training and y.gradient is not None:
            self.activation.backward(work, z, y.array, y.gradient)
            self._bind_products(work, y.gradient)

    def _bind_products(self, work: Workspace, gradient: Array) -> None:
        row = gradient[0]  # (N,)
        weight, weight_gradient = work.parameter("weight"), work.parameter_gradient("weight")
        start = 0
        for x in work.inputs["in"]:
            here = slice(start, start + len(x.array))
            start += len(x.array)
            if weight_gradient is not None:
                work.backward(np.dot, x.array, row, weight_gradient[here])
            if x.gradient is not None:
                # (D_i, 1) @ (1, N) -> (D_i, N)
                work.backward(np.dot, weight[here, None], gradient, out=x.gradient)
        bias_gradient = work.parameter_gradient("bias") if self.bias else None
        if bias_gradient is not None:
            work.backward(np.add.reduce, gradient, axis=1, out=bias_gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        x = graph.inputs[0]
        if len(graph.inputs) > 1:
            x = graph.node("Concat", graph.inputs, axis=1)
        features = sum(shape[0] for shape in graph.shapes)
        weight = graph.parameter("weight", (1, features))
        biases = [graph.parameter("bias")] if self.bias else []
        sums = graph.node("Gemm", [x, weight, *biases], transB=1)
        graph.result(self.activation.onnx(graph, sums))

    def final_activation(self) -> Activation:
        return self.activation

    def line(self) -> str:
        return self.activation.label.lower()

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return sum(features_of(self, shape) for shape in arriving.all)
