"""The long short-term memory layer."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.fields import Real
from engine.initializers import Initializer
from engine.layers.base import LAYERS, Array, Example, Port, Workspace
from engine.layers.cell import Cell, Stacking
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
    synonyms = ("long short-term memory", "recurrent", "rnn", "sequence", "time series")
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

    def cell(self, work: Workspace, sums: Array, goes_back: bool) -> Cell:
        return LstmCell(work, sums, goes_back)

    def bias_initializer(self) -> Initializer:
        return ForgetBias(value=self.forget_bias)


class LstmCell(Cell):
    """Blocks of the sums: i, o, f, g. The memory c of every step that is kept."""

    def __init__(self, work: Workspace, sums: Array, goes_back: bool) -> None:
        super().__init__(work, sums, goes_back)
        self.one, self.half = work.scalar(1), work.scalar(0.5)
        # c before each step that is kept, and after the last; tanh(c) after each.
        self.memory: tuple[Array, ...] = tuple(work.buffer(self.kept + 1, *self.shape))
        self.shown: tuple[Array, ...] = tuple(work.buffer(self.kept, *self.shape))
        self.part = work.buffer(*self.shape)
        if goes_back:
            self.to_c = work.buffer(*self.shape)  # dL/dc
            self.factors = work.buffer(*self.slopes.shape)
            self.factor_of = tuple(self.factors)

    def _c(self, step: int) -> Array:
        """Where c stands before a step."""
        return self.memory[step % len(self.memory)]

    def carried(self, step: int) -> tuple[tuple[Array, Array], ...]:
        return ((self._c(step), self._c(step + 1)),)

    def carried_gradients(self) -> tuple[Array, ...]:
        return (self.to_c,)

    def forward(self, step: int, before: Array, after: Array) -> None:
        work, place = self.work, step % self.kept
        sums = self.sums[place]
        gates, (i, o, f, g) = sums[:3], sums
        c, shown = self._c(step + 1), self.shown[place]
        work.forward(np.tanh, sums, out=sums)
        work.forward(np.multiply, gates, self.half, out=gates)
        work.forward(np.add, gates, self.half, out=gates)
        work.forward(np.multiply, f, self._c(step), out=c)
        work.forward(np.multiply, i, g, out=self.part)
        work.forward(np.add, c, self.part, out=c)
        work.forward(np.tanh, c, out=shown)
        work.forward(np.multiply, o, shown, out=after)

    def backward(self, step: int, before: Array, after: Array) -> None:
        work, part, sums, slopes = self.work, self.part, self.sums[step], self.slopes
        i, o, f, g = sums
        to_g = slopes[3]
        shown, gradient, to_c = self.shown[step], self.gradient, self.to_c
        # dL/dc gains dL/dh o (1 - tanh²(c)), with h = o tanh(c).
        work.backward(np.multiply, after, shown, out=part)
        work.backward(np.subtract, o, part, out=part)
        work.backward(np.multiply, part, gradient, out=part)
        work.backward(np.add, to_c, part, out=to_c)
        # σ' = σ (1 - σ) and tanh' = 1 - tanh², all gates in one memory.
        gates, sigmoids = slopes[:3], sums[:3]
        work.backward(np.subtract, self.one, sigmoids, out=gates)
        work.backward(np.multiply, gates, sigmoids, out=gates)
        work.backward(np.multiply, g, g, out=to_g)
        work.backward(np.subtract, self.one, to_g, out=to_g)
        factors = (g, to_c), (shown, gradient), (self._c(step), to_c), (i, to_c)
        for place, factor in zip(self.factor_of, factors, strict=True):
            work.backward(np.multiply, *factor, out=place)
        work.backward(np.multiply, slopes, self.factors, out=slopes)
        work.backward(np.multiply, to_c, f, out=to_c)
