"""A small random rotation of images, by bilinear interpolation, and its exact way back."""

from __future__ import annotations

import math

import numpy as np

from engine.fields import Real
from engine.layers.augmentation import Augmentation, multiply_channels
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Workspace, size_of
from engine.shapes import Shape
from engine.workspace import AddStep


@LAYERS.register
class RandomRotation(Augmentation):
    """While training, turn each image about its middle by up to so many degrees either way.

    Each pixel is the bilinear mean of the four that it comes from; outside is 0. Otherwise
    it passes everything on. Shapes: x (C, H, W, N) -> y (C, H, W, N).
    """

    kind = "random_rotation"
    label = "RandomRotation"
    summary = "Turns images by a small angle at random while training."
    synonyms = ("augmentation", "rotate", "tilt", "angle")
    formula = "y(q) = Σ_p x(p) t(R q - p), t the tent (1 - |d_h|)⁺ (1 - |d_w|)⁺"
    examples = (
        Example({}, ((1, 4, 4),)),
        Example({"degrees": 90}, ((2, 3, 5),)),
        Example({"degrees": 0}, ((1, 2, 2),)),
    )

    degrees = Real(10.0, minimum=0, maximum=180, help="How far an image turns at most.")

    def changes(self) -> bool:
        return self.degrees > 0

    def bind_change(self, work: Workspace) -> None:
        x, y = work.input, work.output
        angle = work.buffer(work.batch)
        turn = work.buffer(3, work.batch)
        turn[2] = 1
        work.forward(work.rng.random, dtype=work.dtype, out=angle)
        widest = 2 * math.radians(self.degrees)
        work.forward(np.subtract, angle, work.scalar(0.5), out=angle)
        work.forward(np.multiply, angle, work.scalar(widest), out=angle)
        work.forward(np.cos, angle, out=turn[0])
        work.forward(np.sin, angle, out=turn[1])
        _, high, wide, _ = x.array.shape
        _Turned(work, work.forward, turn, (high, wide)).bind(x.array, y.array)
        if x.gradient is not None and y.gradient is not None:
            back = _TurnedBack(work, work.backward, turn, (high, wide))
            back.bind(y.gradient, x.gradient)

    def line(self) -> str:
        return f"± {self.degrees:g}°"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return 8 * size_of(arriving)


class _Turned:
    """Steps that write result(q) = Σ_p source(p) t(R q - p) for every example's rotation R.

    The pixels p that count lie on a grid of `reach` beside the one below R q.
    turn: the rows cos, sin and 1, (3, N). source, result: (C, H, W, N).
    """

    sign = 1.0
    reach = (0, 1)

    def __init__(self, work: Workspace, add_step: AddStep, turn: Array, shape: Shape) -> None:
        """shape: (H, W)."""
        self.work, self.add_step, self.turn = work, add_step, turn
        self.high, self.wide = shape
        self.size = (self.high * self.wide, work.batch)
        self.rows, self.columns = work.buffer(*self.size), work.buffer(*self.size)
        self.one, self.zero = work.scalar(1), work.scalar(0)

    def bind(self, source: Array, result: Array) -> None:
        work, add_step, (low, most) = self.work, self.add_step, self.reach
        channels, batch = len(source), work.batch
        margin = most - low + 1
        padded = work.buffer(channels, self.high + 2 * margin, self.wide + 2 * margin, batch)
        padded.fill(0)
        inside = padded[:, margin : margin + self.high, margin : margin + self.wide]
        add_step(np.copyto, inside, source)
        width = padded.shape[2]
        first = self._bind_places(margin, width)
        place = work.buffer(*self.size, dtype=np.intp)
        taken = work.buffer(*result.shape)
        # (C, H', W', N) -> (C, H' W' N)
        flat, into = padded.reshape(channels, -1), taken.reshape(channels, -1)
        weights = self.rows.reshape(taken.shape[1:])
        add_step(result.fill, 0)
        for i in range(low, most + 1):
            for j in range(low, most + 1):
                self._bind_way(i, j)
                self._bind_tent()
                offset = np.array((i * width + j) * batch, np.intp)
                add_step(np.add, first, offset, out=place)
                add_step(np.take, flat, place.reshape(-1), axis=1, out=into, mode="clip")
                multiply_channels(add_step, taken, weights, taken)
                add_step(np.add, result, taken, out=result)

    def _bind_places(self, margin: int, width: int) -> Array:
        """Of R q: the flat place of the pixel below it, (P, N); and the rest, for `_bind_way`."""
        add_step, high, wide = self.add_step, self.high, self.wide
        down, right = (grid.ravel() for grid in np.mgrid[:high, :wide])
        below = down - (high - 1) / 2, right - (wide - 1) / 2
        place, self.past_row = self._coordinate(below[0], -self.sign * below[1], high, margin)
        column, self.past_column = self._coordinate(below[1], self.sign * below[0], wide, margin)
        examples = np.broadcast_to(np.arange(self.work.batch, dtype=np.intp), self.size).copy()
        add_step(np.multiply, place, np.array(width, np.intp), out=place)
        add_step(np.add, place, column, out=place)
        add_step(np.multiply, place, np.array(self.work.batch, np.intp), out=place)
        add_step(np.add, place, examples, out=place)
        return place

    def _coordinate(
        self, along: Array, across: Array, length: int, margin: int
    ) -> tuple[Array, Array]:
        """Of R q on one axis: the pixel below, as a place in the padded source, and the rest."""
        work, add_step = self.work, self.add_step
        columns = [along, across, np.full(along.size, (length - 1) / 2)]
        matrix = np.stack(columns, axis=1).astype(work.dtype)
        found, below = work.buffer(*self.size), work.buffer(*self.size)
        place = work.buffer(*self.size, dtype=np.intp)
        low, most = self.reach
        add_step(np.dot, matrix, self.turn, out=found)  # (P, 3) @ (3, N) -> (P, N)
        add_step(np.floor, found, out=below)
        add_step(np.subtract, found, below, out=found)
        # Held where all that is read lies in the margin, and so is 0.
        add_step(np.maximum, below, work.scalar(-most - 1), out=below)
        add_step(np.minimum, below, work.scalar(length - low), out=below)
        add_step(np.add, below, work.scalar(margin), out=below)
        add_step(np.copyto, place, below, casting="unsafe")
        return place, found

    def _bind_way(self, i: int, j: int) -> None:
        """rows, columns <- the way from R q to the pixel (i, j) beside the one below."""
        self.add_step(np.subtract, self.work.scalar(i), self.past_row, out=self.rows)
        self.add_step(np.subtract, self.work.scalar(j), self.past_column, out=self.columns)

    def _bind_tent(self) -> None:
        """rows <- (1 - |rows|)⁺ (1 - |columns|)⁺"""
        for distance in (self.rows, self.columns):
            self.add_step(np.abs, distance, out=distance)
            self.add_step(np.subtract, self.one, distance, out=distance)
            self.add_step(np.maximum, distance, self.zero, out=distance)
        self.add_step(np.multiply, self.rows, self.columns, out=self.rows)


class _TurnedBack(_Turned):
    """The adjoint: result(p) = Σ_q source(q) t(R q - p), gathered pixel by pixel.

    With r = R⁻¹ p the tent is t(R (q - r)), which is not 0 only where q is nearer to r
    than √2 along both axes: on a grid of four by four around it.
    """

    sign = -1.0
    reach = (-1, 2)

    def bind(self, source: Array, result: Array) -> None:
        work = self.work
        ones = work.buffer(self.size[0], 1)
        ones.fill(1)
        self.cosine, self.sine, self.down, self.right, self.part = (
            work.buffer(*self.size) for _ in range(5)
        )
        for row, repeated in zip(self.turn, (self.cosine, self.sine), strict=False):
            self.add_step(np.dot, ones, row[None], out=repeated)  # (P, 1) @ (1, N)
        super().bind(source, result)

    def _bind_way(self, i: int, j: int) -> None:
        """rows, columns <- R times the way from r to the pixel (i, j) beside the one below."""
        add_step, part = self.add_step, self.part
        add_step(np.subtract, self.work.scalar(i), self.past_row, out=self.down)
        add_step(np.subtract, self.work.scalar(j), self.past_column, out=self.right)
        add_step(np.multiply, self.cosine, self.down, out=self.rows)
        add_step(np.multiply, self.sine, self.right, out=part)
        add_step(np.subtract, self.rows, part, out=self.rows)
        add_step(np.multiply, self.sine, self.down, out=self.columns)
        add_step(np.multiply, self.cosine, self.right, out=part)
        add_step(np.add, self.columns, part, out=self.columns)
