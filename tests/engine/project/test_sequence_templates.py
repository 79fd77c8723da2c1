"""The built-in projects on sequences learn what they promise, from several seeds."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import Dataset, prepare
from engine.evaluation.evaluate import evaluate
from engine.project.templates import open_template
from engine.training.trainer import Trainer


def learned(template_id, seed=0) -> tuple[Dataset, dict[str, float]]:
    project = open_template(template_id)
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(seed=seed))
    trainer.run()
    return dataset, evaluate(project.graph, trainer.weights(), dataset, "test")


def error_of_the_last_value(dataset) -> float:
    """Of the naive forecast: tomorrow is as today."""
    rows = dataset.test
    project_scale = dataset.decode(dataset.targets[rows])
    change = project_scale - last_values(dataset)[rows]
    return float(np.sqrt(np.mean(change**2)))


def last_values(dataset):
    """In the unit of the target, whatever the transforms did to the features."""
    values = dataset.features[:, -1].astype(np.float64)
    for transform, states in dataset.encoding.steps:
        if transform.kind == "standardise":
            (state,) = states.values()
            values = values * state["deviation"] + state["mean"]
    return values


def test_an_lstm_foresees_a_noisy_wave():
    dataset, found = learned("lstm_forecast")

    assert found["rmse"] < 0.5 * error_of_the_last_value(dataset)
    assert found["rmse"] < 0.12  # the noise alone is 0.1


@pytest.mark.parametrize("seed", [0, 1])
def test_a_gru_foresees_chaos(seed):
    dataset, found = learned("gru_forecast", seed)

    assert found["rmse"] < 0.2 * error_of_the_last_value(dataset)
    assert found["r2"] > 0.98


@pytest.mark.parametrize("seed", [0, 1])
def test_three_numbers_become_the_way_of_a_pendulum(seed):
    _, found = learned("one_to_many", seed)

    assert found["r2"] > 0.94


@pytest.mark.parametrize("seed", [0, 1])
def test_waves_are_freed_from_more_than_a_third_of_their_noise(seed):
    dataset, found = learned("many_to_many", seed)
    heard, wave = dataset.features[dataset.test], dataset.decode(dataset.targets[dataset.test])
    noise = np.sqrt(np.mean((heard - wave) ** 2))

    assert found["rmse"] < 0.62 * noise


def test_characters_of_code_are_tagged():
    dataset, found = learned("tagging")
    tags = dataset.targets[dataset.test]
    commonest = np.bincount(tags[tags >= 0]).max() / np.count_nonzero(tags >= 0)

    assert commonest < 0.6
    assert found["accuracy"] > 0.992  # read from one side alone: 0.987
    assert found["f1"] > 0.98


@pytest.mark.parametrize("seed", [0, 1])
def test_sentences_are_told_apart_by_their_words(seed):
    dataset, found = learned("sentences", seed)
    topics = dataset.targets[dataset.test]

    assert np.bincount(topics).max() / len(topics) < 0.4
    assert found["accuracy"] > 0.83


def accuracy_by_counting(dataset, last=slice(None)) -> float:
    """Of who knows of the training which character follows each one most often."""
    tokens = dataset.features.reshape(len(dataset), -1).astype(int)[:, last]
    pairs = np.zeros((len(dataset.tokens), len(dataset.signature.classes)))
    np.add.at(pairs, (tokens[dataset.train], dataset.targets[dataset.train]), 1)
    guessed = pairs.argmax(axis=1)[tokens[dataset.test]]
    return float(np.mean(guessed == dataset.targets[dataset.test]))


def test_a_transformer_block_reads_more_than_the_last_character():
    dataset, found = learned("transformer_block")

    assert found["accuracy"] > 0.43
    assert found["accuracy"] > accuracy_by_counting(dataset) + 0.12


@pytest.mark.parametrize("seed", [0, 1])
def test_a_gru_foretells_characters_of_a_text_that_it_has_not_read(seed):
    dataset, found = learned("next_character", seed)
    following = dataset.targets[dataset.test]
    commonest = np.bincount(dataset.targets[dataset.train]).argmax()

    assert dataset.train.max() + dataset.features.shape[1] < dataset.test.min()
    assert np.mean(following == commonest) < 0.17
    assert found["accuracy"] > 0.44
    assert found["accuracy"] > accuracy_by_counting(dataset, last=-1) + 0.15
