"""Mode collapse is named where it was planted, and nowhere else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.diagnosis.collapse import Diversity, collapse, diversity


def ring(modes, count=400, seed=0, noise=0.05):
    """Points of some of eight clouds on a circle."""
    rng = np.random.default_rng(seed)
    angle = np.asarray(modes)[rng.integers(len(modes), size=count)] * 2 * np.pi / 8
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres + noise * rng.standard_normal((count, 2))


REAL = ring(range(8))


def test_fresh_examples_of_the_same_kinds_are_diverse():
    found = diversity(ring(range(8), seed=1), REAL)

    assert found.coverage > 0.9
    assert found.realism > 0.9
    assert found.spread == pytest.approx(1, abs=0.05)
    assert collapse(found).level == "ok"


@pytest.mark.parametrize("modes", [[0], [3, 4], [1, 5, 6]])
def test_a_few_of_the_kinds_are_a_collapse(modes):
    found = diversity(ring(modes, seed=1), REAL)
    judged = collapse(found)

    assert found.coverage == pytest.approx(len(modes) / 8, abs=0.06)
    assert judged.level == "bad"
    assert "collapse" in judged.sentence


def test_one_and_the_same_example_is_a_collapse_wherever_it_lies():
    for place in (REAL[:1], np.zeros((1, 2))):
        judged = collapse(diversity(np.repeat(place, 400, axis=0), REAL))
        assert judged.level == "bad"
        assert judged.sentence.startswith("The generator has collapsed")


def test_what_is_nowhere_near_the_data_needs_training_and_has_not_collapsed():
    judged = collapse(diversity(np.random.default_rng(0).uniform(-9, 9, (400, 2)), REAL))

    assert judged.level == "warning"
    assert "needs more training" in judged.sentence


def test_a_collapse_to_one_digit_is_named_and_all_digits_are_not():
    dataset = prepare(DataSettings(source="digits"))
    x, digit = dataset.features, dataset.targets
    real, others = x[:800], x[800:]

    assert collapse(diversity(others, real)).level == "ok"
    judged = collapse(diversity(others[digit[800:] == 3], real))
    assert judged.level == "bad"
    assert judged.sentence.startswith("Mode collapse: what is made looks real, and covers only")


@pytest.mark.parametrize(
    ("made", "real"),
    [(np.full((50, 2), np.nan), REAL), (REAL[:1], REAL), (REAL, REAL[:4])],
)
def test_what_cannot_be_judged_is_said_to_be_so(made, real):
    found = diversity(made, real)

    assert math.isnan(found.coverage)
    assert collapse(found).level == "bad"


def test_the_sentences_have_the_numbers():
    assert collapse(Diversity(0.25, 0.9, 0.8)).sentence == (
        "Mode collapse: what is made looks real, and covers only 25 % of the data. Train the "
        "discriminator more often or lower the generator's rate."
    )
    assert collapse(Diversity(0.93, 0.9, 1)).sentence == "What is made covers 93 % of the data."
