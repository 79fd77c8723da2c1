"""The built-in projects are valid, well laid out, and learn what they promise."""

from __future__ import annotations

import itertools

import pytest

from engine.data.dataset import prepare
from engine.errors import ProjectError
from engine.evaluation.evaluate import evaluate
from engine.graph.check import check
from engine.graph.infer import infer
from engine.project.templates import TEMPLATES, open_template
from engine.training.control import StopReason
from engine.training.trainer import Trainer

TRAINABLE = [template.id for template in TEMPLATES if template.id != "empty"]

PROMISED = {
    "digits": ("test", "accuracy", 0.97),
    "xor": ("test", "accuracy", 1.0),
    "moons": ("test", "accuracy", 0.97),
    "circles": ("test", "accuracy", 0.95),
    "spirals": ("test", "accuracy", 0.97),
    "iris": ("test", "accuracy", 0.93),
    "logistic_regression": ("test", "accuracy", 0.95),
    "residual_mlp": ("test", "accuracy", 0.96),
}


def test_the_digits_come_first_and_all_ids_differ():
    ids = [template.id for template in TEMPLATES]

    assert ids[0] == "digits"
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("template_id", TRAINABLE)
def test_a_template_has_no_problems(template_id):
    project = open_template(template_id)
    signature = prepare(project.data).signature

    objectives = project.training.objectives
    assert check(project.graph, infer(project.graph), signature, objectives=objectives) == []


@pytest.mark.parametrize("template_id", TRAINABLE)
def test_a_template_is_laid_out_from_left_to_right_without_overlaps(template_id):
    graph = open_template(template_id).graph
    places = {node.id: node.position for node in graph.nodes}

    for wire in [wire for wire in graph.wires if not wire.delay]:
        (left, top), (right, below) = places[wire.source], places[wire.target]
        assert right - left >= 176 or below - top >= 144  # on, or to the row below
    for (ax, ay), (bx, by) in itertools.combinations(places.values(), 2):
        assert abs(ax - bx) >= 176 or abs(ay - by) >= 72


@pytest.mark.parametrize("template_id", [each for each in TRAINABLE if each != "residual_mlp"])
def test_a_template_says_in_a_note_what_there_is_to_see(template_id):
    graph = open_template(template_id).graph
    (note,) = graph.drawing.annotations
    (left, top), (width, height) = note.position, note.size

    assert note.kind == "note"
    assert note.text
    for x, y in (node.position for node in graph.nodes):  # clear of the cards
        assert x + 176 <= left or left + width <= x or y + 112 <= top or top + height <= y


def test_the_digits_stand_on_the_grid_with_room_between_them():
    graph = open_template("digits").graph

    assert [node.position for node in graph.nodes] == [(0, 0), (232, 0), (464, 0), (696, 0)]


@pytest.mark.parametrize("template_id", PROMISED)
def test_a_template_learns_what_it_promises(template_id):
    project = open_template(template_id)
    part, metric, least = PROMISED[template_id]
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training)

    assert trainer.run() is StopReason.FINISHED
    weights = trainer.checkpoint().weights
    assert evaluate(project.graph, weights, dataset, part)[metric] >= least


@pytest.mark.parametrize("seed", range(12))
def test_three_neurons_learn_xor_from_any_seed(seed):
    project = open_template("xor")
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(seed=seed))
    trainer.run()

    weights = trainer.checkpoint().weights

    assert evaluate(project.graph, weights, dataset, "test")["accuracy"] == 1.0


def test_convolutions_read_digits_with_one_mistake_in_sixty_six():
    """The median of five seeds."""
    project = open_template("digits_cnn")
    dataset = prepare(project.data)
    found = []
    for seed in range(5):
        trainer = Trainer(project.graph, dataset, project.training.replaced(seed=seed))
        trainer.run()
        weights = trainer.checkpoint().weights
        found.append(evaluate(project.graph, weights, dataset, "test")["accuracy"])

    assert sorted(found)[2] >= 0.985


def test_linear_regression_beats_the_mean():
    project = open_template("linear_regression")
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training)
    trainer.run()

    found = evaluate(project.graph, trainer.checkpoint().weights, dataset, "test")

    assert found["loss"] < 0.65  # of targets with variance 1


def test_the_empty_template_is_empty():
    project = open_template("empty")

    assert len(project.graph) == 0
    assert project.data is None


def test_an_unknown_template_is_refused_with_the_nearest_name():
    with pytest.raises(ProjectError) as caught:
        open_template("digit")

    assert str(caught.value) == "No template is named 'digit'. Did you mean 'digits'?"
