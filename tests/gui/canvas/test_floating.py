"""What floats over the canvas: overview, empty state, card of a weight, the note."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.diagnosis.health import Health
from engine.diagnosis.reading import WeightReading
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.empty_state import TemplateCard
from gui.canvas.items import text
from gui.document.catalog import catalog
from tests.tools.mouse import LEFT, NONE


def test_the_card_of_a_weight_says_how_it_learns_where_that_is_known(canvas, xor):
    hand = canvas(xor)
    wire = Wire("x1", "n2")
    hand.view.graph_scene.set_weights({wire: 0.5})
    hand.view.reading = lambda wire: WeightReading(3.1e-3, 1.1e-3)
    hand.move(hand.wire(wire, 0.5))
    known = hand.view.hovering.card.words
    hand.view.reading = lambda wire: WeightReading(None, 1.1e-3)
    hand.view.show_health({})

    assert known == ("Weight x1 → n2", "+0.5000", "+3.1e-03", "1.1e-03")
    assert hand.view.hovering.card.words == ("Weight x1 → n2", "+0.5000", "1.1e-03")


def test_a_legend_rises_above_what_has_the_room_beside_it(canvas, xor):
    view = canvas(xor).view
    legend = view.legends.health
    view.legends.set_taken(0)
    low = legend.geometry()
    wide = view.viewport().width()
    view.legends.set_taken(wide - low.right() + 1)
    high = legend.geometry()

    assert high.bottom() < low.top()

    view.legends.set_taken(wide - low.right() - 64)

    assert legend.geometry() == low


def test_the_network_is_fitted_above_a_legend_that_has_risen(canvas, xor):
    view = canvas(xor).view
    view.fit()
    view.set_xray(True)
    view.show_health({"n1": Health("ok", "")})
    before = view.zoom, view.mapFromScene(view.content().bottomRight()).y()
    view.set_taken(view.viewport().width() - 100)
    lowest = view.mapFromScene(view.content().bottomRight()).y()

    assert lowest < before[1]
    assert lowest < view.legends.health.geometry().top()

    view.set_taken(0)

    assert (view.zoom, view.mapFromScene(view.content().bottomRight()).y()) == before


def test_the_x_ray_has_a_legend_where_there_is_health_to_see(canvas, xor):
    hand = canvas(xor)
    view, found = hand.view, {"n1": Health("warning", "The gradient is small.")}
    view.show_health(found)
    before = view.legends.health.isVisible(), view.graph_scene.nodes["n1"].health
    view.set_xray(True)
    view.show_health(found)

    assert before == (False, None)
    assert view.legends.health.isVisible()
    assert view.viewport().rect().contains(view.legends.health.geometry())
    hand.move(hand.node("n1"))
    assert view.viewport().toolTip() == "The gradient is small."
    view.set_xray(False)
    assert not view.legends.health.isVisible()


def test_an_empty_canvas_says_how_to_begin(canvas):
    hand = canvas()
    assert hand.view.empty.isVisible()
    hand.double_click(QPoint(60, 60))
    hand.type("dense")
    hand.key(Qt.Key.Key_Return)

    assert not hand.view.empty.isVisible()
    hand.view.document.undo.undo()
    assert hand.view.empty.isVisible()


def test_a_template_is_chosen_with_a_click(canvas):
    hand = canvas()
    hand.view.empty.set_templates([TemplateCard("digits", "Digits"), TemplateCard("xor", "XOR")])
    chosen = []
    hand.view.template_chosen.connect(chosen.append)
    second = hand.view.empty.findChildren(QPushButton)[-1]
    QTest.mouseClick(second, LEFT, NONE)

    assert chosen == ["xor"]


def test_other_templates_take_the_place_of_the_first(canvas, qapp):
    hand = canvas()
    hand.view.empty.set_templates([TemplateCard("digits", "Digits")])
    hand.view.empty.set_templates([TemplateCard("xor", "XOR")])
    qapp.sendPostedEvents()
    qapp.processEvents()

    assert hand.view.empty.rect().center().y() > 0


def test_the_overview_stays_in_its_corner_while_the_canvas_scrolls(canvas, chain):
    hand = canvas(chain)
    before = hand.view.minimap.pos()
    hand.view.pan_by(120, 80)

    assert hand.view.minimap.pos() == before


def test_what_floats_stays_in_place_while_the_canvas_is_hidden(canvas, chain):
    hand = canvas(chain)
    before = hand.view.minimap.pos()
    hand.view.hide()
    hand.view.pan_by(120, 80)

    assert hand.view.minimap.pos() == before


def test_a_click_on_the_overview_goes_there(canvas, chain):
    hand = canvas(chain)
    hand.view.set_zoom(3)
    hand.view.grab()
    QTest.mouseClick(hand.view.minimap, LEFT, NONE, QPoint(80, 42))
    middle = hand.view.visible_rect().center()
    whole = hand.view.graph_scene.bounds().center()

    assert (middle - whole).manhattanLength() < 10


def test_the_overview_can_be_put_away(canvas, chain):
    hand = canvas(chain)
    hand.view.set_minimap_shown(False)

    assert not hand.view.minimap.isVisible()


def test_a_weight_is_shown_in_figures_beside_its_wire(canvas, xor):
    hand = canvas(xor)
    wire = Wire("x1", "n2")
    hand.view.graph_scene.set_weights({wire: -1.284})
    hand.move(hand.wire(wire, 0.5))

    assert hand.view.hovering.card.isVisible()
    assert hand.view.hovering.card.words == ("Weight x1 → n2", "-1.2840")
    hand.move(hand.at(100, 300))
    assert not hand.view.hovering.card.isVisible()


def test_the_shape_on_a_wire_is_known_when_it_is_hovered(canvas, chain):
    hand = canvas(chain)
    wire = Wire("x", "a")
    hand.move(hand.wire(wire))

    assert hand.view.graph_scene.wires[wire].hovered
    assert hand.view.graph_scene.wires[wire].words == "4 · vector"


def test_a_refusal_stays_within_the_canvas(canvas):
    hand = canvas()
    hand.view.note.show_at(QPoint(995, 595), "No.")

    assert hand.view.viewport().rect().contains(hand.view.note.geometry())


def test_problems_of_a_node_are_its_tool_tip(canvas, chain):
    hand = canvas(chain)
    problem = next(p for p in hand.view.document.problems if p.node == "loss")
    hand.move(hand.node("loss"))

    assert problem.message in hand.view.viewport().toolTip()


def test_a_fitted_network_stays_fitted_when_the_canvas_is_resized(canvas, chain):
    hand = canvas(chain)
    hand.view.fit()
    hand.view.resize(500, 400)

    assert hand.view.visible_rect().contains(hand.view.graph_scene.reach())


def test_a_place_that_was_gone_to_is_kept_when_the_canvas_is_resized(canvas, chain):
    hand = canvas(chain)
    hand.view.fit()
    hand.view.set_zoom(2.0)
    hand.view.resize(500, 400)

    assert hand.view.zoom == 2.0


def test_adding_from_the_palette_goes_beside_the_selected_node(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a"])
    hand.view.add_offer(next(offer for offer in catalog() if offer.label == "Dense"))

    assert Wire("a", "dense_1") in hand.view.document.graph.wires


def test_going_to_a_node_brings_it_into_view(canvas, chain):
    hand = canvas(chain)
    hand.view.document.move({"b": (4000, 4000)})
    hand.view.go_to("b")

    assert hand.view.document.selection == ("b",)
    assert hand.view.visible_rect().contains(hand.view.graph_scene.bounds(["b"]))


def test_the_wheel_on_the_overview_zooms(canvas, chain):
    hand = canvas(chain)
    before = hand.view.zoom
    minimap = hand.view.minimap
    place = QPointF(80, 42)
    event = QWheelEvent(
        place,
        QPointF(minimap.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(minimap, event)

    assert hand.view.zoom > before


def test_the_overview_is_used_with_the_keys_and_left_with_escape(canvas, chain):
    hand = canvas(chain)
    hand.view.handlers()["view.go_minimap"]()
    before = hand.view.visible_rect()
    hand.key(Qt.Key.Key_Right)
    right = hand.view.visible_rect().center().x() - before.center().x()
    zoom = hand.view.zoom
    hand.key(Qt.Key.Key_Plus)

    assert right == 250
    assert hand.view.zoom > zoom
    hand.key(Qt.Key.Key_Escape)
    assert hand.view.hasFocus()


def test_the_overview_fades_while_nodes_lie_under_it(canvas, chain):
    hand = canvas(chain)
    hand.move(QPoint(20, 580))
    minimap = hand.view.minimap
    before = minimap.is_faded
    card = hand.view.graph_scene.nodes["loss"].scene_card()
    under = hand.view.mapToScene(minimap.geometry().center())
    hand.view.document.move({"loss": (under.x() - card.width() / 2, under.y() - 20)})
    hand.view.pan_by(1, 0)

    assert (before, minimap.is_faded) == (False, True)
    minimap.take_focus()
    assert not minimap.is_faded


@pytest.mark.parametrize("size", [(742, 388), (500, 300)])
def test_a_fitted_network_leaves_the_corner_to_the_overview(canvas, chain, size):
    hand = canvas(chain)
    view, minimap = hand.view, hand.view.minimap
    view.document.move({"loss": (900, 0), "b": (240, 380)})
    view.resize(*size)
    view.fit()
    corner = view.mapToScene(minimap.geometry()).boundingRect()

    assert not view.content().intersects(corner)
    assert view.visible_rect().contains(view.content())
    assert not minimap.is_faded


def test_a_very_large_network_is_fitted_whole(canvas, chain):
    hand = canvas(chain)
    hand.view.document.move({"loss": (24_000, 0), "b": (240, 6_000)})
    hand.view.fit()

    assert hand.view.visible_rect().contains(hand.view.content())


def test_without_the_overview_a_fitted_network_takes_its_corner(canvas, chain):
    hand = canvas(chain)
    hand.view.document.move({"b": (240, 900)})
    hand.view.resize(500, 600)
    hand.view.fit()
    before = hand.view.zoom
    hand.view.set_minimap_shown(False)

    assert hand.view.zoom > before


def test_frames_and_open_groups_are_on_the_overview(canvas, chain):
    hand = canvas(chain)
    plain = hand.view.minimap.grab().toImage()
    hand.view.document.select(["x", "a"])
    hand.view.grouping.group()
    hand.view.minimap._redraw()
    grouped = hand.view.minimap.grab().toImage()

    assert grouped != plain


def test_names_are_never_painted_smaller_than_they_can_be_read():
    for style in ("name", "label", "value"):
        for zoom in (0.35, 0.5, 0.8, 1.0, 2.0):
            on_screen = text.growth(style, zoom) * text.STYLES[style][1] * zoom
            assert on_screen >= metrics.LEGIBLE or text.growth(style, zoom) == metrics.LARGEST_TEXT


def test_the_small_print_fades_in(canvas):
    strengths = [text.clearness(zoom) for zoom in (0.3, metrics.NEAR, 0.78, metrics.CLEAR, 2.0)]

    assert strengths[:2] == [0, 0]
    assert 0 < strengths[2] < 255
    assert strengths[3:] == [255, 255]
