"""One layer as an ONNX model, run by onnxruntime with its graph optimisation off."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from engine.interop.onnx_graph import OnnxGraph

OPSET = 17


def recorded(layer, arriving, weights, masks=()) -> tuple[OnnxGraph, list[str]]:
    """What a layer writes, and the names of its inputs. masks: the names of those that arrive."""
    names = [f"x{number}" for number in range(len(arriving.all))]
    graph = OnnxGraph("layer", names, arriving.all, lambda name: weights[name], masks=masks)
    layer.onnx(graph)
    return graph, names


def model_of(graph: OnnxGraph, names, outputs) -> onnx.ModelProto:
    """A checked model. outputs: the shapes, without the batch. Masks are inputs of their own."""
    masks = [
        (name, shape[:1])
        for name, shape in zip(graph.masks, graph.shapes, strict=True)
        if name is not None
    ]
    nodes = [
        helper.make_node(n.op_type, n.inputs, n.outputs, n.name, **n.attributes)
        for n in graph.nodes
    ]
    nodes += [
        helper.make_node("Identity", [name], [f"y{number}"])
        for number, name in enumerate(graph.results)
    ]

    def described(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])

    body = helper.make_graph(
        nodes,
        "layer",
        [
            described(name, shape)
            for name, shape in (*zip(names, graph.shapes, strict=True), *masks)
        ],
        [described(f"y{number}", shape) for number, shape in enumerate(outputs)],
        [numpy_helper.from_array(array, name) for name, array in graph.initializers.items()],
    )
    model = helper.make_model(body, ir_version=8, opset_imports=[helper.make_opsetid("", OPSET)])
    onnx.checker.check_model(model, full_check=True)
    return model


def run_in_onnxruntime(model, names, arrays):
    """Outputs for batch-first arrays."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, dict(zip(names, arrays, strict=True)))


def outputs_in_onnxruntime(lone):
    """What onnxruntime makes of a `LoneLayer`'s inputs and weights, with examples last again."""
    weights = {**lone.parameters, **lone.state}
    masks = [None if v.mask is None else f"mask{n}" for n, v in enumerate(lone.values)]
    graph, names = recorded(lone.layer, lone.arriving, weights, masks)
    model = model_of(graph, names, lone.layer.infer(lone.arriving))
    given = lone.inputs + [value.mask for value in lone.values if value.mask is not None]
    arrays = [np.ascontiguousarray(np.moveaxis(array, -1, 0)) for array in given]
    names = [*names, *(name for name in masks if name is not None)]
    return [np.moveaxis(array, 0, -1) for array in run_in_onnxruntime(model, names, arrays)]
