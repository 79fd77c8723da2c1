"""Convolutions: by hand, and by what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import FieldError, ShapeError
from engine.layers import conv_steps, patches
from engine.layers.base import ArrivingShapes
from engine.layers.conv import Conv1D, Conv2D, DepthwiseConv2D
from engine.layers.dense import Dense
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer


def test_a_kernel_of_two_on_an_image_of_three_by_hand():
    lone = LoneLayer(
        Conv2D(filters=1, kernel=2, padding="valid", activation="linear"), [(1, 3, 3)], batch=1
    )
    lone.parameters["weight"][...] = np.array([[1, 2], [3, 4]])
    lone.parameters["bias"][...] = 10
    lone.inputs[0][..., 0] = np.arange(9).reshape(1, 3, 3)
    (y,) = lone.forward()
    lone.backward([np.array([[1.0, 0], [0, 2]]).reshape(1, 2, 2, 1)])

    # 0·1 + 1·2 + 3·3 + 4·4 + 10, and one place further each time: + 1+2+3+4
    np.testing.assert_array_equal(y[0, ..., 0], [[37, 47], [67, 77]])
    np.testing.assert_array_equal(lone.parameter_gradients["bias"], [3])
    np.testing.assert_array_equal(
        lone.parameter_gradients["weight"][0, 0], [[0 + 2 * 4, 1 + 2 * 5], [3 + 2 * 7, 4 + 2 * 8]]
    )
    np.testing.assert_array_equal(
        lone.input_gradients[0][0, ..., 0], [[1, 2, 0], [3, 4 + 2, 4], [0, 6, 8]]
    )


def test_same_with_a_stride_of_two_adds_only_behind_an_even_length():
    layer = Conv2D(filters=1, stride=2, activation="linear", bias=False)
    lone = LoneLayer(layer, [(1, 4, 4)], batch=1)
    lone.parameters["weight"][...] = 1
    lone.inputs[0][...] = 1
    (y,) = lone.forward()

    np.testing.assert_array_equal(y[0, ..., 0], [[9, 6], [6, 4]])


@pytest.mark.parametrize("stride", [1, 2])
def test_tiles_of_one_row_compute_what_one_tile_does(stride, monkeypatch):
    layer = Conv2D(filters=4, groups=2, stride=stride, activation="tanh")
    whole = LoneLayer(layer, [(2, 7, 5)])
    monkeypatch.setattr(patches, "CACHE", 1)
    parted = LoneLayer(layer, [(2, 7, 5)])
    upstream = whole.upstream()
    for lone in (whole, parted):
        lone.forward()
        lone.backward(upstream)

    np.testing.assert_allclose(parted.outputs[0], whole.outputs[0], rtol=1e-12)
    np.testing.assert_allclose(parted.input_gradients[0], whole.input_gradients[0], atol=1e-12)
    for name, gradient in whole.parameter_gradients.items():
        np.testing.assert_allclose(parted.parameter_gradients[name], gradient, atol=1e-12)
    layer_gradients(parted)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_both_ways_back_to_the_image_give_the_same_gradient(padding, monkeypatch):
    layer = Conv2D(filters=6, kernel=[3, 2], dilation=[1, 2], padding=padding)
    found = []
    for pays in (True, False):
        monkeypatch.setattr(conv_steps, "shifting_pays", lambda *shapes, pays=pays: pays)
        lone = LoneLayer(layer, [(3, 5, 6)])
        lone.forward()
        lone.backward(lone.upstream())
        found.append(lone.input_gradients[0])

    np.testing.assert_allclose(*found, rtol=1e-12, atol=1e-12)


def test_a_second_backward_pass_gives_the_same_gradients():
    lone = LoneLayer(Conv2D(filters=3, activation="linear"), [(2, 4, 4)])
    upstream = lone.upstream()
    lone.forward()
    lone.backward(upstream)
    first = [lone.input_gradients[0].copy(), *map(np.copy, lone.parameter_gradients.values())]
    lone.backward(upstream)
    second = [lone.input_gradients[0], *lone.parameter_gradients.values()]

    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_kernel_of_one_is_a_dense_layer_at_each_pixel():
    conv = LoneLayer(Conv2D(filters=5, kernel=1, activation="tanh"), [(3, 2, 4)], batch=2)
    dense = LoneLayer(Dense(units=5, activation="tanh"), [(3,)], batch=16)
    dense.parameters["weight"][...] = conv.parameters["weight"][:, :, 0, 0]
    dense.parameters["bias"][...] = conv.parameters["bias"]
    dense.inputs[0][...] = conv.inputs[0].reshape(3, 16)

    np.testing.assert_allclose(conv.forward()[0].reshape(5, 16), dense.forward()[0], rtol=1e-12)


def test_two_groups_are_two_convolutions_side_by_side():
    both = LoneLayer(Conv2D(filters=4, groups=2), [(6, 3, 3)])
    (y,) = both.forward()
    for part in range(2):
        alone = LoneLayer(Conv2D(filters=2), [(3, 3, 3)])
        alone.inputs[0][...] = both.inputs[0][3 * part : 3 * part + 3]
        for name in ("weight", "bias"):
            alone.parameters[name][...] = both.parameters[name][2 * part : 2 * part + 2]

        np.testing.assert_allclose(alone.forward()[0], y[2 * part : 2 * part + 2], atol=1e-12)


def test_a_sequence_is_an_image_of_one_row():
    given = {"filters": 3, "stride": 2, "activation": "silu"}
    flat = LoneLayer(Conv1D(kernel=3, **given), [(2, 7)])
    image = LoneLayer(Conv2D(kernel=[1, 3], **given), [(2, 1, 7)])
    image.inputs[0][...] = flat.inputs[0][:, None]
    image.parameters["weight"][...] = flat.parameters["weight"][:, :, None]
    image.parameters["bias"][...] = flat.parameters["bias"]

    np.testing.assert_allclose(flat.forward()[0], image.forward()[0][:, 0], rtol=1e-12)


def test_parameters_lie_as_in_onnx_with_the_bias_beside_the_kernels():
    layer = Conv2D(filters=6, kernel=[3, 5], groups=2)
    weight, bias = layer.parameters(ArrivingShapes.of((4, 8, 8)))

    assert weight.shape == (6, 2, 3, 5)
    assert (weight.fan_in, weight.fan_out) == (30, 45)
    assert (bias.shape, bias.beside) == ((6,), "weight")


def test_a_card_shows_filters_kernel_and_activation():
    assert Conv2D().line() == "16 · 3×3 · relu"
    assert Conv2D(filters=8, stride=2, kernel=[1, 3], activation="linear").line() == (
        "8 · 1×3 · stride 2×2 · linear"
    )
    assert Conv1D(padding={"kind": "explicit", "amounts": [2, 0]}).line() == (
        "16 · 3 · padding 2,0 · relu"
    )
    assert DepthwiseConv2D(multiplier=2).line() == "2 each · 3×3 · relu"


def test_multiply_adds_count_every_weight_at_every_place():
    arriving = ArrivingShapes.of((4, 8, 8))

    assert Conv2D(filters=6).multiply_adds(arriving) == 6 * 64 * 4 * 9
    assert Conv2D(filters=6, groups=2).multiply_adds(arriving) == 6 * 64 * 2 * 9
    assert DepthwiseConv2D(padding="valid").multiply_adds(arriving) == 4 * 36 * 9


def test_one_number_stands_for_both_sides_of_a_kernel():
    assert Conv2D(kernel=5).kernel == (5, 5)
    assert Conv2D(kernel=[5]).kernel == (5, 5)
    with pytest.raises(FieldError) as refusal:
        Conv2D(kernel=[1, 2, 3])
    assert str(refusal.value) == (
        "Conv2D.kernel must be 2 whole numbers, or one for all axes, of at least 1, got [1, 2, 3]."
    )


WRONG = [
    (
        Conv2D(),
        (64,),
        "Conv2D needs an image (C, H, W), got (64,). Put a Reshape to (C, H, W) before it.",
    ),
    (
        DepthwiseConv2D(),
        (8, 8),
        "DepthwiseConv2D needs an image (C, H, W), got (8, 8). "
        "Put a Reshape to (C, H, W) before it.",
    ),
    (
        Conv1D(),
        (1, 8, 8),
        "Conv1D needs a sequence (C, T), got (1, 8, 8). Put a Reshape to (C, T) before it.",
    ),
    (
        Conv2D(kernel=5, padding="valid"),
        (1, 8, 4),
        "Conv2D has a kernel of 5×5, and what arrives is only 8×4. "
        "Choose a smaller kernel or more padding.",
    ),
    (
        Conv2D(kernel=3, dilation=4, padding={"kind": "explicit", "amounts": [1, 0]}),
        (1, 5, 8),
        "Conv2D has a kernel of 3×3, which spans 9×9, and what arrives is only 7×8, "
        "padding included. Choose a smaller kernel or more padding.",
    ),
    (
        Conv2D(filters=4, groups=2),
        (3, 8, 8),
        "Conv2D cannot share 3 channels among 2 groups. Choose groups that divide 3.",
    ),
    (
        Conv1D(filters=5, groups=2),
        (4, 8),
        "Conv1D cannot share 5 filters among 2 groups. Choose groups that divide 5.",
    ),
    (
        Conv2D(padding={"kind": "explicit", "amounts": [1, 2, 3]}),
        (1, 8, 8),
        "Conv2D needs 1, 2 or 4 amounts for an image, got 3. "
        "Give one for every side, one for each axis, or two for each axis.",
    ),
    (
        Conv1D(padding={"kind": "explicit", "amounts": [1, 2, 3]}),
        (1, 8),
        "Conv1D needs 1 or 2 amounts for a sequence, got 3. "
        "Give one for both ends, or one for each.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "sentence"), WRONG)
def test_what_does_not_fit_is_refused_with_the_remedy(layer, shape, sentence):
    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of(shape))
    assert str(refusal.value) == sentence
