"""Convolutions, pools and their relatives of any configuration, run by onnxruntime."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers.conv import Conv1D, Conv2D, DepthwiseConv2D
from engine.layers.conv_transpose import ConvTranspose2D
from engine.layers.pool import AveragePool1D, AveragePool2D, MaxPool1D, MaxPool2D
from engine.layers.resize import UpSample
from tests.tools.configurations import assume_fits, lengths, paddings, per_axis, seeds, sizes
from tests.tools.lone import LoneLayer
from tests.tools.onnx_layer import outputs_in_onnxruntime

drawn = settings(max_examples=40, deadline=None, derandomize=True)


def agree_with_onnxruntime(layer, shape, *, batch, seed):
    assume_fits(layer, shape)
    lone = LoneLayer(layer, [shape], batch=batch, seed=seed, dtype=np.float32, training=False)
    (ours,), (theirs,) = lone.forward(), outputs_in_onnxruntime(lone)

    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@drawn
@given(
    kind=st.sampled_from([Conv2D, ConvTranspose2D]),
    shape=st.tuples(sizes, lengths(2)),
    filters=sizes,
    groups=st.integers(1, 3),
    kernel=per_axis(2, 3),
    stride=per_axis(2, 4),
    dilation=per_axis(2, 3),
    padding=paddings(2),
    bias=st.booleans(),
    batch=sizes,
    seed=seeds,
)
def test_convolutions_of_images(kind, shape, filters, groups, batch, seed, **given):
    layer = kind(filters=filters * groups, groups=groups, **given)
    agree_with_onnxruntime(layer, (shape[0] * groups, *shape[1]), batch=batch, seed=seed)


@drawn
@given(
    shape=st.tuples(sizes, lengths(1, most=11)),
    kernel=per_axis(1, 5),
    stride=per_axis(1, 4),
    dilation=per_axis(1, 3),
    padding=paddings(1, most=4),
    batch=sizes,
    seed=seeds,
)
def test_convolutions_of_sequences(shape, batch, seed, **given):
    layer = Conv1D(filters=3, **given)
    agree_with_onnxruntime(layer, (shape[0], *shape[1]), batch=batch, seed=seed)


@drawn
@given(
    shape=st.tuples(sizes, lengths(2)),
    multiplier=st.integers(1, 3),
    stride=per_axis(2, 3),
    padding=paddings(2),
    batch=sizes,
    seed=seeds,
)
def test_convolutions_channel_by_channel(shape, batch, seed, **given):
    layer = DepthwiseConv2D(**given)
    agree_with_onnxruntime(layer, (shape[0], *shape[1]), batch=batch, seed=seed)


@drawn
@given(
    kind=st.sampled_from([MaxPool2D, AveragePool2D, MaxPool1D, AveragePool1D]),
    channels=sizes,
    side=lengths(2, most=9),
    kernel=per_axis(2, 4),
    stride=per_axis(2, 4),
    padding=paddings(2),
    ceil_mode=st.booleans(),
    count_padding=st.booleans(),
    batch=sizes,
    seed=seeds,
)
def test_pools(kind, channels, side, kernel, stride, count_padding, batch, seed, **given):
    axes = kind.axes
    counting = {"count_padding": count_padding} if kind in (AveragePool2D, AveragePool1D) else {}
    layer = kind(kernel=kernel[:axes], stride=stride[:axes], **counting, **given)
    agree_with_onnxruntime(layer, (channels, *side[:axes]), batch=batch, seed=seed)


@drawn
@given(
    channels=sizes,
    side=st.lists(st.integers(1, 5), min_size=1, max_size=2),
    factor=st.lists(st.integers(1, 4), min_size=1, max_size=2),
    mode=st.sampled_from(["nearest", "bilinear"]),
    batch=sizes,
    seed=seeds,
)
def test_up_sampling(channels, side, batch, seed, **given):
    agree_with_onnxruntime(UpSample(**given), (channels, *side), batch=batch, seed=seed)
