"""Everything on the canvas paints itself at every zoom, in both themes, and leaks nothing."""

import sys

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from engine.diagnosis.health import Health
from engine.graph.fragment import cut
from engine.graph.model import Wire
from engine.project.project import Project
from gui.canvas.items.wire_path import distance, wire_path
from gui.canvas.scene import GraphScene
from gui.document.document import Document
from gui.theme import DARK, LIGHT, apply_theme, diverging

PAINTS = 300


@pytest.fixture
def full(qapp, xor, chain):
    """Neurons and cards with all there is to show on them."""
    scene = GraphScene(Document(Project(graph=xor)))
    scene.document.paste(_fragment(chain), (0, 240))
    scene.set_weights({wire: 0.5 - i for i, wire in enumerate(xor.wires)})
    for node_id in ("x1", "n1", "dense_1"):
        scene.set_preview(node_id, diverging(np.ones((4, 4)), DARK))
    levels = {"n1": "ok", "n2": "warning", "out": "bad"}
    scene.set_health({node_id: Health(level, "") for node_id, level in levels.items()})
    scene.document.select(["n2", "dense_1"])
    scene.hover(scene.wires[Wire("x1", "n1")])
    return scene


def _fragment(graph):
    return cut(graph, [node.id for node in graph.nodes])


def painted(scene, zoom):
    image = QImage(900, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    source = QRectF(-120, -60, 900 / zoom, 600 / zoom)
    scene.render(painter, QRectF(image.rect()), source)
    painter.end()
    return image


@pytest.mark.parametrize("zoom", [0.1, 0.4, 1.0, 2.5])
@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_every_zoom_and_theme_paints(qapp, full, tokens, zoom):
    apply_theme(qapp, tokens)
    image = painted(full, zoom)

    assert len({image.pixel(x, y) for x in range(0, 900, 7) for y in range(0, 600, 7)}) > 3
    apply_theme(qapp, DARK)


def test_painting_keeps_the_references_to_none(full):
    image = QImage(900, 600, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    source = QRectF(-120, -60, 900, 600)
    full.render(painter, QRectF(image.rect()), source)
    before = sys.getrefcount(None)
    for _ in range(PAINTS):
        full.render(painter, QRectF(image.rect()), source)
    after = sys.getrefcount(None)
    painter.end()

    # A pen or brush that lost one would do so hundreds of times in each paint.
    assert abs(after - before) < PAINTS


def test_a_selected_card_has_a_ring_of_the_accent_colour(full, qapp):
    apply_theme(qapp, DARK)
    card = full.nodes["dense_1"].scene_card()
    image = painted(full, 1.0)
    x, y = round(card.left() + 40 + 120), round(card.top() - 3 + 60)

    assert QColor(image.pixel(x, y)).name() == DARK.accent


def test_a_picture_on_a_card_is_seen_from_afar_too(full):
    card = full.nodes["dense_1"]
    zoom = 0.4
    place = (card.pos() + card._slot.center() + QPointF(120, 60)) * zoom
    image = painted(full, zoom)

    assert QColor(image.pixel(place.toPoint())).name() == DARK.positive


def test_a_wire_leaves_to_the_right_and_arrives_from_the_left():
    for end in (QPointF(200, 80), QPointF(-200, 160), QPointF(-10, 10)):
        path = wire_path(QPointF(0, 0), end)
        assert path.pointAtPercent(0.02).x() >= 0
        assert path.pointAtPercent(0.98).x() <= end.x() + 1e-6 or end.x() > 0
        assert path.pointAtPercent(1) == end


def test_the_distance_to_a_line_is_that_to_its_nearest_piece():
    points = [QPointF(0, 0), QPointF(10, 0), QPointF(10, 10)]

    assert distance(points, QPointF(5, 3)) == 3
    assert distance(points, QPointF(14, 5)) == 4
    assert distance(points, QPointF(13, 14)) == 5


def test_after_panning_across_and_down_all_looks_as_if_painted_anew(canvas, chain):
    view = canvas(chain).view
    for across, down in ((5, 3), (-7, 11), (0, 4), (13, 0)):
        view.pan_by(across, down)
    QApplication.processEvents()
    screen = view.viewport().window().screen()
    panned = screen.grabWindow(view.window().winId()).toImage()
    view.viewport().update()
    QApplication.processEvents()

    assert screen.grabWindow(view.window().winId()).toImage() == panned
    assert panned.width() > 0
