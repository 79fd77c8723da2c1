"""Which inside a node has, by its kind and by the values that go through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP as translatable  # noqa: N811 - a function, whatever its case
from PySide6.QtCore import QCoreApplication

from engine.layers.attention import MultiHeadAttention
from engine.layers.base import Array, Layer
from engine.layers.conv import Conv1D, Conv2D
from engine.layers.dense import Dense
from engine.layers.embedding import Embedding
from engine.layers.inside import answers, gates
from engine.layers.neuron import Neuron
from engine.layers.recurrent import Recurrent
from gui.dashboard.insides.base import HeatRows, Inside, Line, Tiles
from gui.dashboard.insides.units import MOST_UNITS, Numbers, Units, strongest

MOST_STEPS, MOST_CELLS = 96, 64
MOST_HEADS, MOST_MAPS, MOST_KERNELS = 4, 8, 6

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Looked:
    """What is known of one node for one example; examples have no axis here.

    output: what it puts out. arriving: by port, in the order of wiring; empty where it is
    not known. weights: its own parameters. real: which steps are real, by port.
    names: of the numbers that arrive, or that an input puts out.
    """

    layer: Layer
    output: Array
    arriving: Mapping[str, Sequence[Array]] = field(default_factory=dict)
    weights: Mapping[str, Array] = field(default_factory=dict)
    real: Mapping[str, Array] = field(default_factory=dict)
    names: Sequence[str] = ()

    @property
    def x(self) -> Array | None:
        """The only thing that arrives at the first port."""
        first = self.arriving.get(self.layer.input_ports[0].name, ()) if self.arriving else ()
        return first[0] if len(first) == 1 else None


def inside_of(looked: Looked) -> Inside | None:
    """The inside of a node; None where there is nothing more to see than its preview."""
    layer = looked.layer
    for kind, make in _MAKERS:
        if isinstance(layer, kind) and (made := make(looked)) is not None:
            return made
    return _values(looked)


# By kind


def _dense(looked: Looked) -> Inside | None:
    x, weight, y = looked.x, looked.weights.get("weight"), looked.output
    if x is None or weight is None or x.ndim != y.ndim or x.ndim > 2:
        return None
    if x.shape[-1] != weight.shape[1]:
        return None
    at = ""
    if x.ndim == 2:
        x, y, at = x[-1], y[-1], translate("Insides", ", at the last step")
    return Units(_units_caption(len(y)) + at, x, weight, y, looked.names)


def _neuron(looked: Looked) -> Inside | None:
    weight, parts = looked.weights.get("weight"), looked.arriving.get("in", ())
    if weight is None or not parts or any(part.ndim != 1 for part in parts):
        return None
    x = np.concatenate(list(parts))
    if len(x) != weight.size or looked.output.ndim != 1:
        return None
    return Units(_units_caption(1), x, weight.reshape(1, -1), looked.output, looked.names)


def _units_caption(count: int) -> str:
    if count == 1:
        return translate("Insides", "1 neuron, and what arrives at it")
    if count > MOST_UNITS:
        return translate("Insides", "{0} neurons, the {1} strongest").format(
            f"{count:,}", MOST_UNITS
        )
    return translate("Insides", "{0} neurons, and what drives them").format(count)


def _conv(looked: Looked) -> Inside | None:
    weight, y = looked.weights.get("weight"), looked.output
    if weight is None or weight.ndim != 4 or y.ndim != 3 or len(weight) != len(y):
        return None
    tiles = []
    for channel in strongest(np.abs(y).mean(axis=(1, 2)), MOST_KERNELS).tolist():
        kernels = weight[channel]  # (I, K, K)
        kernel = kernels[np.argmax(np.square(kernels).sum(axis=(1, 2)))]
        tiles.append((str(channel + 1), (kernel, y[channel])))
    text = translate("Insides", "Kernels and what they find: {0} of {1}")
    return Tiles(text.format(len(tiles), len(weight)), tiles)


def _conv_of_sequence(looked: Looked) -> Inside | None:
    weight, y = looked.weights.get("weight"), looked.output
    if weight is None or weight.ndim != 3 or y.ndim != 2:
        return None
    tiles = [(str(i + 1), (weight[i],)) for i in range(min(4, len(weight)))]
    return Tiles(
        translate("Insides", "Kernels: inputs down, steps across: {0} of {1}").format(
            len(tiles), len(weight)
        ),
        tiles,
    )


GATES = {
    "input": translatable("Insides", "write"),
    "forget": translatable("Insides", "keep"),
    "output": translatable("Insides", "show"),
    "candidate": translatable("Insides", "new"),
    "memory": translatable("Insides", "memory c"),
    "keep": translatable("Insides", "keep z"),
    "reset": translatable("Insides", "reset r"),
    "shows": translatable("Insides", "state h"),
}
"""What a gate is called beside its heat map."""


def _recurrent(looked: Looked) -> Inside | None:
    layer, arriving = looked.layer, looked.arriving
    assert isinstance(layer, Recurrent)
    x = looked.x
    if x is None or x.ndim != 2 or "weight" not in looked.weights:
        return None
    first = {port: arriving[port][0] for port in layer.states if arriving.get(port)}
    found = gates(layer, looked.weights, x, first, looked.real.get("in"))
    rows = [
        (translate("Insides", str(GATES[name])), _cells(values), None if name == "memory" else 1.0)
        for name, values in found.items()
    ]
    text = translate("Insides", "Gates of {0} units over {1} steps →")
    return HeatRows(text.format(layer.units, len(x)), rows)


def _cells(values: Array) -> Array:
    """(T, H) with the units down and the steps across."""
    cells: Array = values[:MOST_STEPS, :MOST_CELLS].T
    return cells


def _embedding(looked: Looked) -> Inside | None:
    x, y = looked.x, looked.output
    if x is None or x.ndim != 1 or y.ndim != 2:
        return None
    tokens = " ".join(f"{token:.0f}" for token in x.tolist())
    text = translate("Insides", "A row of {0} numbers for each of {1} tokens →")
    rows = [("", _cells(y), None)]
    return HeatRows(text.format(y.shape[1], len(x)), rows, tokens, row=64.0)


def _attention(looked: Looked) -> Inside | None:
    layer, x = looked.layer, looked.x
    assert isinstance(layer, MultiHeadAttention)
    if x is None or x.ndim != 2 or "query" not in looked.weights:
        return None
    context = looked.arriving.get("context", ())
    real = looked.real.get("context" if context else "in")
    found = answers(layer, looked.weights, x, context[0] if context else None, real)
    tiles = [
        (translate("Insides", "head {0}").format(head + 1), (found[head],))
        for head in range(min(MOST_HEADS, len(found)))
    ]
    return Tiles(translate("Insides", "Who asks (down) whom (across)"), tiles)


def _values(looked: Looked) -> Inside | None:
    """What any node puts out, larger than in its preview and with numbers."""
    y = looked.output
    shape = "×".join(str(size) for size in y.shape)
    if y.ndim == 1 and y.size:
        text = (
            translate("Insides", "What leaves: {0} numbers")
            if y.size > 1
            else translate("Insides", "What leaves")
        )
        names = looked.names if not looked.layer.input_ports else ()
        return Numbers(text.format(y.size), y, names)
    if y.ndim == 2:
        text = translate("Insides", "What leaves: {0}, steps across →")
        if y.shape[1] == 1:
            return Line(text.format(shape), y[:, 0])
        return HeatRows(text.format(shape), [("", _cells(y), None)], row=64.0)
    if y.ndim >= 3:
        images = y.reshape(-1, *y.shape[-2:])[:MOST_MAPS]
        tiles = [(str(number + 1), (image,)) for number, image in enumerate(images)]
        return Tiles(translate("Insides", "What leaves: {0}").format(shape), tiles)
    return None


_MAKERS: tuple[tuple[type[Layer], Callable[[Looked], Inside | None]], ...] = (
    (Dense, _dense),
    (Neuron, _neuron),
    (Conv2D, _conv),
    (Conv1D, _conv_of_sequence),
    (Recurrent, _recurrent),
    (Embedding, _embedding),
    (MultiHeadAttention, _attention),
)
