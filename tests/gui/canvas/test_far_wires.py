"""Wires from afar: painted in one go, and anew with all that happens to one of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QGraphicsItem

from engine.graph.model import Wire
from gui.canvas.metrics import FAR

NOTHING = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
WIRE = Wire("x1", "n1")


class Painted(QObject):
    """What a widget has painted since it was last asked."""

    def __init__(self, widget, app):
        super().__init__(widget)
        self._app = app
        self._region = QRegion()
        app.processEvents()
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self._region += event.region()
        return False

    def region(self):
        self._app.processEvents()
        return self._region


@pytest.fixture
def view(canvas, xor, qapp):
    """A canvas seen from afar."""
    view = canvas(xor).view
    view.set_zoom(FAR / 2)
    qapp.processEvents()
    return view


@pytest.fixture
def painted(view, qapp):
    return Painted(view.viewport(), qapp)


def on_screen(view, item):
    return view.mapFromScene(item.sceneBoundingRect()).boundingRect()


def rests(view, wire=WIRE):
    return bool(view.graph_scene.wires[wire].flags() & NOTHING)


def test_plain_wires_are_not_asked_to_paint(view):
    assert all(rests(view, wire) for wire in view.graph_scene.wires)


def test_from_near_each_paints_itself(view):
    view.set_zoom(1.0)

    assert not any(rests(view, wire) for wire in view.graph_scene.wires)


def test_a_wire_with_a_weight_paints_itself(view):
    view.graph_scene.set_weights({WIRE: 0.5})
    assert not rests(view)

    view.graph_scene.set_weights({})
    assert rests(view)


def test_a_wire_that_was_pointed_at_is_painted_plain_again(view, painted, qapp):
    item = view.graph_scene.wires[WIRE]
    item.set_hovered(True)
    assert not rests(view)
    qapp.processEvents()
    painted = Painted(view.viewport(), qapp)

    item.set_hovered(False)

    assert rests(view)
    assert painted.region().contains(on_screen(view, item).center())


def test_a_wire_that_is_led_elsewhere_leaves_nothing_behind(view, painted):
    before = on_screen(view, view.graph_scene.wires[WIRE])

    view.document.move({"x1": (0, 600)})

    after = on_screen(view, view.graph_scene.wires[WIRE])
    assert painted.region().contains(before.center())
    assert painted.region().contains(after.center())


def test_a_wire_that_goes_leaves_nothing_behind(view, painted):
    before = on_screen(view, view.graph_scene.wires[WIRE])

    view.document.disconnect(WIRE)

    assert painted.region().contains(before.center())


def test_a_new_wire_is_painted_with_the_others(view, qapp):
    view.document.disconnect(WIRE)
    painted = Painted(view.viewport(), qapp)

    view.document.connect(WIRE)

    assert rests(view)
    assert painted.region().contains(on_screen(view, view.graph_scene.wires[WIRE]).center())
