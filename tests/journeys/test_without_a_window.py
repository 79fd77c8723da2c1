"""From a template to predictions without a window, as a user types it into a terminal."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.project.file import open_project
from engine.project.templates import open_template


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


def test_what_was_trained_is_all_in_the_file(glassbox, tmp_path):
    glassbox("new", "xor", "-o", "x.glassbox")
    _, trained, _ = glassbox("train", "x.glassbox")
    project, notes = open_project(tmp_path / "x.glassbox")
    (run,) = project.runs

    assert notes == []
    assert run.metrics == trained["metrics"]
    assert {"loss/train", "loss/validation", "accuracy/validation"} <= set(run.curves)
    assert {key for key in run.checkpoint.arrays if key.startswith("slots/")}


def test_a_failure_is_one_sentence_and_no_stack_trace(glassbox):
    code, result, errors = glassbox("train", "nowhere.glassbox")

    assert (code, result) == (1, None)
    assert errors == "There is no file 'nowhere.glassbox'. Check its name and folder.\n"
