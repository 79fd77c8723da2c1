"""The plain recurrent layer."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from engine.fields import Choice
from engine.layers.base import LAYERS, Array, Example, Workspace
from engine.layers.cell import Cell, Each, Stacking
from engine.layers.in_turn import Call
from engine.layers.recurrent import Recurrent

_IN_ONNX = {"tanh": "Tanh", "relu": "Relu"}


@LAYERS.register
class SimpleRNN(Recurrent):
    """Mix each step with what was remembered: h_t = f(W x_t + b_w + R h_{t-1} + b_r).

    It forgets within some ten steps; LSTM and GRU remember longer.

    Shapes: x (T, D, N), first h (H, N) or none -> h (T, H, N) or the last (H, N);
    W (H, D), R (H, H), b_w, b_r (H,). Both ways 2 H, with a second set of each.
    """

    kind = "simple_rnn"
    label = "SimpleRNN"
    summary = "Reads a sequence step by step and remembers a row of numbers."
    synonyms = ("recurrent", "elman", "vanilla rnn", "bidirectional", "sequence", "time series")
    formula = "h_t = f(W x_t + R h_{t-1} + b)"
    source = "Elman, Finding structure in time, 1990; PyTorch, torch.nn.RNN"
    examples = (
        Example({"units": 3}, ((4, 2),)),
        Example({"units": 2, "returns": "sequence", "activation": "relu"}, ((3, 3),)),
        Example({"units": 2, "direction": "bidirectional", "returns": "sequence"}, ((3, 1),)),
        Example({"units": 1, "bias": False, "direction": "reverse"}, ((1, 2),)),
    )
    stacking = Stacking((0,), (0,))
    operator = "RNN"

    activation = Choice(
        "tanh", {"tanh": "Tanh", "relu": "ReLU"}, help="What is applied to each sum."
    )

    @property
    def signed(self) -> bool:
        return self.activation == "tanh"

    def cell(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> Cell:
        kind = TanhCell if self.activation == "tanh" else ReluCell
        return kind(work, sums, steps, goes_back)

    def onnx_settings(self) -> dict[str, Any]:
        return {"activations": [_IN_ONNX[self.activation]] * self.directions}


class TanhCell(Cell):
    """h = tanh(sums)."""

    def forward(self, before: Each, after: Each) -> list[Call]:
        return [(np.tanh, self.blocks[0], after)]

    def backward(self, before: Each, after: Each) -> list[Call]:
        slopes = self.slopes[0]
        return [
            (np.multiply, after, after, slopes),
            (np.subtract, self.work.scalar(1), slopes, slopes),
            (np.multiply, slopes, self.gradient, slopes),
        ]


class ReluCell(Cell):
    """h = max(sums, 0)."""

    def forward(self, before: Each, after: Each) -> list[Call]:
        # Its result has to be named, or NumPy warns.
        zero, pairs = self.work.scalar(0), zip(self.blocks[0], after, strict=True)
        return [(tuple(partial(np.maximum, sums, zero, out=h) for sums, h in pairs),)]

    def backward(self, before: Each, after: Each) -> list[Call]:
        slopes = self.slopes[0]
        return [
            (np.sign, after, slopes),  # 1 where it is open, as h is never negative
            (np.multiply, slopes, self.gradient, slopes),
        ]
