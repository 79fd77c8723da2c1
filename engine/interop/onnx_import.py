"""A model as an editable graph, weights included.

Each operator becomes the layer that computes the same; an activation that alone reads
a Dense or a convolution becomes that layer's own. What has no counterpart becomes a
placeholder that keeps its kind, and a note says why. The operators of the file alone
count: nothing that a program wrote beside them is relied upon.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import GlassboxError
from engine.fields import Plain
from engine.graph.model import Graph
from engine.graph.order import topological
from engine.interop.onnx_building import Building, UnsupportedError, Value
from engine.interop.onnx_file import Operator, read_onnx
from engine.interop.onnx_folding import fold
from engine.interop.onnx_masks import masked
from engine.interop.onnx_operators import OPERATORS
from engine.interop.verify import Verification, verify_onnx
from engine.layers.base import Array
from engine.layers.embedding import Embedding
from engine.layers.placeholder import FOREIGN, Placeholder
from engine.layers.terminal import Input
from engine.plan.parameters import Weights

COLUMN, ROW = 240.0, 150.0
"""How far apart nodes are placed, in pixels."""

EXAMPLES = 8
"""How many examples an imported model is checked on."""


@dataclass(frozen=True)
class ImportedModel:
    """What a file became.

    notes: a sentence for each operator that has no counterpart.
    batch: the number of examples that the file takes, if it fixes one.
    """

    graph: Graph
    weights: Weights
    notes: tuple[str, ...]
    batch: int | None


def import_onnx(path: str | Path) -> ImportedModel:
    """Read an ONNX file.

    Raises ModelImportError: it is damaged or no ONNX model, or its inputs have free axes.
    """
    file = read_onnx(path)
    building, notes = Building(file), []
    for name, shape in file.inputs.items():
        building.values[name] = building.layer("input", {}, name=name, shape=shape)
    # Constants first: those of a group of operators may stand between them.
    building.swallow(*(operator for operator in file.operators if fold(building, operator)))
    for operator in file.operators:
        if operator.outputs[0] in building.done or fold(building, operator):
            continue
        if reason := _translate(building, operator):
            notes.append(f"{operator.name} is kept as a placeholder and cannot run: {reason}.")
    for name in file.outputs:
        if note := _end(building, name):
            notes.append(note)
    building.prune()
    _place(building.graph)
    return ImportedModel(building.graph, building.weights, tuple(notes), file.batch)


def verify_import(path: str | Path, found: ImportedModel, seed: int = 0) -> Verification | None:
    """Run the file in onnxruntime and the graph in the engine on the same random numbers.

    None where the graph has placeholders and cannot run.
    """
    if found.notes:
        return None
    rng, count = np.random.default_rng(seed), found.batch or EXAMPLES
    batch: dict[str, Array] = {}
    for node in found.graph.nodes:
        if isinstance(node.layer, Input):
            shape = (count, *node.layer.shape)
            readers = [found.graph.node(w.target).layer for w in found.graph.outgoing(node.id)]
            tokens = [reader.tokens for reader in readers if isinstance(reader, Embedding)]
            drawn = rng.integers(0, min(tokens), shape) if tokens else rng.normal(size=shape)
            batch[node.name] = drawn.astype(np.float32)
    return verify_onnx(path, found.graph, found.weights, batch)


def _translate(building: Building, operator: Operator) -> str:
    """Add what an operator becomes. Returns why it has no counterpart, or nothing."""
    before = len(building.graph), len(building.done)
    reason = f"no layer does what {operator.kind} does"
    try:
        if masked(building, operator):
            return ""
        if operator.kind in OPERATORS:
            OPERATORS[operator.kind](building, operator)
            return ""
    except UnsupportedError as error:
        reason = str(error)
    except GlassboxError as error:
        reason = str(error).rstrip(".")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"its settings make no sense ({error})"
    building.back_to(*before)
    _keep(building, operator, reason)
    return reason


def _keep(building: Building, operator: Operator, reason: str) -> None:
    """A placeholder with the wires of an operator."""
    outputs = [name for name in operator.outputs if name]
    ports = ("out", *(f"out_{place}" for place in range(2, len(outputs) + 1)))
    settings = {name: _plain(value) for name, value in operator.attributes.items()}
    kind = f"{FOREIGN}{operator.kind}"
    layer = Placeholder(
        kind, settings, output_ports=ports, reason=f"{reason}. Put another layer in its place."
    )
    arriving = [building.values[name] for name in operator.inputs if name in building.values]
    node = building.layer(layer, arriving, name=operator.name)
    for name, port in zip(outputs, ports, strict=True):
        building.values[name] = Value(node.node, building.file.shapes.get(name), port)


def _plain(value: Any) -> Plain:
    """An attribute as it can stand in a project file; of a large array, its shape alone."""
    if isinstance(value, np.ndarray):
        return value.tolist() if value.size <= 64 else f"an array of shape {value.shape}"
    return value if isinstance(value, int | float | str | list) else str(value)


def _end(building: Building, name: str) -> str:
    """Add an Output node. Returns a note where nothing can be wired to it."""
    try:
        value = building.value(name)
    except UnsupportedError as error:
        building.layer("output", [], name=name)
        return f"Nothing is wired to the output {name!r}: {error}. Wire it by hand."
    building.layer("output", [value], name=name)
    return ""


def _place(graph: Graph) -> None:
    """A column for each step from the inputs, centred."""
    depth: dict[str, int] = {}
    columns: dict[int, list[str]] = {}
    for node_id in topological([node.id for node in graph.nodes], graph.successors):
        depth[node_id] = max((depth[p] + 1 for p in graph.predecessors(node_id)), default=0)
        columns.setdefault(depth[node_id], []).append(node_id)
    graph.move(
        {
            node_id: (column * COLUMN, (row - (len(members) - 1) / 2) * ROW)
            for column, members in columns.items()
            for row, node_id in enumerate(members)
        }
    )
