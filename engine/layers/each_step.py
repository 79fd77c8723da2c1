"""A sequence as a larger batch, for what does the same at every step."""

from __future__ import annotations

import numpy as np

from engine.workspace import Array, Logits, Value, Workspace


class EachStep:
    """The input (T, D, N) and the output (T, U, N) of a node as x (D, T N) and y (U, T N).

    Call `bind_before`, add the steps that make y of x, then call `bind_after`.
    """

    def __init__(self, work: Workspace, units: int) -> None:
        steps, features, batch = work.input.array.shape
        self._work = work
        self._steps = steps
        goes_back = work.training and work.output.gradient is not None
        given = work.input.columns
        if given is None:
            self.x = _value(work, features, steps * batch, gradient=False)
        else:  # the layer before has them side by side already
            self.x = Value(given[:-1], given)
        self.y = _value(work, units, steps * batch, gradient=goes_back)
        if goes_back and work.input.gradient is not None:
            self.x.gradient_with_row = work.scratch(features + 1, steps * batch)
            self.x.gradient = self.x.gradient_with_row[:-1]

    def bind_before(self) -> None:
        """Steps that lay the examples of all time steps side by side."""
        work, given = self._work, self._work.output.gradient
        if work.input.columns is None:
            work.forward(np.copyto, self._by_step(self.x.array), work.input.array)
        if self.y.gradient is not None and given is not None:
            work.backward(np.copyto, self._by_step(self.y.gradient), given)

    def bind_after(self) -> None:
        """Steps that put values, gradients and what a loss wants to know back into sequences."""
        work, output = self._work, self._work.output
        work.forward(np.copyto, output.array, self._by_step(self.y.array))
        output.columns = self.y.with_ones
        logits, output.logits = output.logits, None
        if work.fused and logits is not None:
            total = None if logits.total is None else self._as_sequence(logits.total)
            output.logits = Logits(self._as_sequence(logits.values), total)
        if self.x.gradient is not None and work.input.gradient is not None:
            work.backward(np.copyto, work.input.gradient, self._by_step(self.x.gradient))

    def _as_sequence(self, rows: Array) -> Array:
        """Add the step that copies (D, T N) to (T, D, N)."""
        sequence = self._work.buffer(self._steps, len(rows), self._work.batch)
        self._work.forward(np.copyto, sequence, self._by_step(rows))
        return sequence

    def _by_step(self, array: Array) -> Array:
        """(D, T N) seen as (T, D, N)."""
        return array.reshape(len(array), self._steps, -1).transpose(1, 0, 2)


def _value(work: Workspace, rows: int, columns: int, *, gradient: bool) -> Value:
    with_ones = work.buffer(rows + 1, columns)
    with_ones[-1] = 1
    slopes = work.scratch(rows, columns) if gradient else None
    return Value(with_ones[:-1], with_ones, slopes)
