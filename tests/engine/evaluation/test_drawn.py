"""New examples stand beside real ones, and are judged with advice that fits the network."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.diagnosis.collapse import Diversity, collapse
from engine.evaluation.drawn import Drawn, drawn
from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from engine.project.templates import open_template

COLLAPSED = Diversity(coverage=0.1, realism=0.9, spread=0.5)


def drawn_by(template: str) -> Drawn | None:
    project = open_template(template)
    weights = initial_weights(infer(project.graph), seed=0)
    return drawn(project.graph, weights, prepare(project.data), most=50)


@pytest.mark.parametrize("template", ["gan_ring", "gan_digits", "vae"])
def test_as_many_are_made_as_are_compared_with(template):
    found = drawn_by(template)

    assert found is not None
    assert len(found.made) == len(found.real) == 50
    assert found.health.sentence


@pytest.mark.parametrize("template", ["iris", "autoencoder"])
def test_a_network_that_makes_nothing_new_is_not_judged_so(template):
    assert drawn_by(template) is None


def test_the_advice_is_for_the_kind_of_generator():
    assert "discriminator" in collapse(COLLAPSED).sentence
    assert collapse(COLLAPSED, "Do this.").sentence.endswith("of the data. Do this.")


def test_tokens_of_an_example_are_read_as_words():
    sentences = prepare(open_template("sentences").data)
    iris = prepare(open_template("iris").data)

    assert sentences.words(0)[0] == sentences.tokens[int(sentences.features[0, 0])]
    assert iris.tokens == ()
