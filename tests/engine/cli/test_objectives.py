"""Objectives that take turns, on the command line: said by `check`, trained and reported."""

from __future__ import annotations

from engine.cli import main
from engine.project.file import open_project, save_project
from engine.project.templates import open_template

FIRST = {"name": "head", "losses": ["loss_1"], "trains": ["dense_2"], "steps": 2}
SECOND = {"losses": ["loss_1"], "trains": ["dense_1"], "optimizer": "sgd"}


def save(**changes):
    project = open_template("iris")
    objectives = [{"kind": "objective", **FIRST}, {"kind": "objective", **(SECOND | changes)}]
    project.training = project.training.replaced(objectives=objectives, epochs=4)
    save_project(project, "turns.glassbox")


def test_check_says_who_trains_what_in_turns(folder, capsys):
    save()
    code = main(["check", "turns.glassbox"])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "objective head: 2 updates a round by Adam, of dense_2, for loss_1.",
        "objective number 2: 1 update a round by SGD, of dense_1, for loss_1.",
        "No problems.",
    ]


def test_check_names_an_objective_that_does_not_fit(run):
    save(trains=["dense_1", "old"])
    code, result, _ = run("check", "turns.glassbox")

    assert code == 1
    assert result["objectives"][0] == {"kind": "objective", **FIRST}
    assert [problem["message"] for problem in result["problems"]] == [
        "The objective 2 names the node 'old', which is gone."
    ]


def test_training_reports_the_loss_of_each_objective(folder, capsys):
    save()
    code = main(["train", "turns.glassbox"])
    said = capsys.readouterr().out
    again, _ = open_project("turns.glassbox")

    assert code == 0
    assert "Objective head: 2 updates a round by Adam, of dense_2, for loss_1." in said
    assert "Objective head: loss " in said
    assert "Objective number 2: loss " in said
    assert [one.steps for one in again.training.objectives] == [2, 1]
