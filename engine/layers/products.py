"""Layers that multiply two values and add up: the scalar product and the matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Port, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

PORTS = (Port("a"), Port("b"))
NAMES = ("a", "b")


@LAYERS.register
class Dot(Layer):
    """The scalar product of two rows of features: y = Σ_i a_i b_i. It says how alike they are.

    Shapes: a, b (D, N) -> y (1, N).
    """

    kind = "dot"
    label = "Dot"
    summary = "Multiplies two rows of features number by number and adds up: how alike are they?"
    synonyms = ("scalar product", "inner product", "similarity", "merge")
    category = "merging"
    formula = "y = a · b = Σ_i a_i b_i"
    input_ports = PORTS
    examples = (
        Example({}, ((4,), (4,)), ports=NAMES),
        Example({}, ((1,), (1,)), ports=NAMES),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        a, b = arriving.all
        if len(a) != 1 or a != b:
            raise ShapeError(
                f"{self.label} needs two rows of as many features (D,), got {shapes.text(a)} and "
                f"{shapes.text(b)}. Put a Flatten or a Dense before them."
            )
        return ((1,),)

    def bind(self, work: Workspace) -> None:
        (a,), (b,), y = work.inputs["a"], work.inputs["b"], work.output
        product, features = work.buffer(*a.array.shape), len(a.array)
        work.forward(np.multiply, a.array, b.array, out=product)
        work.forward(np.dot, work.constant(1, 1, features), product, out=y.array)
        if not work.training or y.gradient is None:
            return
        # (D, 1) @ (1, N): the gradient for every feature.
        work.backward(np.dot, work.constant(1, features, 1), y.gradient, out=product)
        for value, other in ((a, b), (b, a)):
            if value.gradient is not None:
                work.backward(np.multiply, product, other.array, out=value.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        axes = graph.constant(np.array([1], np.int64), "axes")
        product = graph.node("Mul", graph.inputs)
        graph.result(graph.node("ReduceSum", [product, axes], keepdims=1))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return shapes.size(arriving.all[0])


@LAYERS.register
class MatMul(Layer):
    """The matrix product of two matrices of each example: y = A B.

    Shapes: A (I, K, N), B (K, J, N) -> y (I, J, N).
    """

    kind = "matmul"
    label = "MatMul"
    summary = "Multiplies two matrices of each example: the heart of attention."
    synonyms = ("matrix product", "bmm", "attention", "merge")
    category = "merging"
    formula = "y = A B"
    input_ports = PORTS
    examples = (
        Example({}, ((2, 3), (3, 4)), ports=NAMES),
        Example({}, ((1, 2), (2, 1)), ports=NAMES),
        Example({}, ((3, 1), (1, 2)), ports=NAMES),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        a, b = arriving.all
        if len(a) != 2 or len(b) != 2 or a[1] != b[0]:
            raise ShapeError(
                f"{self.label} needs matrices (I, K) and (K, J), got {shapes.text(a)} and "
                f"{shapes.text(b)}. Put a Transpose or a Reshape before one of them."
            )
        return ((a[0], b[1]),)

    def bind(self, work: Workspace) -> None:
        (a,), (b,), y = work.inputs["a"], work.inputs["b"], work.output
        # Products of matrices want the examples first.
        left, right, product = (work.buffer(work.batch, *v.array.shape[:-1]) for v in (a, b, y))
        work.forward(np.copyto, left, a.array.transpose(2, 0, 1))
        work.forward(np.copyto, right, b.array.transpose(2, 0, 1))
        work.forward(np.matmul, left, right, out=product)
        work.forward(np.copyto, y.array, product.transpose(1, 2, 0))
        if not work.training or y.gradient is None:
            return
        work.backward(np.copyto, product, y.gradient.transpose(2, 0, 1))
        if a.gradient is not None:
            slope = work.buffer(*left.shape)
            work.backward(np.matmul, product, right.transpose(0, 2, 1), out=slope)
            work.backward(np.copyto, a.gradient, slope.transpose(1, 2, 0))
        if b.gradient is not None:
            slope = work.buffer(*right.shape)
            work.backward(np.matmul, left.transpose(0, 2, 1), product, out=slope)
            work.backward(np.copyto, b.gradient, slope.transpose(1, 2, 0))

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("MatMul", graph.inputs))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        (rows, inner), (_, columns) = arriving.all
        return rows * inner * columns
