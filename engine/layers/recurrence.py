"""The core of the recurrent layers: one product a step.

Each step multiplies v = [x_t; 1; h_{t-1}; 1] by S, in which the rows of W, R
and both biases are stacked, so that one product gives the sums of all gates.
A `Cell` makes the next h of these sums. Where a mask says that a step only fills up, all
that is remembered stays as it was.

The directions of a layer that reads both ways go side by side, S = 2: step k of one is at
time k, of the other at T - 1 - k, and both are computed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from engine.layers.cell import Cell, Run, Stacking
from engine.layers.dropout import bind_mask
from engine.layers.holding import Holding
from engine.layers.in_turn import Call, at_each, in_turn
from engine.layers.reading import Names, Reading
from engine.layers.small_products import SMALL
from engine.workspace import Array, Workspace

MakeCell = Callable[[Workspace, Array, int, bool], Cell]
"""A cell for sums (kept, B, S, H, N) of so many steps, that goes back or does not."""


class Pass:
    """A recurrent layer's way through a sequence, bound to a workspace."""

    def __init__(
        self,
        work: Workspace,
        make_cell: MakeCell,
        stacking: Stacking,
        units: int,
        reading: Reading,
    ) -> None:
        x, y = work.input, work.output
        self.steps, features, batch = x.array.shape
        self.work = work
        self.stacking = stacking
        self.units = units
        self.reading = reading
        sides = len(reading.reversed)
        self.names = tuple(Names.of(side) for side in range(sides))
        self.orders = tuple(slice(None, None, -1 if back else 1) for back in reading.reversed)
        self.goes_back = work.training and y.gradient is not None
        self.kept = self.steps if self.goes_back else 1
        ones = int(reading.bias)
        self.of_x = slice(0, features + ones)
        self.of_h = slice(features + ones, features + ones + units + ones)
        width = self.of_h.stop
        self.vectors = work.cleared(self.kept + 1, sides, width, batch)  # the last for the last h
        if reading.bias:
            self.vectors[:, :, features] = 1
            self.vectors[:, :, -1] = 1
        self.sums = work.buffer(self.kept, stacking.blocks, sides, units, batch)
        self.cell = make_cell(work, self.sums, self.steps, self.goes_back)
        # On the way back dL/d(sums) of each step takes their place, in another order.
        self.slopes = self.sums.reshape(self.kept, sides, stacking.blocks * units, batch)
        self.inner: Array | None = None  # what the cell multiplies by rows of R itself
        if stacking.inner is not None:
            rows = self.rows(range(stacking.inner, stacking.inner + 1))
            matrices = [work.parameter(names.recurrent)[rows] for names in self.names]
            self.inner = self.cell.take(matrices, self._hs(self.vectors))
        self.x_factor = self._factor(reading.dropout, features)
        self.h_factor = self._factor(reading.recurrent_dropout, units)
        shape = sides, units, batch
        # What the product reads of h may be another thing than what is remembered.
        self.apart = self.h_factor is not None or sides > 1
        self.states = work.buffer(self.kept + 1, *shape) if self.apart else self._hs(self.vectors)
        self.before, self.after = self.each(self.states), self.each(self.states, 1)
        self.holding = None if x.mask is None else Holding(work, x.mask, self.orders, shape)

    def _factor(self, rate: float, rows: int) -> Array | None:
        """Room for one draw a sequence of what is kept, (S, rows, N), and the step that draws."""
        if not self.work.training or rate == 0:
            return None
        factor = self.work.buffer(len(self.names), rows, self.work.batch)
        bind_mask(self.work, factor, rate)
        return factor

    def _hs(self, vectors: Array) -> Array:
        """The part of v that is h."""
        start = self.of_h.start
        part: Array = vectors[..., start : start + self.units, :]
        return part

    def sides(self, array: Array) -> Array:
        """(..., S H, N) as (..., S, H, N), a view."""
        *before, _, batch = array.shape
        return array.reshape(*before, len(self.names), self.units, batch)

    def rows(self, blocks: range) -> slice:
        """The rows of blocks that follow each other."""
        return slice(blocks.start * self.units, blocks.stop * self.units)

    def bind(self) -> None:
        """Add the forward steps."""
        work, x = self.work, self.work.input.array
        stacked = self._in_small_products(self._stacked())
        together = self.kept == self.steps
        reads_at_once = together and self.x_factor is None
        shows_at_once = together and self.reading.every_step and self.holding is None
        if reads_at_once:
            for side, order in enumerate(self.orders):
                work.forward(np.copyto, self.vectors[:-1, side, : x.shape[1]], x[order])
        memories = self._bind_start()
        calls = [
            *([] if reads_at_once else self._reading()),
            *self._remembering(),
            self._product(stacked),
            *self.cell.forward(self.before, self.after),
        ]
        if self.holding is not None:
            calls += self.holding.look()
            for before, after in ((self.before, self.after), *self.cell.carried()):
                calls += self.holding.hold(before, after)
        if self.reading.every_step and not shows_at_once:
            calls += self._showing()
        work.forward_all(in_turn(calls))
        y = self.sides(work.output.array)
        if shows_at_once:
            for side, order in enumerate(self.orders):
                work.forward(np.copyto, y[order, side], self.states[1:, side])
        elif not self.reading.every_step:
            work.forward(np.copyto, y, self.after[-1])
        ends = (self.after[-1], *(after[-1] for _, after in self.cell.carried()))
        for memory, end in zip(memories, ends, strict=False):
            work.forward(np.copyto, memory, end[0])

    def each(self, array: Array, first: int = 0) -> tuple[Array, ...]:
        """What each step has of an array that has some things for those that stay in memory."""
        return at_each(array, self.steps, first)

    def _reading(self) -> Iterator[Call]:
        """What puts x_t where it is multiplied, without what is dropped."""
        x = self.work.input.array
        for side, order in enumerate(self.orders):
            place = self.each(self.vectors[:, side, : x.shape[1]])
            if self.x_factor is None:
                yield np.copyto, place, tuple(x[order])
            else:
                yield np.multiply, tuple(x[order]), self.x_factor[side], place

    def _remembering(self) -> Iterator[Call]:
        """What puts h_{t-1} where it is multiplied, without what is dropped."""
        place = self._hs(self.vectors)
        if self.h_factor is not None:
            for side, factor in enumerate(self.h_factor):
                h = self.each(self.states[:, side])
                yield np.multiply, h, factor, self.each(place[:, side])
        elif self.apart:
            yield np.copyto, self.each(place), self.before

    def _product(self, stacked: Array) -> Call:
        """(S, parts, rows, width) @ (S, 1, width, N) -> (S, parts, rows, N)."""
        kept, _, sides, _, batch = self.sums.shape
        _, parts, rows, _ = stacked.shape
        out = self.sums.swapaxes(1, 2).reshape(kept, sides, parts, rows, batch)
        return np.matmul, stacked, self.each(self.vectors[:, :, None]), self.each(out)

    def _showing(self) -> Iterator[Call]:
        """What puts h_t out."""
        y = self.sides(self.work.output.array)
        for side, order in enumerate(self.orders):
            h, place = self.each(self.states[:, side], 1), tuple(y[order, side])
            if self.holding is None:
                yield np.copyto, place, h
            else:
                yield np.multiply, h, self.holding.real[side], place

    def _in_small_products(self, stacked: Array) -> Array:
        """S in parts (S, parts, rows, width), one for each gate at most, each a small product.

        Of 64 units that read 64 features the sums then take 0.74 of the time. Of two directions
        each gate is a part, since their sums lie between each other.
        """
        sides, rows, width = stacked.shape
        count = -(-rows * width * self.work.batch // SMALL) if sides == 1 else self.stacking.blocks
        is_few = count <= self.stacking.blocks and rows % count == 0
        return stacked.reshape(sides, count if is_few else 1, -1, width)

    def _stacked(self) -> Array:
        """S of each direction, and the steps that stack it."""
        work, (_, sides, rows, _) = self.work, self.slopes.shape
        stacked = work.cleared(sides, rows, self.vectors.shape[2])
        for names, whole in zip(self.names, stacked, strict=True):
            for columns, name, runs in self.parts(names):
                matrix = work.joined(name) if self.reading.bias else work.parameter(name)
                for run in runs:
                    gates, place = (
                        matrix[self.rows(run.gates)],
                        whole[self.rows(run.blocks), columns],
                    )
                    if run.is_inner:
                        gates, place = gates[:, self.units :], place[:, self.units :]
                    work.forward(np.copyto, place, gates)
        if self.stacking.sigmoids:
            halved = stacked[:, self.rows(self.stacking.sigmoids)]
            work.forward(np.multiply, halved, work.scalar(0.5), out=halved)
        return stacked

    def parts(self, names: Names) -> tuple[tuple[slice, str, tuple[Run, ...]], ...]:
        """Columns of S, the parameter that stands there, and the runs of its gates."""
        return (
            (self.of_x, names.weight, self.stacking.weight_runs),
            (self.of_h, names.recurrent, self.stacking.recurrent_runs),
        )

    def _bind_start(self) -> list[Array]:
        """Add the steps that set what is remembered. Returns where it goes at the end, if so."""
        work, memories = self.work, []
        begins = (self.before[0], *(before[0] for before, _ in self.cell.carried()))
        for name, begin in zip(self.reading.states, begins, strict=True):
            given = work.inputs.get(name, ())
            memory = work.memory(name, self.units) if self.reading.stateful else None
            if given:
                work.forward(np.copyto, begin, self.sides(given[0].array))
            elif memory is not None:
                work.forward(np.copyto, begin[0], memory)
                memories.append(memory)
            else:
                work.forward(begin.fill, 0)
        return memories
