"""The core of the recurrent layers: one product a step, and the way back through time.

Each step multiplies v = [x_t; 1; h_{t-1}; 1] by S, in which the rows of W, R
and both biases are stacked, so that one product gives the sums of all gates.
A `Cell` makes the next h of these sums; the weights' gradients are one product
over all steps at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.workspace import Array, Workspace


@dataclass(frozen=True)
class Stacking:
    """Where the gates of W and R stand in the sums, in blocks of H rows.

    of_weight, of_recurrent: for each gate, in the parameters' order, its block. Each
        takes a run of blocks without gaps.
    sigmoids: the blocks that end in a sigmoid. Their rows of S are halved, since
        σ(z) = (1 + tanh(z / 2)) / 2: one tanh then serves every gate.
    """

    of_weight: tuple[int, ...]
    of_recurrent: tuple[int, ...]
    sigmoids: tuple[int, ...] = ()

    @property
    def blocks(self) -> int:
        return 1 + max(*self.of_weight, *self.of_recurrent)


class Cell:
    """What turns the sums of one step into h, bound to a workspace.

    kept: how many steps stay in memory: all of them to go back, or one.
    """

    def __init__(self, work: Workspace, units: int, kept: int) -> None:
        self.work = work
        self.units = units
        self.kept = kept

    def start(self, rows: slice) -> None:
        """Add the forward steps that set what the cell carries beside h.

        rows: of the layer's initial state, those of this direction.
        """

    def forward(self, step: int, sums: Array, before: Array, after: Array) -> None:
        """Add the steps that write h_t to `after`.

        sums (blocks H, N): may be overwritten with what the way back needs.
        before, after: h_{t-1} and h_t (H, N).
        """
        raise NotImplementedError  # every cell has its own steps

    def start_back(self) -> None:
        """Add the backward steps that come before the last time step's."""

    def backward(
        self, step: int, sums: Array, before: Array, after: Array, gradient: Array, slopes: Array
    ) -> None:
        """Add the steps that turn dL/dh_t (H, N) into dL/d(sums), in `slopes` (blocks H, N)."""
        raise NotImplementedError  # every cell has its own derivative

    def carry(self, gradient: Array) -> None:
        """Add the step that adds what reaches h_{t-1} around the product, as in a GRU."""

    def finish_back(self, rows: slice) -> None:
        """Add the backward steps for what the cell carried at the start."""


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


class Pass:
    """One direction of a recurrent layer through a sequence, bound to a workspace.

    number: 0, or 1 for the second direction of a layer that reads both ways.
    """

    def __init__(
        self,
        work: Workspace,
        make_cell: Callable[[Workspace, int, int], Cell],
        stacking: Stacking,
        units: int,
        *,
        number: int,
        reverse: bool,
        bias: bool,
        every_step: bool,
    ) -> None:
        x, y = work.input, work.output
        steps, features, batch = x.array.shape
        self.work = work
        self.stacking = stacking
        self.units = units
        self.number = number
        self.bias = bias
        self.every_step = every_step
        self.names = Names.of(number)
        self.times = range(steps - 1, -1, -1) if reverse else range(steps)
        self.rows = slice(number * units, (number + 1) * units)
        self.goes_back = work.training and y.gradient is not None
        self.kept = steps if self.goes_back else 1
        ones = int(bias)
        self.of_x = slice(0, features + ones)
        self.of_h = slice(features + ones, features + ones + units + ones)
        width = self.of_h.stop
        self.vectors = work.buffer(self.kept + 1, width, batch)  # the last for the last h
        self.vectors.fill(0)
        if bias:
            self.vectors[:, features] = 1
            self.vectors[:, -1] = 1
        self.sums = work.buffer(self.kept, stacking.blocks * units, batch)
        self.cell = make_cell(work, units, self.kept)

    def bind(self) -> None:
        self._bind_forward()
        if self.goes_back:
            self._bind_backward()

    def _h(self, step: int) -> Array:
        """Where h stands before a step, (H, N)."""
        start = self.of_h.start
        return self.vectors[step % len(self.vectors), start : start + self.units]

    def _matrix(self, name: str) -> Array:
        """A matrix, with its bias as the last column if there is one."""
        return self.work.joined(name) if self.bias else self.work.parameter(name)

    def _block(self, number: int) -> slice:
        return slice(number * self.units, (number + 1) * self.units)

    def _bind_forward(self) -> None:
        work, x, y = self.work, self.work.input.array, self.work.output.array
        stacked = work.buffer(self.sums.shape[1], self.vectors.shape[1])
        stacked.fill(0)
        for columns, name, places in self._parts():
            matrix = self._matrix(name)
            for gate, block in enumerate(places):
                factor = work.scalar(0.5 if block in self.stacking.sigmoids else 1)
                rows, place = matrix[self._block(gate)], stacked[self._block(block), columns]
                work.forward(np.multiply, rows, factor, out=place)
        hidden = work.inputs.get("hidden", ())
        if hidden:
            work.forward(np.copyto, self._h(0), hidden[0].array[self.rows])
        else:
            work.forward(self._h(0).fill, 0)
        self.cell.start(self.rows)
        for step, time in enumerate(self.times):
            vector = self.vectors[step % len(self.vectors)]
            sums = self.sums[step % self.kept]
            work.forward(np.copyto, vector[: x.shape[1]], x[time])
            work.forward(np.dot, stacked, vector, sums)
            self.cell.forward(step, sums, self._h(step), self._h(step + 1))
            if self.every_step:
                work.forward(np.copyto, y[time, self.rows], self._h(step + 1))
        if not self.every_step:
            work.forward(np.copyto, y[self.rows], self._h(len(self.times)))

    def _parts(self) -> tuple[tuple[slice, str, tuple[int, ...]], ...]:
        """Columns of S, the parameter that stands there, and the blocks of its gates."""
        return (
            (self.of_x, self.names.weight, self.stacking.of_weight),
            (self.of_h, self.names.recurrent, self.stacking.of_recurrent),
        )

    def _bind_backward(self) -> None:
        work, x = self.work, self.work.input
        given, hidden = work.output.gradient, work.inputs.get("hidden", ())
        assert given is not None  # or there is no way back
        batch = given.shape[-1]
        gradient = work.buffer(self.units, batch)  # dL/dh
        slopes = work.buffer(self.sums.shape[1], batch)  # dL/d(sums)
        to_x, x_rows = self._turned(self.names.weight, self.stacking.of_weight)
        to_h, h_rows = self._turned(self.names.recurrent, self.stacking.of_recurrent)
        part = work.buffer(x.array.shape[1], batch) if self.number else None
        to_weights = self._weight_gradients(batch)
        self.cell.start_back()
        for step in reversed(range(len(self.times))):
            time, last = self.times[step], step == len(self.times) - 1
            arriving = given[time, self.rows] if self.every_step else given[self.rows]
            if last:
                work.backward(np.copyto, gradient, arriving)
            elif self.every_step:
                work.backward(np.add, gradient, arriving, out=gradient)
            before, after = self._h(step), self._h(step + 1)
            self.cell.backward(step, self.sums[step], before, after, gradient, slopes)
            if x.gradient is not None and part is None:
                work.backward(np.dot, to_x, slopes[x_rows], x.gradient[time])
            elif x.gradient is not None:
                work.backward(np.dot, to_x, slopes[x_rows], part)
                work.backward(np.add, x.gradient[time], part, out=x.gradient[time])
            if step or (hidden and hidden[0].gradient is not None):
                work.backward(np.dot, to_h, slopes[h_rows], gradient)
                self.cell.carry(gradient)
            if to_weights is not None:
                work.backward(np.copyto, to_weights[:, step], slopes)
        if hidden and hidden[0].gradient is not None:
            work.backward(np.copyto, hidden[0].gradient[self.rows], gradient)
        self.cell.finish_back(self.rows)
        if to_weights is not None:
            self._bind_weights(to_weights)

    def _turned(self, name: str, places: tuple[int, ...]) -> tuple[Array, slice]:
        """A matrix on its side, (columns, rows), gates in the order of the sums; and their rows."""
        matrix = self.work.parameter(name)
        turned = self.work.buffer(matrix.shape[1], matrix.shape[0])
        first = min(places)
        for gate, block in enumerate(places):
            place = turned[:, self._block(block - first)]
            self.work.backward(np.copyto, place, matrix[self._block(gate)].T)
        return turned, slice(first * self.units, (max(places) + 1) * self.units)

    def _weight_gradients(self, batch: int) -> Array | None:
        """Where dL/d(sums) of all steps is gathered, (rows, T, N); None if nothing is trained."""
        if self.work.parameter_gradient(self.names.weight) is None:
            return None
        return self.work.buffer(self.sums.shape[1], len(self.times), batch)

    def _bind_weights(self, slopes: Array) -> None:
        work, steps = self.work, len(self.times)
        _, width, batch = self.vectors.shape
        turned = work.buffer(width, steps, batch)
        work.backward(np.copyto, turned, self.vectors[:steps].transpose(1, 0, 2))
        found = work.buffer(len(slopes), width)
        # (rows, T N) @ (T N, width) -> (rows, width)
        columns = turned.reshape(width, steps * batch).T
        work.backward(np.dot, slopes.reshape(len(slopes), steps * batch), columns, found)
        for columns_of, name, places in self._parts():
            gradient = work.joined_gradient(name) if self.bias else work.parameter_gradient(name)
            if gradient is None:
                continue
            for gate, block in enumerate(places):
                rows = found[self._block(block), columns_of]
                work.backward(np.copyto, gradient[self._block(gate)], rows)
