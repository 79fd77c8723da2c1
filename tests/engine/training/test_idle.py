"""Settings of a training that have no effect beside others."""

from __future__ import annotations

import pytest

from engine.graph.check import GraphEditor
from engine.graph.model import Graph
from engine.optimizers import OPTIMIZERS
from engine.training.idle import idle_settings
from engine.training.settings import ObjectiveSettings, TrainingSettings

NESTEROV = {"kind": "sgd", "nesterov": True}
SLOW = {"kind": "adam", "schedule": {"kind": "warm_up", "length": 12}}


@pytest.mark.parametrize("kind", OPTIMIZERS.kinds())
def test_usual_settings_all_have_an_effect(kind):
    assert list(idle_settings(TrainingSettings(optimizer=kind))) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"update": "epoch", "accumulate": 4},
            "All examples change the weights together, so how many batches are gathered for one "
            "change has no effect.",
        ),
        (
            {"optimizer": NESTEROV},
            "Nesterov looks ahead along the momentum, and that is 0: it has no effect.",
        ),
        (
            {"optimizer": SLOW, "epochs": 8},
            "The warm-up takes 12 epochs and the training 8, so that the full learning rate is "
            "never reached.",
        ),
    ],
)
def test_a_setting_without_effect_is_told_and_its_remedy_gives_it_one(settings, said):
    training = TrainingSettings(**settings)
    (problem,) = idle_settings(training)
    editor = GraphEditor(Graph(), {"training": training})
    problem.fix.apply(editor)

    assert (problem.node, problem.severity, problem.message) == (None, "hint", said)
    assert list(idle_settings(editor.settings["training"])) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"update": "batch", "accumulate": 4},
        {"optimizer": NESTEROV | {"momentum": 0.5}},
        {"optimizer": SLOW, "epochs": 12},
    ],
)
def test_what_has_an_effect_is_not_told(settings):
    assert list(idle_settings(TrainingSettings(**settings))) == []


def test_each_objective_is_told_of_by_name():
    objectives = [
        ObjectiveSettings(name="judge", optimizer=NESTEROV),
        ObjectiveSettings(name="forger", optimizer=SLOW),
    ]
    settings = TrainingSettings(optimizer=NESTEROV, objectives=objectives, epochs=5)
    first, second = idle_settings(settings)

    assert first.message.startswith("Nesterov of objective judge looks ahead")
    assert second.message.startswith("The warm-up of objective forger takes 12 epochs")
