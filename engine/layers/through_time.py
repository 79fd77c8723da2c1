"""Backpropagation through time: the way back of the recurrent layers.

Step by step from the last, dL/dh becomes dL/d(sums), which reaches the h before through
one product. The gradients of the weights and of x are products over all steps at the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from engine.layers.cell import Run
from engine.layers.in_turn import Call, in_turn
from engine.layers.recurrence import Pass
from engine.workspace import Array, shares


class ThroughTime:
    """The way back of a `Pass`, bound to its workspace."""

    def __init__(self, way: Pass) -> None:
        self.way = way
        self.work = way.work
        self.cell = way.cell
        self.wanted = self._wanted_states()

    def bind(self) -> None:
        """Add the backward steps."""
        way, work, x = self.way, self.work, self.work.input
        remembered = (self.cell.gradient, *self.cell.carried_gradients())
        leaving = self._leaving()
        self._begin(remembered)
        held = [work.buffer(*self.cell.shape) for _ in remembered if way.holding is not None]
        arriving = self._arriving(remembered, held)
        passing = [(np.add, *both, both[0]) for both in zip(remembered, held, strict=False)]
        self._bind_steps(arriving, leaving, passing, cut=[(whole.fill, 0) for whole in remembered])
        for name, whole in zip(way.reading.states, remembered, strict=True):
            if name in self.wanted:
                work.backward(np.copyto, way.sides(self.wanted[name]), whole)
        if x.gradient is not None:
            with work.turn():
                self._bind_to_x(x.gradient)
        if work.parameter_gradient(way.names[0].recurrent) is not None:
            with work.turn():
                self._bind_weights()

    def _bind_steps(
        self, arriving: list[Call], leaving: list[Call], passing: list[Call], cut: list[Call]
    ) -> None:
        """Add the calls of every step from the last to the first.

        Where nothing goes back any further there is no product that leaves a step.
        cut: what forgets all that came back, at the beginning of a window.
        """
        way, work = self.way, self.work
        goes_on = way.reading.states[0] in self.wanted
        rest = [*leaving, *passing]
        steps = in_turn([*arriving, *rest], backwards=True)
        window = way.reading.truncate or way.steps
        for start in reversed(range(0, way.steps, window)):
            count = min(window, way.steps - start) * (len(arriving) + len(rest))
            if start == 0 and goes_on:
                work.backward_all(steps)
                continue
            work.backward_all(islice(steps, count - len(rest)))
            left_out = islice(steps, len(rest))
            deque(left_out, maxlen=0)
            work.backward_all(cut if start else passing)

    def _wanted_states(self) -> dict[str, Array]:
        """The gradients of the states that arrive, by name, where they are wanted."""
        arriving = {name: self.work.inputs.get(name, ()) for name in self.way.reading.states}
        return {
            name: some[0].gradient
            for name, some in arriving.items()
            if some and some[0].gradient is not None
        }

    def _begin(self, remembered: Sequence[Array]) -> None:
        """Add the steps for dL/d of what is remembered, before the last step."""
        gradient, given = self.cell.gradient, self._given()
        if self.way.reading.every_step:
            self.work.backward(gradient.fill, 0)
        else:
            self.work.backward(np.copyto, gradient, given)
        for carried in remembered[1:]:
            self.work.backward(carried.fill, 0)

    def _given(self) -> Array:
        """dL/d of the output, (T, S, H, N) or, of the last step alone, (S, H, N)."""
        given = self.work.output.gradient
        assert given is not None  # or there is no way back
        return self.way.sides(given)

    def _arriving(self, remembered: Sequence[Array], held: Sequence[Array]) -> list[Call]:
        """What makes dL/d(sums) of what the output hands back at a step and of later steps.

        held: where the part of what is remembered waits that goes past a step of padding.
        """
        way, cell, holding = self.way, self.cell, self.way.holding
        calls = [] if holding is None else holding.look()
        if way.reading.every_step:
            calls += self._handed_back()
        if holding is not None:
            for whole, part in zip(remembered, held, strict=True):
                calls += [
                    (np.multiply, whole, holding.padded, part),
                    (np.multiply, whole, holding.real, whole),
                ]
        by_side = cell.slopes.swapaxes(0, 1)  # (S, B, H, N)
        kept = way.slopes.reshape(way.steps, *by_side.shape)
        return [*calls, *cell.backward(way.before, way.after), (np.copyto, tuple(kept), by_side)]

    def _handed_back(self) -> list[Call]:
        """What adds dL/d of the output at each step to dL/dh."""
        calls: list[Call] = []
        given, holding = self._given(), self.way.holding
        for side, order in enumerate(self.way.orders):
            handed: Array | tuple[Array, ...] = tuple(given[order, side])
            if holding is not None:
                part = holding.part[side]
                calls.append((np.multiply, handed, holding.real[side], part))
                handed = part
            gradient = self.cell.gradient[side]
            calls.append((np.add, gradient, handed, gradient))
        return calls

    def _leaving(self) -> list[Call]:
        """What makes dL/dh_{t-1} of dL/d(sums)."""
        way, work, cell = self.way, self.work, self.cell
        rows = self._rows(way.stacking.of_recurrent)
        turned = work.buffer(len(way.names), way.units, rows.stop - rows.start)
        names = [names.recurrent for names in way.names]
        self._turn(names, way.stacking.recurrent_runs, rows, turned)
        # (S, H, B H) @ (S, B H, N) -> (S, H, N)
        product: Call = (np.matmul, turned, tuple(way.slopes[:, :, rows]), cell.gradient)
        if len(turned) == 1:  # NumPy finds BLAS sooner
            product = turned[0].dot, tuple(way.slopes[:, 0, rows]), cell.gradient[0]
        calls = [product, *cell.add_inner()]
        if way.h_factor is not None:
            calls.append((np.multiply, cell.gradient, way.h_factor, cell.gradient))
        return [*calls, *cell.carry()]

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
