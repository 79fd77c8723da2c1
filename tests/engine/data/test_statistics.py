"""Means, variances and medians in stretches: as NumPy has them in one."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.statistics import median, moments, scale_of
from engine.data.table import Column


def column(values):
    return Column("x", "number", np.asarray(values, float))


@pytest.fixture(params=[1, 7, 10_000])
def stretch(request, monkeypatch):
    monkeypatch.setattr("engine.data.table.STRETCH", request.param)


@pytest.mark.usefixtures("stretch")
@pytest.mark.parametrize("count", [1, 2, 9, 100])
def test_any_number_of_values(count):
    values = np.random.default_rng(count).standard_normal((count, 3)) * 1e3 - 500
    values[::4, 1] = np.nan
    mean, variance = moments(column(values))

    np.testing.assert_allclose(mean, np.nanmean(values), rtol=1e-12)
    np.testing.assert_allclose(variance, np.nanvar(values), rtol=1e-10)
    assert median(column(values)) == np.nanmedian(values)


@pytest.mark.usefixtures("stretch")
@pytest.mark.parametrize(
    "values", [[-0.0, 0.0], [-1e300, 5e-324, 1e300], [3, 3, 3, -7], [-2, -1, -1, -1e-9]]
)
def test_a_median_of_any_sign_and_size_is_exact(values):
    assert median(column(values)) == np.median(values)


def test_of_nothing_the_mean_and_the_median_are_zero():
    assert moments(column([np.nan])) == (0.0, 1.0)
    assert median(column([])) == 0.0


def test_a_mean_far_from_zero_keeps_the_variance(monkeypatch):
    monkeypatch.setattr("engine.data.table.STRETCH", 10)
    values = 1e8 + np.random.default_rng(0).standard_normal(1000)

    np.testing.assert_allclose(moments(column(values))[1], values.var(), rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 + 0.1, 2e-12])
def test_the_scale_of_a_constant_is_one(value):
    many = np.full(7, value)

    assert scale_of(float(many.mean()), float(many.std())) == 1


def test_the_scale_of_numbers_that_vary_is_their_deviation():
    assert scale_of(2e-12, 1e-13) == 1e-13
