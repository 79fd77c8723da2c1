"""What normalisations of each example by itself do: layer, group and instance normalisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.normalisation import Normalisation
from engine.layers.repeat import Repeat
from engine.shapes import Shape
from engine.sums import bind_sums
from engine.workspace import AddStep, Array, Workspace

MANY = 192
"""Numbers whose mean rounding may put off by more than its own last digit."""


@dataclass(frozen=True)
class Layout:
    """How the numbers of an example stand for a normalisation.

    before, within, behind: the shape (B, W, R) of an example in which the W
        numbers along the middle axis are normalised together.
    scaled: the shape (A, P, Q) of an example in which the middle axis tells
        which of the P scales and shifts a number has.
    """

    before: int
    within: int
    behind: int
    scaled: tuple[int, int, int]


class ExampleNorm(Normalisation):
    """What normalisations of each example by itself share: they do the same, trained or not."""

    def layout(self, shape: Shape) -> Layout:
        raise NotImplementedError  # this is where they differ

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        shape = arriving.one
        self.check(shape)
        if self.layout(shape).within < 2:
            raise ShapeError(
                f"{self.label} needs two or more numbers to normalise together, and in values of "
                f"{shapes.text(shape)} has one at a time. Remove it: alone, each would become 0."
            )
        return (shape,)

    def check(self, shape: Shape) -> None:
        """Raises ShapeError for shapes that have no layout."""
        if not shape:
            raise ShapeError(
                f"{self.label} needs values with at least one axis, got (). "
                "Put a Reshape before it."
            )

    def bind(self, work: Workspace) -> None:
        shape = work.input.array.shape[:-1]
        _Steps(self, work, self.layout(shape)).bind()


class _Steps:
    """The steps of one layer.

    normal: x̂ = (x - μ) / √(σ² + ε), grouped like x.
    """

    def __init__(self, layer: ExampleNorm, work: Workspace, layout: Layout) -> None:
        self.layer, self.work = layer, work
        self.grouped = (layout.before, layout.within, layout.behind * work.batch)
        before, repeated, behind = layout.scaled
        # Where every row has one scale, a matrix; else (A, P, Q N).
        self.scaled = (before, repeated, behind * work.batch)[before == 1 :]
        self.repeat = Repeat(work)
        self.share = work.scalar(1 / layout.within)
        self.normal = work.buffer(*self.grouped)
        self.inverse = self.few()

    def few(self) -> Array:
        """One number for each group of each example."""
        return self.work.buffer(self.grouped[0], 1, self.grouped[2])

    def bind(self) -> None:
        work, normal = self.work, self.normal
        x, y = (v.array.reshape(self.grouped) for v in (work.input, work.output))
        mean = self.few()
        self.add_mean(work.forward, x, mean)
        # The mean comes off before the squares: mean(x²) - μ² would lose digits.
        work.forward(np.copyto, normal, mean)
        work.forward(np.subtract, x, normal, out=normal)
        if normal.shape[1] >= MANY:
            # So does what rounding left of it: much, where it is far from 0.
            self.add_mean(work.forward, normal, mean)
            work.forward(np.copyto, y, mean)
            work.forward(np.subtract, normal, y, out=normal)
        work.forward(np.multiply, normal, normal, out=y)
        self.add_mean(work.forward, y, self.inverse)
        self.layer.bind_inverse_root(work, self.inverse, self.inverse)
        work.forward(np.copyto, y, self.inverse)
        work.forward(np.multiply, normal, y, out=normal)
        if self.layer.affine:
            values, out = normal.reshape(self.scaled), y.reshape(self.scaled)
            self.repeat(work.forward_all, np.multiply, values, self.learned("scale"), out)
            self.repeat(work.forward_all, np.add, out, self.learned("shift"), out)
        else:
            work.forward(np.copyto, y, normal)
        if work.training:
            self.bind_backward()

    def bind_backward(self) -> None:
        # dL/dx = (g - mean(g) - x̂ mean(g x̂)) / √(σ² + ε), with g = dL/dx̂
        work, x, normal = self.work, self.work.input, self.normal
        if work.output.gradient is None:
            return
        gradient, back = work.output.gradient.reshape(self.grouped), work.backward
        if self.layer.affine:
            flat = gradient.reshape(self.scaled)
            self.add_parameter_gradients(flat, normal.reshape(self.scaled))
            if x.gradient is not None:
                self.repeat(work.backward_all, np.multiply, flat, self.learned("scale"), flat)
        if x.gradient is None:
            return
        out, mean, moment = x.gradient.reshape(self.grouped), self.few(), self.few()
        back(np.multiply, gradient, normal, out=out)
        self.add_mean(back, gradient, mean)
        self.add_mean(back, out, moment)
        back(np.copyto, out, moment)
        back(np.multiply, normal, out, out=normal)
        back(np.subtract, gradient, normal, out=gradient)
        back(np.copyto, out, mean)
        back(np.subtract, gradient, out, out=gradient)
        back(np.copyto, out, self.inverse)
        back(np.multiply, gradient, out, out=out)

    def add_mean(self, add_step: AddStep, values: Array, out: Array) -> None:
        """(B, W, M) -> (B, 1, M)"""
        bind_sums(self.work, add_step, values, out)
        add_step(np.multiply, out, self.share, out=out)

    # Scale and shift

    def learned(self, name: str) -> Array:
        """(P, 1), which meets rows of a matrix and the middle axis of (A, P, M) alike."""
        return self.work.parameter(name).reshape(-1, 1)

    def add_parameter_gradients(self, gradient: Array, normal: Array) -> None:
        scale, shift = (self.work.parameter_gradient(name) for name in ("scale", "shift"))
        if shift is not None:
            self.add_sums(gradient, shift)
        if scale is not None:
            product = self.repeat.spare(gradient.shape)
            self.work.backward(np.multiply, gradient, normal, out=product)
            self.add_sums(product, scale)

    def add_sums(self, values: Array, out: Array) -> None:
        """Sums for each scale: (P, M) or (A, P, M) -> (P,)."""
        work, column = self.work, out.reshape(-1, 1)
        length = values.shape[-1]
        rows = column if values.ndim == 2 else work.scratch(values.size // length, 1)
        work.backward(np.dot, values.reshape(-1, length), work.constant(1, length, 1), out=rows)
        if values.ndim == 3:
            parts = rows.reshape(len(values), -1)
            work.backward(np.dot, work.constant(1, 1, len(values)), parts, out=column.T)
