"""The gated recurrent unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.fields import Boolean
from engine.layers.base import LAYERS, Array, Example, Workspace
from engine.layers.cell import Cell, Stacking
from engine.layers.recurrent import Recurrent

# Blocks of the sums: n from x, z, r, n from h; so W and R have three neighbours each.
RESET_AFTER = Stacking((1, 2, 0), (1, 2, 3), sigmoids=range(1, 3))
RESET_FIRST = Stacking((1, 2, 0), (1, 2, 0), sigmoids=range(1, 3), inner=2)


@LAYERS.register
class GRU(Recurrent):
    """Keep as much of the state as a gate says, and renew the rest.

    z, r = σ(W x_t + b_w + R h_{t-1} + b_r), n = tanh(W x_t + b_w + r (R h_{t-1} + b_r)) with
    weights of its own each, h_t = z h_{t-1} + (1 - z) n. The reset r acts after the product
    with R, as in PyTorch, Keras and ONNX's linear_before_reset = 1; or before it, as Cho et al.
    wrote it and ONNX has it unless told: n = tanh(W x_t + b_w + R (r h_{t-1}) + b_r).

    Shapes: x (T, D, N), first h (H, N) or none -> h (T, H, N) or the last (H, N);
    W (3 H, D), R (3 H, H), b_w, b_r (3 H,), gates in ONNX's order z, r, n.
    Both ways 2 H, with a second set of each.
    """

    kind = "gru"
    label = "GRU"
    summary = "Reads a sequence and learns what to keep; a lighter LSTM."
    synonyms = ("gated recurrent unit", "recurrent", "rnn", "sequence", "time series")
    formula = "h_t = z h_{t-1} + (1 - z) n"
    source = "Cho et al., Learning phrase representations, 2014; PyTorch, torch.nn.GRU"
    examples = (
        Example({"units": 3}, ((4, 2),)),
        Example({"units": 2, "returns": "sequence"}, ((3, 3),)),
        Example({"units": 2, "direction": "bidirectional", "returns": "sequence"}, ((3, 1),)),
        Example({"units": 2, "direction": "bidirectional"}, ((2, 2),)),
        Example({"units": 1, "bias": False, "direction": "reverse"}, ((1, 2),)),
        Example({"units": 3, "reset_after": False, "returns": "sequence"}, ((4, 2),)),
        Example({"units": 2, "reset_after": False, "direction": "bidirectional"}, ((3, 2),)),
        Example({"units": 2, "reset_after": False, "bias": False}, ((2, 1),)),
    )
    operator = "GRU"

    reset_after = Boolean(
        True,
        label="Reset after the product",
        advanced=True,
        help="Whether the reset gate acts on the weighted sums of what is remembered, as in "
        "PyTorch and Keras, or on what is remembered itself, before it is weighed.",
    )

    @property
    def stacking(self) -> Stacking:
        return RESET_AFTER if self.reset_after else RESET_FIRST

    def cell(self, work: Workspace, sums: Array, goes_back: bool) -> Cell:
        kind = GruCell if self.reset_after else ResetFirstCell
        return kind(work, sums, goes_back)

    def onnx_settings(self) -> dict[str, Any]:
        return {"linear_before_reset": int(self.reset_after)}


class GruCell(Cell):
    """Blocks of the sums: n's share of x, which n itself takes over; z; r; n's share of h."""

    def __init__(self, work: Workspace, sums: Array, goes_back: bool) -> None:
        super().__init__(work, sums, goes_back)
        self.one, self.half = work.scalar(1), work.scalar(0.5)
        self.part = work.buffer(*self.shape)
        if goes_back:
            self.around = work.buffer(*self.shape)

    def forward(self, step: int, before: Array, after: Array) -> None:
        work, part, sums = self.work, self.part, self.sums[step % self.kept]
        gates, (n, z, r, *rest) = sums[1:3], sums
        work.forward(np.tanh, gates, out=gates)
        work.forward(np.multiply, gates, self.half, out=gates)
        work.forward(np.add, gates, self.half, out=gates)
        self.bind_reset(step, r, rest)
        work.forward(np.add, n, part, out=n)
        work.forward(np.tanh, n, out=n)
        # z h + (1 - z) n = n + z (h - n)
        work.forward(np.subtract, before, n, out=part)
        work.forward(np.multiply, z, part, out=part)
        work.forward(np.add, n, part, out=after)

    def bind_reset(self, step: int, r: Array, rest: list[Array]) -> None:
        """Add the steps that write what n gets of h to `part`. rest: further blocks of the sums."""
        self.work.forward(np.multiply, r, rest[0], out=self.part)

    def backward(self, step: int, before: Array, after: Array) -> None:
        work, part, gradient = self.work, self.part, self.gradient
        sums, slopes = self.sums[step], self.slopes
        n, z, r, *rest = sums
        to_n, to_z, to_r, *to_rest = slopes
        work.backward(np.multiply, gradient, z, out=self.around)
        gates, sigmoids = slopes[1:3], sums[1:3]
        work.backward(np.subtract, self.one, sigmoids, out=gates)
        # dL/dn = dL/dh (1 - z), then through the tanh
        work.backward(np.multiply, n, n, out=part)
        work.backward(np.subtract, self.one, part, out=part)
        work.backward(np.multiply, gradient, part, out=part)
        work.backward(np.multiply, part, to_z, out=to_n)
        work.backward(np.multiply, gates, sigmoids, out=gates)
        work.backward(np.subtract, before, n, out=part)
        work.backward(np.multiply, part, gradient, out=part)
        work.backward(np.multiply, to_z, part, out=to_z)
        self.bind_reset_slopes(step, r, rest, to_n, to_rest)
        work.backward(np.multiply, to_r, part, out=to_r)

    def bind_reset_slopes(
        self, step: int, r: Array, rest: list[Array], to_n: Array, to_rest: list[Array]
    ) -> None:
        """Add the steps that write dL/dr to `part`, and what goes back to h past r."""
        self.work.backward(np.multiply, to_n, r, out=to_rest[0])
        self.work.backward(np.multiply, to_n, rest[0], out=self.part)

    def carry(self) -> None:
        self.work.backward(np.add, self.gradient, self.around, out=self.gradient)


class ResetFirstCell(GruCell):
    """Blocks of the sums: n's share of x and its biases, which n itself takes over; z; r."""

    def __init__(self, work: Workspace, sums: Array, goes_back: bool) -> None:
        super().__init__(work, sums, goes_back)
        self.reset = work.buffer(self.kept, *self.shape)  # r h of each step
        if goes_back:
            self.through = work.buffer(*self.shape)

    def take(self, recurrent: Sequence[Array], read: Array) -> Array:
        self.recurrent, self.read = recurrent, read
        return self.reset

    def bind_reset(self, step: int, r: Array, rest: list[Array]) -> None:
        work, read = self.work, self.read[step % len(self.read)]
        reset = self.reset[step % self.kept]
        for side, matrix in enumerate(self.recurrent):
            work.forward(np.multiply, r[side], read[side], out=reset[side])
            work.forward(np.dot, matrix, reset[side], self.part[side])  # (H, H) @ (H, N)

    def bind_reset_slopes(
        self, step: int, r: Array, rest: list[Array], to_n: Array, to_rest: list[Array]
    ) -> None:
        work, read = self.work, self.read[step]
        # dL/d(r h) = Rᵀ dL/dn, which is r's by h and h's by r
        for side, matrix in enumerate(self.recurrent):
            work.backward(np.dot, matrix.T, to_n[side], self.through[side])
            work.backward(np.multiply, self.through[side], read[side], out=self.part[side])
        work.backward(np.multiply, self.through, r, out=self.through)

    def add_inner(self) -> None:
        self.work.backward(np.add, self.gradient, self.through, out=self.gradient)
