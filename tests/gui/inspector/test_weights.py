"""Which weights are pictures, and how parameters are described."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from gui.inspector.weights import WeightsSection, described, pictures

IMAGE = (1, 8, 8)


@pytest.fixture
def graph() -> Graph:
    layers = {
        "image": LAYERS.get("input")(shape=IMAGE),
        "flat": LAYERS.get("flatten")(),
        "first": LAYERS.get("dense")(units=64),
        "second": LAYERS.get("dense")(units=10),
    }
    names = list(layers)
    return Graph(
        [Node(name, layer) for name, layer in layers.items()],
        [Wire(a, b) for a, b in pairwise(names)],
    )


def test_weights_on_pixels_are_pictures_also_behind_a_flatten(graph):
    found = infer(graph)

    assert pictures(graph, found["first"], IMAGE) == (8, 8)


def test_weights_on_as_many_hidden_units_are_no_pictures(graph):
    assert pictures(graph, infer(graph)["second"], IMAGE) is None


def test_without_a_grey_picture_nothing_is_a_picture(graph):
    found = infer(graph)

    assert pictures(graph, found["first"], None) is None
    assert pictures(graph, found["first"], (3, 8, 8)) is None


def test_a_parameter_is_described_by_its_shape_and_range():
    assert described("weight", np.array([[-0.5, 0.25]])) == "weight 1×2 · −0.5 to 0.25"
    assert described("bias", np.zeros(3)) == "bias 3 · all 0"


def test_kernels_are_shown_one_by_one_and_named_by_their_place(qtbot):
    kernels = np.arange(2 * 3 * 2 * 2, dtype=float).reshape(2, 3, 2, 2)
    section = WeightsSection()
    qtbot.addWidget(section)
    section.show_weights({"weight": kernels}, trained=True)
    painted = section._maps["weight"][1]

    assert section.title.text() == "Kernels"
    assert painted._tile == (2, 2)
    assert painted.sentence((4, 3)) == "w[1, 1, 1, 1] = 19"
