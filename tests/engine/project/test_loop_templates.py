"""The projects with loops: a memory of one bit, and one of ten digits."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.evaluation.evaluate import evaluate
from engine.plan.predict import Predictor
from engine.project.templates import open_template
from engine.training.trainer import Trainer


def trained(template, seed):
    project = open_template(template)
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(seed=seed))
    trainer.run()
    return project, dataset, trainer.weights()


@pytest.mark.parametrize("seed", range(4))
def test_four_neurons_with_wires_backward_learn_parity_at_every_step(seed):
    project, dataset, weights = trained("feedback", seed)

    assert evaluate(project.graph, weights, dataset, "test")["accuracy"] == 1.0


def test_parity_is_lost_without_what_the_wires_backward_bring():
    project, dataset, weights = trained("feedback", 0)
    for wire in project.graph.wires:
        if wire.delay:  # the last that is wired into its neuron
            weights[wire.target, "weight"][-1] = 0

    assert evaluate(project.graph, weights, dataset, "test")["accuracy"] < 0.75


def restored(seed):
    """Noisy, restored and clean digits of the test part, and how many steps that took."""
    project, dataset, weights = trained("hopfield", seed)
    rows = dataset.part("test")
    noisy, clean = dataset.inputs((), (64,))[rows], dataset.targets_as("values", (64,))[rows]
    predictor = Predictor(project.graph, weights)
    (found,) = predictor.predict({"noisy digit": noisy}).values()
    return noisy, np.sign(found.reshape(noisy.shape)), clean, predictor.steps_taken()["start_1"]


def test_a_hopfield_memory_restores_noisy_digits():
    """The median of five seeds: from no digit whole to nine in ten."""
    pixels, digits = [], []
    for seed in range(5):
        noisy, found, clean, steps = restored(seed)
        assert (noisy == clean).mean() < 0.86
        assert (noisy == clean).all(1).mean() < 0.01
        assert steps < 50  # every one of them has come to rest
        pixels.append((found == clean).mean())
        digits.append((found == clean).all(1).mean())

    assert sorted(pixels)[2] > 0.99
    assert sorted(digits)[2] > 0.9


def test_the_memory_begins_with_what_hebb_said():
    """One step on all examples from W = 0: w_ij grows with the product of what i is and j shows."""
    project = open_template("hopfield")
    dataset = prepare(project.data)
    rows = dataset.part("train")
    trainer = Trainer(project.graph, dataset, project.training.replaced(batch_size=len(rows)))
    trainer.step()

    noisy, clean = dataset.inputs((), (64,))[rows], dataset.targets_as("values", (64,))[rows]
    hebb = clean.T @ noisy / len(rows)

    weight = trainer.weights()["dense_1", "weight"]
    np.testing.assert_allclose(weight / np.abs(weight).max(), hebb / np.abs(hebb).max(), atol=1e-5)
