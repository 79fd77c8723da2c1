"""The commands, as a user types them."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from engine.cli import main
from engine.graph.serialize import graph_to_plain
from engine.project.file import open_project, save_project
from engine.project.templates import TEMPLATES, open_template


def iris_rows(path, labels=True):
    rows = [(5.1, 3.5, 1.4, 0.2, "setosa"), (6.3, 2.5, 5.0, 1.9, "virginica")]
    names = ["sepal length", "sepal width", "petal length", "petal width", "species"]
    encoding = open_project("iris.glassbox")[0].encoding
    names = [*(column.name for column in encoding.raw), encoding.target.name]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([names, *rows] if labels else [names[:4], *(row[:4] for row in rows)])


def test_the_templates_are_listed(run):
    code, result, _ = run("templates")

    assert code == 0
    assert [entry["id"] for entry in result["templates"]] == [t.id for t in TEMPLATES]
    assert set(result["templates"][0]) == {"id", "title", "summary"}


def test_a_new_project_is_the_template(run):
    code, result, _ = run("new", "xor", "-o", "x.glassbox")
    project, notes = open_project("x.glassbox")

    assert code == 0
    assert result == {"path": "x.glassbox", "template": "xor"}
    assert notes == []
    assert project.graph.nodes == open_template("xor").graph.nodes


def test_an_unknown_template_is_one_sentence_and_exit_code_1(run):
    code, _, errors = run("new", "digit", "-o", "x.glassbox")

    assert code == 1
    assert errors == "No template is named 'digit'. Did you mean 'digits'?\n"


# Check


def test_a_good_project_has_no_problems(run):
    run("new", "digits", "-o", "d.glassbox")

    assert run("check", "d.glassbox")[:2] == (0, {"problems": []})


def test_problems_are_listed_with_their_remedies(run):
    project = open_template("digits")
    layer = project.graph.node("dense_2").layer
    project.graph.replace_layer("dense_2", layer.replaced(units=9))
    save_project(project, "d.glassbox")

    code, result, _ = run("check", "d.glassbox")

    assert code == 1
    assert result["problems"] == [
        {
            "node": "loss_1",
            "severity": "error",
            "message": "Dense gives 9, and 'digit' needs 10, one for each class.",
            "remedy": "Give the last layer 10 units.",
        }
    ]


def test_data_that_cannot_be_read_is_a_problem(run):
    project = open_template("digits")
    project.data = project.data.replaced(source={"kind": "csv", "path": "nowhere.csv"})
    save_project(project, "d.glassbox")

    code, result, _ = run("check", "d.glassbox")

    assert code == 1
    assert [problem["node"] for problem in result["problems"]] == [None]
    assert "nowhere.csv" in result["problems"][0]["message"]


# Train


def test_training_saves_weights_run_and_metrics(run):
    run("new", "iris", "-o", "iris.glassbox")
    code, result, errors = run("train", "iris.glassbox", "-o", "out.glassbox", "--epochs", "5")
    project, _ = open_project("out.glassbox")

    assert (code, errors) == (0, "")
    assert set(result["metrics"]) == {"train", "validation", "test"}
    assert 0 <= result["metrics"]["test"]["accuracy"] <= 1
    assert (result["epochs"], result["path"], result["run"]) == (5, "out.glassbox", "run_1")
    assert result["seconds"] > 0
    assert project.runs[0].metrics == result["metrics"]
    assert "loss/train" in project.runs[0].curves
    assert project.encoding is not None
    assert open_project("iris.glassbox")[0].weights == {}


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(run):
    run("new", "iris", "-o", "iris.glassbox")
    results = [
        run("train", "iris.glassbox", "-o", f"{n}.glassbox", "--epochs", "3", "--seed", seed)[1]
        for n, seed in enumerate(("1", "1", "2"))
    ]

    assert results[0]["metrics"] == results[1]["metrics"]
    assert results[0]["metrics"] != results[2]["metrics"]


def test_a_resumed_training_gives_the_numbers_of_one_that_never_stopped(run):
    run("new", "iris", "-o", "iris.glassbox")
    run("train", "iris.glassbox", "-o", "whole.glassbox", "--epochs", "8")
    run("train", "iris.glassbox", "-o", "half.glassbox", "--epochs", "4")
    code, result, _ = run("train", "half.glassbox", "--resume", "--epochs", "8")
    whole, resumed = open_project("whole.glassbox")[0], open_project("half.glassbox")[0]

    assert (code, result["epochs"], result["run"]) == (0, 8, "run_1")
    assert len(resumed.runs) == 1
    for key, array in whole.runs[0].checkpoint.arrays.items():
        if not key.startswith("curves/"):  # a run that ended in between was measured there
            assert np.array_equal(array, resumed.runs[0].checkpoint.arrays[key]), key


@pytest.fixture
def interrupted(run, monkeypatch):
    """Train until Ctrl+C after the first step."""

    def interrupting(progress):
        if progress.step:
            raise KeyboardInterrupt
        return ""

    def train(*arguments):
        with monkeypatch.context() as patched:
            patched.setattr("engine.cli.train._bar", interrupting)
            return run("train", *arguments)

    return train


def test_ctrl_c_saves_the_run_which_then_goes_on_bit_for_bit(run, interrupted):
    run("new", "xor", "-o", "x.glassbox")
    code, stopped, errors = interrupted("x.glassbox", "-o", "half.glassbox", "--epochs", "9999")
    epochs = str(stopped["epochs"] + 3)
    resumed_code = run("train", "half.glassbox", "--resume", "--epochs", epochs)[0]
    run("train", "x.glassbox", "-o", "whole.glassbox", "--epochs", epochs)
    half, whole = open_project("half.glassbox")[0], open_project("whole.glassbox")[0]

    assert (code, stopped["reason"], resumed_code) == (130, "paused", 0)
    assert errors == "Stopped. Go on with --resume.\n"
    for key, array in whole.runs[0].checkpoint.arrays.items():
        assert np.array_equal(array, half.runs[0].checkpoint.arrays[key]), key


def test_a_run_that_was_stopped_goes_on_to_the_epochs_it_was_asked_for(run, interrupted):
    run("new", "xor", "-o", "x.glassbox")
    _, stopped, _ = interrupted("x.glassbox", "--epochs", "2000")

    assert stopped["epochs"] < 2000
    assert run("train", "x.glassbox", "--resume")[1]["epochs"] == 2000


def test_resuming_goes_on_to_the_epochs_of_the_project(run):
    run("new", "iris", "-o", "iris.glassbox")
    run("train", "iris.glassbox", "--epochs", "4")

    assert run("train", "iris.glassbox", "--resume")[1]["epochs"] == 60


def test_each_training_is_a_run_of_its_own(run):
    run("new", "iris", "-o", "iris.glassbox")
    run("train", "iris.glassbox", "--epochs", "2")
    run("train", "iris.glassbox", "--epochs", "2")

    assert [run.id for run in open_project("iris.glassbox")[0].runs] == ["run_1", "run_2"]


def test_without_a_run_there_is_nothing_to_resume(run):
    run("new", "iris", "-o", "iris.glassbox")
    code, _, errors = run("train", "iris.glassbox", "--resume")

    assert code == 1
    assert errors == ("The project has no run to go on with. Train it without --resume first.\n")


def test_a_network_that_was_changed_cannot_be_resumed(run, trained):
    project, _ = open_project(trained)
    layer = project.graph.node("dense_1").layer
    project.graph.replace_layer("dense_1", layer.replaced(units=5))
    save_project(project, trained)
    code, _, errors = run("train", trained, "--resume")

    assert code == 1
    assert errors == (
        "The network was changed since 'Run 1', so that run cannot go on. Train it anew, without "
        "--resume.\n"
    )


def test_another_seed_cannot_be_resumed_with(run, trained):
    code, _, errors = run("train", trained, "--resume", "--seed", "9")

    assert code == 1
    assert errors.startswith("'Run 1' began with the seed 0, so it cannot go on with 9.")


def test_a_rate_that_is_too_large_is_told_and_the_last_good_weights_are_saved(run):
    project = open_template("linear_regression")
    project.training = project.training.replaced(optimizer={"kind": "sgd", "rate": 1e6})
    save_project(project, "d.glassbox")
    code, result, errors = run("train", "d.glassbox")
    project, _ = open_project("d.glassbox")

    assert code == 1
    assert result["reason"] == "diverged"
    assert "diverged at step" in errors
    assert "the last good weights were kept" in errors
    assert all(np.isfinite(array).all() for array in project.weights.values())


def test_a_number_of_epochs_out_of_bounds_is_refused(run):
    run("new", "iris", "-o", "iris.glassbox")
    code, _, errors = run("train", "iris.glassbox", "--epochs", "0")

    assert code == 1
    assert errors == "Training.epochs must be a whole number from 1 to 1000000, got 0.\n"


def test_a_project_without_data_cannot_be_trained(run):
    run("new", "empty", "-o", "e.glassbox")
    code, _, errors = run("train", "e.glassbox")

    assert code == 1
    assert errors.endswith("Choose one in the window, or start from a template.\n")


# Evaluate


# Export and predict


def test_an_export_is_vouched_for(run, trained):
    code, result, _ = run("export", trained, "--to", "onnx", "-o", "iris.onnx")

    assert code == 0
    assert result["path"] == "iris.onnx"
    assert 0 <= result["max_abs_difference"] <= 1e-5
    assert result["verified_with"].startswith("onnxruntime ")


def test_an_untrained_project_cannot_be_exported(run):
    run("new", "iris", "-o", "iris.glassbox")

    assert run("export", "iris.glassbox", "--to", "onnx", "-o", "i.onnx")[0] == 1


def test_other_formats_are_not_there_yet_and_that_is_said(run, trained):
    code, _, errors = run("export", trained, "--to", "keras", "-o", "i.keras")

    assert code == 2
    assert errors == (
        "Argument --to: this version exports to onnx alone, got 'keras'. "
        "See `glassbox export --help`.\n"
    )


def test_a_project_and_its_export_predict_the_same_from_arrays(run, trained):
    run("export", trained, "--to", "onnx", "-o", "iris.onnx")
    rows = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
    np.savez("x.npz", input_1=rows)

    assert run("predict", trained, "--input", "x.npz", "--output", "a.npz")[0] == 0
    assert run("predict", "iris.onnx", "--input", "x.npz", "--output", "b.npz")[0] == 0
    with np.load("a.npz") as a, np.load("b.npz") as b:
        assert a.files == b.files == ["dense_2"]
        np.testing.assert_allclose(a["dense_2"], b["dense_2"], atol=1e-5)
        assert a["dense_2"].shape == (9, 3)


@pytest.mark.parametrize("model", ["iris.glassbox", "iris.onnx"])
def test_raw_columns_become_classes(run, trained, folder, model):
    run("export", trained, "--to", "onnx", "-o", "iris.onnx")
    iris_rows(folder / "new.csv", labels=False)
    code, result, _ = run("predict", model, "--input", "new.csv", "--output", "y.csv")
    with open("y.csv", newline="") as file:
        rows = list(csv.DictReader(file))

    assert code == 0
    assert result["examples"] == 2
    assert [row[next(iter(row))] for row in rows] == ["setosa", "virginica"]
    assert all(sum(float(p) for p in list(row.values())[1:]) == pytest.approx(1) for row in rows)


def test_values_are_predicted_in_the_unit_of_their_column(run, folder):
    run("new", "linear_regression", "-o", "d.glassbox")
    run("train", "d.glassbox")
    project, _ = open_project("d.glassbox")
    table = project.data.source.load().take(np.arange(20))
    with (folder / "x.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)
        writer.writerows(zip(*(column.texts() for column in table.columns), strict=True))
    code, _, _ = run("predict", "d.glassbox", "--input", "x.csv", "--output", "y.csv")
    with open("y.csv", newline="") as file:
        header, *rows = csv.reader(file)
    truth = table.column(header[0]).values

    assert code == 0
    assert header == [project.encoding.target.name]
    assert np.abs(np.array(rows, float)[:, 0] - truth).mean() < 60


def test_arrays_and_exports_say_how_to_come_to_the_unit_of_the_target(run):
    run("new", "linear_regression", "-o", "l.glassbox")
    run("train", "l.glassbox", "--epochs", "1")
    np.savez("x.npz", x=np.zeros((2, 10), np.float32))
    _, _, exported = run("export", "l.glassbox", "--to", "onnx", "-o", "l.onnx")
    _, _, predicted = run("predict", "l.onnx", "--input", "x.npz", "--output", "y.npz")
    mean, deviation = 152, 78

    for said in (exported, predicted):
        assert f"progression = {deviation}" in said
        assert f"× output + {mean}" in said


def test_two_inputs_take_arrays_by_name(run):
    run("new", "xor", "-o", "x.glassbox")
    run("train", "x.glassbox")
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float32)
    np.savez("x.npz", x1=corners[:, :1], x2=corners[:, 1:])
    code, _, _ = run("predict", "x.glassbox", "--input", "x.npz", "--output", "y.npz")

    assert code == 0
    with np.load("y.npz") as found:
        assert (found["y"][:, 0] > 0.5).tolist() == [False, True, True, False]


def test_an_array_that_is_missing_is_named(run):
    run("new", "xor", "-o", "x.glassbox")
    run("train", "x.glassbox", "--epochs", "1")
    np.savez("x.npz", x1=np.zeros((1, 1)), z=np.zeros((1, 1)))
    code, _, errors = run("predict", "x.glassbox", "--input", "x.npz", "--output", "y.npz")

    assert code == 1
    assert errors == (
        "The model needs an array named 'x2', and the file has x1, z. Its inputs are x1, x2.\n"
    )


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 half"])
def test_an_input_that_is_no_npz_is_refused(run, trained, folder, content):
    (folder / "x.npz").write_bytes(content)
    code, _, errors = run("predict", trained, "--input", "x.npz", "--output", "y.npz")

    assert code == 1
    assert errors == "'x.npz' is not a .npz file of numbers. Write it with numpy.savez.\n"


@pytest.mark.parametrize("model", ["iris.glassbox", "iris.onnx"])
def test_an_array_of_another_shape_is_refused_by_project_and_export_alike(run, trained, model):
    run("export", trained, "--to", "onnx", "-o", "iris.onnx")
    np.savez("x.npz", x=np.zeros((2, 5), np.float32))
    code, _, errors = run("predict", model, "--input", "x.npz", "--output", "y.npz")

    assert code == 1
    assert errors == (
        "The input 'input_1' needs an array of shape (N, 4), got (2, 5). "
        "Examples go along the first axis.\n"
    )


def test_a_pickled_array_is_never_read(run, trained):
    np.savez("x.npz", input_1=np.array([{"a": 1}], dtype=object))
    code, _, errors = run("predict", trained, "--input", "x.npz", "--output", "y.npz")

    assert code == 1
    assert "is not a .npz file of numbers" in errors


def test_another_kind_of_input_is_refused(run, trained):
    code, _, errors = run("predict", trained, "--input", "x.xlsx", "--output", "y.npz")

    assert code == 1
    assert errors.startswith("The input 'x.xlsx' must be a .npz file")


# The command line itself


def test_wrong_arguments_are_one_sentence_and_exit_code_2(run):
    code, _, errors = run("train")

    assert code == 2
    assert errors == ("The following arguments are required: FILE. See `glassbox train --help`.\n")


def test_a_file_that_is_not_there_is_one_sentence_and_exit_code_1(run):
    code, _, errors = run("train", "nowhere.glassbox")

    assert code == 1
    assert errors == "There is no file 'nowhere.glassbox'. Check its name and folder.\n"


def test_without_json_people_get_text(folder, capsys):
    assert main(["templates"]) == 0
    assert "digits" in capsys.readouterr().out


def test_notes_of_opening_go_to_stderr(run, folder):
    project = open_template("digits")
    plain = {
        "format": "glassbox/project",
        "version": 1,
        "graph": graph_to_plain(project.graph),
    }
    plain["graph"]["nodes"][1]["kind"] = "os.system"
    (folder / "d.json").write_text(json.dumps(plain))
    code, result, errors = run("check", "d.json")

    assert (code, errors) == (1, "")
    assert result["problems"][0]["node"] == "dense_1"
    assert "does not know the layer 'os.system'" in result["problems"][0]["message"]


def test_an_accident_inside_shows_no_stack_trace(run, monkeypatch):
    monkeypatch.setattr("engine.cli.projects.open_template", lambda _: 1 / 0)
    code, _, errors = run("new", "xor", "-o", "x.glassbox")

    assert code == 1
    assert errors == (
        "Glassbox failed where it should not have (ZeroDivisionError: division by zero). Repeat "
        "the command with --traceback and report what it prints.\n"
    )


def test_numbers_that_are_not_finite_are_null_in_json(capsys):
    import sys

    from engine.cli.output import Output

    Output(sys.stdout, sys.stderr, as_json=True).finish({"a": float("nan"), "b": [1.5]})

    assert capsys.readouterr().out == '{"a": null, "b": [1.5]}\n'
