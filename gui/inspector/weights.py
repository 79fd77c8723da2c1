"""The parameters of a node: as heat maps, and for a neuron as numbers to set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine import shapes
from engine.fields import Real
from engine.graph.infer import NodeShapes
from engine.graph.model import Graph
from engine.layers.base import Array
from engine.shapes import Shape
from gui.forms import spoken
from gui.inspector.section import Section
from gui.inspector.weight_map import WeightMap
from gui.widgets import FieldRow, HintLabel, NumberField

MOST_FIELDS = 16
"""Weights of one neuron that are shown as numbers; the rest are in the heat map."""

REARRANGING = frozenset({"flatten", "reroute", "reshape", "dropout"})
"""Kinds that leave every pixel at its place in reading order."""

Weights = Mapping[str, Array]
"""The parameters and the state of one node, by name."""


def fitting(weights: Weights, found: NodeShapes) -> bool:
    """Whether weights are of the shapes that the node has now."""
    return found.weight_shapes == {name: array.shape for name, array in weights.items()}


class WeightsSection(Section):
    """A heat map of each parameter, with its range."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Weights"), parent, ruled=True)
        self._maps: dict[str, tuple[HintLabel, WeightMap]] = {}

    def show_weights(self, weights: Weights, trained: bool, picture: Shape | None = None) -> None:
        """picture: (H, W) where the inputs of each unit are the pixels of a picture."""
        kernels = any(array.ndim == 4 for array in weights.values())
        title = self.tr("Kernels") if kernels else self.tr("Weights")
        self.title.setText(title if trained else self.tr("{0} before training").format(title))
        self.setVisible(bool(weights))
        for name in [name for name in self._maps if name not in weights]:
            for widget in self._maps.pop(name):
                widget.hide()
                widget.deleteLater()
        for name, array in weights.items():
            caption, painted = self._row(name)
            caption.setText(described(name, array))
            painted.setVisible(bool(np.any(array)))  # zeros have the colour of the panel
            if array.ndim == 4:  # (O, I, K, K): each kernel is a picture
                painted.show_weights(array, array.shape[2:])
            else:
                painted.show_weights(array, picture if array.ndim == 2 else None)

    def _row(self, name: str) -> tuple[HintLabel, WeightMap]:
        if name not in self._maps:
            self._maps[name] = HintLabel(parent=self), WeightMap(self)
            for widget in self._maps[name]:
                self.rows.addWidget(widget)
        return self._maps[name]


def described(name: str, array: Array) -> str:
    """`weight 10×64 · −0.31 to 0.29`"""
    shape = f"{spoken(name)} {shapes.text(array.shape)}"
    if not array.size:
        return shape
    low, high = float(np.min(array)), float(np.max(array))
    if low == high:
        return f"{shape} · all {low:.3g}".replace("-", "−")
    return f"{shape} · {low:.3g} to {high:.3g}".replace("-", "−")


@dataclass(frozen=True)
class Weight:
    """One number of a neuron: which parameter and place, and what it is called."""

    name: str
    index: int
    label: str
    help: str


def neuron_weights(graph: Graph, found: NodeShapes) -> list[Weight]:
    """The bias and the weight of each number that arrives, in the order of wiring."""
    names = {spec.name for spec in found.parameters}
    listed = []
    if "bias" in names:
        listed.append(Weight("bias", 0, "Bias", "What is added to the weighted sum."))
    for index, source in enumerate(arriving_numbers(graph, found)):
        listed.append(Weight("weight", index, source, f"The weight of what comes from {source}."))
    return listed


def arriving_numbers(graph: Graph, found: NodeShapes) -> Iterator[str]:
    """A name for each number that arrives at a node: the source's title, and its place there."""
    if found.arriving is None:
        return
    wires = graph.incoming(found.node.id)
    for wire, shape in zip(wires, found.arriving.all, strict=True):
        title = graph.node(wire.source).title
        size = shapes.size(shape)
        yield from ([title] if size == 1 else [f"{title} {i + 1}" for i in range(size)])


class NeuronSection(Section):
    """The bias and the weights of one neuron, each to be typed, dragged or scrolled.

    Emits
        weight_edited(str, int, float): parameter, place in it, and the new value.
    """

    weight_edited = Signal(str, int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Bias and weights"), parent)
        self._weights: list[Weight] = []
        self.fields: list[NumberField] = []
        self._rows: list[QWidget] = []

    def show_neuron(self, graph: Graph, found: NodeShapes, weights: Weights) -> None:
        listed = neuron_weights(graph, found)[:MOST_FIELDS]
        if listed != self._weights:
            self._weights = listed
            self._build()
        self.refresh(weights)
        self.setVisible(bool(listed))

    def refresh(self, weights: Weights) -> None:
        """Show other values of the same weights."""
        for weight, field in zip(self._weights, self.fields, strict=True):
            if weight.name in weights:
                field.set_value(float(f"{float(weights[weight.name].flat[weight.index]):.4g}"))

    def _build(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self.fields = [], []
        for weight in self._weights:
            field = NumberField(Real(0.0, help=weight.help, label=weight.label), parent=self)
            field.changed.connect(
                lambda value, weight=weight: self.weight_edited.emit(
                    weight.name, weight.index, value
                )
            )
            label = f"w · {weight.label}" if weight.name == "weight" else self.tr("Bias")
            row = FieldRow(label, field, weight.help, self)
            self.rows.addWidget(row)
            self._rows.append(row)
            self.fields.append(field)


def pictures(graph: Graph, found: NodeShapes, image_shape: Shape | None) -> Shape | None:
    """(H, W) where the inputs of one unit are the pixels of a grey picture of the data set."""
    if image_shape is None or len(image_shape) != 3 or image_shape[0] != 1:
        return None
    if not reads_pixels(graph, found.node.id):
        return None
    size = sum(shapes.size(shape) for shape in found.arriving.all) if found.arriving else 0
    return image_shape[1:] if size == shapes.size(image_shape) else None


def reads_pixels(graph: Graph, node_id: str) -> bool:
    """Whether a node reads one input as it is, or only rearranged."""
    sources = list(graph.predecessors(node_id))
    if len(sources) != 1:
        return False
    kind = graph.node(sources[0]).layer.kind
    return kind == "input" or (kind in REARRANGING and reads_pixels(graph, sources[0]))


def node_weights(all_weights: Mapping[tuple[str, str], Any], node_id: str) -> dict[str, Array]:
    """The weights of one node out of those of all."""
    return {name: array for (owner, name), array in all_weights.items() if owner == node_id}
