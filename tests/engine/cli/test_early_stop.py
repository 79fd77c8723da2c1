"""A training that stops early is a success on the command line."""

from __future__ import annotations

from engine.project.file import open_project, save_project
from engine.project.templates import open_template


def test_a_run_that_stops_early_says_so_and_ends_well(run):
    project = open_template("iris")
    project.training = project.training.replaced(
        optimizer={"kind": "sgd", "rate": 1e-12}, patience=2, epochs=50
    )
    save_project(project, "early.glassbox")
    code, result, errors = run("train", "early.glassbox")
    again, _ = open_project("early.glassbox")

    assert (code, errors, result["reason"], result["epochs"]) == (0, "", "early", 3)
    assert again.runs[0].epochs == 3
    assert again.training.patience == 2
