"""The cell of a recurrent layer: what makes the next state of the sums of its gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.workspace import Array, Workspace


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

    All arrays have S directions side by side, so that one step serves them all. Each lies in
    one piece, since NumPy buffers where some do and others don't.

    sums: for each step that stays in memory the sums of B blocks, (B, S, H, N); all steps stay
        to go back, or one. May be overwritten with what the way back needs.
    slopes: dL/d(sums) of the newest step on the way back, (B, S, H, N).
    gradient: dL/dh, (S, H, N).
    """

    def __init__(self, work: Workspace, sums: Array, goes_back: bool) -> None:
        """sums: (kept, B, S, H, N)."""
        self.work = work
        self.kept = len(sums)
        self.sums: tuple[Array, ...] = tuple(sums)
        self.shape: tuple[int, ...] = sums.shape[2:]
        if goes_back:
            self.gradient = work.buffer(*self.shape)
            self.slopes = work.buffer(*sums.shape[1:])

    def forward(self, step: int, before: Array, after: Array) -> None:
        """Add the steps that write h_t to `after`.

        before, after: h_{t-1} and h_t, (S, H, N).
        """
        raise NotImplementedError  # every cell has its own steps

    def backward(self, step: int, before: Array, after: Array) -> None:
        """Add the steps that turn dL/dh_t, in `gradient`, into dL/d(sums), in `slopes`."""
        raise NotImplementedError  # every cell has its own derivative

    def take(self, recurrent: Sequence[Array], read: Array) -> Array:
        """Take the rows (H, H) of each R of the gate `Stacking.inner`, for a product of its own.

        read: what products read of h at each step, (kept + 1, S, H, N). Returns where the cell
        puts what it multiplies these rows by, (kept, S, H, N).
        """
        raise NotImplementedError  # only a cell with such a gate is asked

    def add_inner(self) -> None:
        """Add the step that adds what reaches h_{t-1} through the product of its own."""

    def carry(self) -> None:
        """Add the step that adds what reaches h_{t-1} around the product, as in a GRU."""

    def carried(self, step: int) -> tuple[tuple[Array, Array], ...]:
        """What it carries beside h, before and after a step, (S, H, N) each."""
        return ()

    def carried_gradients(self) -> tuple[Array, ...]:
        """dL/d of what it carries beside h, while going back."""
        return ()
