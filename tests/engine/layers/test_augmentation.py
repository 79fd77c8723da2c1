"""Random changes of images: what they may do, how often, and that each image has its own."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from tests.tools.lone import LoneLayer, run

KINDS = {
    "random_flip": {"vertical": True},
    "random_shift": {"pixels": 2},
    "random_rotation": {"degrees": 40},
    "cut_out": {"size": 3},
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def lone_of(kind, shape=(1, 5, 5), batch=400, **settings):
    return LoneLayer(LAYERS.get(kind)(**{**KINDS[kind], **settings}), [shape], batch=batch)


def of_one_image(lone):
    """The outputs for many copies of one image, examples first."""
    image = np.arange(1.0, lone.inputs[0][..., 0].size + 1).reshape(lone.inputs[0].shape[:-1])
    lone.inputs[0][...] = image[..., None]
    return image, np.moveaxis(lone.forward()[0], -1, 0)


@each_kind
def test_every_image_is_changed_in_its_own_way_and_anew_in_each_pass(kind):
    lone = lone_of(kind)
    _, first = of_one_image(lone)
    run(lone.work.forward_steps)
    second = np.moveaxis(lone.outputs[0], -1, 0)

    assert len(np.unique(first, axis=0)) > 3
    assert not np.array_equal(first, second)


@each_kind
def test_the_channels_of_an_image_are_changed_alike(kind):
    lone = lone_of(kind, shape=(3, 4, 5), batch=20)
    lone.inputs[0][1:] = lone.inputs[0][:1]
    (y,) = lone.forward()

    np.testing.assert_array_equal(y[1], y[0])
    np.testing.assert_array_equal(y[2], y[0])


@each_kind
def test_without_training_images_pass_unchanged(kind):
    lone = LoneLayer(LAYERS.get(kind)(**KINDS[kind]), [(1, 4, 4)], training=False)

    np.testing.assert_array_equal(lone.forward()[0], lone.inputs[0])


@each_kind
def test_what_is_no_image_is_refused_with_the_remedy(kind):
    layer = LAYERS.get(kind)()

    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of((64,)))
    assert str(refusal.value) == (
        f"{layer.label} needs an image (C, H, W), got (64,). Put a Reshape to (C, H, W) before it."
    )


def test_half_of_the_images_are_mirrored_in_each_direction_that_is_chosen():
    image, flipped = of_one_image(lone_of("random_flip", batch=4000))
    kinds = [image, image[:, ::-1], image[:, :, ::-1], image[:, ::-1, ::-1]]
    shares = [np.mean([np.array_equal(one, kind) for one in flipped]) for kind in kinds]

    assert sum(shares) == 1
    np.testing.assert_allclose(shares, 0.25, atol=0.03)


def test_a_flip_from_left_to_right_leaves_top_and_bottom():
    image, flipped = of_one_image(lone_of("random_flip", vertical=False))

    assert {one.tobytes() for one in flipped} == {
        image.tobytes(),
        np.ascontiguousarray(image[:, :, ::-1]).tobytes(),
    }


def test_shifts_reach_every_step_up_to_the_farthest_and_fill_what_comes_in():
    image, moved = of_one_image(lone_of("random_shift", pixels=1, fill=-7, batch=2000))
    expected = set()
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            padded = np.pad(image[0], 1, constant_values=-7)
            expected.add(padded[down : down + 5, right : right + 5].tobytes())

    assert {one.tobytes() for one in moved} == expected


def test_a_square_is_covered_and_nothing_else():
    lone = lone_of("cut_out", shape=(2, 6, 6), size=2, fill=-3, batch=1000)
    image, y = of_one_image(lone)
    covered = y == -3

    np.testing.assert_array_equal(covered[:, 0], covered[:, 1])
    assert set(covered[:, 0].sum(axis=(1, 2))) == {1, 2, 4}  # whole, over an edge, at a corner
    assert covered[:, 0].any(axis=0).all()
    np.testing.assert_array_equal(np.where(covered, image, y), np.broadcast_to(image, y.shape))


@pytest.mark.parametrize("seed", [1, 2, 7, 12])
def test_a_quarter_turn_is_exact(seed):
    drawn = np.random.Generator(np.random.SFC64(seed)).random() - 0.5  # of twice the degrees
    layer = LAYERS.get("random_rotation")(degrees=45 / abs(drawn))
    lone = LoneLayer(layer, [(1, 5, 5)], batch=1, seed=seed)
    image, y = of_one_image(lone)

    np.testing.assert_allclose(y[0, 0], np.rot90(image[0], -1 if drawn > 0 else 1), atol=1e-6)


def test_a_small_turn_keeps_the_middle_and_most_of_the_ink():
    lone = lone_of("random_rotation", degrees=10, shape=(1, 9, 9), batch=200)
    lone.inputs[0][...] = 0
    lone.inputs[0][0, 3:6, 3:6] = 1
    (y,) = lone.forward()

    np.testing.assert_allclose(y[0, 4, 4], 1)
    np.testing.assert_allclose(y.sum(axis=(0, 1, 2)), 9, rtol=0.05)
    assert y.min() >= 0


def tents(angle, high, wide):
    """t(R q - p) for each pixel q, a row, and p, a column."""
    middle = np.array([[(high - 1) / 2], [(wide - 1) / 2]])
    pixels = np.mgrid[:high, :wide].reshape(2, -1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    ways = (turn @ (pixels - middle) + middle)[:, :, None] - pixels[:, None]
    return np.clip(1 - np.abs(ways), 0, None).prod(axis=0)


def test_images_that_the_cache_does_not_hold_at_once_are_turned_by_the_formula():
    high, wide, batch, seed = 23, 17, 23, 5
    layer = LAYERS.get("random_rotation")(degrees=80)
    lone = LoneLayer(layer, [(2, high, wide)], batch=batch, seed=seed)
    (y,) = lone.forward()
    upstream = lone.upstream()
    lone.backward(upstream)
    drawn = np.random.Generator(np.random.SFC64(seed)).random(batch)

    for example, angle in enumerate(np.radians(160) * (drawn - 0.5)):
        turned = tents(angle, high, wide)
        for channel in range(2):
            x, g = lone.inputs[0][channel], upstream[0][channel]
            expected = turned @ x[..., example].ravel()
            np.testing.assert_allclose(y[channel, ..., example].ravel(), expected, atol=1e-9)
            back = lone.input_gradients[0][channel, ..., example].ravel()
            np.testing.assert_allclose(back, g[..., example].ravel() @ turned, atol=1e-9)


@pytest.mark.parametrize(
    ("kind", "settings", "line"),
    [
        ("random_flip", {}, "left-right"),
        ("random_flip", {"horizontal": False}, "off"),
        ("random_shift", {"pixels": 3}, "± 3 px"),
        ("random_rotation", {"degrees": 7.5}, "± 7.5°"),
        ("cut_out", {"size": 4}, "4 × 4 px"),
    ],
)
def test_a_card_says_how_much(kind, settings, line):
    assert LAYERS.get(kind)(**settings).line() == line
