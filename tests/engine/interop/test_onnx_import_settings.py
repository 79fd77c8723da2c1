"""Operators with settings of their own become layers with the same settings."""

from __future__ import annotations

import numpy as np
import pytest

from engine.interop.onnx_import import import_onnx
from tests.tools.onnx_models import assert_the_same, kinds, model_of


def numbers(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("given", [{}, {"alpha": 1 / 6}, {"alpha": -0.7, "beta": 0.1}])
def test_a_hard_sigmoid_keeps_its_line(given, tmp_path):
    path = model_of(tmp_path / "m.onnx", [("HardSigmoid", ["x"], ["y"], given)])
    found = import_onnx(path)
    function = found.graph.node("activation_1").layer.function

    assert (function.alpha, function.beta) == (given.get("alpha", 0.2), given.get("beta", 0.5))
    assert_the_same(path, found)


@pytest.mark.parametrize(
    ("arriving", "slopes", "per_channel"),
    [
        ((4,), (1,), False),
        ((4,), (4,), True),
        ((2, 3, 5), (2, 1, 1), True),
        ((2, 3, 5), (1, 2, 1, 1), True),
        ((3, 4), (4,), True),
        ((3, 4), (3, 1), True),
    ],
)
def test_slopes_below_zero_are_kept_for_each_channel_or_for_all(
    arriving, slopes, per_channel, tmp_path
):
    path = model_of(
        tmp_path / "m.onnx",
        [("PRelu", ["x", "s"], ["y"], {})],
        {"s": numbers(*slopes)},
        {"x": ("batch", *arriving)},
    )
    found = import_onnx(path)
    (function,) = (n.layer.function for n in found.graph.nodes if n.layer.kind == "activation")

    assert function.per_channel is per_channel
    assert_the_same(path, found)


def test_a_slope_that_is_written_for_every_value_is_one_for_all(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [("PRelu", ["x", "s"], ["y"], {})],
        {"s": np.full((2, 3, 5), 0.3, np.float32)},
        {"x": ("batch", 2, 3, 5)},
    )
    found = import_onnx(path)

    assert found.graph.node("activation_1").layer.function.start == pytest.approx(0.3)
    assert_the_same(path, found)


def test_slopes_of_every_value_have_no_layer(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [("PRelu", ["x", "s"], ["y"], {})],
        {"s": numbers(2, 3, 5)},
        {"x": ("batch", 2, 3, 5)},
    )

    (note,) = import_onnx(path).notes
    assert note == (
        "PRelu_1 is kept as a placeholder and cannot run: its slopes differ along other axes than "
        "one beside the batch."
    )


def test_slopes_for_each_unit_become_the_own_ones_of_the_layer_before(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [("Gemm", ["x", "w"], ["z"], {}), ("PRelu", ["z", "s"], ["y"], {})],
        {"w": numbers(4, 3), "s": numbers(3)},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "dense", "output"]
    assert found.graph.node("dense_1").layer.activation.per_channel
    assert_the_same(path, found)


@pytest.mark.parametrize("counted", [0, 1])
@pytest.mark.parametrize("rounded_up", [0, 1])
@pytest.mark.parametrize("size", [5, 6, 7, 8])
def test_means_of_windows_that_end_outside_the_image_are_the_same(
    counted, rounded_up, size, tmp_path
):
    given = {
        "kernel_shape": [3, 2],
        "strides": [2, 3],
        "pads": [1, 0, 2, 1],
        "ceil_mode": rounded_up,
        "count_include_pad": counted,
    }
    path = model_of(
        tmp_path / "m.onnx",
        [("AveragePool", ["x"], ["y"], given)],
        (),
        {"x": ("batch", 2, size, size)},
        opset=19,
    )

    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize("rounded_up", [0, 1])
def test_zeros_around_an_image_before_an_average_are_zeros_that_it_counts(rounded_up, tmp_path):
    given = {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": rounded_up}
    path = model_of(
        tmp_path / "m.onnx",
        [("Pad", ["x", "p"], ["z"], {}), ("AveragePool", ["z"], ["y"], given)],
        {"p": np.array([0, 0, 1, 1, 0, 0, 1, 1])},
        {"x": ("batch", 2, 6, 6)},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "average_pool2d", "output"]
    assert found.graph.node("average_pool2d_1").layer.count_padding
    assert_the_same(path, found)


def test_more_zeros_than_a_window_holds_stay_a_layer_of_their_own(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Pad", ["x", "p"], ["z"], {}),
            ("AveragePool", ["z"], ["y"], {"kernel_shape": [2, 2]}),
        ],
        {"p": np.array([0, 0, 3, 3, 0, 0, 3, 3])},
        {"x": ("batch", 2, 3, 3)},
    )
    found = import_onnx(path)

    assert kinds(found) == ["input", "zero_pad", "average_pool2d", "output"]
    assert_the_same(path, found)


@pytest.mark.parametrize(
    ("arriving", "axis", "over"),
    [
        ((5,), -1, "all"),
        ((3, 5), -1, "last"),
        ((3, 5), 1, "all"),
        ((2, 3, 5), -1, "last"),
        ((2, 3, 5), 2, "last_two"),
        ((2, 3, 5), 1, "all"),
    ],
)
def test_layer_normalisation_keeps_the_axes_that_it_joins(arriving, axis, over, tmp_path):
    joined = arriving[axis if axis < 0 else axis - 1 :]
    path = model_of(
        tmp_path / "m.onnx",
        [("LayerNormalization", ["x", "s", "b"], ["y"], {"axis": axis})],
        {"s": numbers(*joined), "b": numbers(*joined)},
        {"x": ("batch", *arriving)},
    )
    found = import_onnx(path)

    assert found.graph.node("layer_norm_1").layer.over == over
    assert_the_same(path, found)


@pytest.mark.parametrize("axis", [0, 2])
def test_layer_normalisation_of_other_axes_has_no_layer(axis, tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [("LayerNormalization", ["x", "s"], ["y"], {"axis": axis})],
        {"s": np.ones(1, np.float32)},
        {"x": ("batch", 2, 2, 3, 5)},
    )

    (note,) = import_onnx(path).notes
    assert note.endswith("it normalises some axes together, neither all nor the last ones.")


@pytest.mark.parametrize("given", [{}, {"linear_before_reset": 0}, {"linear_before_reset": 1}])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
def test_a_gru_keeps_when_it_resets(given, direction, tmp_path):
    sides = 2 if direction == "bidirectional" else 1
    path = model_of(
        tmp_path / "m.onnx",
        [
            ("Transpose", ["x"], ["t"], {"perm": [1, 0, 2]}),
            (
                "GRU",
                ["t", "w", "r", "b"],
                ["", "h"],
                {"hidden_size": 3, "direction": direction, **given},
            ),
            ("Transpose", ["h"], ["n"], {"perm": [1, 0, 2]}),
            ("Reshape", ["n", "row"], ["y"], {}),
        ],
        {"w": numbers(sides, 9, 2), "r": numbers(sides, 9, 3), "b": numbers(sides, 18)}
        | {"row": np.array([0, 3 * sides])},
        {"x": ("batch", 5, 2)},
    )
    found = import_onnx(path)
    (layer,) = (n.layer for n in found.graph.nodes if n.layer.kind == "gru")

    assert layer.reset_after is bool(given.get("linear_before_reset", 0))
    assert_the_same(path, found)
