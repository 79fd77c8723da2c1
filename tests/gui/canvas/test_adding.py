"""Adding nodes: at the pointer, into wires, filtered to what fits, ranked by what one uses."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input
from gui.document.catalog import catalog
from gui.document.habits import Habits
from gui.settings import Settings
from gui.widgets.offer_row import ASIDE
from tests.tools.mouse import ALT, LEFT, NONE, SHIFT

Key = Qt.Key
XA = Wire("x", "a")


def offered(hand):
    rows = hand.view.popup.list
    return [rows.item(i).text() for i in range(rows.count())]


def near(hand):
    """An input and a Dense with less room between them than a card takes."""
    return hand(
        Graph(
            [
                Node("x", Input(shape=(4,)), position=(0, 0)),
                Node("a", Dense(units=3), position=(176, 0)),
                Node("b", Dense(units=3), position=(352, 0)),
            ],
            [XA, Wire("a", "b")],
        )
    )


# At the pointer, and joined to what is selected


def test_shift_a_adds_at_the_pointer_and_joins_the_selected_node(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a"])
    hand.move(hand.at(420, 260))
    hand.key(Key.Key_A, SHIFT)
    hand.type("drop")
    hand.key(Key.Key_Return)
    graph = hand.view.document.graph

    assert Wire("a", "dropout_1") in graph.wires
    assert graph.node("dropout_1").position == (416, 232)


def test_a_double_click_adds_at_the_pointer(canvas, chain):
    hand = canvas(chain)
    hand.double_click(hand.at(100, 300))
    hand.type("dense")
    hand.key(Key.Key_Return)

    x, y = hand.view.document.graph.node("dense_1").position
    assert (x, y + 24) == (96, 304)


def test_the_list_opens_where_the_pointer_is(canvas, chain):
    hand = canvas(chain)
    place = hand.at(100, 100)
    hand.double_click(place)

    assert hand.view.popup.pos() == place


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fully connected", "Dense"),
        ("linear", "Dense"),
        ("dns", "Dense"),
        ("desne", "Dense"),
        ("max 2d", "MaxPool2D"),
        ("vectorise", "Flatten"),
    ],
)
def test_a_node_is_found_by_what_people_call_it(canvas, typed, found):
    hand = canvas()
    hand.key(Key.Key_Tab)
    hand.type(typed)

    assert hand.view.popup.list.currentItem().text() == found


def test_the_name_that_was_typed_stands_beside_the_one_that_was_found(canvas):
    hand = canvas()
    hand.key(Key.Key_Tab)
    hand.type("fully")

    assert hand.view.popup.list.currentItem().data(ASIDE) == "fully connected"


def test_what_is_used_more_comes_first_among_equals(canvas):
    hand = canvas()
    hand.key(Key.Key_Tab)
    hand.type("conv")
    second = offered(hand)[1]
    hand.key(Key.Key_Down)
    hand.key(Key.Key_Return)
    hand.key(Key.Key_Tab)
    hand.type("conv")

    assert offered(hand)[0] == second


def test_what_was_used_is_remembered_by_the_settings():
    settings = Settings()
    first = catalog()[0]
    Habits(settings).note_use(first.key)
    Habits(settings).note_use(first.key)

    assert Habits(settings).uses == {first.key: 2}
    assert Habits(settings).recent == [first.key]


# Filtered to what fits


def test_a_wire_pulled_back_from_an_input_offers_what_can_feed_it(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.input("b"), hand.at(100, 260))
    found = offered(hand)

    assert "Flatten" in found
    assert "Dense" in found
    assert "MaxPool2D" not in found
    assert "Cross-entropy" not in found
    hand.type("input")
    hand.key(Key.Key_Return)
    assert Wire("input_1", "b") in hand.view.document.graph.wires


def test_the_list_says_what_the_new_node_will_follow(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.output("a"), hand.at(460, 150))

    assert hand.view.popup.prompt.text() == "After Dense"


# Into wires


def test_with_a_wire_selected_tab_adds_into_it(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.wire(XA))
    hand.key(Key.Key_Tab)
    assert "Input" not in offered(hand)
    hand.type("drop")
    hand.key(Key.Key_Return)

    assert set(hand.view.document.graph.wires) == {
        Wire("x", "dropout_1"),
        Wire("dropout_1", "a"),
    }
    assert hand.view.document.undo.count() == 1


def test_what_stands_behind_makes_room_for_a_node_put_into_a_wire(canvas):
    hand = near(canvas)
    hand.click(hand.wire(XA))
    hand.key(Key.Key_Tab)
    hand.type("drop")
    hand.key(Key.Key_Return)
    cards = [hand.view.graph_scene.nodes[n].scene_card() for n in ("x", "dropout_1", "a", "b")]

    assert all(left.right() + 24 <= right.left() for left, right in pairwise(cards))
    hand.view.document.undo.undo()
    assert hand.view.document.graph.node("b").position == (352, 0)


def carried(hand, label, place, modifiers):
    """Drag an entry of the palette over a place without letting go; the data it carries."""
    data = next(offer for offer in catalog() if offer.label == label).mime()
    copy, viewport = Qt.DropAction.CopyAction, hand.view.viewport()
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(viewport, kind(place, copy, data, LEFT, modifiers))
    return data


def let_go(hand, data, place, modifiers):
    none = Qt.MouseButton.NoButton
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, none, modifiers)
    QApplication.sendEvent(hand.view.viewport(), event)


def test_a_wire_lights_up_while_a_palette_entry_hovers_over_it(canvas, chain):
    hand = canvas(chain)
    item = hand.view.graph_scene.wires[XA]
    carried(hand, "Dropout", hand.wire(XA), NONE)
    over = item.hovered
    carried(hand, "Dropout", hand.wire(XA) + QPoint(0, 100), NONE)

    assert over
    assert not item.hovered


def test_alt_keeps_a_palette_entry_out_of_the_wire(canvas, chain):
    hand = canvas(chain)
    place = hand.wire(XA)
    data = carried(hand, "Dropout", place, ALT)
    lit = hand.view.graph_scene.wires[XA].hovered
    let_go(hand, data, place, ALT)

    assert not lit
    assert hand.view.document.graph.wires == (XA,)
    assert "dropout_1" in hand.view.document.graph


def test_what_has_no_output_lights_up_no_wire(canvas, chain):
    hand = canvas(chain)
    carried(hand, "Output", hand.wire(XA), NONE)

    assert not hand.view.graph_scene.wires[XA].hovered


def test_a_node_that_does_not_fit_into_a_wire_is_added_with_the_reason(canvas):
    nodes = [
        Node("image", Input(shape=(1, 8, 8)), position=(0, 0)),
        Node("flat", Flatten(), position=(300, 0)),
    ]
    hand = canvas(Graph(nodes, [Wire("image", "flat")]))
    hand.drop("Dense", hand.wire(Wire("image", "flat")))

    assert hand.view.document.graph.wires == (Wire("image", "flat"),)
    assert "dense_1" in hand.view.document.graph
    assert hand.view.note.sentence.endswith("Put a Flatten before it.")


# Inputs and data


def test_a_new_input_takes_what_the_data_set_gives(canvas):
    hand = canvas(Graph())
    hand.view.document.set_dataset(prepare(DataSettings(source="iris")))
    hand.drop("Input", QPoint(200, 200))

    assert hand.view.document.graph.node("input_1").layer.shape == (4,)


def test_without_data_a_new_input_is_as_it_is_declared(canvas):
    hand = canvas(Graph())
    hand.drop("Input", QPoint(200, 200))

    assert hand.view.document.graph.node("input_1").layer == Input()


def test_at_the_edge_the_list_leaves_the_node_that_it_adds_to_in_sight(canvas, chain):
    hand = canvas(chain)
    view = hand.view
    view.document.select(["a"])
    card = view.graph_scene.nodes["a"].scene_card()
    view.centerOn(card.right() - view.viewport().width() / 2 + 40, card.center().y())
    hand.key(Key.Key_Tab)
    shown = view.mapFromScene(card).boundingRect()

    assert view.popup.isVisible()
    assert not view.popup.geometry().intersects(shown)
