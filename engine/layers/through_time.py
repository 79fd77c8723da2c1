"""Backpropagation through time: the way back of the recurrent layers.

Step by step from the last, dL/dh becomes dL/d(sums), which reaches the h before through
one product. The gradients of the weights and of x are products over all steps at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.layers.cell import Run
from engine.layers.recurrence import Pass
from engine.layers.small_products import multiply_groups
from engine.workspace import Array, shares


class ThroughTime:
    """The way back of a `Pass`, bound to its workspace."""

    def __init__(self, way: Pass) -> None:
        self.way = way
        self.work = way.work
        self.cell = way.cell

    def bind(self) -> None:
        """Add the backward steps."""
        way, work, cell, x = self.way, self.work, self.cell, self.work.input
        gradient, by_side = cell.gradient, cell.slopes.swapaxes(0, 1)  # (S, B, H, N)
        recurrent = [names.recurrent for names in way.names]
        h_rows = self._rows(way.stacking.of_recurrent)
        to_h = work.buffer(len(recurrent), cell.shape[1], h_rows.stop - h_rows.start)
        self._turn(recurrent, way.stacking.recurrent_runs, h_rows, to_h)
        is_trained = work.parameter_gradient(recurrent[0]) is not None
        remembered = (gradient, *cell.carried_gradients())
        held = [work.buffer(*cell.shape) for _ in remembered if way.holding is not None]
        assert work.output.gradient is not None  # or there is no way back
        given = way.sides(work.output.gradient)
        wanted = self._wanted_states()
        for carried in remembered[1:]:
            work.backward(carried.fill, 0)
        for step in reversed(range(way.steps)):
            self._bind_arrival(step, given)
            for part_held, whole in zip(held, remembered, strict=False):
                assert way.holding is not None  # or nothing is held
                work.backward(np.multiply, whole, way.holding.padded, out=part_held)
                work.backward(np.multiply, whole, way.holding.real, out=whole)
            cell.backward(step, way.h(step), way.h(step + 1))
            slopes = way.slopes[step]  # (S, B H, N)
            work.backward(np.copyto, slopes.reshape(by_side.shape), by_side)
            if way.reading.truncate and step and step % way.reading.truncate == 0:
                for whole in remembered:
                    work.backward(whole.fill, 0)
                continue
            if step or way.reading.states[0] in wanted:
                multiply_groups(work.backward, to_h, slopes[:, h_rows], gradient)
                cell.add_inner()
                if way.h_factor is not None:
                    work.backward(np.multiply, gradient, way.h_factor, out=gradient)
                cell.carry()
            for part_held, whole in zip(held, remembered, strict=False):
                work.backward(np.add, whole, part_held, out=whole)
        for name, whole in zip(way.reading.states, remembered, strict=True):
            if name in wanted:
                work.backward(np.copyto, way.sides(wanted[name]), whole)
        if x.gradient is not None:
            with work.turn():
                self._bind_to_x(x.gradient)
        if is_trained:
            with work.turn():
                self._bind_weights()

    def _wanted_states(self) -> dict[str, Array]:
        """The gradients of the states that arrive, by name, where they are wanted."""
        way = self.way
        arriving = {name: self.work.inputs.get(name, ()) for name in way.reading.states}
        return {
            name: some[0].gradient
            for name, some in arriving.items()
            if some and some[0].gradient is not None
        }

    def _bind_arrival(self, step: int, given: Array) -> None:
        """Add the steps that add what the output hands back at a step to dL/dh.

        given: (T, S, H, N) or, of the last step alone, (S, H, N).
        """
        way, work, gradient = self.way, self.work, self.cell.gradient
        holding = way.holding
        is_last = step == way.steps - 1
        if holding is not None:
            holding.look(work.backward, step)
        if not way.reading.every_step:
            if is_last:
                work.backward(np.copyto, gradient, given)
            return
        for side, time in way.times(step):
            arriving, whole = given[time, side], gradient[side]
            if holding is not None:
                work.backward(np.multiply, arriving, holding.real[side], out=holding.part[side])
                arriving = holding.part[side]
            if is_last:
                work.backward(np.copyto, whole, arriving)
            else:
                work.backward(np.add, whole, arriving, out=whole)

    def _rows(self, places: tuple[int, ...]) -> slice:
        """The rows of a matrix's gates in the sums."""
        return self.way.rows(range(min(places), max(places) + 1))

    def _turn(self, names: Sequence[str], runs: Iterable[Run], rows: slice, out: Array) -> None:
        """Add the steps that put a matrix of each direction on its side, (S, columns, rows).

        Its gates are in the order of the sums.
        """
        way, work = self.way, self.work
        for name, whole in zip(names, out, strict=True):
            matrix = work.parameter(name)
            for run in runs:
                blocks = way.rows(run.blocks)
                place = whole[:, blocks.start - rows.start : blocks.stop - rows.start]
                if run.is_inner:
                    place.fill(0)
                else:
                    work.backward(np.copyto, place, matrix[way.rows(run.gates)].T)

    def _bind_to_x(self, gradient: Array) -> None:
        """Add the steps for dL/dx."""
        way, work = self.way, self.work
        steps, features, batch = gradient.shape
        weights = [names.weight for names in way.names]
        rows = self._rows(way.stacking.of_weight)
        to_x = work.scratch(len(weights), features, rows.stop - rows.start)
        self._turn(weights, way.stacking.weight_runs, rows, to_x)
        with work.lanes(to_x.size * steps * batch) as lanes:
            for lane, times in shares(lanes, steps):
                for side, order in enumerate(way.orders):
                    out = whole = gradient[times]
                    if side:
                        out = lane.scratch(*whole.shape)
                    slopes = way.slopes[order, side, rows][times]
                    # (D, B H) @ (T, B H, N) -> (T, D, N)
                    lane.backward(np.matmul, to_x[side], slopes, out=out)
                    if way.x_factor is not None:
                        for part in out:
                            lane.backward(np.multiply, part, way.x_factor[side], out=part)
                    if side:
                        lane.backward(np.add, whole, out, out=whole)

    def _bind_weights(self) -> None:
        """Add the steps for the weights' gradients."""
        way, work = self.way, self.work
        steps, sides, rows, batch = way.slopes.shape
        width = way.vectors.shape[2]
        turned = work.scratch(sides, width, steps, batch)
        work.backward(np.copyto, turned, way.vectors[:steps].transpose(1, 2, 0, 3))
        columns = turned.reshape(sides, width, steps * batch).transpose(0, 2, 1)
        found = work.scratch(sides, rows, width)
        with work.lanes(found.size * steps * batch) as lanes:
            for lane, part in shares(lanes, rows):
                slopes = lane.scratch(sides, part.stop - part.start, steps, batch)
                lane.backward(np.copyto, slopes, way.slopes[:, :, part].transpose(1, 2, 0, 3))
                for side, flat in enumerate(slopes.reshape(sides, -1, steps * batch)):
                    # (rows, T N) @ (T N, width) -> (rows, width)
                    lane.backward(np.dot, flat, columns[side], found[side, part])
        for side, names in enumerate(way.names):
            for columns_of, name, runs in way.parts(names):
                self._bind_gates(side, found[side][:, columns_of], name, runs)

    def _bind_gates(self, side: int, found: Array, name: str, runs: Iterable[Run]) -> None:
        """Add the steps that put the gradient of a matrix in its place. found: as in the sums."""
        way, work = self.way, self.work
        find = work.joined_gradient if way.reading.bias else work.parameter_gradient
        gradient = find(name)
        if gradient is None:
            return
        for run in runs:
            rows, place = found[way.rows(run.blocks)], gradient[way.rows(run.gates)]
            if run.is_inner:
                self._bind_inner_weights(side, way.rows(run.blocks), place[:, : way.units])
                rows, place = rows[:, way.units :], place[:, way.units :]
            work.backward(np.copyto, place, rows)

    def _bind_inner_weights(self, side: int, block: slice, out: Array) -> None:
        """Add the steps for the gradient of the rows of R that the cell multiplies itself."""
        way, work = self.way, self.work
        inner = way.inner
        assert inner is not None  # or no gate has a product of its own
        steps, _, units, batch = inner.shape
        slopes, read = (work.scratch(units, steps, batch) for _ in range(2))
        found = work.scratch(units, units)
        work.backward(np.copyto, slopes, way.slopes[:, side, block].transpose(1, 0, 2))
        work.backward(np.copyto, read, inner[:, side].transpose(1, 0, 2))
        # (H, T N) @ (T N, H) -> (H, H)
        flat = read.reshape(units, steps * batch).T
        work.backward(np.dot, slopes.reshape(units, steps * batch), flat, found)
        work.backward(np.copyto, out, found)
