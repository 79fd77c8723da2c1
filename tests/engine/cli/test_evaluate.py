"""`evaluate`: a trained project on its own parts and on other data."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.evaluation.evaluate import confusion_matrix
from engine.metrics import Precision
from engine.project.file import open_project, save_project
from tests.engine.cli.test_commands import iris_rows


def test_a_trained_project_is_measured_on_each_part(run, trained):
    before = open_project(trained)[0].runs[0].metrics
    code, result, _ = run("evaluate", trained)

    assert code == 0
    assert result["metrics"] == before


def test_a_trained_project_is_measured_on_other_data(run, trained, folder):
    iris_rows(folder / "new.csv")
    code, result, _ = run("evaluate", trained, "--data", "new.csv")

    assert code == 0
    assert result["metrics"]["data"]["accuracy"] == 1.0


def test_other_data_with_a_new_class_is_refused(run, trained, folder):
    iris_rows(folder / "new.csv")
    text = (folder / "new.csv").read_text()
    (folder / "new.csv").write_text(text.replace("setosa", "tulip"))
    code, _, errors = run("evaluate", trained, "--data", "new.csv")

    assert code == 1
    assert "holds 'tulip', and the network was trained on 'setosa'" in errors


def test_an_untrained_project_cannot_be_measured(run):
    run("new", "iris", "-o", "iris.glassbox")
    code, _, errors = run("evaluate", "iris.glassbox")

    assert (code, errors) == (
        1,
        "The project is not trained yet. Train it before it is measured.\n",
    )


def test_other_data_is_weighed_as_the_data_of_training(run, trained, folder):
    iris_rows(folder / "new.csv")
    with (folder / "new.csv").open(newline="") as file:
        names, first, second = csv.reader(file)
    with (folder / "new.csv").open("w", newline="") as file:
        # The second is called what it is not, and counts a third of the first.
        wrong = [*second[:-1], first[-1]]
        csv.writer(file).writerows([[*names, "count"], [*first, 3], [*wrong, 1]])
    project, _ = open_project(trained)
    project.data = project.data.replaced(weights="count")
    save_project(project, trained)
    code, result, _ = run("evaluate", trained, "--data", "new.csv")

    assert code == 0
    assert result["metrics"]["data"]["accuracy"] == pytest.approx(0.75)


def test_other_data_without_the_weights_counts_every_row_alike_and_says_so(run, trained, folder):
    iris_rows(folder / "new.csv")
    project, _ = open_project(trained)
    project.data = project.data.replaced(weights="count")
    save_project(project, trained)
    code, result, said = run("evaluate", trained, "--data", "new.csv")

    assert code == 0
    assert result["metrics"]["data"]["accuracy"] == 1.0
    assert "The data has no column 'count', so that all rows count alike." in said


def test_scores_of_classes_become_one_number_as_asked(run, trained):
    project, _ = open_project(trained)
    matrix = confusion_matrix(project.graph, project.weights, prepare(project.data), "train")
    found = {
        average: run("evaluate", trained, "--average", average)[1]["metrics"]["train"]
        for average in Precision.average.options
    }
    recall = np.diag(matrix) / matrix.sum(axis=1)

    assert found["micro"]["recall"] == found["micro"]["accuracy"] < 1
    assert found["macro"]["recall"] == pytest.approx(recall.mean())
    assert found["weighted"]["recall"] == pytest.approx(recall @ matrix.sum(axis=1) / matrix.sum())
    assert found["macro"] == run("evaluate", trained)[1]["metrics"]["train"]


def test_a_class_among_the_likeliest_counts_as_found_if_asked(run, trained):
    plain = run("evaluate", trained)[1]["metrics"]["train"]
    tops = [
        run("evaluate", trained, "--top", str(k))[1]["metrics"]["train"]["top_k"] for k in (1, 2, 3)
    ]

    assert "top_k" not in plain
    assert plain["accuracy"] == tops[0] < tops[1] <= tops[2] == 1


def test_an_average_that_is_none_is_refused(run, trained):
    code, _, errors = run("evaluate", trained, "--average", "median")

    assert code == 2
    assert "median" in errors
