"""Training is paused, a layer is taken apart and put together again, and training goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.training.controller import State
from tests.tools.mouse import CTRL, SHIFT

Key = Qt.Key


def training_reaches(person, qtbot, state, key):
    controller = person.window.controller
    with qtbot.waitSignal(
        controller.state_changed, timeout=20_000, check_params_cb=lambda s: s is state
    ):
        person.hand.key(key)


def test_a_layer_becomes_neurons_and_a_layer_again_and_the_run_goes_on(sit_down, qtbot):
    person = sit_down("moons")
    hand, document, controller = person.hand, person.document, person.window.controller
    person.wait_for_data()
    layer = next(n.id for n in document.graph.nodes if n.layer.kind == "dense")
    said = []
    controller.message.connect(said.append)
    for _ in range(3):
        training_reaches(person, qtbot, State.PAUSED, Key.Key_F10)
    learnt = controller.telemetry.step

    hand.click(hand.node(layer))
    hand.key(Key.Key_N, CTRL | SHIFT)
    neurons = document.selection
    assert len(neurons) > 1
    assert {document.graph.node(i).layer.kind for i in neurons} == {"neuron"}
    training_reaches(person, qtbot, State.PAUSED, Key.Key_F10)
    assert controller.telemetry.step == learnt + 1

    hand.key(Key.Key_D, CTRL | SHIFT)
    training_reaches(person, qtbot, State.PAUSED, Key.Key_F10)
    assert controller.telemetry.step == learnt + 2
    assert len(document.runs) == 1
    assert said == []
