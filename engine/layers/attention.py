"""Attention: each step of a sequence asks all steps what they have to say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.errors import ShapeError
from engine.fields import Boolean, Integer
from engine.initializers import INITIALIZERS
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Port,
    Workspace,
)
from engine.layers.mask import bind_unseen
from engine.layers.recurrent import sequence_of
from engine.layers.small_products import multiply
from engine.layers.weighing import initializer_field
from engine.shapes import Shape
from engine.workspace import AddStep

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

PROJECTIONS = ("query", "key", "value", "output")
BIASED = ("query", "value", "output")


@LAYERS.register
class MultiHeadAttention(Layer):
    """Mix the steps of a sequence by how well they answer each other, in several heads.

    a = softmax(Q Kᵀ / √d) over the steps that may be asked, y = W_o [a V of every head] + b,
    with Q of the input, K and V of the context, or of the input where none is wired.
    Causal: a step asks only itself and the steps before it. Padding of the context is never
    asked; a step that may ask nothing has a = 0 everywhere, where PyTorch has no number.

    Shapes: x (T, D, N), context (S, C, N) or none -> y (T, D, N); W_q, W_o (D, D),
    W_k, W_v (D, C), b_q, b_v, b_o (D,); each of the heads has d = D / heads of the D rows.
    Keys have no bias: it would add the same to every answer, which the softmax takes away.
    """

    kind = "multi_head_attention"
    label = "MultiHeadAttention"
    summary = "Each step of a sequence asks all steps, and takes from those that answer well."
    synonyms = ("self attention", "cross attention", "transformer", "causal", "sequence")
    category = "recurrent"
    formula = "y = W_o softmax(Q Kᵀ / √d) V"
    source = "Vaswani et al., Attention is all you need, 2017; torch.nn.MultiheadAttention"
    masking = "passes"
    input_ports: ClassVar[tuple[Port, ...]] = (
        Port("in"),
        Port("context", required=False, masks=False),
    )
    examples = (
        Example({"heads": 1}, ((3, 2),)),
        Example({"heads": 2}, ((4, 6),)),
        Example({"heads": 2, "causal": True, "bias": False}, ((4, 2),)),
        Example({"heads": 1}, ((1, 1),)),
        Example({"heads": 2}, ((3, 4), (5, 3)), ports=("in", "context")),
    )

    heads = Integer(4, minimum=1, maximum=1024, help="How many questions each step asks at once.")
    causal = Boolean(False, help="Whether a step sees only itself and the steps before it.")
    bias = Boolean(True, help="Whether each sum has a number of its own added.", advanced=True)
    initializer = initializer_field("glorot_uniform")

    @property
    def signed(self) -> bool:
        return True

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        steps, width = sequence_of(self, arriving.at("in")[0])
        for shape in arriving.at("context"):
            sequence_of(self, shape)
        if width % self.heads:
            raise ShapeError(
                f"{self.label} cannot part {width} features into {self.heads} equal heads. "
                f"Choose a number of heads that divides {width}."
            )
        return ((steps, width),)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        width = arriving.at("in")[0][1]
        context = (arriving.at("context") or arriving.at("in"))[0][1]
        zeros = INITIALIZERS.get("zeros")()
        specs: list[ParameterSpec] = []
        for name in PROJECTIONS:
            read = context if name in ("key", "value") else width
            specs.append(ParameterSpec(name, (width, read), self.initializer, read, width))
            if self.bias and name in BIASED:
                specs.append(
                    ParameterSpec(f"{name}_bias", (width,), zeros, read, width, beside=name)
                )
        return tuple(specs)

    def bind(self, work: Workspace) -> None:
        _Attention(work, self.heads, self.causal, self.bias).bind()

    def onnx(self, graph: OnnxGraph) -> None:
        x, context = graph.inputs[0], graph.inputs[-1]
        steps, width = graph.shapes[0]
        others, size = graph.shapes[-1][0], width // self.heads

        def projected(name: str, value: str) -> str:
            product = graph.node("MatMul", [value, graph.constant(graph.weight(name).T, name)])
            if not self.bias or name not in BIASED:
                return product
            return graph.node("Add", [product, graph.parameter(f"{name}_bias")])

        def in_heads(name: str, value: str, count: int, order: list[int]) -> str:
            sizes = graph.constant(np.array([0, count, self.heads, size]), "heads")
            parted = graph.node("Reshape", [projected(name, value), sizes])
            return graph.node("Transpose", [parted], perm=order)

        query = in_heads("query", x, steps, [0, 2, 1, 3])
        key = in_heads("key", context, others, [0, 2, 3, 1])
        value = in_heads("value", context, others, [0, 2, 1, 3])
        scores = graph.node("MatMul", [query, key])
        scores = graph.node("Mul", [scores, graph.constant(np.array(1 / math.sqrt(size)), "scale")])
        if self.causal:
            scores = graph.node("Add", [scores, graph.constant(later(steps, others), "later")])
        mixed = graph.node("MatMul", [_onnx_answers(graph, scores), value])
        turned = graph.node("Transpose", [mixed], perm=[0, 2, 1, 3])
        together = graph.constant(np.array([0, steps, width]), "together")
        graph.result(projected("output", graph.node("Reshape", [turned, together])))

    def line(self) -> str:
        heads = "1 head" if self.heads == 1 else f"{self.heads} heads"
        return f"{heads} · causal" if self.causal else heads

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        steps, width = arriving.at("in")[0]
        others, features = (arriving.at("context") or arriving.at("in"))[0]
        return 2 * width * (steps * width + others * features + steps * others)


def _onnx_answers(graph: OnnxGraph, scores: str) -> str:
    """The softmax over the last axis of scores (N, h, T, S), of the steps that are no padding."""
    mask = graph.masks[-1]
    if mask is None:
        return graph.node("Softmax", [scores], axis=-1)
    number = np.finfo(graph.dtype)
    zero, never, least, tiny = (
        graph.constant(np.array(value), hint)
        for value, hint in (
            (0.0, "zero"),
            (-np.inf, "never"),
            (float(number.min), "least"),
            (float(number.tiny), "tiny"),
        )
    )
    is_real = graph.node("Cast", [mask], to=9)  # bool
    axes = graph.constant(np.array([1, 2], np.int64), "axes")
    last = graph.constant(np.array([-1], np.int64), "last")
    added = graph.node("Where", [graph.node("Unsqueeze", [is_real, axes]), zero, never])
    scores = graph.node("Add", [scores, added])
    most = graph.node("Max", [graph.node("ReduceMax", [scores], axes=[-1]), least])
    grown = graph.node("Exp", [graph.node("Sub", [scores, most])])
    total = graph.node("Max", [graph.node("ReduceSum", [grown, last]), tiny])
    return graph.node("Div", [grown, total])


def later(steps: int, others: int) -> Array:
    """What is added to the scores (T, S) so that no step sees those after it."""
    return np.where(np.arange(others) > np.arange(steps)[:, None], -np.inf, 0.0)


class _Attention:
    """The arrays of one attention, bound to a workspace. h heads of d rows, E = h d."""

    def __init__(self, work: Workspace, heads: int, causal: bool, bias: bool) -> None:
        self.work, self.heads, self.bias = work, heads, bias
        self.x = work.inputs["in"][0]
        self.context = (work.inputs.get("context") or work.inputs["in"])[0]
        steps, width, batch = self.x.array.shape
        self.size, others = width // heads, len(self.context.array)
        self.scale = work.scalar(1 / math.sqrt(self.size))
        self.rows = self._rows(steps, width)
        self.context_rows = (
            self.rows if self.context is self.x else self._rows(others, self.context.array.shape[1])
        )
        self.query = work.buffer(batch, heads, steps, self.size)
        self.key = work.buffer(batch, heads, self.size, others)
        self.value = work.buffer(batch, heads, others, self.size)
        self.answers = work.buffer(batch, heads, steps, others)
        self.each = work.buffer(batch, heads, steps)  # one number a question
        self.ones = work.constant(1, others, 1)
        self.mixed_rows = self._rows(steps, width)
        self.hidden = work.constant(later(steps, others), *self.answers.shape) if causal else None
        self.padding = self.context.mask  # (S, N)

    def _rows(self, steps: int, features: int) -> Array:
        """Room for (D, T N), with a last row of ones where there are biases."""
        rows = self.work.buffer(features + int(self.bias), steps * self.work.batch)
        rows[features:] = 1
        return rows

    def bind(self) -> None:
        with self.work.turn():
            self._bind_forward()
        if self.work.training and self.work.output.gradient is not None:
            with self.work.turn():
                self._bind_backward(self.work.output.gradient)

    def _biased(self, name: str) -> bool:
        return self.bias and name in BIASED

    def _product(self, name: str, rows: Array) -> Array:
        """Add the step that multiplies rows (D, T N) by a matrix, into (E, T N)."""
        product = self.work.scratch(self.heads * self.size, rows.shape[1])
        if self._biased(name):
            multiply(self.work.forward, self.work.joined(name), rows, product)
        else:
            matrix = self.work.parameter(name)
            multiply(self.work.forward, matrix, rows[: matrix.shape[1]], product)
        return product

    def _by_head(self, columns: Array) -> Array:
        """(E, T N) seen as (h, d, T, N)."""
        return columns.reshape(self.heads, self.size, -1, self.work.batch)

    def _bind_forward(self) -> None:
        work, answers = self.work, self.answers
        work.forward(np.copyto, _by_step(self.rows, self.x.array), self.x.array)
        if self.context is not self.x:
            place = _by_step(self.context_rows, self.context.array)
            work.forward(np.copyto, place, self.context.array)
        for name, rows, projected, order in (
            ("query", self.rows, self.query, (3, 0, 2, 1)),
            ("key", self.context_rows, self.key, (3, 0, 1, 2)),
            ("value", self.context_rows, self.value, (3, 0, 2, 1)),
        ):
            with work.turn():
                found = self._by_head(self._product(name, rows))
                work.forward(np.copyto, projected, found.transpose(order))
        work.forward(np.multiply, self.query, self.scale, out=self.query)
        work.forward(np.matmul, self.query, self.key, out=answers)
        if self.hidden is not None:
            work.forward(np.add, answers, self.hidden, out=answers)
        with work.turn():
            self._bind_softmax(work.scratch(*answers.shape))
        mixed = work.scratch(*self.query.shape)
        work.forward(np.matmul, answers, self.value, out=mixed)
        width = self.heads * self.size
        place = self._by_head(self.mixed_rows[:width])
        work.forward(np.copyto, place, mixed.transpose(1, 3, 2, 0))
        found = self._product("output", self.mixed_rows)
        work.forward(np.copyto, work.output.array, _by_step(found, work.output.array))

    def _bind_softmax(self, spare: Array) -> None:
        """Add the steps that turn scores into shares. spare: memory as large as both."""
        work, answers, each = self.work, self.answers, self.each
        if self.padding is not None:
            # (S, N) -> (N, 1, 1, S)
            added = bind_unseen(work, self.padding)
            work.forward(np.copyto, spare, added.T[:, None, None])
            work.forward(np.add, answers, spare, out=answers)
        # Without the maximum exp overflows. Along the first axis it is found in long runs, which
        # with the turning takes a third of the time. A ufunc that repeats what it reads buffers it.
        turned = spare.reshape(answers.shape[3], -1)
        work.forward(np.copyto, turned, answers.reshape(turned.shape[::-1]).T)
        work.forward(np.maximum.reduce, turned, axis=0, out=each.reshape(-1))
        number = np.finfo(work.dtype)
        if (
            self.padding is not None
        ):  # of no step at all the maximum is -inf, and -inf + inf is none
            work.forward(np.maximum, each, work.scalar(float(number.min)), out=each)
        work.forward(np.copyto, spare, each[..., None])
        work.forward(np.subtract, answers, spare, out=answers)
        work.forward(np.exp, answers, out=answers)
        self._bind_sums(work.forward, answers)
        if self.padding is not None:
            work.forward(np.maximum, each, work.scalar(float(number.tiny)), out=each)
        work.forward(np.copyto, spare, each[..., None])
        work.forward(np.divide, answers, spare, out=answers)

    def _bind_sums(self, add_step: AddStep, values: Array) -> None:
        """Add the step that sums values (N, h, T, S) over the steps S, into `each`."""
        add_step(np.dot, values.reshape(-1, len(self.ones)), self.ones, self.each.reshape(-1, 1))

    def _bind_backward(self, gradient: Array) -> None:
        work, answers = self.work, self.answers
        # What a gradient is of has been read for the last time where that takes its place.
        to_value, to_key, to_query = self.value, self.key, work.scratch(*self.query.shape)
        with work.turn():
            to_answers = work.scratch(*answers.shape)
            with work.turn():
                work.scratch(*answers.shape)  # what the next two take then shares one memory
            with work.turn():
                to_mixed = work.scratch(*self.query.shape)
                to_found = work.scratch(self.heads * self.size, self.mixed_rows.shape[1])
                work.backward(np.copyto, _by_step(to_found, gradient), gradient)
                to_rows = work.scratch(*to_found.shape)
                self._bind_through("output", to_found, self.mixed_rows, to_rows)
                work.backward(np.copyto, to_mixed, self._by_head(to_rows).transpose(3, 0, 2, 1))
                work.backward(np.matmul, to_mixed, self.value.swapaxes(2, 3), out=to_answers)
                work.backward(np.matmul, answers.swapaxes(2, 3), to_mixed, out=to_value)
            with work.turn():
                # Through the softmax: a (g - Σ g a)
                spare = work.scratch(*answers.shape)
                work.backward(np.multiply, to_answers, answers, out=spare)
                self._bind_sums(work.backward, spare)
                work.backward(np.copyto, spare, self.each[..., None])
                work.backward(np.subtract, to_answers, spare, out=to_answers)
                work.backward(np.multiply, to_answers, answers, out=to_answers)
            work.backward(np.matmul, to_answers, self.key.swapaxes(2, 3), out=to_query)
            work.backward(np.multiply, to_query, self.scale, out=to_query)
            work.backward(np.matmul, self.query.swapaxes(2, 3), to_answers, out=to_key)
        of_query = self._bind_back("query", to_query.transpose(1, 3, 2, 0), self.rows)
        of_key = self._bind_back("key", to_key.transpose(1, 2, 3, 0), self.context_rows)
        of_value = self._bind_back("value", to_value.transpose(1, 3, 2, 0), self.context_rows)
        if self.context is self.x:
            self._bind_sum(self.x.gradient, [of_query, of_key, of_value])
        else:
            self._bind_sum(self.x.gradient, [of_query])
            self._bind_sum(self.context.gradient, [of_key, of_value])

    def _bind_back(self, name: str, by_head: Array, rows: Array) -> Array:
        """Add the steps for a projection's weights. Returns dL/d(product), (E, T N)."""
        to_rows = self.work.scratch(self.work.parameter(name).shape[1], rows.shape[1])
        with self.work.turn():
            product = self.work.scratch(self.heads * self.size, rows.shape[1])
            self.work.backward(np.copyto, self._by_head(product), by_head)
            self._bind_through(name, product, rows, to_rows)
        return to_rows

    def _bind_through(self, name: str, product: Array, rows: Array, to_rows: Array) -> None:
        """Add the steps from dL/d(product) to the gradients of a matrix and of its rows."""
        work, biased = self.work, self._biased(name)
        gradient = work.joined_gradient(name) if biased else work.parameter_gradient(name)
        if gradient is not None:
            work.backward(np.dot, product, rows[: gradient.shape[1]].T, gradient)
        multiply(work.backward, work.parameter(name).T, product, to_rows)

    def _bind_sum(self, gradient: Array | None, parts: list[Array]) -> None:
        """Add the steps that write the sum of (D, T N) parts to a gradient (T, D, N)."""
        if gradient is None:
            return
        for part in parts[1:]:
            self.work.backward(np.add, parts[0], part, out=parts[0])
        self.work.backward(np.copyto, gradient, _by_step(parts[0], gradient))


def _by_step(rows: Array, like: Array) -> Array:
    """The first D of rows (D or more, T N) seen as (T, D, N), the shape of `like`."""
    steps, features, batch = like.shape
    return rows[:features].reshape(features, steps, batch).transpose(1, 0, 2)
