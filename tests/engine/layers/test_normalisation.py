"""Normalisations of values of any shape, against PyTorch and against central differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers import LAYERS
from tests.tools.configurations import agree_with_torch, assume_fits, seeds
from tests.tools.lone import LoneLayer

pytestmark = pytest.mark.witness

MANY = settings(max_examples=30, deadline=None)
shapes = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)
epsilons = st.sampled_from([0.1, 0.5])  # beside a small one two values alone lose all digits


@MANY
@given(shapes, epsilons, st.booleans(), st.integers(3, 6), seeds)
def test_batch_norm(torch, shape, epsilon, affine, batch, seed):
    layer = LAYERS.get("batch_norm")(epsilon=epsilon, affine=affine)

    agree_with_torch(torch, layer, shape, batch=batch, seed=seed)


@MANY
@given(
    shapes, epsilons, st.booleans(), st.sampled_from(["all", "last", "first"]),
    st.integers(1, 4), seeds,
)  # fmt: skip
def test_layer_norm(torch, shape, epsilon, affine, over, batch, seed):
    layer = LAYERS.get("layer_norm")(epsilon=epsilon, affine=affine, over=over)
    assume_fits(layer, shape)

    agree_with_torch(torch, layer, shape, batch=batch, seed=seed)


@MANY
@given(
    shapes, st.integers(1, 3), st.integers(1, 3), epsilons, st.booleans(), st.integers(1, 4), seeds
)
def test_group_norm(torch, shape, groups, channels, epsilon, affine, batch, seed):
    shape = (groups * channels, *shape[1:])
    layer = LAYERS.get("group_norm")(groups=groups, epsilon=epsilon, affine=affine)
    assume_fits(layer, shape)

    agree_with_torch(torch, layer, shape, batch=batch, seed=seed)


@MANY
@given(shapes, epsilons, st.booleans(), st.integers(1, 4), seeds)
def test_instance_norm(torch, shape, epsilon, affine, batch, seed):
    layer = LAYERS.get("instance_norm")(epsilon=epsilon, affine=affine)
    assume_fits(layer, shape)

    agree_with_torch(torch, layer, shape, batch=batch, seed=seed)


@pytest.mark.parametrize("kind", ["batch_norm", "layer_norm", "instance_norm"])
@pytest.mark.parametrize("size", [1e4, 1e-4])
def test_values_far_from_zero_keep_their_digits(torch, kind, size):
    lone = LoneLayer(LAYERS.get(kind)(affine=False), [(3, 4, 4)], batch=8, dtype=np.float32)
    spread = lone.inputs[0].copy()
    lone.inputs[0][...] = size + size * 0.01 * spread
    (ours,) = lone.forward()
    axes = {"batch_norm": (1, 2, 3), "layer_norm": (0, 1, 2), "instance_norm": (1, 2)}[kind]
    x = np.float64(lone.inputs[0])
    epsilon = lone.layer.epsilon
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)

    np.testing.assert_allclose(ours, expected, atol=1e-3)
