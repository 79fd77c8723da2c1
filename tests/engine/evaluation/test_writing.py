"""Text that a network writes by reading on what it has said."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.errors import ShapeError
from engine.evaluation.writing import Writer, writes
from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from engine.plan.predict import Predictor
from engine.project.templates import open_template


def opened(template):
    project = open_template(template)
    graph = project.graph
    return graph, initial_weights(infer(graph), 0), prepare(project.data)


@pytest.mark.parametrize(
    ("template", "can"),
    [
        ("next_character", True),
        ("transformer_block", True),
        ("tagging", False),
        ("sentences", False),  # its classes are words of the sentences, too
        ("digits", False),
    ],
)
def test_what_foretells_its_own_tokens_can_write(template, can):
    assert writes(prepare(open_template(template).data)) is can


@pytest.mark.parametrize("template", ["next_character", "transformer_block"])
def test_without_chance_each_token_is_the_likeliest_after_those_before(template):
    graph, weights, dataset = opened(template)
    start = dataset.words(int(dataset.test[0]))
    written = Writer(graph, weights, dataset).write(start, 3, temperature=0)
    predictor, numbers = Predictor(graph, weights), {t: n for n, t in enumerate(dataset.tokens)}
    text = [*start]
    for token in written:
        window = np.array([[numbers[word] for word in text[-len(start) :]]])
        (scores,) = predictor.predict({next(iter(predictor.inputs)): window}).values()
        likeliest = scores.reshape(-1, len(dataset.signature.classes))[-1].argmax()

        assert token == dataset.signature.classes[likeliest]
        text.append(token)


def test_the_same_seed_writes_the_same_and_a_low_temperature_takes_no_chances():
    graph, weights, dataset = opened("next_character")
    writer, start = Writer(graph, weights, dataset), dataset.words(int(dataset.test[0]))

    assert writer.write(start, 30, seed=1) == writer.write(start, 30, seed=1)
    assert writer.write(start, 30, seed=1) != writer.write(start, 30, seed=2)
    assert writer.write(start, 10, temperature=1e-4, seed=3) == writer.write(start, 10, 0)


def test_a_start_that_is_too_short_is_refused():
    graph, weights, dataset = opened("next_character")

    with pytest.raises(ShapeError, match="reads 16 tokens at a time, got 2"):
        Writer(graph, weights, dataset).write(["a", "b"], 1)
