"""Generators against discriminators: what they make covers the data, and is named where not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from engine.data.dataset import prepare
from engine.diagnosis.collapse import collapse, diversity
from engine.evaluation.generate import generate
from engine.project.templates import open_template
from engine.training.control import StopReason
from engine.training.trainer import Trainer

NOISE = 0.05
"""Deviation of each cloud of the ring."""


def trained(template_id, **settings):
    project = open_template(template_id)
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(**settings))
    assert trainer.run() is StopReason.FINISHED
    return project.graph, trainer.weights(), dataset


def modes_of(points):
    """The share of points within four deviations of each of the eight clouds."""
    angle = np.arange(8) * 2 * np.pi / 8
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    distance = np.sqrt(((points[:, None] - centres) ** 2).sum(axis=2))
    near = distance.argmin(axis=1)[distance.min(axis=1) < 4 * NOISE]
    return np.bincount(near, minlength=8) / len(points)


@pytest.mark.parametrize("seed", [0, 1])
def test_points_are_made_in_at_least_seven_of_eight_clouds(seed):
    graph, weights, dataset = trained("gan_ring", seed=seed, epochs=200)
    points = generate(graph, weights, 2000, seed=1)["Points"]
    shares = modes_of(points)

    assert modes_of(dataset.features).sum() > 0.99
    assert np.sum(shares > 0.02) >= 7
    assert shares.sum() > 0.6  # anywhere in the square around the ring: 0.2
    assert collapse(diversity(points, dataset.features[dataset.train])).level == "ok"


def test_a_discriminator_that_hardly_learns_lets_the_generator_collapse_and_this_is_named():
    project = open_template("gan_ring")
    dataset = prepare(project.data)
    discriminator, generator = project.training.objectives
    lame = generator.replaced(steps=20)
    settings = project.training.replaced(objectives=[discriminator, lame], epochs=100)
    trainer = Trainer(project.graph, dataset, settings)
    trainer.run()
    points = generate(project.graph, trainer.weights(), 2000, seed=1)["Points"]

    assert np.sum(modes_of(points) > 0.02) < 7
    assert collapse(diversity(points, dataset.features[dataset.train])).level != "ok"


def test_digits_of_all_kinds_are_drawn_from_noise():
    """Judged by a reader that saw real digits alone."""
    graph, weights, dataset = trained("gan_digits")
    reader = LogisticRegression(C=30, max_iter=2000, tol=1e-3)
    reader.fit(dataset.features[dataset.train], dataset.targets[dataset.train])
    drawn = generate(graph, weights, 1000, seed=1)["Digit"]
    shares = reader.predict_proba(drawn)
    sure = shares.max(axis=1)
    named = np.bincount(shares.argmax(axis=1)[sure > 0.9], minlength=10) / len(drawn)
    found = diversity(drawn, dataset.features[dataset.train])

    assert np.sum(named > 0.02) >= 8
    assert np.mean(sure > 0.5) > 0.9
    assert found.realism > 0.4
    assert found.coverage > 0.3
    assert found.spread > 0.85


def test_each_side_changes_its_own_weights_alone():
    project = open_template("gan_ring")
    dataset = prepare(project.data)
    discriminator, generator = project.training.objectives
    trainer = Trainer(project.graph, dataset, project.training)
    before = trainer.weights()
    for side, other in ((discriminator, generator), (generator, discriminator)):
        assert trainer.step() is None
        after = trainer.weights()
        changed = {key[0] for key in after if not np.array_equal(after[key], before[key])}
        assert changed == set(side.trains)
        assert changed.isdisjoint(other.trains)
        before = after
