"""Larger and smaller images: by hand, and against PyTorch over drawn configurations."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.resize import Crop, UpSample, ZeroPad
from tests.tools.lone import LoneLayer


def values(layer, rows):
    rows = np.asarray(rows, float)
    lone = LoneLayer(layer, [(1, *rows.shape)], batch=1)
    lone.inputs[0][0, ..., 0] = rows
    return lone.forward()[0][0, ..., 0]


def test_each_pixel_is_repeated():
    np.testing.assert_array_equal(
        values(UpSample(factor=[1, 2]), [[1, 2], [3, 4]]), [[1, 1, 2, 2], [3, 3, 4, 4]]
    )


def test_lines_between_centres_and_repeated_edges():
    np.testing.assert_allclose(
        values(UpSample(mode="bilinear", factor=[2]), [0, 4, 8]), [0, 1, 3, 5, 7, 8]
    )


def test_zeros_around_and_margins_off():
    padded = values(ZeroPad(amounts=[1, 0, 0, 2]), [[1, 2]])

    np.testing.assert_array_equal(padded, [[0, 0, 0, 0], [1, 2, 0, 0]])
    np.testing.assert_array_equal(values(Crop(amounts=[1, 0, 0, 2]), padded), [[1, 2]])


def test_cards():
    assert UpSample().line() == "×2"
    assert UpSample(factor=[2, 3], mode="bilinear").line() == "×2,3 · bilinear"
    assert ZeroPad(amounts=[1, 2]).line() == "1,2"


WRONG = [
    (
        UpSample(factor=[2, 2]),
        (1, 8),
        "UpSample has 2 factors, and what arrives is a sequence. Give one factor.",
    ),
    (
        UpSample(),
        (8,),
        "UpSample needs an image (C, H, W) or a sequence (C, T), got (8,). "
        "Put a Reshape to (C, H, W) or (C, T) before it.",
    ),
    (
        Crop(amounts=[2]),
        (1, 8, 4),
        "Crop cuts 4 off an axis of 4, and nothing is left. Cut off less.",
    ),
    (
        ZeroPad(amounts=[1, 2, 3]),
        (1, 8, 4),
        "ZeroPad needs 1, 2 or 4 amounts for an image, got 3. "
        "Give one for every side, one for each axis, or two for each axis.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "sentence"), WRONG)
def test_what_does_not_fit_is_refused_with_the_remedy(layer, shape, sentence):
    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of(shape))
    assert str(refusal.value) == sentence
