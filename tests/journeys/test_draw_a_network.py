"""The digits network, drawn from an empty canvas: with the mouse alone, and with the keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.evaluation.evaluate import evaluate
from engine.graph.model import Wire
from gui.training.controller import State

WIRES = {
    Wire("input_1", "dense_1"),
    Wire("dense_1", "dense_2"),
    Wire("dense_2", "loss_1", target_port="prediction"),
}


def accuracy(person) -> float:
    document = person.document
    return evaluate(document.graph, document.weights, document.dataset, "test")["accuracy"]


def assert_it_is_the_digits_network(person):
    graph = person.document.graph
    hidden, out = graph.node("dense_1").layer, graph.node("dense_2").layer

    assert set(graph.wires) == WIRES
    assert graph.node("input_1").layer.shape == (64,)
    assert (hidden.units, hidden.activation.kind) == (64, "relu")
    assert (out.units, out.activation.kind) == (10, "softmax")
    assert graph.node("loss_1").layer.loss.kind == "categorical_cross_entropy"
    assert [p for p in person.document.problems if p.severity == "error"] == []


@pytest.fixture
def person(sit_down):
    person = sit_down("empty")
    person.window.canvas.set_zoom(1.0)
    person.window.canvas.centerOn(QPointF(400, 200))
    QApplication.processEvents()
    return person


def test_the_digits_network_is_drawn_with_the_mouse_alone(person):
    hand, inspector = person.hand, person.window.panels.inspector
    person.choose(person.window.bar._data, "Digits")
    person.wait_for_data()
    ends = person.drag_in("Input", 60, 160)
    hidden = person.drag_in("Dense", 260, 160)
    out = person.drag_in("Dense", 460, 160)
    loss = person.drag_in("Cross-entropy", 680, 160)

    assert any(p.node == loss and "not connected" in p.message for p in person.document.problems)

    hand.wire_up(ends, hidden)
    hand.wire_up(hidden, out)
    hand.wire_up(out, loss, "prediction")

    assert set(person.document.graph.wires) == WIRES

    hand.click(hand.node(hidden))
    form = inspector.node_page.form.editors
    person.fill(form["units"].control, "64")
    person.choose(form["activation"].control, "ReLU")
    hand.click(hand.node(out))
    form = inspector.node_page.form.editors
    person.fill(form["units"].control, "10")
    person.choose(form["activation"].control, "Softmax")
    hand.click(hand.node(ends))
    person.fill(inspector.node_page.form.editors["shape"].text, "64")

    assert_it_is_the_digits_network(person)
    assert [person.shape_on(node) for node in (ends, hidden, out)] == ["64", "64", "10"]

    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)

    assert accuracy(person) >= 0.95


def test_the_digits_network_is_drawn_with_the_keys_alone(person):
    hand = person.hand
    for name in ("input", "dense", "dense", "cross"):
        person.keys("Tab")
        hand.type(name)
        person.keys("Return")

    assert set(person.document.graph.wires) == WIRES

    # To the layer before the loss and its settings, by the keys.
    person.keys("Alt+Left")
    assert person.document.selection == ("dense_2",)
    person.keys("Return")
    type_over(person, "Units", "10")
    choose_by_typing(person, "Activation", "Softmax")
    person.keys("Escape")
    assert person.window.canvas.hasFocus()
    person.keys("Alt+Left")
    person.keys("Return")
    type_over(person, "Units", "64")
    choose_by_typing(person, "Activation", "ReLU")
    person.keys("Escape", "Alt+Left", "Return")
    type_over(person, "Shape", "64")
    person.keys("Escape")
    steps = person.document.undo.count()
    person.keys("Ctrl+1")
    person.tab_to("Digits")
    person.keys("Space")
    person.wait(lambda: person.document.data is None and use(person).isEnabled())
    person.tab_to("Use this data")
    person.keys("Space")
    person.wait_for_data()

    assert person.document.undo.count() == steps + 1
    assert_it_is_the_digits_network(person)

    person.keys("F5")
    person.wait_for(State.FINISHED)

    assert accuracy(person) >= 0.95


def use(person):
    return person.window.workspaces.page("data").use_card.button


def type_over(person, name, text):
    person.tab_to(name)
    person.keys("Ctrl+A")
    person.hand.type(text)
    person.keys("Return")


def choose_by_typing(person, name, words):
    field = person.tab_to(name)
    person.hand.type(words)
    person.keys("Return")
    assert field.currentText() == words


def test_wires_that_do_not_fit_are_refused_and_the_others_say_what_they_do(person):
    hand, note = person.hand, person.window.canvas.note
    ends = person.drag_in("Input", 60, 160)
    first = person.drag_in("Dense", 260, 80)
    second = person.drag_in("Dense", 460, 240)
    hand.click(hand.node(ends))
    person.fill(person.window.panels.inspector.node_page.form.editors["shape"].text, "1x8x8")
    hand.hold(hand.output(ends), hand.input(first))

    assert "Put a Flatten before it." in note.sentence

    hand.release(hand.input(first))

    assert person.document.graph.wires == ()

    hand.wire_up(first, second)
    hand.hold(hand.output(second), hand.input(first))

    assert "circle" in note.sentence or "cycle" in note.sentence or "loop" in note.sentence

    hand.release(hand.input(first))

    assert person.document.graph.wires == (Wire(first, second), Wire(second, first, delay=1))

    person.press_undo()
    third = person.drag_in("Dense", 260, 320)
    hand.hold(hand.output(third), hand.input(second))

    assert note.sentence == "Takes the place of the wire from Dense."

    hand.release(hand.input(second))

    assert person.document.graph.wires == (Wire(third, second),)

    person.press_undo()

    assert person.document.graph.wires == (Wire(first, second),)


def test_a_click_on_a_problem_goes_to_its_node(person):
    person.drag_in("Input", 60, 160)
    loss = person.drag_in("Cross-entropy", 2400, 1600)
    person.window.canvas.set_zoom(1.0)
    person.window.canvas.centerOn(QPointF(0, 0))
    panel = person.window.panels.tabs["problems"]
    person.window.document.select(())
    number = next(n for n, p in enumerate(person.document.problems) if p.node == loss)
    row = panel.list.visualRect(panel.model.index(number, 0))
    person.click(panel.list.viewport(), row.center())
    card = person.window.canvas.graph_scene.nodes[loss].scene_card()

    assert person.document.selection == (loss,)
    assert person.window.canvas.visible_rect().contains(card)


def graph_of(person):
    """All that can be seen of the graph, apart from what is selected."""
    graph = person.document.graph
    return (
        tuple((n.id, n.layer, n.name, n.position) for n in graph.nodes),
        tuple(graph.wires),
    )


def test_everything_done_with_the_mouse_and_keys_can_be_undone_and_redone(person):
    hand = person.hand
    seen = [graph_of(person)]

    def did(something):
        now = graph_of(person)
        assert now != seen[-1], something
        seen.append(now)

    ends = person.drag_in("Input", 60, 160)
    did("drop")
    hidden = person.drag_in("Dense", 260, 160)
    did("drop")
    hand.wire_up(ends, hidden)
    did("wire")
    hand.drag(hand.node(hidden), hand.at(330, 300))
    did("move")
    hand.double_click(hand.title(hidden))
    hand.type("hidden")
    person.keys("Return")
    did("rename")
    assert person.node(hidden).name == "hidden"
    person.keys("Ctrl+C", "Ctrl+V")
    did("paste")
    (pasted,) = person.document.selection
    assert pasted != hidden
    person.keys("Ctrl+D")
    did("duplicate")
    person.keys("Ctrl+A")
    assert len(person.document.selection) == 4
    person.keys("Escape")
    hand.click(hand.wire(person.document.graph.wires[0]))
    person.keys("Delete")
    did("delete a wire")
    hand.click(hand.node(ends))
    person.keys("Delete")
    did("delete a node")
    person.keys("Ctrl+A", "Ctrl+X")
    did("cut")
    assert len(person.document.graph) == 0
    person.keys("Ctrl+V")
    did("paste what was cut")
    for before in reversed(seen[:-1]):
        person.press_undo()
        assert graph_of(person) == before
    for after in seen[1:]:
        person.press_redo()
        assert graph_of(person) == after
