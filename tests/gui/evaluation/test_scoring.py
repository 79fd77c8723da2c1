"""How the scores of classes are averaged, and how many guesses count, is chosen beside them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.evaluation.evaluate import evaluate
from engine.metrics import Scoring
from gui.document.habits import Habits
from gui.settings import Settings
from gui.widgets.units import metric_text

AVERAGED = ("precision", "recall", "f1")


def told(workspace) -> dict[str, str]:
    return {tile.kind: tile.value.text() for tile in workspace.tiles.tiles}


def press(field, *keys: Qt.Key) -> None:
    field.setFocus()
    for key in keys:
        QTest.keyClick(field, key)


@pytest.mark.parametrize(
    ("keys", "average"), [((Qt.Key.Key_Down,), "micro"), ((Qt.Key.Key_End,), "weighted")]
)
def test_another_average_is_told_at_once_and_of_all_parts(judged, keys, average):
    workspace = judged("digits", epochs=1)
    before = told(workspace)
    press(workspace.scoring.average, *keys)
    document = workspace.document
    wanted = Scoring(average).metrics(classes=10)
    theirs = {
        part: evaluate(document.graph, document.weights, document.dataset, part, metrics=wanted)
        for part in ("test", "validation", "train")
    }
    after = told(workspace)

    assert not workspace.evaluator.busy
    assert {kind: after[kind] for kind in AVERAGED} == {
        kind: metric_text(kind, theirs["test"][kind]) for kind in AVERAGED
    }
    assert after["recall"] == after["accuracy"] != before["recall"]
    assert [tile.others.text() for tile in workspace.tiles.tiles if tile.kind == "precision"] == [
        f"validation {metric_text('precision', theirs['validation']['precision'])}\n"
        f"training {metric_text('precision', theirs['train']['precision'])}"
    ]


def test_the_tile_says_in_which_way_its_score_is_averaged(judged):
    workspace = judged("iris")
    (recall,) = (tile for tile in workspace.tiles.tiles if tile.kind == "recall")
    before = recall.toolTip()
    press(workspace.scoring.average, Qt.Key.Key_Down)

    assert before.endswith("\nMacro: mean over classes")
    assert recall.toolTip().endswith("\nMicro: all decisions together")


def test_what_is_looked_at_stays_when_another_average_is_chosen(judged):
    workspace = judged("iris")
    workspace.findings.matrix.choose((0, 0))
    press(workspace.scoring.average, Qt.Key.Key_Down)

    assert workspace.findings.matrix.cell == (0, 0)


def test_more_guesses_are_counted_in_a_tile_of_their_own(judged):
    workspace = judged("digits", epochs=1)
    press(workspace.scoring.top, Qt.Key.Key_Up, Qt.Key.Key_Up)
    report = workspace.reports["test"]
    best = np.argsort(-report.prediction, axis=0, kind="stable")[:3]
    share = (best == report.target.argmax(axis=0)).any(axis=0).mean()
    (tile,) = (tile for tile in workspace.tiles.tiles if tile.kind == "top_k")

    assert tile.label.text() == "Top-3 accuracy"
    assert tile.value.text() == metric_text("top_k", share)

    press(workspace.scoring.top, Qt.Key.Key_Down, Qt.Key.Key_Down)

    assert "top_k" not in told(workspace)


def test_there_are_at_most_as_many_guesses_as_leave_one_class_out(judged):
    workspace = judged("iris")
    press(workspace.scoring.top, *[Qt.Key.Key_Up] * 5)

    assert workspace.scoring.top.value == 2
    assert workspace.tiles.tiles[-1].label.text() == "Top-2 accuracy"


def test_of_many_classes_five_guesses_are_told_unless_another_number_is_chosen(judged):
    workspace = judged("next_character")
    first = [tile.label.text() for tile in workspace.tiles.tiles if tile.kind == "top_k"]
    press(workspace.scoring.top, Qt.Key.Key_Up)
    second = [tile.label.text() for tile in workspace.tiles.tiles if tile.kind == "top_k"]

    assert (first, second) == (["Top-5 accuracy"], ["Top-6 accuracy"])


@pytest.mark.parametrize("template", ["linear_regression", "autoencoder", "lstm_forecast"])
def test_values_have_nothing_to_average(judged, template):
    workspace = judged(template)

    assert workspace.tiles.isVisible()
    assert not workspace.scoring.isVisible()


def test_of_yes_or_no_the_scores_are_of_yes_and_there_is_one_guess(judged):
    workspace = judged("logistic_regression")
    scoring = workspace.scoring
    report = workspace.reports["test"]

    assert scoring.average.currentText() == f"Binary: of {report.classes[1]} alone"
    assert not scoring.top.isVisible()
    assert told(workspace)["recall"] == metric_text("recall", report.scores().recall[1])


def test_what_was_chosen_is_kept_for_the_next_time(judged):
    settings = Settings()
    first = judged("digits", habits=Habits(settings))
    press(first.scoring.average, Qt.Key.Key_End)
    press(first.scoring.top, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up)
    second = judged("digits", habits=Habits(settings))

    assert (settings.average, settings.top) == ("weighted", 4)
    assert second.scoring.average.value == "weighted"
    assert second.tiles.tiles[-1].label.text() == "Top-4 accuracy"


def test_as_many_guesses_as_there_are_classes_say_nothing_and_are_not_told(judged):
    workspace = judged("iris", habits=Habits(Settings(top=4)))

    assert workspace.scoring.top.value == 1
    assert "top_k" not in told(workspace)


def test_the_counts_are_made_beside_the_window(judged, monkeypatch):
    workspace = judged("digits")

    def fail(*_: object) -> None:
        raise AssertionError("The window went through all examples.")

    monkeypatch.setattr("engine.evaluation.report.confusion", fail)
    monkeypatch.setattr("engine.evaluation.report.found_at", fail)
    press(workspace.scoring.average, Qt.Key.Key_Down)
    press(workspace.scoring.top, Qt.Key.Key_Up)

    assert "top_k" in told(workspace)
