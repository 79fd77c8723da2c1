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
    reach = range(2)

    def __init__(self, work: Workspace, add_step: AddStep, turn: Array, shape: Shape) -> None:
        """shape: (H, W)."""
        self.work, self.add_step, self.turn = work, add_step, turn
        self.high, self.wide = shape
        self.size = (self.high * self.wide, work.batch)

    def bind(self, source: Array, result: Array) -> None:
        work, add_step = self.work, self.add_step
        channels, batch = len(source), work.batch
        margin = len(self.reach)
        padded = work.buffer(channels, self.high + 2 * margin, self.wide + 2 * margin, batch)
        padded.fill(0)
        inside = padded[:, margin : margin + self.high, margin : margin + self.wide]
        add_step(np.copyto, inside, source)
        width = padded.shape[2]
        first = self._bind_places(margin, width)
        self._bind_parts()
        place = work.scratch(*self.size, dtype=np.intp)
        taken = work.scratch(*result.shape)
        # (C, H', W', N) -> (C, H' W' N)
        flat, into = padded.reshape(channels, -1), taken.reshape(channels, -1)
        index, shape = place.reshape(-1), taken.shape[1:]
        add_step(result.fill, 0)
        for row, down in enumerate(self.reach):
            for right, weights in zip(self.reach, self._bind_weights(row), strict=True):
                offset = np.array((down * width + right) * batch, np.intp)
                add_step(np.add, first, offset, out=place)
                add_step(np.take, flat, index, axis=1, out=into, mode="clip")
                multiply_channels(add_step, taken, weights.reshape(shape), taken)
                add_step(np.add, result, taken, out=result)

    def _bind_places(self, margin: int, width: int) -> Array:
        """Of R q: the flat place of the pixel below it, (P, N); and the rest, for `_bind_parts`."""
        add_step, high, wide = self.add_step, self.high, self.wide
        down, right = np.divmod(np.arange(high * wide), wide)
        below = down - (high - 1) / 2, right - (wide - 1) / 2
        place, past_row = self._coordinate(below[0], -self.sign * below[1], high, margin)
        column, past_column = self._coordinate(below[1], self.sign * below[0], wide, margin)
        self.past = (past_row, past_column)
        examples = self.work.buffer(*self.size, dtype=np.intp)
        examples[:] = np.arange(self.work.batch)
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
        matrix = work.buffer(along.size, 3)
        matrix[:, 0], matrix[:, 1], matrix[:, 2] = along, across, (length - 1) / 2
        found, below = work.scratch(*self.size), work.scratch(*self.size)
        place = work.scratch(*self.size, dtype=np.intp)
        add_step(np.dot, matrix, self.turn, out=found)  # (P, 3) @ (3, N) -> (P, N)
        add_step(np.floor, found, out=below)
        add_step(np.subtract, found, below, out=found)
        # Held where all that is read lies in the margin, and so is 0.
        add_step(np.maximum, below, work.scalar(-self.reach.stop), out=below)
        add_step(np.minimum, below, work.scalar(length - self.reach.start), out=below)
        add_step(np.add, below, work.scalar(margin), out=below)
        add_step(np.copyto, place, below, casting="unsafe")
        return place, found

    def _bind_ways(self) -> Array:
        """The ways from R q to the pixels beside the one below, by axis: (2, reach, P, N)."""
        ways = self.work.scratch(2, len(self.reach), *self.size)
        for past, of_axis in zip(self.past, ways, strict=True):
            for step, way in zip(self.reach, of_axis, strict=True):
                self.add_step(np.subtract, self.work.scalar(step), past, out=way)
        return ways

    def _bind_tent(self, distance: Array) -> None:
        """distance <- (1 - |distance|)⁺"""
        self.add_step(np.abs, distance, out=distance)
        self.add_step(np.subtract, self.work.scalar(1), distance, out=distance)
        self.add_step(np.maximum, distance, self.work.scalar(0), out=distance)

    def _bind_parts(self) -> None:
        """What the weights are made of: here the tents of both axes."""
        self.parts = self._bind_ways()
        self._bind_tent(self.parts)
        self.weights = self.work.scratch(*self.parts.shape[1:])

    def _bind_weights(self, row: int) -> Array:
        """The weights of the pixels in one row of the grid, (reach, P, N)."""
        tents, tent = self.parts[1], self.parts[0, row]
        for across, weights in zip(tents, self.weights, strict=True):
            self.add_step(np.multiply, tent, across, out=weights)
        return self.weights


class _TurnedBack(_Turned):
    """The adjoint: result(p) = Σ_q source(q) t(R q - p), gathered pixel by pixel.

    With r = R⁻¹ p the tent is t(R (q - r)), which is not 0 only where q is nearer to r
    than √2 along both axes: on a grid of four by four around it.
    """

    sign = -1.0
    reach = range(-1, 3)

    def _bind_parts(self) -> None:
        """cos and sin times the ways down and right."""
        work = self.work
        ones = work.buffer(self.size[0], 1)
        ones.fill(1)
        repeated = work.scratch(*self.size)
        ways, flat = self._bind_ways(), (-1, *self.size)
        self.parts = work.scratch(2, *ways.shape)
        self.turned = work.scratch(2, *ways.shape[1:])
        for row, parts in zip(self.turn, self.parts, strict=False):
            self.add_step(np.dot, ones, row[None], out=repeated)  # (P, 1) @ (1, N)
            for way, part in zip(ways.reshape(flat), parts.reshape(flat), strict=True):
                self.add_step(np.multiply, repeated, way, out=part)

    def _bind_weights(self, row: int) -> Array:
        """The tents of R times the ways from r: cos down - sin right, sin down + cos right."""
        cosine, sine = self.parts
        rows: Array = self.turned[0]
        columns: Array = self.turned[1]
        down, sideways = cosine[0, row], sine[0, row]
        for place, (along, across) in enumerate(zip(sine[1], cosine[1], strict=True)):
            self.add_step(np.subtract, down, along, out=rows[place])
            self.add_step(np.add, sideways, across, out=columns[place])
        self._bind_tent(self.turned)
        self.add_step(np.multiply, rows, columns, out=rows)
        return rows
