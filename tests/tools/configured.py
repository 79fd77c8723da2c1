"""One drawn configuration of a layer, and what it must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes, Layer
from engine.shapes import Shape
from tests.tools.lone import LoneLayer
from tests.tools.onnx_layer import outputs_in_onnxruntime
from tests.tools.witness import assert_agrees
from tests.tools.witness import layer as witness_layer
from tests.tools.written import WRITTEN, outputs_by_formula

sizes = st.integers(1, 4)
seeds = st.integers(0, 10_000)
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


@dataclass(frozen=True)
class Configuration:
    """A layer, the shapes that arrive by port, the number of examples and a seed."""

    layer: Layer
    arriving: Mapping[str, tuple[Shape, ...]]
    batch: int
    seed: int

    def lone(self, **keywords) -> LoneLayer:
        return LoneLayer(
            self.layer, self.arriving, **({"batch": self.batch, "seed": self.seed} | keywords)
        )


def configured(draw, kind, arriving, *, batch=None, **settings) -> Configuration:
    """arriving: shapes by port, or the only one. Leaves out what is rightly refused."""
    by_port = arriving if isinstance(arriving, dict) else {"in": (tuple(arriving),)}
    layer = LAYERS.get(kind)(**settings)
    assume_fits(layer, by_port)
    return Configuration(layer, by_port, draw(sizes) if batch is None else batch, draw(seeds))


def assume_fits(layer, by_port):
    try:
        layer.infer(ArrivingShapes(by_port))
    except ShapeError:
        assume(False)


def is_differentiable(configuration):
    """Whether its gradient is the true one: no surrogate, and no padding token kept from it."""
    layer = configuration.layer
    activation = layer.final_activation()
    withheld = layer.kind == "embedding" and layer.padding >= 0
    return not withheld and (activation is None or not activation.surrogate)


def agrees_with_torch(torch, configuration):
    """Values and all gradients, 1e-9 in float64 and 1e-4 in float32.

    Of what draws random numbers torch gets the same draws, by the layer's written formula.
    """
    for dtype in (np.float64, np.float32):
        lone = configuration.lone(dtype=dtype)
        inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
        parameters = {
            name: torch.tensor(array.copy(), requires_grad=True)
            for name, array in lone.parameters.items()
        }
        upstream, ours = lone.upstream(), lone.forward()
        lone.backward(upstream)
        if lone.layer.kind in WRITTEN:
            theirs = outputs_by_formula(torch, lone, inputs)
        else:
            theirs = witness_layer(torch, lone.layer, inputs, parameters)

        for mine, other in zip(ours, theirs, strict=True):
            assert_agrees(mine, other.detach(), dtype=dtype)
        if not any(other.requires_grad for other in theirs):
            continue  # a surrogate: torch has the true derivative, which is zero
        torch.autograd.backward(theirs, [torch.tensor(u.astype(dtype)) for u in upstream])
        for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
            assert_agrees(gradient, tensor.grad, dtype=dtype)
        for name, tensor in parameters.items():
            assert_agrees(lone.parameter_gradients[name], tensor.grad, dtype=dtype)


def agrees_with_onnxruntime(configuration):
    """The shapes, and the values at 1e-5, when not training."""
    lone = configuration.lone(dtype=np.float32, training=False)
    ours, theirs = lone.forward(), outputs_in_onnxruntime(lone)

    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)
