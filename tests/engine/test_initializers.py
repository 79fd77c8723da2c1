"""How weights begin: the spread of each kind, and that seeds decide."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.initializers import (
    INITIALIZERS,
    Constant,
    Identity,
    Normal,
    Orthogonal,
    TruncatedNormal,
    Uniform,
)

FAN_IN, FAN_OUT = 300, 200
MANY = (1000, 1000)
BOUNDS = {
    "uniform": 0.05,
    "glorot_uniform": math.sqrt(6 / 500),
    "he_uniform": math.sqrt(6 / 300),
    "lecun_uniform": math.sqrt(3 / 300),
    "torch_uniform": 1 / math.sqrt(300),
}
DEVIATIONS = {
    "normal": 0.05,
    "glorot_normal": math.sqrt(2 / 500),
    "he_normal": math.sqrt(2 / 300),
    "lecun_normal": math.sqrt(1 / 300),
}


def filled(initializer, shape=(FAN_OUT, FAN_IN), seed=0, dtype=np.float64):
    array = np.full(shape, np.nan, dtype)
    initializer.fill(np.random.default_rng(seed), array, FAN_IN, FAN_OUT)
    return array


@pytest.mark.parametrize(("kind", "bound"), BOUNDS.items())
def test_uniform_kinds_fill_evenly_up_to_their_bound(kind, bound):
    values = filled(INITIALIZERS.get(kind)(), MANY)

    assert np.abs(values).max() <= bound
    np.testing.assert_allclose(values.max(), bound, rtol=1e-4)
    np.testing.assert_allclose(values.std(), bound / math.sqrt(3), rtol=0.002)
    np.testing.assert_allclose(values.mean(), 0, atol=bound / 300)


@pytest.mark.parametrize(("kind", "deviation"), DEVIATIONS.items())
def test_normal_kinds_have_their_deviation(kind, deviation):
    values = filled(INITIALIZERS.get(kind)(), MANY)

    np.testing.assert_allclose(values.std(), deviation, rtol=0.003)
    np.testing.assert_allclose(values.mean(), 0, atol=deviation / 200)


def test_every_kind_has_its_spread_tested():
    others = {"zeros", "constant", "orthogonal", "truncated_normal", "identity"}

    assert set(INITIALIZERS.kinds()) == {*BOUNDS, *DEVIATIONS, *others}


def test_zeros_and_constants_are_what_they_say():
    assert not filled(INITIALIZERS.get("zeros")()).any()
    assert (filled(Constant(value=0.25)) == 0.25).all()


def test_a_truncated_normal_has_no_tails():
    values = filled(TruncatedNormal(deviation=2.0), MANY)

    assert np.abs(values).max() <= 4
    np.testing.assert_allclose(values.std(), 2 * 0.879626, rtol=0.002)  # of a curve cut at 2
    np.testing.assert_allclose(values.mean(), 0, atol=0.01)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_an_identity_passes_on_what_comes_in(shape):
    np.testing.assert_array_equal(filled(Identity(gain=0.5), shape), 0.5 * np.eye(*shape))


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (6, 6), (1, 5), (3, 2, 2)])
def test_orthogonal_rows_or_columns_are_at_right_angles_and_as_long_as_the_gain(shape):
    matrix = filled(Orthogonal(gain=2.0), shape).reshape(shape[0], -1)
    small = min(matrix.shape)
    product = matrix @ matrix.T if matrix.shape[0] == small else matrix.T @ matrix

    np.testing.assert_allclose(product, 4 * np.eye(small), atol=1e-12)


def test_every_orthogonal_matrix_is_equally_likely():
    from scipy.stats import kstest, ortho_group

    rng = np.random.default_rng(0)
    ours = np.zeros((2000, 3, 3))
    for matrix in ours:
        Orthogonal().fill(rng, matrix, 3, 3)
    theirs = ortho_group.rvs(3, size=2000, random_state=1)
    deviation = 1 / math.sqrt(3 * len(ours))  # of the mean of a number of variance 1 / 3

    np.testing.assert_allclose(ours.mean(axis=0), 0, atol=4 * deviation)
    for number in (np.linalg.det, np.trace, lambda matrix: matrix[0, 0]):
        mine, other = ([number(matrix) for matrix in some] for some in (ours, theirs))
        assert kstest(np.round(mine, 9), np.round(other, 9)).pvalue > 0.01


@pytest.mark.parametrize("kind", INITIALIZERS, ids=lambda kind: kind.kind)
def test_the_same_seed_gives_the_same_start_in_every_precision(kind):
    first, again = filled(kind()), filled(kind())
    single = filled(kind(), dtype=np.float32)

    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(single, first.astype(np.float32))


@pytest.mark.parametrize("initializer", [Uniform(bound=2), Normal(deviation=2), Orthogonal()])
def test_another_seed_gives_another_start(initializer):
    assert not np.array_equal(filled(initializer, seed=1), filled(initializer, seed=2))
