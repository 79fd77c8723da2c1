"""Writing a network as an ONNX model, with what it takes to predict from raw data.

The model's inputs and outputs carry the names that `predict` uses, its batch
is free, and its metadata hold the fitted transforms and the classes, so that
the file alone is enough for a table of raw columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.atomic import write_atomically
from engine.errors import ExportError
from engine.fields import Plain
from engine.graph.infer import Inference, infer
from engine.graph.model import Graph
from engine.interop.noise import noise_inputs, with_noise_from_outside
from engine.interop.onnx_graph import OnnxGraph
from engine.layers.base import Array
from engine.layers.noise_source import Noise
from engine.plan.extent import Mode, model_inputs, model_outputs, nodes_for
from engine.plan.parameters import Weights
from engine.plan.switches import switched
from engine.plan.unroll import straight
from engine.shapes import Shape

OPSET = 17
IR_VERSION = 8
"""The oldest versions that hold all operators used here, so that most runtimes read the file."""

METADATA = "glassbox"
"""Key of the metadata in the model."""

BATCH = "batch"


def export_onnx(
    graph: Graph,
    weights: Weights,
    path: str | Path,
    encoding: Mapping[str, Plain] | None = None,
    title: str = "network",
) -> None:
    """Write the part of a graph that its outputs depend on.

    encoding: the fitted transforms of its data set (`Encoding.to_plain`).

    Raises
        CompileError: the graph cannot run.
        ExportError: a layer has no counterpart in ONNX, weights are missing, or the
            file cannot be written.
    """
    model = onnx_model(graph, weights, encoding, title)
    content = model.SerializeToString()
    write_atomically(path, lambda file: file.write(content), ExportError)


def onnx_model(
    graph: Graph,
    weights: Weights,
    encoding: Mapping[str, Plain] | None = None,
    title: str = "network",
) -> Any:
    """The `onnx.ModelProto` of a graph; its sources of noise become inputs of the model.

    Raises CompileError and ExportError.
    """
    import onnx
    from onnx import helper, numpy_helper

    noise = noise_inputs(graph)
    graph = with_noise_from_outside(graph)
    inputs, names = model_inputs(graph), output_names(graph)
    metadata = _metadata(graph, encoding, noise)
    made = straight(graph, infer(graph))
    outputs = made.outputs(graph)
    graph, inference = switched(made.graph, made.inference)
    needed = nodes_for(graph, inference, Mode.PREDICT)
    recorded = _Recording(graph, inference, weights, needed, inputs)
    nodes = [
        helper.make_node(n.op_type, n.inputs, n.outputs, n.name, **n.attributes)
        for part in recorded.parts
        for n in part.nodes
    ]
    ends = [end for output in outputs if (end := output.end(graph))]
    # A name of its own for each output, whatever the layer called its result.
    nodes += [
        helper.make_node("Identity", [recorded.value(graph, *end)], [name])
        for name, end in zip(names, ends, strict=True)
    ]
    element = helper.np_dtype_to_tensor_dtype(recorded.dtype)

    def described(name: str, shape: Shape) -> Any:
        return helper.make_tensor_value_info(name, element, [BATCH, *shape])

    body = helper.make_graph(
        nodes,
        title,
        [described(name, outgoing(inference, node_id)) for name, node_id in inputs],
        [described(name, outgoing(inference, *end)) for name, end in zip(names, ends, strict=True)],
        [
            numpy_helper.from_array(array, name)
            for arrays in recorded.initializers.values()
            for name, array in arrays.items()
        ],
    )
    model = helper.make_model(
        body,
        producer_name="Glassbox",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    helper.set_model_props(model, {METADATA: json.dumps(metadata)})
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(
            f"The network does not make a valid ONNX model: {error}. Report this, please."
        ) from error
    return model


def _metadata(
    graph: Graph, encoding: Mapping[str, Plain] | None, noise: Mapping[str, Noise]
) -> dict[str, Any]:
    columns = {
        name: list(getattr(graph.node(node_id).layer, "columns", ()))
        for name, node_id in model_inputs(graph)
    }
    return {
        "version": 1,
        "columns": columns,
        "outputs": list(output_names(graph)),
        "encoding": dict(encoding) if encoding else None,
        "noise": {name: source.to_plain() for name, source in noise.items()},
    }


def output_names(graph: Graph) -> tuple[str, ...]:
    """The name in the file of each of `model_outputs`: an input of the same name keeps it."""
    taken = {name for name, _ in model_inputs(graph)}
    return tuple(
        f"{output.name} output" if output.name in taken else output.name
        for output in model_outputs(graph)
    )


def outgoing(inference: Inference, node_id: str, port: str = "out") -> Shape:
    """The shape that leaves a node at a port."""
    found = inference[node_id]
    if not found.outputs:
        raise ExportError(f"The shape at {found.node.title} is not known. Wire it first.")
    return found.outputs[[known.name for known in found.node.layer.output_ports].index(port)]


class _Recording:
    """What every layer of a network wrote, and the names of the values between them."""

    def __init__(
        self,
        graph: Graph,
        inference: Inference,
        weights: Weights,
        nodes: list[str],
        entering: tuple[tuple[str, str], ...],
    ) -> None:
        """entering: name and node of each input of the model."""
        self.parts: list[OnnxGraph] = []
        self.initializers: dict[str, dict[str, Array]] = {}
        self.values: dict[str, list[str]] = {}
        self.masks: dict[str, str | None] = {}
        self.dtype: np.dtype[Any] = next(
            (array.dtype for array in weights.values()), np.dtype(np.float32)
        )
        names = {node_id: name for name, node_id in entering}
        self._any_input = next(iter(names.values()), None)
        for node_id in nodes:
            if node_id in names:
                self.values[node_id] = [names[node_id]]
            else:
                self._record(graph, inference, weights, node_id)

    def _record(self, graph: Graph, inference: Inference, weights: Weights, node_id: str) -> None:
        node, arriving = graph.node(node_id), inference[node_id].arriving
        wires = [
            wire for port in node.layer.input_ports for wire in graph.incoming(node_id, port.name)
        ]
        inputs = [self.value(graph, wire.source, wire.source_port) for wire in wires]
        if not node.layer.output_ports:  # an Output node only names what arrives
            self.values[node_id] = inputs
            return

        def weight(name: str) -> Array:
            try:
                return weights[node.owner, name]
            except KeyError:
                raise ExportError(
                    f"{node.title} has no weights yet. Train the network before it is exported."
                ) from None

        shapes = arriving.all if arriving else ()
        masks = [self.masks.get(wire.source) for wire in wires]
        # Nodes that share weights share the arrays in the file.
        shared = self.initializers.setdefault(node.owner, {})
        part = OnnxGraph(
            node_id, inputs, shapes, weight, self.dtype, self._any_input, masks, node.owner, shared
        )
        node.layer.onnx(part)
        if node.layer.masking == "passes":
            passing = {port.name for port in node.layer.input_ports if port.masks}
            by_port = zip(wires, masks, strict=True)
            part.join_masks(mask for wire, mask in by_port if wire.target_port in passing)
        self.masks[node_id] = part.mask
        self.parts.append(part)
        self.values[node_id] = part.results

    def value(self, graph: Graph, source: str, source_port: str) -> str:
        ports = [port.name for port in graph.node(source).layer.output_ports]
        return self.values[source][ports.index(source_port)]
