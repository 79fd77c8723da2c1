"""The cell of a recurrent layer: what makes the next state of the sums of its gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.layers.in_turn import Call, at_each
from engine.workspace import Array, Workspace

Each = tuple[Array, ...]
"""An array for each step."""


@dataclass(frozen=True)
class Run:
    """Gates that follow each other in a parameter and in the sums alike, and their blocks there.

    is_inner: it is the one gate whose rows of R the cell multiplies itself, so that S has
    their bias alone.
    """

    gates: range
    blocks: range
    is_inner: bool


@dataclass(frozen=True)
class Stacking:
    """Where the gates of W and R stand in the sums, in blocks of H rows.

    of_weight, of_recurrent: for each gate, in the parameters' order, its block. Each
        takes a run of blocks without gaps.
    sigmoids: the blocks that end in a sigmoid. Their rows of S are halved, since
        σ(z) = (1 + tanh(z / 2)) / 2: one tanh then serves every gate.
    inner: the gate whose rows of R the cell multiplies itself, by something else than h (see
        `Cell.take`); its bias is in the sums. None if there is none.
    """

    of_weight: tuple[int, ...]
    of_recurrent: tuple[int, ...]
    sigmoids: range = range(0)
    inner: int | None = None

    @property
    def blocks(self) -> int:
        return 1 + max(*self.of_weight, *self.of_recurrent)

    @cached_property
    def weight_runs(self) -> tuple[Run, ...]:
        """The runs of gates of W."""
        return tuple(self._runs(self.of_weight, None))

    @cached_property
    def recurrent_runs(self) -> tuple[Run, ...]:
        """The runs of gates of R."""
        return tuple(self._runs(self.of_recurrent, self.inner))

    def _runs(self, places: tuple[int, ...], inner: int | None) -> Iterator[Run]:
        first = 0
        for gate in range(1, len(places) + 1):
            before = places[gate - 1]
            goes_on = gate < len(places) and places[gate] == before + 1
            if not goes_on or inner in (gate - 1, gate):
                yield Run(range(first, gate), range(places[first], before + 1), first == inner)
                first = gate


class Cell:
    """What turns the sums of each step into h, bound to a workspace.

    All arrays have S directions side by side, so that one call serves them all. Each lies in
    one piece, since NumPy buffers where some do and others don't. What there is for each step
    is a tuple.

    sums: for each step the sums of B blocks, (B, S, H, N). May be overwritten with what the
        way back needs.
    blocks: the same by block, (S, H, N) for each step.
    slopes: dL/d(sums) of the newest step on the way back, (B, S, H, N).
    gradient: dL/dh, (S, H, N).
    """

    def __init__(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> None:
        """sums: (kept, B, S, H, N), of the steps that stay in memory: all to go back, or one."""
        self.work = work
        self.steps = steps
        self.kept = len(sums)
        self.shape: tuple[int, ...] = sums.shape[2:]
        self.sums = self.each(sums)
        self.blocks = tuple(self.each(sums[:, block]) for block in range(sums.shape[1]))
        if goes_back:
            self.gradient = work.buffer(*self.shape)
            self.slopes = work.buffer(*sums.shape[1:])

    def each(self, array: Array, first: int = 0) -> tuple[Array, ...]:
        """What each step has of an array that has some things for those that stay in memory."""
        return at_each(array, self.steps, first)

    def forward(self, before: Each, after: Each) -> list[Call]:
        """What writes h_t to `after`. before, after: h_{t-1} and h_t, (S, H, N)."""
        raise NotImplementedError  # every cell computes something of its own

    def backward(self, before: Each, after: Each) -> list[Call]:
        """What turns dL/dh_t, in `gradient`, into dL/d(sums), in `slopes`."""
        raise NotImplementedError  # every cell has its own derivative

    def take(self, recurrent: Sequence[Array], read: Array) -> Array:
        """Take the rows (H, H) of each R of the gate `Stacking.inner`, for a product of its own.

        read: what products read of h at each step, (kept + 1, S, H, N). Returns where the cell
        puts what it multiplies these rows by, (kept, S, H, N).
        """
        raise NotImplementedError  # only a cell with such a gate is asked

    def add_inner(self) -> list[Call]:
        """What adds to dL/dh_{t-1} what reaches it through the product of its own."""
        return []

    def carry(self) -> list[Call]:
        """What adds to dL/dh_{t-1} what reaches it around the product, as in a GRU."""
        return []

    def carried(self) -> tuple[tuple[Each, Each], ...]:
        """What it carries beside h, before and after each step, (S, H, N) each."""
        return ()

    def carried_gradients(self) -> tuple[Array, ...]:
        """dL/d of what it carries beside h, while going back."""
        return ()
