"""From a template to predictions without a window, as a user types it into a terminal."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from engine.data.dataset import prepare
from engine.project.file import open_project, save_project
from engine.project.templates import open_template
from engine.training.trainer import Trainer


@pytest.fixture
def glassbox(tmp_path):
    """Run `glassbox` in a folder of its own; its exit code, its JSON, and its stderr."""

    def call(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "gui", *arguments, "--json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        last = done.stdout.strip().splitlines()[-1:]
        return done.returncode, json.loads(last[0]) if last else None, done.stderr

    return call


def test_digits_are_learned_exported_and_predicted_alike(glassbox, tmp_path):
    assert glassbox("new", "digits", "-o", "d.glassbox")[0] == 0
    assert glassbox("check", "d.glassbox")[1] == {"problems": []}
    code, trained, errors = glassbox("train", "d.glassbox", "--epochs", "30")

    assert (code, errors) == (0, "")
    assert trained["metrics"]["test"]["accuracy"] >= 0.97
    assert glassbox("evaluate", "d.glassbox")[1]["metrics"] == trained["metrics"]

    code, exported, _ = glassbox("export", "d.glassbox", "--to", "onnx", "-o", "d.onnx")

    assert code == 0
    assert exported["max_abs_difference"] <= 1e-5

    dataset = prepare(open_template("digits").data)
    np.savez(tmp_path / "x.npz", input_1=dataset.features[dataset.test])
    glassbox("predict", "d.onnx", "--input", "x.npz", "--output", "y.npz")
    glassbox("predict", "d.glassbox", "--input", "x.npz", "--output", "z.npz")
    with np.load(tmp_path / "y.npz") as y, np.load(tmp_path / "z.npz") as z:
        (name,) = y.files
        right = y[name].argmax(axis=1) == dataset.targets[dataset.test]

        np.testing.assert_allclose(y[name], z[name], atol=1e-5)
        assert right.mean() == pytest.approx(trained["metrics"]["test"]["accuracy"])


def test_raw_columns_are_predicted_alike_by_the_project_and_by_its_export(glassbox, tmp_path):
    glassbox("new", "iris", "-o", "i.glassbox")
    glassbox("train", "i.glassbox")
    glassbox("export", "i.glassbox", "--to", "onnx", "-o", "i.onnx")
    table = open_template("iris").data.source.load()
    with (tmp_path / "x.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names[:4])
        writer.writerows(zip(*(c.texts() for c in table.columns[:4]), strict=True))
    for model, found in (("i.glassbox", "a.csv"), ("i.onnx", "b.csv")):
        code, result, errors = glassbox("predict", model, "--input", "x.csv", "--output", found)

        assert (code, result["examples"], errors) == (0, 150, "")

    by_project, by_export = (species_in(tmp_path / name) for name in ("a.csv", "b.csv"))
    truth = table.columns[4].texts()

    assert by_project == by_export
    assert sum(map(str.__eq__, by_project, truth)) / len(truth) >= 0.95


def species_in(path):
    with path.open(newline="") as file:
        return [row["species"] for row in csv.DictReader(file)]


def test_the_templates_are_listed_and_each_is_whole(glassbox):
    code, result, _ = glassbox("templates")
    ids = [template["id"] for template in result["templates"]]

    assert code == 0
    assert {"digits", "xor", "iris"} <= set(ids)
    assert all(template.keys() == {"id", "title", "summary"} for template in result["templates"])


def test_the_json_of_each_command_has_the_shape_that_is_promised(glassbox, tmp_path):
    glassbox("new", "xor", "-o", "x.glassbox")
    _, trained, _ = glassbox(
        "train", "x.glassbox", "--epochs", "3", "--seed", "5", "-o", "y.glassbox"
    )
    _, resumed, _ = glassbox("train", "y.glassbox", "--resume", "--epochs", "6")
    _, measured, _ = glassbox("evaluate", "y.glassbox")
    _, exported, _ = glassbox("export", "y.glassbox", "--to", "onnx", "-o", "y.onnx")

    for result in (trained, resumed, measured):
        assert result["metrics"].keys() == {"train", "validation", "test"}
        assert {"loss", "accuracy"} <= result["metrics"]["test"].keys()
    assert (trained["epochs"], resumed["epochs"]) == (3, 6)
    assert trained["seconds"] > 0
    assert exported.keys() >= {"path", "max_abs_difference", "verified_with"}
    assert exported["verified_with"].startswith("onnxruntime ")
    assert open_project(tmp_path / "x.glassbox")[0].weights == {}, "-o leaves the first file alone"


def test_a_picture_of_the_window_is_taken_without_a_display(glassbox, tmp_path):
    glassbox("new", "digits", "-o", "d.glassbox")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "gui", "screenshot", "d.glassbox", "-o", "d.png"),
            *("--size", "1000x700", "--theme", "light", "--workspace", "train"),
            *("--train-epochs", "2"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "d.png") as picture:
        assert picture.size == (1000, 700)
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 100


def test_what_was_trained_is_all_in_the_file(glassbox, tmp_path):
    glassbox("new", "xor", "-o", "x.glassbox")
    _, trained, _ = glassbox("train", "x.glassbox")
    project, notes = open_project(tmp_path / "x.glassbox")
    (run,) = project.runs

    assert notes == []
    assert run.metrics == trained["metrics"]
    assert {"loss/train", "loss/validation", "accuracy/validation"} <= set(run.curves)
    assert {key for key in run.checkpoint.arrays if key.startswith("slots/")}


BAD = {
    "a truncated project": (("train", "cut.glassbox"), 1, "cut.glassbox"),
    "an untrained project": (
        ("export", "new.glassbox", "--to", "onnx", "-o", "a.onnx"),
        1,
        "Train",
    ),
    "a table that is ragged": (("evaluate", "done.glassbox", "--data", "bad.csv"), 1, "Line 3"),
    "an unknown template": (("new", "nothing", "-o", "a.glassbox"), 1, "nothing"),
    "an unknown command": (("fly",), 2, "fly"),
    "too few epochs": (("train", "new.glassbox", "--epochs", "0"), 1, "0"),
}


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    project = open_template("xor")
    save_project(project, folder / "new.glassbox")
    trainer = Trainer(project.graph, prepare(project.data), project.training.replaced(epochs=1))
    trainer.run()
    project.weights = trainer.weights()
    save_project(project, folder / "done.glassbox")
    (folder / "cut.glassbox").write_bytes((folder / "done.glassbox").read_bytes()[:-300])
    (folder / "bad.csv").write_text("x1,x2,class\n1,2,0\n3\n")
    return folder


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence_on_stderr_and_a_code(bad_files, name):
    arguments, code, word = BAD[name]
    done = subprocess.run(
        [sys.executable, "-m", "gui", *arguments, "--json"],
        cwd=bad_files,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
    assert done.stdout == ""


def test_a_failure_is_one_sentence_and_no_stack_trace(glassbox):
    code, result, errors = glassbox("train", "nowhere.glassbox")

    assert (code, result) == (1, None)
    assert errors == "There is no file 'nowhere.glassbox'. Check its name and folder.\n"
