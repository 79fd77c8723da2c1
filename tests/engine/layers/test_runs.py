"""Pools whose windows move by one: runs of the padded image give what windows one by one give."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers import LAYERS
from engine.layers.patches import Window
from engine.layers.runs import pay
from tests.tools.lone import LoneLayer

each_window = pytest.mark.parametrize(
    ("kernel", "shape"),
    [((3, 3), (2, 6, 5)), ((1, 4), (1, 3, 9)), ((5, 1), (3, 9, 2)), ((1, 1), (2, 3, 3))],
)


def windows_of(x, kernel):
    """(C, H, W, N) -> (C, H_out, W_out, N, K)"""
    found = np.lib.stride_tricks.sliding_window_view(x, kernel, (1, 2))
    return found.reshape(*found.shape[:4], -1)


def lone_of(kind, kernel, shape):
    return LoneLayer(LAYERS.get(kind)(kernel=kernel, stride=1), [shape], batch=4)


@each_window
@pytest.mark.parametrize(("kind", "reduced"), [("max_pool2d", np.max), ("average_pool2d", np.mean)])
def test_pools_by_runs_are_those_of_each_window(kind, reduced, kernel, shape):
    lone = lone_of(kind, kernel, shape)
    (y,) = lone.forward()

    expected = reduced(windows_of(lone.inputs[0], kernel), axis=-1)
    np.testing.assert_allclose(y, expected, rtol=1e-14, atol=1e-15)


@each_window
def test_each_gradient_goes_whole_to_the_first_largest_of_its_window(kernel, shape):
    lone = lone_of("max_pool2d", kernel, shape)
    lone.inputs[0][...] = np.abs(np.round(lone.inputs[0]))  # several are the largest
    lone.forward()
    (upstream,) = lone.upstream()
    lone.backward([upstream])

    expected = np.zeros_like(lone.inputs[0])
    firsts = windows_of(lone.inputs[0], kernel).argmax(axis=-1)
    for place in np.ndindex(firsts.shape):
        channel, down, right, example = place
        i, j = divmod(firsts[place], kernel[1])
        expected[channel, down + i, right + j, example] += upstream[place]
    np.testing.assert_allclose(lone.input_gradients[0], expected, atol=1e-12)


def test_runs_pay_where_windows_move_by_one_and_leave_little_room():
    one = Window(length=8, kernel=3, stride=1, dilation=1, added=(1, 1), places=8)
    two = Window(length=8, kernel=3, stride=2, dilation=1, added=(1, 1), places=4)
    few = Window(length=8, kernel=7, stride=1, dilation=1, added=(0, 0), places=2)

    assert pay((one, one))
    assert not pay((one, two))
    assert not pay((one, few))
