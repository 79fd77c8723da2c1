"""The long short-term memory layer."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.fields import Real
from engine.initializers import Initializer
from engine.layers.base import LAYERS, Array, Example, Port, Workspace
from engine.layers.cell import Cell, Each, Stacking
from engine.layers.in_turn import Call
from engine.layers.recurrent import Recurrent


class ForgetBias(Initializer):
    """Zero in all gates but the third of four, the one that forgets."""

    kind = "forget_bias"
    label = "Forget bias"
    formula = "b_f = value, b_i = b_o = b_c = 0"

    value = Real(1.0, help="What the bias of the forgetting gate starts at.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        array.fill(0)
        units = len(array) // 4
        array[2 * units : 3 * units] = self.value


@LAYERS.register
class LSTM(Recurrent):
    """Keep a memory c, and learn what to write to it, what to forget and what to show.

    i, o, f = σ(W x_t + b_w + R h_{t-1} + b_r), g = tanh(the same with weights of its own),
    c_t = f c_{t-1} + i g, h_t = o tanh(c_t). No peepholes, as in PyTorch and Keras. The
    bias of f starts at 1, as in Keras, so that it begins by remembering.

    Shapes: x (T, D, N), first h and c (H, N) or neither -> h (T, H, N) or the last (H, N);
    W (4 H, D), R (4 H, H), b_w, b_r (4 H,), gates in ONNX's order i, o, f, c.
    Both ways 2 H, with a second set of each.
    """

    kind = "lstm"
    label = "LSTM"
    summary = "Reads a sequence and learns what to remember, for hundreds of steps."
    synonyms = (
        "long short-term memory",
        "recurrent",
        "rnn",
        "bidirectional",
        "sequence",
        "time series",
    )
    formula = "c_t = f c_{t-1} + i g,  h_t = o tanh(c_t)"
    source = "Hochreiter and Schmidhuber, Long short-term memory, 1997; PyTorch, torch.nn.LSTM"
    input_ports = (Port("in"), Port("hidden", required=False), Port("cell", required=False))
    examples = (
        Example({"units": 3}, ((4, 2),)),
        Example({"units": 2, "returns": "sequence"}, ((3, 3),)),
        Example({"units": 2, "direction": "bidirectional", "returns": "sequence"}, ((3, 1),)),
        Example({"units": 2, "direction": "bidirectional"}, ((2, 2),)),
        Example({"units": 1, "bias": False, "direction": "reverse"}, ((1, 2),)),
    )
    stacking = Stacking((0, 1, 2, 3), (0, 1, 2, 3), sigmoids=range(3))
    operator = "LSTM"
    states: ClassVar[tuple[str, ...]] = ("hidden", "cell")

    forget_bias = Real(
        1.0,
        advanced=True,
        help="What the bias of the forgetting gate starts at; above 0 it begins by remembering.",
    )

    def cell(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> Cell:
        return LstmCell(work, sums, steps, goes_back)

    def bias_initializer(self) -> Initializer:
        return ForgetBias(value=self.forget_bias)


class LstmCell(Cell):
    """Blocks of the sums: i, o, f, g. The memory c of every step that is kept."""

    def __init__(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> None:
        super().__init__(work, sums, steps, goes_back)
        self.one, self.half = work.scalar(1), work.scalar(0.5)
        self.gates = self.each(sums[:, :3])
        memory = work.buffer(self.kept + 1, *self.shape)
        self.before, self.after = self.each(memory), self.each(memory, 1)  # c_{t-1} and c_t
        self.shown = self.each(work.buffer(self.kept, *self.shape))  # tanh(c_t)
        self.part = work.buffer(*self.shape)
        if goes_back:
            self.to_c = work.buffer(*self.shape)  # dL/dc
            self.factors = work.buffer(*self.slopes.shape)

    def carried(self) -> tuple[tuple[Each, Each], ...]:
        return ((self.before, self.after),)

    def carried_gradients(self) -> tuple[Array, ...]:
        return (self.to_c,)

    def forward(self, before: Each, after: Each) -> list[Call]:
        i, o, f, g = self.blocks
        sums, gates, half, part = self.sums, self.gates, self.half, self.part
        return [
            (np.tanh, sums, sums),
            (np.multiply, gates, half, gates),
            (np.add, gates, half, gates),
            (np.multiply, f, self.before, self.after),
            (np.multiply, i, g, part),
            (np.add, self.after, part, self.after),
            (np.tanh, self.after, self.shown),
            (np.multiply, o, self.shown, after),
        ]

    def backward(self, before: Each, after: Each) -> list[Call]:
        i, o, f, g = self.blocks
        one, part, slopes, gradient, to_c = (
            self.one,
            self.part,
            self.slopes,
            self.gradient,
            self.to_c,
        )
        gates, to_g = slopes[:3], slopes[3]
        of_i, of_o, of_f, of_g = self.factors
        return [
            # dL/dc gains dL/dh o (1 - tanh²(c)), with h = o tanh(c).
            (np.multiply, after, self.shown, part),
            (np.subtract, o, part, part),
            (np.multiply, part, gradient, part),
            (np.add, to_c, part, to_c),
            # σ' = σ (1 - σ) and tanh' = 1 - tanh², all gates in one memory.
            (np.subtract, one, self.gates, gates),
            (np.multiply, gates, self.gates, gates),
            (np.multiply, g, g, to_g),
            (np.subtract, one, to_g, to_g),
            (np.multiply, g, to_c, of_i),
            (np.multiply, self.shown, gradient, of_o),
            (np.multiply, self.before, to_c, of_f),
            (np.multiply, i, to_c, of_g),
            (np.multiply, slopes, self.factors, slopes),
            (np.multiply, to_c, f, to_c),
        ]
