"""Examples that are disturbed as in training, and cleaned."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.evaluation.generate import Passage
from engine.evaluation.restored import restored
from engine.graph.infer import infer
from engine.layers import LAYERS
from engine.plan.initial import initial_weights
from engine.project.templates import open_template


def test_noise_goes_in_as_in_training_and_the_network_makes_something_of_it():
    project = open_template("denoising_autoencoder")
    dataset, graph = prepare(project.data), project.graph
    weights = initial_weights(infer(graph), 0)
    found = restored(graph, weights, dataset, dataset.test)
    noise = found.given - found.clean

    np.testing.assert_array_equal(found.clean, dataset.features[dataset.test])
    assert noise.mean() == pytest.approx(0, abs=0.02)
    assert noise.std() == pytest.approx(0.3, rel=0.03)
    # Outside of training the layer passes on what it gets, so both ways must agree.
    np.testing.assert_allclose(found.made, Passage(graph, weights).one(found.given), atol=1e-6)


def test_dropout_in_front_disturbs_too():
    project = open_template("denoising_autoencoder")
    dataset, graph = prepare(project.data), project.graph
    graph.replace_layer("gaussian_noise_1", LAYERS.get("dropout")(rate=0.5))
    found = restored(graph, initial_weights(infer(graph), 0), dataset, dataset.test)

    assert np.mean(found.given[found.clean > 0] == 0) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("template", ["autoencoder", "vae", "digits", "hopfield", "gan_ring"])
def test_where_nothing_is_disturbed_there_is_nothing_to_clean(template):
    project = open_template(template)
    dataset, graph = prepare(project.data), project.graph

    assert restored(graph, initial_weights(infer(graph), 0), dataset, dataset.test) is None
