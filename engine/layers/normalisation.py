"""What all normalisations share: mean 0, variance 1, then a learned scale and shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Boolean, Real
from engine.initializers import Constant, Zeros
from engine.layers.base import ArrivingShapes, Layer, ParameterSpec, Workspace, size_of
from engine.shapes import Shape
from engine.workspace import Array

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class Normalisation(Layer):
    """The settings of every normalisation."""

    category = "regularising"

    affine = Boolean(
        True, label="Scale and shift", help="Whether it learns by what to multiply and what to add."
    )
    epsilon = Real(
        1e-5,
        above=0,
        maximum=1,
        advanced=True,
        help="Added to the variance, so that values that are all alike are not divided by zero.",
    )

    @property
    def signed(self) -> bool:
        return True

    def scaled_shape(self, shape: Shape) -> Shape:
        """Of what arrives in this shape, the shape of scale and shift."""
        return shape[:1]

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        if not self.affine:
            return ()
        shape = self.scaled_shape(arriving.one)
        return (
            ParameterSpec("scale", shape, Constant(value=1)),
            ParameterSpec("shift", shape, Zeros()),
        )

    def onnx_learned(self, graph: OnnxGraph, shape: Shape) -> list[str]:
        """The names of scale and shift, or of constants that change nothing."""
        if self.affine:
            return [graph.parameter("scale"), graph.parameter("shift")]
        return [
            graph.constant(np.full(shape, 1.0), "scale"),
            graph.constant(np.full(shape, 0.0), "shift"),
        ]

    def line(self) -> str:
        return f"ε {self.epsilon:g}".replace("e-0", "e-")

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return 2 * size_of(arriving)

    def bind_inverse_root(self, work: Workspace, variance: Array, out: Array) -> None:
        """Add the steps for 1 / √(σ² + ε)."""
        work.forward(np.add, variance, work.scalar(self.epsilon), out=out)
        work.forward(np.sqrt, out, out=out)
        work.forward(np.reciprocal, out, out=out)
