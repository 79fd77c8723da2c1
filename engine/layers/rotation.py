"""A small random rotation of images, by bilinear interpolation, and its exact way back."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from engine.fields import Real
from engine.layers.augmentation import Augmentation
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Workspace, size_of
from engine.layers.patches import surrounded, tiles
from engine.workspace import AddStep

ARRAYS = 32
"""Numbers for a pixel and an example that are in use together, as measured."""


@LAYERS.register
class RandomRotation(Augmentation):
    """While training, turn each image about its middle by up to so many degrees either way.

    Each pixel is the bilinear mean of the four that it comes from; outside is 0. Otherwise
    it passes everything on. Shapes: x (C, H, W, N) -> y (C, H, W, N).
    """

    kind = "random_rotation"
    label = "RandomRotation"
    summary = "Turns images by a small angle at random while training."
    synonyms = ("augmentation", "data augmentation", "rotate", "tilt", "angle")
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
        coordinates = _Coordinates(work, (high, wide))
        _Turned(work, work.forward, turn, coordinates).bind(x.array, y.array)
        if x.gradient is not None and y.gradient is not None:
            back = work.buffer(3, work.batch)
            back[2] = 1
            work.backward(np.copyto, back[0], turn[0])
            work.backward(np.negative, turn[1], out=back[1])
            _TurnedBack(work, work.backward, back, coordinates).bind(y.gradient, x.gradient)

    def line(self) -> str:
        return f"± {self.degrees:g}°"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return 8 * size_of(arriving)


class _Coordinates:
    """Where the pixels of a turned image lie: R q by rows and columns, and so what lies there.

    The memory is for both passes: each writes before it reads.
    """

    def __init__(self, work: Workspace, lengths: tuple[int, int]) -> None:
        """lengths: H and W."""
        self.work, self.lengths = work, lengths
        down, right = np.divmod(np.arange(math.prod(lengths)), lengths[1])
        middles = [(length - 1) / 2 for length in lengths]
        down, right = down - middles[0], right - middles[1]
        matrix = work.buffer(2, down.size, 3)
        matrix[0, :, 0], matrix[0, :, 1] = down, -right
        matrix[1, :, 0], matrix[1, :, 1] = right, down
        matrix[0, :, 2], matrix[1, :, 2] = middles
        self.matrix = matrix
        self.tiles = tiles(down.size, ARRAYS * work.batch)
        self._room: dict[int, tuple[Array, Array]] = {}

    def room(self, size: int) -> tuple[Array, Array]:
        """Of S pixels and examples: the pixel below R q by row and column, the example and 1,
        (4, S); and how far R q is past that pixel, down and right, and 1, (3, S).
        """
        if size not in self._room:
            below, past = self.work.buffer(4, size, dtype=np.float64), self.work.buffer(3, size)
            below[2].reshape(-1, self.work.batch)[:] = np.arange(self.work.batch)
            below[3] = past[2] = 1
            self._room[size] = below, past
        return self._room[size]

    def bind(
        self, add_step: AddStep, tile: slice, turn: Array, reach: range
    ) -> tuple[Array, Array]:
        """The steps that find the `room` of the pixels q in a tile.

        turn: of R, the rows cos, sin and 1. reach: which pixels beside the one below are read.
        """
        work = self.work
        matrix = np.ascontiguousarray(self.matrix[:, tile]).reshape(-1, 3)  # (2 T, 3)
        size = (2, tile.stop - tile.start, work.batch)
        found, floor = work.scratch(*size), work.scratch(*size)
        below, past = self.room(size[1] * size[2])
        # (2 T, 3) @ (3, N) -> (2 T, N)
        add_step(np.dot, matrix, turn, out=found.reshape(-1, work.batch))
        add_step(np.floor, found, out=floor)
        add_step(np.subtract, found, floor, out=past[:2].reshape(size))
        # Held where all that is read lies in the margin, and so is 0.
        add_step(np.maximum, floor, work.scalar(-reach.stop), out=floor)
        for axis, length in zip(floor, self.lengths, strict=True):
            add_step(np.minimum, axis, work.scalar(length - reach.start), out=axis)
        add_step(np.copyto, below[:2].reshape(size), floor)
        return below, past


class _Turned:
    """Steps that write result(q) = Σ_p source(p) t(R q - p) for every example's rotation R.

    The K pixels p that count lie on a grid of `reach` beside the one below R q. They are
    weighed all at once, for as many pixels q as the cache holds.
    turn: the rows cos, sin and 1, (3, N). source, result: (C, H, W, N).
    """

    reach = range(2)

    def __init__(
        self, work: Workspace, add_step: AddStep, turn: Array, coordinates: _Coordinates
    ) -> None:
        self.work, self.add_step, self.turn = work, add_step, turn
        self.coordinates = coordinates
        self.across = len(self.reach)

    def bind(self, source: Array, result: Array) -> None:
        work, batch, margin = self.work, self.work.batch, self.across
        padded = surrounded(work, source, [(margin, margin)] * 2)
        padded.fill(self.add_step, source)
        # (C, H, W, N) -> (C, P N)
        channels, _, width, _ = padded.whole.shape
        flat, into = padded.whole.reshape(channels, -1), result.reshape(channels, -1)
        matrix = self._places(width)
        for tile in self.coordinates.tiles:
            with work.turn():
                below, past = self.coordinates.bind(self.add_step, tile, self.turn, self.reach)
                index = self._bind_index(matrix, below)
                weights = self._bind_weights(past)
                own = slice(tile.start * batch, tile.stop * batch)
                self._bind_sums(flat, width * batch, index, weights, into[:, own])

    def _places(self, width: int) -> Array:
        """What makes places in the padded source from `below`: a row for each column of the grid.

        Of the grid's first row; width: of the source.
        """
        batch, margin = self.work.batch, self.across
        corner = (margin + self.reach.start) * width + margin
        # Whole numbers up to 2^53 are exact in float64, and products of them are BLAS's.
        rows = [(width * batch, batch, 1, (corner + step) * batch) for step in self.reach]
        return np.array(rows, np.float64)

    def _bind_index(self, matrix: Array, below: Array) -> Array:
        """The places of the pixels in the first row of the grid, (reach, S)."""
        size = (self.across, below.shape[1])
        places = self.work.scratch(*size, dtype=np.float64)
        index = self.work.scratch(*size, dtype=np.intp)
        self.add_step(np.dot, matrix, below, out=places)  # (reach, 4) @ (4, S) -> (reach, S)
        self.add_step(np.copyto, index, places, casting="unsafe")
        return index

    def _bind_sums(
        self, source: Array, width: int, index: Array, weights: Array, result: Array
    ) -> None:
        """result <- Σ weights pixels, (C, S), of a source with rows of that width."""
        taken = self.work.scratch(*weights.shape)
        for channel, sums in zip(source, result, strict=True):
            for row, pixels in enumerate(taken.reshape(self.across, self.across, -1)):
                # clip: the other modes make a copy first.
                below = channel[row * width :]
                self.add_step(np.take, below, index, axis=0, out=pixels, mode="clip")
            self.add_step(np.multiply, taken, weights, out=taken)
            self.add_step(np.add.reduce, taken, axis=0, out=sums)

    def _bind_tents(self, matrix: Array, table: Array) -> Array:
        """(1 - |d|)⁺ of the distances d = matrix table, a row for each of the matrix."""
        add_step, work = self.add_step, self.work
        tents = work.scratch(len(matrix), table.shape[1])
        add_step(np.dot, matrix, table, out=tents)
        add_step(np.abs, tents, out=tents)
        add_step(np.subtract, work.scalar(1), tents, out=tents)
        add_step(np.maximum, tents, work.scalar(0), out=tents)
        return tents

    def _bind_weights(self, past: Array) -> Array:
        """The weights of the pixels on the grid, (K, S): here the tents of both axes."""
        ways = [(-1, 0, step) for step in self.reach] + [(0, -1, step) for step in self.reach]
        tents = self._bind_tents(np.array(ways, past.dtype), past)
        weights = self.work.scratch(self.across**2, past.shape[1])
        pairs = product(tents[: self.across], tents[self.across :])
        for (down, right), weight in zip(pairs, weights, strict=True):
            self.add_step(np.multiply, down, right, out=weight)
        return weights


class _TurnedBack(_Turned):
    """The adjoint: result(p) = Σ_q source(q) t(R⁻¹ q - p), gathered pixel by pixel.

    With r = R p the tent is t(R⁻¹ (q - r)), which is not 0 only where q is nearer to r
    than √2 along both axes: on a grid of four by four around it.
    """

    reach = range(-1, 3)

    def _bind_weights(self, past: Array) -> Array:
        """The tents of R⁻¹ (q - r), where q - r is a step on the grid less what r is past."""
        add_step, work, size = self.add_step, self.work, past.shape[1]
        table, part = work.scratch(4, size), work.scratch(size)
        # (2, N) -> (2, T, N)
        add_step(np.copyto, table[:2].reshape(2, -1, work.batch), self.turn[:2, None])
        cosine, sine, down, right = table  # the latter are R⁻¹ times what r is past
        add_step(np.multiply, cosine, past[0], out=down)
        add_step(np.multiply, sine, past[1], out=part)
        add_step(np.add, down, part, out=down)
        add_step(np.multiply, cosine, past[1], out=right)
        add_step(np.multiply, sine, past[0], out=part)
        add_step(np.subtract, right, part, out=right)
        grid = list(product(self.reach, repeat=2))
        steps = [(down, right, -1, 0) for down, right in grid]
        steps += [(right, -down, 0, -1) for down, right in grid]
        rows, columns = self._bind_tents(np.array(steps, past.dtype), table).reshape(2, -1, size)
        weights: Array = rows
        add_step(np.multiply, rows, columns, out=weights)
        return weights
