"""A network from data to file, with the names that the engine gives out."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import engine


def test_a_script_of_a_dozen_lines_goes_from_data_to_a_saved_and_exported_network(tmp_path):
    settings = engine.DataSettings(source="iris", transforms=["standardise"])
    data = engine.prepare(settings)
    graph = engine.chain(
        engine.Input(shape=[4]),
        engine.Dense(units=8, activation="tanh"),
        engine.Dense(units=3, activation="softmax"),
        engine.Loss(loss="categorical_cross_entropy"),
    )
    problems = engine.check(graph, engine.infer(graph), data.signature)
    training = engine.TrainingSettings(optimizer={"kind": "adam", "rate": 0.02}, epochs=40)
    trainer = engine.Trainer(graph, data, training)
    reason = trainer.run()
    weights = trainer.weights()
    metrics = engine.evaluate(graph, weights, data, "test")
    project = engine.Project(graph=graph, data=settings, training=training, weights=weights)
    engine.save_project(project, tmp_path / "iris.glassbox")
    again, notes = engine.open_project(tmp_path / "iris.glassbox")

    assert problems == []
    assert reason is engine.StopReason.FINISHED
    assert metrics["accuracy"] >= 0.8
    assert notes == []
    x = data.features[:5]
    np.testing.assert_array_equal(
        engine.Predictor(again.graph, again.weights).predict({"input_1": x})["dense_2"],
        engine.Predictor(graph, weights).predict({"input_1": x})["dense_2"],
    )


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_there(name):
    assert getattr(engine, name) is not None


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError):
        engine.no_such_name  # noqa: B018 - asking for it is the test


def test_importing_the_engine_imports_no_library():
    code = (
        "import sys, engine; from engine import Trainer; "
        "print(sorted({'onnx', 'onnxruntime', 'sklearn', 'polars', 'torch', 'PySide6', 'scipy'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
