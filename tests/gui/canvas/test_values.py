"""What travels along wires is told by colour, by the shape of ports, in words and in a legend."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from engine.graph.model import Graph, Node, Wire
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input
from gui.canvas.values import KINDS, draw_port, value_color, value_kind, value_word
from gui.document.habits import Habits
from gui.settings import Settings
from gui.theme import DARK, LIGHT, apply_theme

CONV, FLAT, DENSE = Wire("x", "conv"), Wire("conv", "flat"), Wire("flat", "dense")


@pytest.fixture
def images():
    return Graph(
        [
            Node("x", Input(shape=(1, 8, 8)), position=(0, 0)),
            Node("conv", Conv2D(filters=4, kernel=(3, 3)), position=(200, 0)),
            Node("flat", Flatten(), position=(400, 0)),
            Node("dense", Dense(units=3), position=(600, 0)),
        ],
        [CONV, FLAT, DENSE],
    )


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((1,), "scalar"),
        ((), "scalar"),
        ((64,), "vector"),
        ((12, 8), "sequence"),
        ((1, 8, 8), "image"),
        ((3, 4, 8, 8), "image"),
        (None, ""),
    ],
)
def test_a_shape_is_of_a_kind(shape, kind):
    assert value_kind(shape) == kind


def test_every_kind_has_a_colour_and_a_word_of_its_own(qapp):
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme)
        assert len({value_color(kind) for kind in ("", *KINDS)}) == len(KINDS) + 1
    apply_theme(qapp, DARK)
    assert len({value_word(kind) for kind in KINDS}) == len(KINDS)


def test_every_kind_has_a_shape_of_its_own(qapp):
    seen = set()
    for kind in KINDS:
        image = QImage(20, 20, QImage.Format.Format_Mono)
        image.fill(0)
        painter = QPainter(image)
        draw_port(painter, kind, QPointF(10, 10), 6)
        painter.end()
        seen.add(bytes(image.constBits()))

    assert len(seen) == len(KINDS)


def test_wires_take_the_kind_of_what_they_carry(canvas, images):
    hand = canvas(images)
    items = hand.view.graph_scene.wires

    assert [items[wire].kind for wire in (CONV, FLAT, DENSE)] == ["image", "image", "vector"]


def test_they_follow_the_settings_of_the_layers(canvas, images):
    hand = canvas(images)
    hand.view.document.set_field("x", "shape", (16,))

    assert hand.view.graph_scene.wires[CONV].kind == "vector"
    hand.view.document.undo.undo()
    assert hand.view.graph_scene.wires[CONV].kind == "image"


def test_a_new_wire_is_of_a_kind_as_soon_as_it_is_drawn(canvas, images):
    hand = canvas(images)
    hand.view.document.disconnect(DENSE)
    hand.wire_up("flat", "dense")

    assert hand.view.graph_scene.wires[DENSE].words == "256 · vector"


def test_the_legend_names_the_kinds_that_there_are(canvas, images):
    hand = canvas(images)
    legend = hand.view.legends.values

    assert legend.isVisible()
    assert [word for _, word in legend.entries] == ["vector", "image"]


def test_a_network_of_one_kind_needs_no_legend(canvas, chain):
    assert not canvas(chain).view.legends.values.isVisible()


def test_the_legend_is_put_away_and_stays_away(canvas, images):
    hand = canvas(images)
    hand.view.set_legend_shown(False)

    assert not hand.view.legends.values.isVisible()
    assert not hand.view.habits.legend
    hand.view.set_legend_shown(True)
    assert hand.view.legends.values.isVisible()


def test_settings_keep_whether_the_legend_is_wanted():
    settings = Settings()
    Habits(settings).legend = False
    Habits(settings).shake = True

    assert (settings.legend, settings.shake) == (False, True)
