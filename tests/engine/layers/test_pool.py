"""Pooling: by hand, against PyTorch over drawn configurations, and at its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.pool_average import AveragePool1D, AveragePool2D
from engine.layers.pool_global import GlobalAveragePool, GlobalMaxPool
from engine.layers.pool_max import MaxPool2D
from tests.tools.configured import assume_fits, seeds
from tests.tools.configured_images import per_axis
from tests.tools.lone import LoneLayer

drawn = settings(max_examples=40, deadline=None, derandomize=True)


def pooled(layer, rows, upstream=None):
    """Values, and the gradient of the input, of one image of one channel."""
    rows = np.asarray(rows, float)
    lone = LoneLayer(layer, [(1, *rows.shape)], batch=1)
    lone.inputs[0][0, ..., 0] = rows
    (y,) = lone.forward()
    if upstream is None:
        return y[0, ..., 0]
    lone.backward([np.asarray(upstream, float).reshape(y.shape)])
    return y[0, ..., 0], lone.input_gradients[0][0, ..., 0]


def test_the_largest_of_each_window_by_hand():
    y, gradient = pooled(
        MaxPool2D(), [[1, 2, 5, 4], [3, 0, 6, 7], [-1, -2, 0, 0], [-4, -3, 0, 0]], [[1, 2], [3, 4]]
    )

    np.testing.assert_array_equal(y, [[3, 7], [-1, 0]])
    np.testing.assert_array_equal(
        gradient, [[0, 0, 0, 0], [1, 0, 0, 2], [3, 0, 4, 0], [0, 0, 0, 0]]
    )


def test_of_equal_values_the_first_of_each_window_gets_the_gradient():
    _, gradient = pooled(MaxPool2D(kernel=2, stride=1), np.ones((3, 3)), [[1, 2], [3, 4]])

    np.testing.assert_array_equal(gradient, [[1, 2, 0], [3, 4, 0], [0, 0, 0]])


def test_padding_never_wins_over_negative_values():
    y = pooled(MaxPool2D(kernel=3, stride=2, padding="same"), -np.ones((3, 3)))

    np.testing.assert_array_equal(y, -np.ones((2, 2)))


def test_the_mean_of_each_window_by_hand():
    y, gradient = pooled(AveragePool2D(), [[1, 2, 5, 4], [3, 6, 0, 3]], [[4, 8]])

    np.testing.assert_array_equal(y, [[3, 3]])
    np.testing.assert_array_equal(gradient, [[1, 1, 2, 2], [1, 1, 2, 2]])


def test_zeros_around_the_image_count_only_where_asked():
    ones = np.ones((2, 2))
    padding = {"kind": "explicit", "amounts": [1]}

    np.testing.assert_array_equal(pooled(AveragePool2D(padding=padding), ones), ones)
    np.testing.assert_array_equal(
        pooled(AveragePool2D(padding=padding, count_padding=True), ones), ones / 4
    )


def test_rounding_up_keeps_the_last_window_and_never_counts_what_it_adds():
    rows = np.arange(9).reshape(3, 3)
    given = {"ceil_mode": True}

    np.testing.assert_array_equal(pooled(MaxPool2D(), rows), [[4]])
    np.testing.assert_array_equal(pooled(MaxPool2D(**given), rows), [[4, 5], [7, 8]])
    np.testing.assert_array_equal(
        pooled(AveragePool2D(count_padding=True, **given), rows), [[2, 3.5], [6.5, 8]]
    )


@drawn
@given(
    side=per_axis(2, most=9),
    kernel=per_axis(2, 5),
    stride=per_axis(2, 4),
    dilation=per_axis(2, 3),
    padding=st.lists(st.integers(0, 2), min_size=2, max_size=2),
    ceil_mode=st.booleans(),
    count_padding=st.booleans(),
    seed=seeds,
)
@pytest.mark.witness
def test_torch_itself_pads_rounds_and_counts_the_same(
    torch, side, kernel, stride, dilation, padding, ceil_mode, count_padding, seed
):
    reaches = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    assume(all(2 * p <= k for p, k in zip(padding, kernel, strict=True)))
    given = {"kernel": kernel, "stride": stride, "ceil_mode": ceil_mode}
    given["padding"] = {"kind": "explicit", "amounts": padding}
    f = torch.nn.functional
    shape = (2, *side)
    mean = AveragePool2D(**given, count_padding=count_padding)
    assume_fits(mean, {"in": (shape,)})
    lone = LoneLayer(mean, [shape], seed=seed)
    x = torch.tensor(np.moveaxis(lone.inputs[0], -1, 0).copy())
    theirs = f.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_padding)
    (ours,) = lone.forward()

    np.testing.assert_allclose(np.moveaxis(ours, -1, 0), theirs, rtol=1e-12, atol=1e-12)

    assume(all(r <= n + 2 * p for r, n, p in zip(reaches, side, padding, strict=True)))
    largest = MaxPool2D(**given, dilation=dilation)
    assume_fits(largest, {"in": (shape,)})
    (ours,) = LoneLayer(largest, [shape], seed=seed).forward()
    theirs = f.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode)

    np.testing.assert_array_equal(np.moveaxis(ours, -1, 0), theirs)


def test_the_first_of_several_highest_values_of_a_channel_gets_the_gradient():
    lone = LoneLayer(GlobalMaxPool(), [(2, 2, 3)], batch=1)
    lone.inputs[0][..., 0] = [[[1, 7, 7], [7, 0, 2]], [[5, 5, 5], [5, 5, 5]]]
    lone.forward()
    lone.backward([np.array([[2.0], [3.0]])])

    np.testing.assert_array_equal(
        lone.input_gradients[0][..., 0], [[[0, 2, 0], [0, 0, 0]], [[3, 0, 0], [0, 0, 0]]]
    )


def test_a_card_shows_the_window_and_what_is_unusual():
    assert MaxPool2D().line() == "2×2"
    assert MaxPool2D(kernel=3).line() == "3×3 · stride 2×2"
    assert AveragePool1D(padding={"kind": "explicit", "amounts": [1]}).line() == "2 · padding 1"
    assert MaxPool2D().multiply_adds(ArrivingShapes.of((3, 4, 6))) == 3 * 6 * 4


def test_a_dilated_window_skips_values_by_hand():
    layer = MaxPool2D(kernel=[1, 2], stride=1, dilation=[1, 2])
    y, gradient = pooled(layer, [[1, 9, 3, 4]], [[5, 7]])

    np.testing.assert_array_equal(y, [[3, 9]])
    np.testing.assert_array_equal(gradient, [[0, 7, 5, 0]])
    assert layer.line() == "1×2 · stride 1×1 · dilation 1×2"


WRONG = [
    (
        MaxPool2D(kernel=2, dilation=2, padding={"kind": "explicit", "amounts": [1]}),
        (1, 1, 4),
        "MaxPool2D skips values, and one of its windows would hold nothing of the 1 that arrive. "
        "Add less, or choose a smaller dilation.",
    ),
    (
        MaxPool2D(),
        (64,),
        "MaxPool2D needs an image (C, H, W), got (64,). Put a Reshape to (C, H, W) before it.",
    ),
    (
        AveragePool1D(),
        (1, 8, 8),
        "AveragePool1D needs a sequence (C, T), got (1, 8, 8). Put a Reshape to (C, T) before it.",
    ),
    (
        GlobalAveragePool(),
        (64,),
        "GlobalAveragePool needs an image (C, H, W) or a sequence (C, T), got (64,). "
        "Put a Reshape to (C, H, W) or (C, T) before it.",
    ),
    (
        MaxPool2D(kernel=5),
        (1, 4, 8),
        "MaxPool2D has a kernel of 5×5, and what arrives is only 4×8. "
        "Choose a smaller kernel or more padding.",
    ),
    (
        AveragePool2D(padding={"kind": "explicit", "amounts": [0, 2]}),
        (1, 8, 8),
        "AveragePool2D adds 2 on one side, and a window of 2 there would hold nothing of the "
        "image. Add less than the window holds.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "sentence"), WRONG)
def test_what_does_not_fit_is_refused_with_the_remedy(layer, shape, sentence):
    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of(shape))
    assert str(refusal.value) == sentence
