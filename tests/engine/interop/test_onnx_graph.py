"""The recorder: names that never collide, and what it keeps."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from engine.interop.onnx_graph import OnnxGraph

WEIGHTS = {"weight": np.arange(6.0, dtype=np.float32).reshape(2, 3)[:, :2]}


@pytest.fixture
def graph():
    return OnnxGraph("dense_1", ["x"], [(2,)], WEIGHTS.__getitem__)


def test_nodes_of_one_kind_get_names_of_their_own(graph):
    first, second = graph.node("Relu", ["x"]), graph.node("Relu", ["x"])

    assert first != second
    assert [node.name for node in graph.nodes] == ["dense_1/Relu", "dense_1/Relu_2"]
    assert [node.outputs for node in graph.nodes] == [(first,), (second,)]


def test_a_node_may_have_several_outputs(graph):
    names = graph.node_with_outputs("Split", ["x"], 2, axis=1)

    assert len(set(names)) == 2
    assert graph.nodes[0].attributes == {"axis": 1}


def test_a_parameter_is_kept_in_one_piece_and_in_the_shape_asked_for(graph):
    name, row = graph.parameter("weight"), graph.parameter("weight", (1, 4))

    assert graph.initializers[name].flags.c_contiguous
    np.testing.assert_array_equal(graph.initializers[name], [[0, 1], [3, 4]])
    np.testing.assert_array_equal(graph.initializers[row], [[0, 1, 3, 4]])
    assert name == "dense_1/weight"


def test_fractions_take_the_precision_of_the_graph_and_whole_numbers_keep_theirs(graph):
    half, sizes = graph.constant(0.5, "half"), graph.constant(np.array([1, 2]), "sizes")

    assert graph.initializers[half].dtype == np.float32
    assert graph.initializers[sizes].dtype == np.int64


def test_results_keep_the_order_of_ports(graph):
    graph.result("a")
    graph.result("b")

    assert graph.results == ["a", "b"]


def test_recording_needs_no_onnx():
    code = "import engine.layers, sys; assert 'onnx' not in sys.modules"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
