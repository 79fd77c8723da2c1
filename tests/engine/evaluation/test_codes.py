"""The map of the codes of an autoencoder."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.evaluation.codes import bottleneck, code_map
from engine.evaluation.generate import Passage, Place
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.plan.initial import initial_weights
from engine.project.templates import open_template


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def squeezed(past: bool) -> Graph:
    """Six numbers through two and back; `past`: with a path that leads past the two."""
    graph = Graph(
        [
            Node("x", layer("input", shape=(6,))),
            Node("wide", layer("dense", units=5)),
            Node("code", layer("dense", units=2)),
            Node("hidden", layer("dense", units=4)),
            Node("back", layer("dense", units=6)),
            Node("error", layer("loss", loss="squared_error")),
        ],
        [
            Wire("x", "wide"),
            Wire("wide", "code"),
            Wire("code", "hidden"),
            Wire("back", "error", target_port="prediction"),
            Wire("x", "error", target_port="target"),
        ],
    )
    if past:
        graph.add_node(Node("both", layer("concat")))
        for source in ("hidden", "wide"):
            graph.connect(Wire(source, "both"))
        graph.connect(Wire("both", "back"))
    else:
        graph.connect(Wire("hidden", "back"))
    return graph


def test_the_code_is_the_narrowest_vector_that_everything_goes_through():
    assert bottleneck(squeezed(past=False)) == Place("code")
    assert bottleneck(squeezed(past=True)) == Place("wide")


@pytest.mark.parametrize("template", ["digits", "gan_digits", "hopfield", "lstm_forecast"])
def test_a_network_that_rebuilds_nothing_has_no_code(template):
    assert bottleneck(open_template(template).graph) is None


@pytest.mark.parametrize("template", ["autoencoder", "vae", "denoising_autoencoder"])
def test_each_autoencoder_among_the_templates_has_a_map(template):
    project = open_template(template)
    dataset, graph = prepare(project.data), project.graph
    weights = initial_weights(infer(graph), 0)
    found = code_map(graph, weights, dataset, dataset.test, most=50)

    assert found is not None
    assert found.place == bottleneck(graph)
    assert found.points.shape == (50, 2)
    assert 0 < found.shares <= 1
    np.testing.assert_array_equal(found.rows, dataset.test[:50])


def test_places_of_two_numbers_are_the_codes_and_are_drawn_as_the_network_draws_them():
    project = open_template("autoencoder")
    dataset, graph = prepare(project.data), project.graph
    weights = initial_weights(infer(graph), 0)
    found = code_map(graph, weights, dataset, dataset.test, most=20)
    codes = Passage(graph, weights, end=found.place).one(dataset.features[found.rows])

    np.testing.assert_allclose(found.points, codes, rtol=1e-5)
    np.testing.assert_allclose(
        found.drawn(found.points),
        Passage(graph, weights).one(dataset.features[found.rows]),
        atol=1e-5,
    )


def test_of_many_numbers_the_map_shows_where_they_vary_most():
    project = open_template("vae")
    dataset, graph = prepare(project.data), project.graph
    weights = initial_weights(infer(graph), 0)
    found = code_map(graph, weights, dataset, dataset.test)
    codes = Passage(graph, weights, end=found.place).one(dataset.features[found.rows])
    spread = np.linalg.eigvalsh(np.cov(codes.T))[::-1]

    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(found.points.var(axis=0, ddof=1), spread[:2], rtol=1e-4)
    assert found.shares == pytest.approx(spread[:2].sum() / spread.sum(), rel=1e-4)
    np.testing.assert_allclose(found.codes(np.zeros((1, 2)))[0], codes.mean(axis=0), atol=1e-5)
