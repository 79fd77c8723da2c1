"""The loss that compares with nothing: in a network, in checks and beside other losses."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.errors import ShapeError
from engine.evaluation.evaluate import evaluate
from engine.graph.check import check
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from engine.plan.initial import initial_weights
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def penalised(weight):
    """Digits told apart by a network whose hidden values are also to be small."""
    return Graph(
        [
            Node("x", layer("input", shape=(64,))),
            Node("hidden", layer("dense", units=8, activation="relu")),
            Node("classes", layer("dense", units=10, activation="softmax")),
            Node("loss", layer("loss")),
            Node("small", layer("loss", loss="value", weight=weight)),
        ],
        [
            Wire("x", "hidden"),
            Wire("hidden", "classes"),
            Wire("classes", "loss", target_port="prediction"),
            Wire("hidden", "small", target_port="prediction"),
        ],
    )


@pytest.fixture(scope="module")
def digits():
    return prepare(DataSettings(source="digits"))


@pytest.mark.parametrize("batch_size", [64, 1000])
def test_a_penalty_makes_what_it_looks_at_small_beside_another_loss(digits, batch_size):
    hidden = {}
    for weight in (0.0, 1.0):
        graph = penalised(weight)
        settings = TrainingSettings(epochs=6, batch_size=batch_size)
        trainer = Trainer(graph, digits, settings)
        trainer.run()
        w = trainer.weights()
        x = digits.features[digits.test]
        hidden[weight] = np.maximum(x @ w["hidden", "weight"].T + w["hidden", "bias"], 0).mean()

    assert hidden[1.0] < 0.9 * hidden[0.0]


def test_it_adds_the_mean_of_what_arrives_to_the_loss_that_is_measured(digits):
    graph, plain = penalised(0.5), penalised(0.0)
    w = initial_weights(infer(graph), seed=1)
    x = digits.features[digits.test]
    mean = np.maximum(x @ w["hidden", "weight"].T + w["hidden", "bias"], 0).mean()
    found, alone = (evaluate(g, w, digits, "test") for g in (graph, plain))

    assert found["loss"] - alone["loss"] == pytest.approx(0.5 * mean, rel=1e-4)
    assert found["accuracy"] == alone["accuracy"]


def test_it_has_no_problem_with_any_data_and_any_size(digits):
    graph = penalised(1.0)

    assert check(graph, infer(graph), digits.signature) == []


def test_a_target_that_is_wired_to_it_is_refused_with_the_remedy():
    loss = layer("loss", loss="value")

    with pytest.raises(ShapeError) as refusal:
        loss.infer(ArrivingShapes({"prediction": ((3,),), "target": ((3,),)}))
    assert str(refusal.value) == (
        "The value itself compares with nothing, and a target of 3 is wired to it. Remove that "
        "wire, or choose a loss that compares."
    )
