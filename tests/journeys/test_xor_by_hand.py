"""XOR from single neurons: each wired by hand, each with its own activation, watched inside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.evaluation.evaluate import evaluate
from gui.training.controller import State


@pytest.fixture
def person(sit_down):
    person = sit_down("empty")
    person.window.canvas.set_zoom(1.0)
    person.window.canvas.centerOn(QPointF(300, 150))
    QApplication.processEvents()
    person.choose(person.window.bar._data, "XOR")
    person.wait_for_data()
    return person


def draw(person):
    """Two inputs, two neurons, one neuron, a loss."""
    hand, inspector = person.hand, person.window.panels.inspector
    inputs = [person.drag_in("Input", 60, y) for y in (80, 240)]
    for node, column in zip(inputs, ("x1", "x2"), strict=True):
        hand.click(hand.node(node))
        form = inspector.node_page.form.editors
        person.fill(form["shape"].text, "1")
        form = inspector.node_page.form.editors
        person.fill(form["columns"].text, column)
    hidden = [person.drag_in("Neuron", 240, y) for y in (80, 240)]
    last = person.drag_in("Neuron", 400, 160)
    loss = person.drag_in("Binary cross-entropy", 560, 160)
    for neuron, activation in zip((*hidden, last), ("Tanh", "Softsign", "Sigmoid"), strict=True):
        hand.click(hand.node(neuron))
        person.choose(inspector.node_page.form.editors["activation"].control, activation)
    for source in inputs:
        for target in hidden:
            hand.wire_up(source, target)
    for source in hidden:
        hand.wire_up(source, last)
    hand.wire_up(last, loss, "prediction")
    return inputs, hidden, last, loss


def test_xor_is_drawn_from_neurons_learnt_and_seen_inside(person):
    _inputs, hidden, last, _loss = draw(person)
    graph, scene = person.document.graph, person.window.canvas.graph_scene

    assert [graph.node(n).layer.activation.kind for n in (*hidden, last)] == [
        "tanh",
        "softsign",
        "sigmoid",
    ]
    assert [p for p in person.document.problems if p.severity == "error"] == []
    assert len(graph.wires) == 7

    bar = person.window.bar
    person.fill(bar._rate, "0.05")
    person.fill(bar._epochs, "150")
    person.press("Train", bar)
    person.wait_for(State.FINISHED)
    document = person.document
    found = evaluate(document.graph, document.weights, document.dataset, "test")

    assert found["accuracy"] == 1.0

    person.wait(lambda: all(scene.nodes[n].preview is not None for n in (*hidden, last)))
    pictures = [scene.nodes[n].preview.toImage() for n in (*hidden, last)]

    assert pictures[0] != pictures[1] != pictures[2]
    expected = {
        wire: weight
        for neuron in (*hidden, last)
        for wire, weight in zip(
            graph.incoming(neuron), document.weights[neuron, "weight"].flat, strict=True
        )
    }
    person.wait(lambda: all(scene.wires[w].weight == float(x) for w, x in expected.items()))
    thick = max(scene.wires.values(), key=lambda item: abs(item.weight or 0))
    thin = min(
        (item for item in scene.wires.values() if item.weight is not None),
        key=lambda item: abs(item.weight),
    )

    assert abs(thick.share) > abs(thin.share)


def test_the_pictures_inside_the_neurons_change_while_they_learn(person):
    _inputs, hidden, last, _loss = draw(person)
    scene, bar = person.window.canvas.graph_scene, person.window.bar
    person.fill(bar._rate, "0.05")
    person.fill(bar._epochs, "4000")
    person.press("Watch", bar)
    person.press("Train", bar)
    person.wait(lambda: scene.nodes[last].preview is not None)
    first = scene.nodes[last].preview.toImage()
    person.wait(lambda: scene.nodes[last].preview.toImage() != first)

    assert person.controller.state is State.RUNNING
    assert scene.nodes[hidden[0]].preview is not None
