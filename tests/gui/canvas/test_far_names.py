"""From afar names stand beside what they are of, where there is room, as large at any zoom."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss


@pytest.fixture
def graph():
    """x → encoder → decoder → loss in a line, and three that stand close to one another."""
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("a", Dense(units=4), "Encoder", (240, 0)),
        Node("b", Dense(units=4), "Decoder", (480, 0)),
        Node("loss", Loss(), position=(720, 0)),
        *(Node(f"c{i}", Dense(units=2), position=(240, 400 + 56 * i)) for i in range(9)),
    ]
    wires = [Wire("x", "a"), Wire("a", "b"), Wire("b", "loss", target_port="prediction")]
    drawing = Drawing(
        [Group("g", "Block", folded=False)],
        [Annotation("frame_1", "frame", "What it reads", (-40, -80), (520, 200))],
    )
    made = Graph(nodes, wires, drawing)
    made.assign({"c0": "g", "c1": "g", "c2": "g"})
    return made


def seen_at(hand, zoom):
    """The names in sight, by what they say."""
    hand.view.set_zoom(zoom)
    hand.view.centerOn(QPointF(400, 300))
    QApplication.processEvents()
    return {name.words: name for name in hand.view.graph_scene.names.names}


def on_screen(hand, zoom):
    cards = (item.scene_card() for item in hand.view.graph_scene.nodes.values())
    return [QRectF(card.topLeft() * zoom, card.size() * zoom) for card in cards]


def letters(view):
    """Where on the screen (H, W) something is as bright as letters are, which are grey."""
    shown = view.screen().grabWindow(view.window().winId()).toImage()
    image = shown.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).min(2) > 120


@pytest.mark.parametrize("zoom", [0.16, 0.2, 0.28])
def test_names_from_afar_cover_neither_nodes_nor_one_another(canvas, graph, zoom):
    hand = canvas(graph)
    names = seen_at(hand, zoom)
    rects = [name.rect().adjusted(1, 1, -1, -1) for name in names.values()]

    assert {"Encoder", "Decoder", "Cross-entropy", "What it reads", "Block"} <= set(names)
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))
    assert not any(
        name.rect().adjusted(2, 2, -2, -2).intersects(card)
        for name in names.values()
        if name.style == "far"
        for card in on_screen(hand, zoom)
    )


def test_a_name_is_as_large_on_screen_at_any_zoom(canvas, graph):
    hand = canvas(graph)
    near, far = (seen_at(hand, zoom)["Encoder"] for zoom in (0.28, 0.16))

    assert (near.width, near.height) == (far.width, far.height)
    assert near.height >= 9


def test_a_name_without_room_is_left_out(canvas, graph):
    hand = canvas(graph)
    seen_at(hand, 0.12)
    names = [name.words for name in hand.view.graph_scene.names.names]

    assert names.count("Dense") < 9


def test_nearer_nodes_show_their_names_themselves(canvas, graph):
    hand = canvas(graph)
    seen_at(hand, 0.12)
    before = letters(hand.view)
    hand.view.graph_scene.names.names.clear()
    hand.view.viewport().update()
    QApplication.processEvents()

    assert before.sum() > letters(hand.view).sum() + 300
    assert seen_at(hand, 0.5) == {}
    assert len(seen_at(hand, 0.12)) > 3


def test_the_title_of_a_frame_stands_on_it_and_a_name_follows_its_node(canvas, graph):
    hand = canvas(graph)
    names = seen_at(hand, 0.2)
    frame = hand.view.graph_scene.annotations["frame_1"].card()
    assert names["What it reads"].rect().bottom() <= frame.top() * 0.2
    hand.view.document.move({"b": (480.0, 160.0)})
    QApplication.processEvents()
    moved = {name.words: name for name in hand.view.graph_scene.names.names}["Decoder"]
    card = hand.view.graph_scene.nodes["b"].scene_card()
    card = QRectF(card.topLeft() * 0.2, card.size() * 0.2)

    assert abs(moved.rect().center().x() - card.center().x()) < 2
    assert card.top() - 20 < moved.top < card.bottom() + 20
    assert moved.top > names["Decoder"].top + 8


def test_after_edits_and_scrolling_names_look_as_if_painted_anew(canvas, graph):
    hand = canvas(graph)
    view, document = hand.view, hand.view.document
    seen_at(hand, 0.2)
    for edit in (
        lambda: view.graph_scene.place({"b": (480.0, 80.0), "a": (300.0, 40.0)}),
        lambda: document.move({"b": (500.0, 120.0)}),
        lambda: document.rename("a", "Reads it"),
        lambda: document.remove(["x"]),
        lambda: view.pan_by(31, 17),
        lambda: view.pan_by(-260, 0),
    ):
        edit()
        for _ in range(3):
            QApplication.processEvents()
        edited = letters(view)
        view.viewport().update()
        QApplication.processEvents()

        assert edited.sum() > 300
        np.testing.assert_array_equal(letters(view), edited)
