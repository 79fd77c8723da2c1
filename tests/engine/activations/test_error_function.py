"""The complementary error function against the standard library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.activations.error_function import bind_erfc, plain_erfc
from tests.tools.lone import LoneWorkspace, run


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 2e-14), (np.float32, 4e-5)])
def test_erfc_keeps_its_relative_precision_far_into_the_tail(dtype, tolerance):
    x = np.linspace(0, 8, 4001).astype(dtype)
    expected = np.array([math.erfc(value) for value in x.tolist()])
    work = LoneWorkspace(1, dtype, training=False, fused=False)
    found = np.empty_like(x)
    bind_erfc(work, x.copy(), found)
    run(work.forward_steps)

    np.testing.assert_allclose(found, expected, rtol=tolerance)


def test_beyond_all_digits_it_is_zero_without_a_warning():
    x = np.array([14.0, 30, 1e4, 1e30], np.float32)
    work = LoneWorkspace(1, np.float32, training=False, fused=False)
    found = np.empty_like(x)
    bind_erfc(work, x, found)
    run(work.forward_steps)

    np.testing.assert_array_equal(found, 0)


def test_the_plain_form_keeps_the_shape_of_what_it_gets():
    x = np.array([[-1.0, 0], [0.5, 2]])

    np.testing.assert_allclose(plain_erfc(x)[0], [math.erfc(-1), 1])
    assert plain_erfc(x).shape == (2, 2)
