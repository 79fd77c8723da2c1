"""The ends of networks that draw, when other data is chosen."""

from __future__ import annotations

import pytest

from engine.data.dataset import DataSignature, prepare
from engine.graph.check import check
from engine.graph.infer import infer
from engine.project.templates import TEMPLATES, open_template
from gui.document.ends import fitted_ends

IRIS = DataSignature(("a", "b", "c", "d"), (4,), "classes", ("species",), ("x", "y", "z"))


@pytest.mark.parametrize("template_id", ["autoencoder", "denoising_autoencoder", "vae"])
def test_a_reconstruction_takes_the_size_of_the_input_and_keeps_its_losses(template_id):
    graph = open_template(template_id).graph
    fitted = fitted_ends(graph, IRIS)
    for node_id, layer in fitted.items():
        graph.replace_layer(node_id, layer)

    assert {layer.kind for layer in fitted.values()} == {"input", "dense"}
    assert len(fitted) == 2
    assert check(graph, infer(graph), IRIS) == []


def test_what_a_discriminator_is_compared_with_is_no_concern_of_the_data():
    graph = open_template("gan_digits").graph

    assert set(fitted_ends(graph, IRIS)) == {"input_1"}


@pytest.mark.parametrize(
    "template_id", [each.id for each in TEMPLATES if each.plain["graph"]["nodes"]]
)
def test_every_template_fits_its_data_as_it_is(template_id):
    project = open_template(template_id)

    assert fitted_ends(project.graph, prepare(project.data).signature) == {}
