"""A training that stops early is a success on the command line."""

from __future__ import annotations

import pytest

from engine.cli.main import main
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


def stalled(**given):
    """A project whose loss never falls, saved."""
    project = open_template("iris")
    settings = {"optimizer": {"kind": "sgd", "rate": 1e-12}, "patience": 2, "epochs": 50}
    project.training = project.training.replaced(**settings | given)
    save_project(project, "early.glassbox")


@pytest.mark.parametrize("asked", [[], ["--epochs", "400"]])
def test_resuming_after_an_early_stop_goes_on_with_patience_anew(run, asked):
    stalled()
    run("train", "early.glassbox")
    code, result, errors = run("train", "early.glassbox", "--resume", *asked)

    assert (code, errors, result["reason"], result["epochs"]) == (0, "", "early", 5)


def test_resuming_uses_the_settings_that_were_changed_since_and_names_them(run, capsys):
    stalled()
    run("train", "early.glassbox")
    project, _ = open_project("early.glassbox")
    changed = {"kind": "adam", "rate": 0.01}
    project.training = project.training.replaced(
        optimizer=changed, batch_size=90, clip_norm=0.1, patience=0, epochs=6, seed=7
    )
    save_project(project, "early.glassbox")
    capsys.readouterr()
    assert main(["train", "early.glassbox", "--resume"]) == 0
    said = capsys.readouterr().out
    (run_kept,) = open_project("early.glassbox")[0].runs

    assert (run_kept.epochs, run_kept.settings.batch_size) == (6, 90)
    assert run_kept.settings.optimizer == project.training.optimizer
    assert run_kept.settings.seed == 0  # that of its beginning
    assert (
        "Run 1 goes on with other settings: optimiser, batch size, clip norm, stop early after.\n"
        in said
    )


def test_resuming_a_run_that_is_over_says_that_nothing_is_left(run):
    stalled(epochs=2)
    run("train", "early.glassbox")
    code, result, errors = run("train", "early.glassbox", "--resume")

    assert (code, result["epochs"]) == (0, 2)
    assert errors == (
        "Run 1 has trained all of its 2 epochs. Ask for more in all with --epochs, or train anew, "
        "without --resume.\n"
    )
