"""The transposed convolution: by hand, against PyTorch, and as the adjoint of a convolution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers import patches
from engine.layers.base import ArrivingShapes
from engine.layers.conv import Conv2D
from engine.layers.conv_transpose import ConvTranspose2D
from tests.tools.configured import assume_fits, seeds, sizes
from tests.tools.configured_images import paddings, per_axis
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer

drawn = settings(max_examples=40, deadline=None, derandomize=True)


def test_a_kernel_is_painted_for_each_pixel_by_hand():
    layer = ConvTranspose2D(filters=1, kernel=2, padding="valid", activation="linear")
    lone = LoneLayer(layer, [(1, 1, 2)], batch=1)
    lone.parameters["weight"][...] = [[1, 2], [3, 4]]
    lone.parameters["bias"][...] = 10
    lone.inputs[0][..., 0] = [[1, 2]]
    (y,) = lone.forward()
    lone.backward([np.arange(8.0).reshape(1, 2, 4, 1)])

    np.testing.assert_array_equal(y[0, ..., 0], [[11, 12, 12, 14], [13, 14, 16, 18]])
    np.testing.assert_array_equal(
        lone.input_gradients[0][0, ..., 0], [[2 + 12 + 20, 2 + 6 + 18 + 28]]
    )
    np.testing.assert_array_equal(lone.parameter_gradients["weight"][0, 0], [[4, 7], [16, 19]])
    np.testing.assert_array_equal(lone.parameter_gradients["bias"], [28])


@drawn
@given(
    channels=sizes,
    side=per_axis(2),
    filters=sizes,
    groups=st.integers(1, 2),
    kernel=per_axis(2, 3),
    stride=per_axis(2, 3),
    dilation=per_axis(2, 2),
    padding=paddings(2),
    seed=seeds,
)
def test_it_is_the_adjoint_of_a_convolution(channels, side, filters, groups, seed, **given):
    """<Conv x, y> = <x, ConvTranspose y>."""
    bare = {**given, "groups": groups, "activation": "linear", "bias": False}
    conv = Conv2D(filters=filters * groups, **bare)
    shape = (channels * groups, *side)
    assume_fits(conv, {"in": (shape,)})
    forth = LoneLayer(conv, [shape], seed=seed)
    (z,) = forth.forward()
    reaches = [w.reach for w in conv.windows(shape)]
    extra = [
        (n + sum(w.added) - r) % s
        for n, w, r, s in zip(side, conv.windows(shape), reaches, conv.stride, strict=True)
    ]
    amounts = [amount for window in conv.windows(shape) for amount in window.added]
    bare["padding"] = {"kind": "explicit", "amounts": amounts}
    transposed = ConvTranspose2D(filters=channels * groups, output_padding=extra, **bare)
    assume_fits(transposed, {"in": (z.shape[:-1],)})
    back = LoneLayer(transposed, [z.shape[:-1]], seed=seed + 1)
    back.parameters["weight"][...] = forth.parameters["weight"]
    (x,) = back.forward()

    assert x.shape == forth.inputs[0].shape
    np.testing.assert_allclose(
        np.sum(z * back.inputs[0]), np.sum(forth.inputs[0] * x), rtol=1e-9, atol=1e-9
    )


def test_same_multiplies_the_size_by_the_stride_even_where_the_kernel_is_smaller():
    layer = ConvTranspose2D(filters=1, kernel=1, stride=3, activation="linear")
    lone = LoneLayer(layer, [(1, 1, 2)], batch=1)
    lone.parameters["weight"][...] = 1
    lone.parameters["bias"][...] = 5
    lone.inputs[0][..., 0] = [[1, 2]]

    np.testing.assert_array_equal(
        lone.forward()[0][0, ..., 0], [[6, 5, 5, 7, 5, 5], [5] * 6, [5] * 6]
    )


@pytest.mark.parametrize("stride", [1, 2])
def test_tiles_of_one_row_compute_what_one_tile_does(stride, monkeypatch):
    layer = ConvTranspose2D(filters=4, groups=2, stride=stride, activation="tanh")
    whole = LoneLayer(layer, [(2, 5, 4)])
    monkeypatch.setattr(patches, "CACHE", 1)
    parted = LoneLayer(layer, [(2, 5, 4)])
    (ours,), (theirs,) = parted.forward(), whole.forward()

    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    layer_gradients(parted)


def test_a_card_and_the_cost():
    layer = ConvTranspose2D(filters=8)

    assert layer.line() == "8 · 3×3 · stride 2×2 · relu"
    assert layer.multiply_adds(ArrivingShapes.of((4, 5, 6))) == 4 * 5 * 6 * 8 * 9


WRONG = [
    (
        ConvTranspose2D(),
        (64,),
        "ConvTranspose2D needs an image (C, H, W), got (64,). "
        "Put a Reshape to (C, H, W) before it.",
    ),
    (
        ConvTranspose2D(groups=2),
        (3, 4, 4),
        "ConvTranspose2D cannot share 3 channels among 2 groups. Choose groups that divide 3.",
    ),
    (
        ConvTranspose2D(output_padding=2),
        (1, 4, 4),
        "ConvTranspose2D has an output padding of 2, which must be smaller than its stride or "
        "its dilation, 2. Use less, or a larger stride.",
    ),
    (
        ConvTranspose2D(kernel=2, stride=1, padding={"kind": "explicit", "amounts": [1, 1]}),
        (1, 1, 3),
        "ConvTranspose2D makes 2×4, and its padding takes all of that off. "
        "Choose less padding or a larger kernel.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "sentence"), WRONG)
def test_what_does_not_fit_is_refused_with_the_remedy(layer, shape, sentence):
    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of(shape))
    assert str(refusal.value) == sentence
