"""What is seen inside a node: the numbers of the example, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from engine.layers.attention import MultiHeadAttention
from engine.layers.base import LAYERS
from engine.layers.conv import Conv1D, Conv2D
from engine.layers.dense import Dense
from engine.layers.embedding import Embedding
from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.neuron import Neuron
from gui.dashboard.insides import Looked, inside_of
from gui.dashboard.insides.base import HeatRows, Line, Tiles, number
from gui.dashboard.insides.units import Numbers, Units, strongest

RNG = np.random.default_rng(3)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def recurrent(layer, gates):
    weights = {
        "weight": normal(gates * 4, 3),
        "recurrent": normal(gates * 4, 4),
        "bias": normal(gates * 4),
        "recurrent_bias": normal(gates * 4),
    }
    return Looked(layer, normal(4), {"in": [normal(6, 3)]}, weights)


def attention():
    weights = {name: normal(4, 4) for name in ("query", "key", "value", "output")}
    return Looked(
        MultiHeadAttention(heads=2, bias=False), normal(5, 4), {"in": [normal(5, 4)]}, weights
    )


CASES = {
    "Dense": (
        Looked(Dense(units=9), normal(9), {"in": [normal(5)]}, {"weight": normal(9, 5)}),
        Units,
        "9 neurons, the 7 strongest",
    ),
    "Dense at every step": (
        Looked(Dense(units=2), normal(6, 2), {"in": [normal(6, 5)]}, {"weight": normal(2, 5)}),
        Units,
        "2 neurons, and what drives them, at the last step",
    ),
    "Neuron": (
        Looked(Neuron(), normal(1), {"in": [normal(1), normal(2)]}, {"weight": normal(3)}),
        Units,
        "1 neuron, and what arrives at it",
    ),
    "Conv2D": (
        Looked(
            Conv2D(filters=8), normal(8, 6, 6), {"in": [normal(2, 6, 6)]},
            {"weight": normal(8, 2, 3, 3)},
        ),
        Tiles,
        "Kernels and what they find: 6 of 8",
    ),
    "Conv1D": (
        Looked(
            Conv1D(filters=3), normal(6, 3), {"in": [normal(6, 2)]}, {"weight": normal(3, 2, 3)}
        ),
        Tiles,
        "Kernels: inputs down, steps across: 3 of 3",
    ),
    "LSTM": (recurrent(LSTM(units=4), 4), HeatRows, "Gates of 4 units over 6 steps →"),
    "GRU": (recurrent(GRU(units=4), 3), HeatRows, "Gates of 4 units over 6 steps →"),
    "Embedding": (
        Looked(
            Embedding(tokens=9, width=3), normal(4, 3), {"in": [np.array([1.0, 2.0, 3.0, 0.0])]},
            {"weight": normal(9, 3)},
        ),
        HeatRows,
        "A row of 3 numbers for each of 4 tokens →",
    ),
    "attention": (attention(), Tiles, "Who asks (down) whom (across)"),
    "a sequence of numbers": (
        Looked(LAYERS.get("input")(shape=(6, 1)), normal(6, 1)), Line,
        "What leaves: 6×1, steps across →",
    ),
    "a vector": (
        Looked(LAYERS.get("flatten")(), normal(12)), Numbers, "What leaves: 12 numbers"
    ),
    "an image": (
        Looked(LAYERS.get("max_pool2d")(), normal(3, 4, 4)), Tiles, "What leaves: 3×4×4"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("looked", "kind", "caption"), CASES.values(), ids=CASES)
def test_every_kind_of_layer_has_its_inside(qapp, looked, kind, caption):
    inside = inside_of(looked)

    assert isinstance(inside, kind)
    assert inside.caption == caption


@pytest.mark.parametrize(("looked", "kind", "caption"), CASES.values(), ids=CASES)
def test_an_inside_paints_itself_into_its_room_and_not_beyond(qapp, looked, kind, caption):
    inside = inside_of(looked)
    image = QImage(220, int(inside.height) + 20, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    inside.paint(painter, QRectF(10, 10, 200, inside.height))
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())

    assert (drawn[10:-10, 10:-10] != 0).any()
    assert not drawn[: 10 - 2].any()
    assert not drawn[-6:].any()


def test_without_weights_a_dense_shows_what_leaves():
    assert isinstance(inside_of(Looked(Dense(units=3), normal(3), {"in": [normal(5)]})), Numbers)


def test_the_strongest_keep_their_order():
    assert strongest(np.array([0.1, -9.0, 3.0, 0.0]), 2).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.00"), (-0.5, "−0.50"), (0.001, "1e-3".replace("-", "−")), (12345.0, "1e4")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text
