"""The gated recurrent unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.fields import Boolean
from engine.layers.base import LAYERS, Array, Example, Workspace
from engine.layers.cell import Cell, Each, Stacking
from engine.layers.in_turn import Call
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
    synonyms = (
        "gated recurrent unit",
        "recurrent",
        "rnn",
        "bidirectional",
        "sequence",
        "time series",
    )
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

    def cell(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> Cell:
        kind = GruCell if self.reset_after else ResetFirstCell
        return kind(work, sums, steps, goes_back)

    def onnx_settings(self) -> dict[str, Any]:
        return {"linear_before_reset": int(self.reset_after)}


class GruCell(Cell):
    """Blocks of the sums: n's share of x, which n itself takes over; z; r; n's share of h."""

    def __init__(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> None:
        super().__init__(work, sums, steps, goes_back)
        self.one, self.half = work.scalar(1), work.scalar(0.5)
        self.gates = self.each(sums[:, 1:3])
        self.part = work.buffer(*self.shape)
        if goes_back:
            self.around = work.buffer(*self.shape)  # z dL/dh

    def forward(self, before: Each, after: Each) -> list[Call]:
        n, z = self.blocks[:2]
        gates, half, part = self.gates, self.half, self.part
        return [
            (np.tanh, gates, gates),
            (np.multiply, gates, half, gates),
            (np.add, gates, half, gates),
            *self.reset(),
            (np.add, n, part, n),
            (np.tanh, n, n),
            # z h + (1 - z) n = n + z (h - n)
            (np.subtract, before, n, part),
            (np.multiply, z, part, part),
            (np.add, n, part, after),
        ]

    def reset(self) -> list[Call]:
        """What writes to `part` what n gets of h."""
        _, _, r, of_h = self.blocks
        return [(np.multiply, r, of_h, self.part)]

    def backward(self, before: Each, after: Each) -> list[Call]:
        n, z = self.blocks[:2]
        to_n, to_z, to_r = self.slopes[:3]
        one, part, gradient, gates = self.one, self.part, self.gradient, self.slopes[1:3]
        return [
            (np.multiply, gradient, z, self.around),
            (np.subtract, one, self.gates, gates),
            # dL/dn = dL/dh (1 - z), then through the tanh
            (np.multiply, n, n, part),
            (np.subtract, one, part, part),
            (np.multiply, gradient, part, part),
            (np.multiply, part, to_z, to_n),
            (np.multiply, gates, self.gates, gates),
            (np.subtract, before, n, part),
            (np.multiply, part, gradient, part),
            (np.multiply, to_z, part, to_z),
            *self.reset_slopes(),
            (np.multiply, to_r, part, to_r),
        ]

    def reset_slopes(self) -> list[Call]:
        """What writes dL/dr to `part`, and keeps what goes back to h past r."""
        _, _, r, of_h = self.blocks
        to_n, _, _, to_h = self.slopes
        return [(np.multiply, to_n, r, to_h), (np.multiply, to_n, of_h, self.part)]

    def carry(self) -> list[Call]:
        return [(np.add, self.gradient, self.around, self.gradient)]


class ResetFirstCell(GruCell):
    """Blocks of the sums: n's share of x and its biases, which n itself takes over; z; r."""

    def __init__(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> None:
        super().__init__(work, sums, steps, goes_back)
        self.sides = range(len(self.part))
        self.of_r = [self.each(sums[:, 2, side]) for side in self.sides]
        if goes_back:
            self.through = work.buffer(*self.shape)  # dL/d(r h), then that of h by it

    def take(self, recurrent: Sequence[Array], read: Array) -> Array:
        reset = self.work.buffer(self.kept, *self.shape)  # r h of each step
        self.recurrent = recurrent
        self.read = [self.each(read[:, side]) for side in self.sides]
        self.h_reset = [self.each(reset[:, side]) for side in self.sides]
        return reset

    def reset(self) -> list[Call]:
        calls: list[Call] = []
        for side, matrix in enumerate(self.recurrent):
            h_reset = self.h_reset[side]
            calls.append((np.multiply, self.of_r[side], self.read[side], h_reset))
            calls.append((matrix.dot, h_reset, self.part[side]))  # (H, H) @ (H, N)
        return calls

    def reset_slopes(self) -> list[Call]:
        calls: list[Call] = []
        # dL/d(r h) = Rᵀ dL/dn, which is r's by h and h's by r
        for side, matrix in enumerate(self.recurrent):
            through = self.through[side]
            calls.append((matrix.T.dot, self.slopes[0, side], through))
            calls.append((np.multiply, through, self.read[side], self.part[side]))
        return [*calls, (np.multiply, self.through, self.blocks[2], self.through)]

    def add_inner(self) -> list[Call]:
        return [(np.add, self.gradient, self.through, self.gradient)]
