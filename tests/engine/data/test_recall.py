"""The data of the projects that take a memory."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import prepare
from engine.data.recall import Memories, Parity
from engine.data.settings import DataSettings


def test_parity_says_at_each_step_whether_the_ones_so_far_are_odd():
    table = Parity(count=50, steps=6, noise=0).load()
    bits, parity = (column.values for column in table.columns)

    assert bits.shape == (50, 6, 1)
    assert set(np.unique(bits)) == {-1, 1}
    for row, answers in zip(bits[:, :, 0] > 0, parity, strict=True):
        state = 0
        for bit, answer in zip(row, answers, strict=True):
            state ^= int(bit)
            assert answer == state


def test_memories_are_digits_in_black_and_white_with_pixels_turned_over():
    source = Memories(count=400, noise=0.2, patterns=10)
    table = source.load()
    *pixels, digit = (column.values for column in table.columns)
    seen = np.stack(pixels, axis=1)

    assert np.isin(seen, (-1, 1)).all()
    assert 0.18 < (seen != digit).mean() < 0.22
    assert len(np.unique(digit, axis=0)) == 10
    np.testing.assert_array_equal(np.unique(digit, axis=0), np.unique(source.remembered(), axis=0))


def test_without_noise_each_example_is_what_is_to_be_restored():
    table = Memories(count=20, noise=0, patterns=3).load()
    *pixels, digit = (column.values for column in table.columns)

    np.testing.assert_array_equal(np.stack(pixels, axis=1), digit)
    assert len(np.unique(digit, axis=0)) == 3


def test_equal_seeds_give_equal_memories():
    one, same, other = (Memories(count=30, seed=seed).load() for seed in (1, 1, 2))

    for a, b in zip(one.columns, same.columns, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
    assert any(
        (a.values != b.values).any() for a, b in zip(one.columns, other.columns, strict=True)
    )


def test_a_network_that_restores_predicts_all_pixels_of_a_digit():
    dataset = prepare(DataSettings(source={"kind": "memories", "count": 60}, scale_target=False))

    assert dataset.signature.target == "values"
    assert dataset.targets_as("values", (64,)).shape == (60, 64)
