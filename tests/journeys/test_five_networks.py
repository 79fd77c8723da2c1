"""Five networks from an empty canvas, with real events, each all the way to its export."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.graph.model import Wire
from tests.journeys.whole_story import errors, look_at, prove
from tests.tools.mouse import SHIFT


@pytest.fixture
def person(sit_down):
    person = sit_down("empty")
    look_at(person, 500, 260)
    return person


def form(person):
    return person.window.panels.inspector.node_page.form.editors


def set_on(person, node, **settings):
    """Click a node and enter its settings in the inspector."""
    person.hand.click(person.hand.node(node))
    for name, words in settings.items():
        editor = form(person)[name]
        if name == "activation":
            person.choose(editor.control, words)
        else:
            person.fill(editor.text if hasattr(editor, "text") else editor.control, words)


def choose_data(person, name):
    person.choose(person.window.bar._data, name)
    person.wait_for_data()


def test_a_multilayer_perceptron_by_the_keys_alone(person, sit_down, tmp_path, monkeypatch):
    hand = person.hand
    for name in ("input", "dense", "dense", "dense", "cross"):
        person.keys("Tab")
        hand.type(name)
        person.keys("Return")
    for units, activation in (("10", "Softmax"), ("24", "ReLU"), ("32", "ReLU")):
        person.keys("Alt+Left", "Return")
        person.tab_to("Units")
        person.keys("Ctrl+A")
        hand.type(units)
        person.keys("Return")
        person.tab_to("Activation")
        hand.type(activation)
        person.keys("Return", "Escape")
    person.keys("Ctrl+1")
    person.tab_to("Digits")
    person.keys("Space")
    page = person.window.workspaces.page("data")
    person.wait(lambda: page.use_card.button.isEnabled())
    person.tab_to("Use this data")
    person.keys("Space")
    person.wait_for_data()
    graph = person.document.graph

    assert [n.layer.units for n in graph.nodes if n.layer.kind == "dense"] == [32, 24, 10]
    assert len(graph.wires) == 4

    prove(person, sit_down, tmp_path, monkeypatch)


def test_a_convolutional_network_with_the_mouse(person, sit_down, tmp_path, monkeypatch):
    hand = person.hand
    choose_data(person, "Digits")
    labels = ("Input", "Conv2D", "MaxPool2D", "Flatten", "Dense", "Cross-entropy")
    ids = [person.drag_in(label, 100 + 168 * i, 240) for i, label in enumerate(labels)]
    set_on(person, ids[0], shape="1 8 8")
    set_on(person, ids[1], filters="6", activation="ReLU")
    set_on(person, ids[4], units="10", activation="Softmax")
    for source, target in pairwise(ids[:-1]):
        hand.wire_up(source, target)
    hand.wire_up(ids[4], ids[5], "prediction")

    assert person.shape_on(ids[1]).startswith("6×")

    prove(person, sit_down, tmp_path, monkeypatch)


def test_two_branches_and_a_skip(person, sit_down, tmp_path, monkeypatch):
    hand = person.hand
    choose_data(person, "Digits")
    ends = person.drag_in("Input", 60, 260)
    upper = person.drag_in("Dense", 240, 140)
    lower = person.drag_in("Dense", 240, 380)
    both = person.drag_in("Concat", 420, 260)
    inner = person.drag_in("Dense", 580, 380)
    total = person.drag_in("Add", 740, 260)
    last = person.drag_in("Dense", 880, 260)
    loss = person.drag_in("Cross-entropy", 1040, 260)
    set_on(person, ends, shape="64")
    set_on(person, upper, units="12", activation="ReLU")
    set_on(person, lower, units="20", activation="Tanh")
    set_on(person, inner, units="32", activation="ReLU")
    set_on(person, last, units="10", activation="Softmax")
    for source, target in (
        *((ends, upper), (ends, lower), (upper, both), (lower, both)),
        *((both, inner), (both, total), (inner, total), (total, last)),
    ):
        hand.wire_up(source, target)
    hand.wire_up(last, loss, "prediction")

    assert len(person.document.graph.incoming(total)) == 2
    assert person.shape_on(total) == "32"

    prove(person, sit_down, tmp_path, monkeypatch)


def test_neurons_wired_by_hand(person, sit_down, tmp_path, monkeypatch):
    hand = person.hand
    choose_data(person, "XOR")
    inputs = [person.drag_in("Input", 120, y) for y in (160, 340)]
    for node, column in zip(inputs, ("x1", "x2"), strict=True):
        set_on(person, node, shape="1")
        set_on(person, node, columns=column)
    hidden = [person.drag_in("Neuron", 340, y) for y in (120, 250, 380)]
    last = person.drag_in("Neuron", 560, 250)
    loss = person.drag_in("Binary cross-entropy", 740, 250)
    set_on(person, last, activation="Sigmoid")
    for target in hidden:
        for source in inputs:
            hand.wire_up(source, target)
        hand.wire_up(target, last)
    hand.wire_up(last, loss, "prediction")

    assert len(person.document.graph.wires) == 10

    prove(person, sit_down, tmp_path, monkeypatch)


def test_a_residual_block_folded_and_repeated(person, sit_down, tmp_path, monkeypatch):
    hand, document = person.hand, person.document
    choose_data(person, "Digits")
    ends = person.drag_in("Input", 40, 260)
    first = person.drag_in("Dense", 200, 260)
    inner = person.drag_in("Dense", 400, 380)
    total = person.drag_in("Add", 580, 260)
    last = person.drag_in("Dense", 760, 260)
    loss = person.drag_in("Cross-entropy", 940, 260)
    for source, target in (
        *((ends, first), (first, inner), (first, total)),
        *((inner, total), (total, last)),
    ):
        hand.wire_up(source, target)
    hand.wire_up(last, loss, "prediction")
    set_on(person, ends, shape="64")
    set_on(person, first, units="16", activation="ReLU")
    set_on(person, inner, units="16", activation="ReLU")
    set_on(person, last, units="10", activation="Softmax")
    hand.click(hand.node(inner))
    hand.click(hand.node(total), SHIFT)
    person.keys("Ctrl+G")
    (block,) = document.selection

    assert document.is_group(block)

    person.keys("F2")
    hand.type("Residual")
    person.keys("Return")
    person.keys("Ctrl+R", "Return")
    groups = document.graph.drawing.groups

    assert len(groups) == 3
    assert all(group.folded for group in groups)
    assert sum(node.layer.kind == "add" for node in document.graph.nodes) == 3
    assert errors(person) == []
    assert Wire(first, inner) in document.graph.wires

    hand.click(hand.node(groups[1].id))
    person.keys("PgDown")

    assert document.level == groups[1].id

    person.keys("PgUp")
    prove(person, sit_down, tmp_path, monkeypatch)
