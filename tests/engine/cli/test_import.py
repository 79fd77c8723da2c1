"""`import` from the command line."""

from __future__ import annotations

import numpy as np
import onnx

from engine.project.file import open_project


def test_an_exported_model_comes_back_as_a_project_that_predicts_the_same(run, trained, folder):
    run("export", trained, "--to", "onnx", "-o", "iris.onnx")

    code, found, _ = run("import", "iris.onnx", "-o", "again.glassbox")

    assert code == 0
    assert found["path"] == "again.glassbox"
    assert found["max_abs_difference"] <= 1e-5
    assert found["notes"] == []
    before, _ = open_project(trained)
    after, notes = open_project("again.glassbox")
    assert notes == []
    assert after.weights.keys() == before.weights.keys()
    for key, array in before.weights.items():
        np.testing.assert_array_equal(after.weights[key], array)


def test_what_has_no_layer_is_told_and_nothing_is_compared(run, trained, folder):
    run("export", trained, "--to", "onnx", "-o", "iris.onnx")
    model = onnx.load("iris.onnx")
    model.graph.node[-1].op_type = "Round"
    onnx.save(model, "iris.onnx")

    code, found, said = run("import", "iris.onnx", "-o", "again.glassbox")

    assert code == 0
    assert found["max_abs_difference"] is None
    assert len(found["notes"]) == 1
    assert "no layer does what Round does" in said
    assert "was not compared" in said


def test_a_file_that_is_no_model_fails_with_a_sentence(run, folder):
    (folder / "net.onnx").write_text("no model")

    code, _, said = run("import", "net.onnx", "-o", "net.glassbox")

    assert code == 1
    assert said.startswith("'net.onnx' is damaged or not an ONNX model")
    assert not (folder / "net.glassbox").exists()
