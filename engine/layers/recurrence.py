"""The core of the recurrent layers: one product a step, and the way back through time.

Each step multiplies v = [x_t; 1; h_{t-1}; 1] by S, in which the rows of W, R
and both biases are stacked, so that one product gives the sums of all gates.
A `Cell` makes the next h of these sums; the weights' gradients are one product
over all steps at the end. Where a mask says that a step only fills up, all that
is remembered stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.layers.cell import Cell, Run, Stacking
from engine.layers.dropout import bind_mask
from engine.layers.holding import Holding
from engine.layers.small_products import SMALL
from engine.workspace import Array, Workspace, shares


@dataclass(frozen=True)
class Names:
    """The names of one direction's parameters."""

    weight: str = "weight"
    recurrent: str = "recurrent"
    bias: str = "bias"
    recurrent_bias: str = "recurrent_bias"

    @classmethod
    def of(cls, number: int) -> Names:
        """Of the first direction, or of the second."""
        names = ("weight", "recurrent", "bias", "recurrent_bias")
        return cls() if number == 0 else cls(*(f"{name}_reverse" for name in names))


@dataclass(frozen=True)
class Reading:
    """How one direction of a recurrent layer goes through a sequence.

    number: 0, or 1 for the second direction of a layer that reads both ways.
    states: the names of what is remembered, h first.
    dropout, recurrent_dropout: the shares of x and of h that each product misses.
    truncate: the way back is cut after so many steps; 0 for never.
    stateful: whether a batch begins with what the batch before remembered.
    """

    number: int
    states: tuple[str, ...]
    reverse: bool
    bias: bool
    every_step: bool
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    truncate: int = 0
    stateful: bool = False


class Pass:
    """One direction of a recurrent layer through a sequence, bound to a workspace."""

    def __init__(
        self,
        work: Workspace,
        make_cell: Callable[[Workspace, int, int], Cell],
        stacking: Stacking,
        units: int,
        reading: Reading,
    ) -> None:
        x, y = work.input, work.output
        steps, features, batch = x.array.shape
        self.work = work
        self.stacking = stacking
        self.units = units
        self.reading = reading
        self.names = Names.of(reading.number)
        self.times = range(steps - 1, -1, -1) if reading.reverse else range(steps)
        self.rows = slice(reading.number * units, (reading.number + 1) * units)
        self.goes_back = work.training and y.gradient is not None
        self.kept = steps if self.goes_back else 1
        ones = int(reading.bias)
        self.of_x = slice(0, features + ones)
        self.of_h = slice(features + ones, features + ones + units + ones)
        width = self.of_h.stop
        self.vectors = work.buffer(self.kept + 1, width, batch)  # the last for the last h
        self.vectors.fill(0)
        if reading.bias:
            self.vectors[:, features] = 1
            self.vectors[:, -1] = 1
        self.sums = work.buffer(self.kept, stacking.blocks * units, batch)
        self.cell = make_cell(work, units, self.kept)
        self.inner: Array | None = None  # what the cell multiplies by rows of R itself
        if stacking.inner is not None:
            rows = self._rows(range(stacking.inner, stacking.inner + 1))
            matrix = work.parameter(self.names.recurrent)[rows]
            self.inner = self.cell.take(matrix, self._hs(self.vectors))
        self.x_factor = self._factor(reading.dropout, features)
        self.h_factor = self._factor(reading.recurrent_dropout, units)
        # What the product reads of h is then another thing than what is remembered.
        apart = self.h_factor is not None
        self.states = work.buffer(self.kept + 1, units, batch) if apart else self._hs(self.vectors)
        self.hs: tuple[Array, ...] = tuple(self.states)
        self.summed: tuple[Array, ...] = tuple(self.sums)
        self.holding = None if x.mask is None else Holding(work, x.mask, units)

    def _factor(self, rate: float, rows: int) -> Array | None:
        """Room for one draw a sequence of what is dropped, and the step that draws."""
        if not self.work.training or rate == 0:
            return None
        factor = self.work.buffer(rows, self.work.batch)
        bind_mask(self.work, factor, rate)
        return factor

    def bind(self) -> None:
        self._bind_forward()
        if self.goes_back:
            self._bind_backward()

    def _hs(self, vectors: Array) -> Array:
        """The part of v that is h."""
        start = self.of_h.start
        part: Array = vectors[..., start : start + self.units, :]
        return part

    def _h(self, step: int) -> Array:
        """Where h stands before a step, (H, N)."""
        return self.hs[step % len(self.hs)]

    def _matrix(self, name: str) -> Array:
        """A matrix, with its bias as the last column if there is one."""
        return self.work.joined(name) if self.reading.bias else self.work.parameter(name)

    def _rows(self, blocks: range) -> slice:
        """The rows of blocks that follow each other."""
        return slice(blocks.start * self.units, blocks.stop * self.units)

    def _bind_forward(self) -> None:
        work, x, y = self.work, self.work.input.array, self.work.output.array
        stacked = self._in_small_products(self._stacked())
        at_once = self.x_factor is None and self.kept == len(self.times)
        if at_once:
            ways = self.vectors[: self.kept, : x.shape[1]]
            work.forward(np.copyto, ways, x[::-1] if self.reading.reverse else x)
        memories = self._bind_start()
        for step, time in enumerate(self.times):
            vector = self.vectors[step % len(self.vectors)]
            sums = self.summed[step % self.kept]
            before, after = self._h(step), self._h(step + 1)
            if self.x_factor is None and not at_once:
                work.forward(np.copyto, vector[: x.shape[1]], x[time])
            elif self.x_factor is not None:
                work.forward(np.multiply, x[time], self.x_factor, out=vector[: x.shape[1]])
            if self.h_factor is not None:
                work.forward(np.multiply, before, self.h_factor, out=self._hs(vector))
            # (parts, rows, width) @ (width, N) -> (parts, rows, N)
            work.forward(np.matmul, stacked, vector, out=sums.reshape(len(stacked), -1, x.shape[2]))
            self.cell.forward(step, sums, before, after)
            if self.holding is not None:
                self.holding.look(work.forward, time)
                for old, new in ((before, after), *self.cell.carried(step)):
                    self.holding.hold(old, new)
            if self.reading.every_step and self.holding is not None:
                work.forward(np.multiply, after, self.holding.real, out=y[time, self.rows])
            elif self.reading.every_step:
                work.forward(np.copyto, y[time, self.rows], after)
        if not self.reading.every_step:
            work.forward(np.copyto, y[self.rows], self._h(len(self.times)))
        last = len(self.times) - 1
        ends = (self._h(last + 1), *(after for _, after in self.cell.carried(last)))
        for memory, end in zip(memories, ends, strict=False):
            work.forward(np.copyto, memory, end)

    def _in_small_products(self, stacked: Array) -> Array:
        """S in parts (parts, rows, width), one for each gate at most, each a small product.

        Of 64 units that read 64 features the sums then take 0.74 of the time.
        """
        rows, width = stacked.shape
        count = -(-rows * width * self.work.batch // SMALL)
        is_few = count <= self.stacking.blocks and rows % count == 0
        return stacked.reshape(count if is_few else 1, -1, width)

    def _stacked(self) -> Array:
        """S, and the steps that stack it."""
        stacked = self.work.buffer(self.sums.shape[1], self.vectors.shape[1])
        stacked.fill(0)
        for columns, name in self._parts():
            matrix = self._matrix(name)
            for run in self._runs(name):
                factor = self.work.scalar(0.5 if run.blocks.start in self.stacking.sigmoids else 1)
                rows = matrix[self._rows(run.gates)]
                place = stacked[self._rows(run.blocks), columns]
                if run.is_inner:
                    rows, place = rows[:, self.units :], place[:, self.units :]
                self.work.forward(np.multiply, rows, factor, out=place)
        return stacked

    def _runs(self, name: str) -> tuple[Run, ...]:
        """The runs of gates of a matrix."""
        of_x = name == self.names.weight
        return self.stacking.weight_runs if of_x else self.stacking.recurrent_runs

    def _bind_start(self) -> list[Array]:
        """Add the steps that set what is remembered. Returns where it goes at the end, if so."""
        work, memories = self.work, []
        begins = (self._h(0), *(before for before, _ in self.cell.carried(0)))
        for name, begin in zip(self.reading.states, begins, strict=True):
            given = work.inputs.get(name, ())
            memory = work.memory(name, self.units) if self.reading.stateful else None
            if given:
                work.forward(np.copyto, begin, given[0].array[self.rows])
            elif memory is not None:
                work.forward(np.copyto, begin, memory)
                memories.append(memory)
            else:
                work.forward(begin.fill, 0)
        return memories

    def _parts(self) -> tuple[tuple[slice, str], ...]:
        """Columns of S, and the parameter that stands there."""
        return (self.of_x, self.names.weight), (self.of_h, self.names.recurrent)

    def _bind_backward(self) -> None:
        work, x, batch = self.work, self.work.input, self.work.batch
        gradient = work.buffer(self.units, batch)  # dL/dh
        slopes = work.buffer(self.sums.shape[1], batch)  # dL/d(sums)
        to_x, x_rows = self._turned(self.names.weight, self.stacking.of_weight)
        to_h, h_rows = self._turned(self.names.recurrent, self.stacking.of_recurrent)
        slopes_of_x, slopes_of_h = slopes[x_rows], slopes[h_rows]
        part = work.buffer(x.array.shape[1], batch) if self.reading.number else None
        is_trained = work.parameter_gradient(self.names.weight) is not None
        remembered = (gradient, *self.cell.carried_gradients())
        held = [work.buffer(self.units, batch) for _ in remembered if self.holding is not None]
        wanted = self._wanted_states()
        for carried in remembered[1:]:
            work.backward(carried.fill, 0)
        for step in reversed(range(len(self.times))):
            time = self.times[step]
            self._bind_arrival(step, gradient)
            for part_held, whole in zip(held, remembered, strict=False):
                assert self.holding is not None  # or nothing is held
                work.backward(np.multiply, whole, self.holding.padded, out=part_held)
                work.backward(np.multiply, whole, self.holding.real, out=whole)
            before, after = self._h(step), self._h(step + 1)
            self.cell.backward(step, self.summed[step], before, after, gradient, slopes)
            if is_trained:
                work.backward(np.copyto, self.summed[step], slopes)  # kept for the weights
            if x.gradient is not None:
                self._bind_to_x(to_x, slopes_of_x, x.gradient[time], part)
            if self.reading.truncate and step and step % self.reading.truncate == 0:
                for whole in remembered:
                    work.backward(whole.fill, 0)
                continue
            if step or self.reading.states[0] in wanted:
                work.backward(np.dot, to_h, slopes_of_h, gradient)
                self.cell.add_inner(gradient)
                if self.h_factor is not None:
                    work.backward(np.multiply, gradient, self.h_factor, out=gradient)
                self.cell.carry(gradient)
            for part_held, whole in zip(held, remembered, strict=False):
                work.backward(np.add, whole, part_held, out=whole)
        for name, whole in zip(self.reading.states, remembered, strict=True):
            if name in wanted:
                work.backward(np.copyto, wanted[name][self.rows], whole)
        if is_trained:
            with work.turn():
                self._bind_weights()

    def _wanted_states(self) -> dict[str, Array]:
        """The gradients of the states that arrive, by name, where they are wanted."""
        arriving = {name: self.work.inputs.get(name, ()) for name in self.reading.states}
        return {
            name: some[0].gradient
            for name, some in arriving.items()
            if some and some[0].gradient is not None
        }

    def _bind_arrival(self, step: int, gradient: Array) -> None:
        """Add the steps that add what the output at a step hands back to dL/dh."""
        work, time, given = self.work, self.times[step], self.work.output.gradient
        assert given is not None  # or there is no way back
        is_last = step == len(self.times) - 1
        arriving = given[time, self.rows] if self.reading.every_step else given[self.rows]
        if self.holding is not None:
            self.holding.look(work.backward, time)
            if self.reading.every_step:
                work.backward(np.multiply, arriving, self.holding.real, out=self.holding.part)
                arriving = self.holding.part
        if is_last:
            work.backward(np.copyto, gradient, arriving)
        elif self.reading.every_step:
            work.backward(np.add, gradient, arriving, out=gradient)

    def _bind_to_x(self, to_x: Array, slopes: Array, place: Array, part: Array | None) -> None:
        """Add the steps for dL/dx_t. part: room to spare for the second direction, which adds."""
        work, out = self.work, place if part is None else part
        work.backward(np.dot, to_x, slopes, out)
        if self.x_factor is not None:
            work.backward(np.multiply, out, self.x_factor, out=out)
        if part is not None:
            work.backward(np.add, place, part, out=place)

    def _turned(self, name: str, places: tuple[int, ...]) -> tuple[Array, slice]:
        """A matrix on its side, (columns, rows), gates in the order of the sums; and their rows."""
        matrix = self.work.parameter(name)
        turned = self.work.buffer(matrix.shape[1], matrix.shape[0])
        first = min(places)
        for run in self._runs(name):
            place = turned[:, self._rows(range(run.blocks.start - first, run.blocks.stop - first))]
            if run.is_inner:
                place.fill(0)
            else:
                self.work.backward(np.copyto, place, matrix[self._rows(run.gates)].T)
        return turned, slice(first * self.units, (max(places) + 1) * self.units)

    def _bind_weights(self) -> None:
        """Add the steps for the weights' gradients. sums: dL/d(sums) of every step by now."""
        work = self.work
        steps, rows, batch = self.sums.shape
        width = self.vectors.shape[1]
        turned = work.scratch(width, steps, batch)
        work.backward(np.copyto, turned, self.vectors[:steps].transpose(1, 0, 2))
        columns = turned.reshape(width, steps * batch).T
        found = work.scratch(rows, width)
        with work.lanes(found.size * len(columns)) as lanes:
            for lane, part in shares(lanes, rows):
                slopes = lane.scratch(part.stop - part.start, steps, batch)
                lane.backward(np.copyto, slopes, self.sums[:, part].transpose(1, 0, 2))
                # (rows, T N) @ (T N, width) -> (rows, width)
                flat = slopes.reshape(len(slopes), steps * batch)
                lane.backward(np.dot, flat, columns, found[part])
        for columns_of, name in self._parts():
            gradient = (
                work.joined_gradient(name) if self.reading.bias else work.parameter_gradient(name)
            )
            if gradient is None:
                continue
            for run in self._runs(name):
                rows = found[self._rows(run.blocks), columns_of]
                place = gradient[self._rows(run.gates)]
                if run.is_inner:
                    self._bind_inner_weights(self._rows(run.blocks), place[:, : self.units])
                    rows, place = rows[:, self.units :], place[:, self.units :]
                work.backward(np.copyto, place, rows)

    def _bind_inner_weights(self, block: slice, out: Array) -> None:
        """Add the steps for the gradient of the rows of R that the cell multiplies itself."""
        work, inner = self.work, self.inner
        assert inner is not None  # or no gate has a product of its own
        steps, units, batch = inner.shape
        slopes, read = (work.scratch(units, steps, batch) for _ in range(2))
        found = work.scratch(units, units)
        work.backward(np.copyto, slopes, self.sums[:, block].transpose(1, 0, 2))
        work.backward(np.copyto, read, inner.transpose(1, 0, 2))
        # (H, T N) @ (T N, H) -> (H, H)
        flat = read.reshape(units, steps * batch).T
        work.backward(np.dot, slopes.reshape(units, steps * batch), flat, found)
        work.backward(np.copyto, out, found)
