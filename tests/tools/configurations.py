"""Images, sequences and kernels of any size that fit each other, for hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer
from tests.tools.witness import assert_agrees
from tests.tools.witness import layer as witness_layer

sizes = st.integers(1, 4)
seeds = st.integers(0, 10_000)


def lengths(axes, most=7):
    return st.lists(st.integers(1, most), min_size=axes, max_size=axes)


def per_axis(axes, most):
    return st.lists(st.integers(1, most), min_size=axes, max_size=axes)


def paddings(axes, most=2):
    amounts = st.sampled_from([1, axes, 2 * axes]).flatmap(
        lambda count: st.lists(st.integers(0, most), min_size=count, max_size=count)
    )
    return st.one_of(
        st.sampled_from(["valid", "same"]),
        st.builds(lambda given: {"kind": "explicit", "amounts": given}, amounts),
    )


def assume_fits(layer, shape):
    """Leave out what is rightly refused: kernels too large, padding that a window cannot have."""
    try:
        layer.infer(ArrivingShapes.of(shape))
    except ShapeError:
        assume(False)


def agree_with_torch(torch, layer, shape, *, batch, seed):
    """Values and all gradients, 1e-9 in float64 and 1e-4 in float32; and the slope along a line."""
    for dtype in (np.float64, np.float32):
        lone = LoneLayer(layer, [shape], batch=batch, seed=seed, dtype=dtype)
        x = torch.tensor(lone.inputs[0].copy(), requires_grad=True)
        parameters = {
            name: torch.tensor(array.copy(), requires_grad=True)
            for name, array in lone.parameters.items()
        }
        (upstream,) = lone.upstream()
        (ours,) = lone.forward()
        lone.backward([upstream])
        (theirs,) = witness_layer(torch, layer, [x], parameters)
        theirs.backward(torch.tensor(upstream.astype(dtype)))

        assert_agrees(ours, theirs.detach(), dtype=dtype)
        assert_agrees(lone.input_gradients[0], x.grad, dtype=dtype)
        for name, tensor in parameters.items():
            assert_agrees(lone.parameter_gradients[name], tensor.grad, dtype=dtype)
    layer_gradients(LoneLayer(layer, [shape], batch=batch, seed=seed), projected=True)
