"""Words as rows of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ShapeError
from engine.fields import Integer, Variant
from engine.initializers import INITIALIZERS, Initializer, Normal
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    Masking,
    ParameterSpec,
    Workspace,
)
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

FEW = 64
"""Vocabularies up to here sum their gradients as a product with one-hot rows, as measured."""


class WithZeroRow(Initializer):
    """Another rule, but for one row of zeros."""

    kind = "with_zero_row"
    label = "With a row of zeros"
    formula = "w_row = 0"

    start: Variant[Initializer] = Variant(
        "normal", INITIALIZERS, help="What the other rows are before training."
    )
    row = Integer(0, minimum=0, help="The row that starts at zero.")

    def fill(self, rng: np.random.Generator, array: Array, fan_in: int, fan_out: int) -> None:
        self.start.fill(rng, array, fan_in, fan_out)
        array[self.row] = 0


@LAYERS.register
class Embedding(Layer):
    """Look up a row of numbers for each token: y_t = W[x_t].

    A token is a whole number from 0 to V - 1. Numbers in between are cut to whole
    ones, numbers beyond either end count as the first or the last token. The row of
    the padding token gets no gradient, as in PyTorch, and its steps are masked, as with
    Keras's mask_zero: layers behind it leave them out.

    Shapes: x (T, N) -> y (T, D, N), with a mask (T, N) if there is padding; W (V, D).
    """

    kind = "embedding"
    label = "Embedding"
    summary = "Gives each word or character of a sequence a row of numbers that is learned."
    synonyms = ("lookup", "word vectors", "tokens", "text", "gather")
    category = "recurrent"
    formula = "y_t = W[x_t]"
    source = "Bengio et al., A neural probabilistic language model, 2003; torch.nn.Embedding"
    examples = (
        Example({"tokens": 3, "width": 2}, ((4,),)),
        Example({"tokens": 4, "width": 3}, ((5,),)),
        Example({"tokens": 1, "width": 1}, ((1,),)),
    )

    tokens = Integer(
        1000, minimum=1, maximum=10_000_000, help="How many different tokens there are."
    )
    width = Integer(32, minimum=1, maximum=100_000, help="How many numbers describe a token.")
    padding = Integer(
        -1,
        minimum=-1,
        maximum=10_000_000,
        advanced=True,
        help="The token that fills up short sequences: it starts at zero, learns nothing, and "
        "layers behind leave it out. -1: there is none.",
    )
    initializer: Variant[Initializer] = Variant(
        Normal(deviation=1),
        INITIALIZERS,
        label="Rows start as",
        advanced=True,
        help="What the rows are before training.",
    )

    @property
    def masking(self) -> Masking:
        return "stops" if self.padding < 0 else "makes"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        if len(arriving.one) != 1:
            raise ShapeError(
                f"{self.label} needs a row of tokens (T,), got {arriving.one}. "
                "Put a Flatten before it."
            )
        if self.padding >= self.tokens:
            raise ShapeError(
                f"{self.label} has no token {self.padding} to pad with: there are {self.tokens}. "
                f"Set the padding to at most {self.tokens - 1}."
            )
        return ((*arriving.one, self.width),)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        start = self.initializer
        if self.padding >= 0:
            start = WithZeroRow(start=start, row=self.padding)
        return (ParameterSpec("weight", (self.tokens, self.width), start, 1, self.width),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        count = x.array.size
        tokens = work.buffer(*x.array.shape, dtype=np.intp)
        rows = work.buffer(count, self.width)
        last = work.buffer(1, dtype=np.intp)
        last.fill(self.tokens - 1)
        work.forward(np.copyto, tokens, x.array, casting="unsafe")
        work.forward(np.maximum, tokens, np.zeros((), np.intp), out=tokens)
        work.forward(np.minimum, tokens, last.reshape(()), out=tokens)
        if self.padding >= 0:
            y.mask = self._bind_mask(work, tokens)
        # clip: the other modes make a copy first.
        work.forward(work.parameter("weight").take, tokens.reshape(-1), 0, rows, "clip")
        by_token = rows.reshape(*x.array.shape, self.width)
        work.forward(np.copyto, y.array, by_token.transpose(0, 2, 1))
        if not work.training or y.gradient is None:
            return
        if x.gradient is not None:
            work.backward(x.gradient.fill, 0)  # whole numbers have no slope
        weight_gradient = work.parameter_gradient("weight")
        if weight_gradient is not None:
            self._bind_rows(work, tokens.reshape(-1), y.gradient, weight_gradient)

    def _bind_mask(self, work: Workspace, tokens: Array) -> Array:
        """Add the steps that write where there is no padding, (T, N)."""
        is_real = work.buffer(*tokens.shape, dtype=np.bool_)
        mask = work.buffer(*tokens.shape)
        work.forward(np.not_equal, tokens, np.array(self.padding, np.intp), out=is_real)
        work.forward(np.copyto, mask, is_real)
        return mask

    def _bind_rows(
        self, work: Workspace, tokens: Array, gradient: Array, weight_gradient: Array
    ) -> None:
        """Add the steps that sum the gradients (T, D, N) of each token's places."""
        steps, width, batch = gradient.shape
        columns = work.buffer(width, steps, batch)
        work.backward(np.copyto, columns, gradient.transpose(1, 0, 2))
        columns = columns.reshape(width, len(tokens))
        if self.tokens <= FEW:
            places = work.buffer(len(tokens), dtype=np.intp)
            starts = work.buffer(len(tokens), dtype=np.intp)
            starts[...] = np.arange(len(tokens)) * self.tokens
            one_hot = work.buffer(len(tokens), self.tokens)
            summed = work.buffer(width, self.tokens)
            work.backward(np.add, tokens, starts, out=places)
            work.backward(one_hot.fill, 0)
            work.backward(one_hot.put, places, work.scalar(1), "clip")
            work.backward(np.dot, columns, one_hot, summed)  # (D, T N) @ (T N, V)
            work.backward(np.copyto, weight_gradient, summed.T)
        else:
            work.backward(weight_gradient.fill, 0)
            # One call a column: NumPy adds to a vector several times faster than to rows. While
            # it runs it keeps an iterator of some 5 kB, whatever is added, and no array. What
            # keeps nothing takes longer, as measured for 97 to 20,000 tokens: one-hot products
            # in chunks 2 to 300 times, differences of running sums of sorted rows 2 to 10 times.
            for column, place in zip(columns, weight_gradient.T, strict=True):
                work.backward(np.add.at, place, tokens, column)
        if self.padding >= 0:
            work.backward(weight_gradient[self.padding].fill, 0)

    def onnx(self, graph: OnnxGraph) -> None:
        whole = graph.node("Cast", [graph.inputs[0]], to=7)  # int64
        ends = [graph.constant(np.array(n, dtype=np.int64), "end") for n in (0, self.tokens - 1)]
        inside = graph.node("Clip", [whole, *ends])
        if self.padding >= 0:
            padding = graph.constant(np.array(self.padding, np.int64), "padding")
            is_real = graph.node("Not", [graph.node("Equal", [inside, padding])])
            graph.mask = graph.node("CastLike", [is_real, graph.inputs[0]])
        graph.result(graph.node("Gather", [graph.parameter("weight"), inside], axis=0))

    def line(self) -> str:
        return f"{self.tokens:,} tokens · {self.width}"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return 0
