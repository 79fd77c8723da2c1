"""When a file cannot be vouched for, it is said in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.errors import ExportError
from engine.graph.infer import infer
from engine.interop.onnx_export import export_onnx
from engine.interop.verify import OnnxModel, verify_onnx
from engine.plan.parameters import Parameters
from engine.project.templates import open_template


@pytest.fixture
def graph():
    return open_template("iris").graph


@pytest.fixture
def weights(graph):
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    return parameters.to_dict()


@pytest.fixture
def path(graph, weights, tmp_path):
    path = tmp_path / "model.onnx"
    export_onnx(graph, weights, path)
    return path


BATCH = {"input_1": np.linspace(-1, 1, 20, dtype=np.float32).reshape(5, 4)}


def test_a_file_that_computes_the_same_is_vouched_for_in_a_sentence(path, graph, weights):
    found = verify_onnx(path, graph, weights, BATCH)

    assert found.ok
    assert found.message == (
        f"{found.verified_with} and the network differ by at most "
        f"{found.max_abs_difference:.1e} on 5 examples."
    )


def test_a_file_of_other_weights_is_not_vouched_for(path, graph, weights):
    other = {key: array * 1.01 for key, array in weights.items()}

    found = verify_onnx(path, graph, other, BATCH)

    assert not found.ok
    assert found.max_abs_difference > 1e-5
    assert found.message.endswith("which is more than 1e-05: do not rely on the file.")


def test_results_that_are_not_finite_cannot_be_compared(path, graph, weights):
    found = verify_onnx(path, graph, weights, {"input_1": np.full((2, 4), np.nan, np.float32)})

    assert not found.ok
    assert math.isnan(found.max_abs_difference)
    assert found.message.startswith("Nobody can vouch for the file: some results are not finite")


def test_without_examples_nobody_vouches(path, graph, weights):
    found = verify_onnx(path, graph, weights, {"input_1": np.zeros((0, 4), np.float32)})

    assert not found.ok
    assert found.message == (
        "Nobody can vouch for the file: there is no example to run through it."
    )


def test_a_file_that_is_no_model_is_told(path, graph, weights):
    path.write_bytes(b"not a model")

    found = verify_onnx(path, graph, weights, BATCH)

    assert not found.ok
    assert found.message.startswith(
        "Nobody can vouch for the file. onnxruntime cannot load 'model.onnx': "
    )


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ExportError, match="There is no file"):
        OnnxModel(tmp_path / "nowhere.onnx")


def test_a_batch_that_the_model_cannot_take_is_refused(path):
    with pytest.raises(ExportError, match=r"needs an array of shape \(N, 4\)"):
        OnnxModel(path).predict({"input_1": np.zeros((2, 9), np.float32)})
