"""ONNX files to import: exports of a graph, and models written by hand."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.graph.infer import infer
from engine.interop.onnx_export import export_onnx
from engine.interop.onnx_import import verify_import
from engine.plan.parameters import Parameters


def random_weights(graph):
    """Weights, and running statistics, as after some training."""
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(3)
    rng = np.random.default_rng(1)
    return {
        key: np.abs(array) + 0.5
        if key[1] == "running_variance"
        else array + rng.normal(0, 0.1, array.shape).astype(np.float32)
        for key, array in parameters.to_dict().items()
    }


def exported(graph, path):
    """The path of a graph's file, with random weights."""
    export_onnx(graph, random_weights(graph), path)
    return path


def model_of(path, operators, arrays=(), inputs=None, outputs=("y",), opset=17):
    """A model written by hand. operators: (kind, inputs, outputs, attributes)."""

    def described(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    body = helper.make_graph(
        [
            helper.make_node(kind, given, made, **attributes)
            for kind, given, made, attributes in operators
        ],
        "net",
        [described(n, s) for n, s in (inputs or {"x": ("batch", 4)}).items()],
        [described(name, None) for name in outputs],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in dict(arrays).items()],
    )
    model = helper.make_model(body, ir_version=8, opset_imports=[helper.make_opsetid("", opset)])
    onnx.save(model, path)
    return path


def kinds(found):
    """The kinds of layers that a file became."""
    return [node.layer.kind for node in found.graph.nodes]


def assert_the_same(path, found):
    """What was imported computes what the file does."""
    assert found.notes == ()
    checked = verify_import(path, found)
    assert checked is not None
    assert checked.ok, checked.message
    assert checked.max_abs_difference <= 1e-5
