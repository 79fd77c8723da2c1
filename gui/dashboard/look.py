"""A look into one node: what goes through it for the example that is shown."""

from __future__ import annotations

from engine.graph.model import Wire
from engine.layers.base import Array
from gui.dashboard.insides import Inside, Looked, inside_of
from gui.document.document import Document
from gui.training.values import LiveValues


def inside_of_node(node_id: str, document: Document, values: LiveValues) -> Inside | None:
    """The inside of a node of the document's graph; None where nothing is known of it."""
    outputs, graph = values.on_examples(), document.graph
    if node_id not in outputs or node_id not in graph:
        return None
    node, found = graph.node(node_id), document.inference[node_id]
    arriving: dict[str, list[Array]] = {}
    real: dict[str, Array] = {}
    names: list[str] = []
    masks = values.masks()
    wires = graph.incoming(node_id)
    known = (
        found.loop is None and node.switch == "on" and all(_is_known(w, document) for w in wires)
    )
    for wire in wires if known else ():
        if wire.source in outputs:
            arriving.setdefault(wire.target_port, []).append(outputs[wire.source][..., 0])
        if wire.source in masks:
            real[wire.target_port] = masks[wire.source][:, 0]
        names += _names(wire.source, document)
    if not wires:
        names = _names(node_id, document)
    weights = {
        name: array for (owner, name), array in values.weights().items() if owner == node.owner
    }
    return inside_of(Looked(node.layer, outputs[node_id][..., 0], arriving, weights, real, names))


def _is_known(wire: Wire, document: Document) -> bool:
    """Whether what a wire brings is what its source is seen to put out."""
    source = document.graph.node(wire.source)
    first = source.layer.output_ports[0].name
    return wire.source_port == first and not wire.delay


def _names(node_id: str, document: Document) -> list[str]:
    """What the numbers of an input, or of a single neuron, are called."""
    node, signature = document.graph.node(node_id), document.dataset_signature
    columns = node.layer.__dict__.get("columns")
    if node.layer.kind == "input" and signature is not None:
        names = [signature.feature_names[i] for i in signature.indices(columns or ())]
        outputs = document.inference[node_id].outputs
        return names if outputs and outputs[0] == (len(names),) else []
    return [node.title] if node.layer.category == "neuron" else []
