"""Arithmetic in which a few numbers meet many: one for each channel, or one for each example."""

from __future__ import annotations

from itertools import repeat

import numpy as np

from engine.workspace import AddSteps, Array, Workspace

WIDE = 1024
"""Numbers in a row from which one call a row costs less than writing out what is repeated."""


class Repeat:
    """Adds steps of the form `function(values, few, out=out)`, where `few` is repeated.

    A ufunc that repeats what it reads buffers it, which allocates. So `few` is
    written out first, into memory that all steps of a layer share; or long
    rows go one by one, each with its own number.
    """

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._spare: Array | None = None

    def __call__(
        self, add_steps: AddSteps, function: np.ufunc, values: Array, few: Array, out: Array
    ) -> None:
        """values, out: of one shape. few: of as many axes, each as long or 1."""
        if values.ndim == 2 and few.shape[1] == 1 and values.shape[1] >= WIDE:
            numbers = [row.reshape(()) for row in few]
            add_steps(zip(repeat(function), values, numbers, out, strict=False))
            return
        spare = self.spare(values.shape)
        add_steps([(np.copyto, spare, few), (function, values, spare, out)])

    def spare(self, shape: tuple[int, ...]) -> Array:
        """The shared memory in a shape; the next step of this object spoils it."""
        if self._spare is None:
            self._spare = self._work.scratch(*shape)
        return self._spare.reshape(shape)
