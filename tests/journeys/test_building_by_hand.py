"""Networks drawn from an empty canvas: with the mouse alone, and with the keys alone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox

from engine.data.settings import DataSettings
from engine.graph.model import Wire
from gui.app import dispose
from gui.document.document import Document
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from tests.tools.mouse import ALT, CTRL, SHIFT, Hand

Key = Qt.Key


@pytest.fixture
def hand(qtbot, tmp_path):
    """A hand on the canvas of a window with an empty document."""
    discard = QMessageBox.StandardButton.Discard
    settings = SettingsFile(tmp_path / "settings.json")
    document = Document()
    window = MainWindow(document, settings, ask=lambda *_: discard)
    document.setParent(window)
    window.resize(1600, 1000)
    with qtbot.waitSignal(window.completed):
        window.show()
    window.activateWindow()
    window.canvas.setFocus()
    yield Hand(window.canvas)
    window.close()
    dispose(window)


def add(hand, name):
    hand.key(Key.Key_Tab)
    hand.type(name)
    hand.key(Key.Key_Return)


def kinds(hand):
    return [node.layer.kind for node in hand.view.document.graph.nodes]


def errors(hand):
    return [p.message for p in hand.view.document.problems if p.severity == "error"]


CHAIN = (
    Wire("input_1", "dense_1"),
    Wire("dense_1", "dense_2"),
    Wire("dense_2", "loss_1", target_port="prediction"),
)


def test_the_digits_network_is_drawn_with_the_mouse_alone(hand):
    labels = ("Input", "Dense", "Dense", "Cross-entropy")
    for number, label in enumerate(labels):
        hand.drop(label, QPoint(150 + 220 * number, 200))
    document = hand.view.document
    assert kinds(hand) == ["input", "dense", "dense", "loss"]
    assert errors(hand)

    hand.wire_up("input_1", "dense_1")
    hand.wire_up("dense_1", "dense_2")
    hand.wire_up("dense_2", "loss_1", "prediction")
    assert document.graph.wires == CHAIN

    document.set_data(DataSettings())
    document.set_field("input_1", "shape", (64,))
    document.set_field("dense_2", "units", 10)
    document.set_field("dense_2", "activation", "softmax")
    assert errors(hand) == []


def test_the_digits_network_is_drawn_with_the_keys_alone(hand):
    for name in ("input", "dense", "dense", "categorical"):
        add(hand, name)

    assert kinds(hand) == ["input", "dense", "dense", "loss"]
    assert hand.view.document.graph.wires == CHAIN


def test_what_was_built_with_the_keys_is_mended_with_the_keys(hand):
    for name in ("input", "dense", "dense"):
        add(hand, name)
    document = hand.view.document
    hand.key(Key.Key_Left, ALT)
    assert document.selection == ("dense_1",)

    hand.key(Key.Key_Delete)
    assert document.graph.wires == ()
    hand.key(Key.Key_Right)  # nothing is selected: go to the first node
    assert document.selection == ("input_1",)
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    assert document.graph.wires == (Wire("input_1", "dense_2"),)

    hand.key(Key.Key_Z, CTRL)
    hand.key(Key.Key_Z, CTRL)
    assert document.graph.wires == CHAIN[:2]
    hand.key(Key.Key_Z, CTRL | SHIFT)
    assert document.graph.wires == ()


def test_nodes_are_named_copied_and_arranged_with_the_keys(hand):
    for name in ("input", "dense"):
        add(hand, name)
    hand.key(Key.Key_F2)
    hand.type("hidden")
    hand.key(Key.Key_Return)
    hand.key(Key.Key_A, CTRL)
    hand.key(Key.Key_C, CTRL)
    hand.key(Key.Key_V, CTRL)
    hand.key(Key.Key_Escape)
    hand.key(Key.Key_L)
    graph = hand.view.document.graph

    assert [node.title for node in graph.nodes] == ["Input", "hidden", "Input", "hidden"]
    assert graph.wires == (Wire("input_1", "dense_1"), Wire("input_2", "dense_2"))
    assert graph.node("dense_1").position[0] == graph.node("dense_2").position[0]


def test_xor_is_wired_from_single_neurons_with_the_mouse(hand):
    for number, (label, x, y) in enumerate(
        (
            ("Input", 150, 150),
            ("Input", 150, 300),
            ("Neuron", 400, 150),
            ("Neuron", 400, 300),
            ("Neuron", 650, 225),
            ("Binary cross-entropy", 800, 225),
        )
    ):
        hand.drop(label, QPoint(x, y))
        if number < 2:
            hand.view.document.set_field(f"input_{number + 1}", "shape", (1,))
    pairs = [(f"input_{i}", f"neuron_{j}") for j in (1, 2) for i in (1, 2)]
    for source, target in (*pairs, ("neuron_1", "neuron_3"), ("neuron_2", "neuron_3")):
        hand.wire_up(source, target)
    hand.wire_up("neuron_3", "loss_1", "prediction")
    document = hand.view.document

    assert [len(document.graph.incoming(f"neuron_{i}")) for i in (1, 2, 3)] == [2, 2, 2]
    assert document.inference["neuron_3"].parameter_count == 3
    assert len(document.graph.wires) == 7


def test_wrong_wires_are_refused_with_the_reason_and_change_nothing(hand):
    for name in ("input", "dense", "dense"):
        add(hand, name)
    hand.key(Key.Key_Escape)
    hand.wire_up("dense_1", "dense_2")

    assert hand.view.document.graph.wires == CHAIN[:2]
    assert hand.view.note.sentence.startswith("Dense is already wired to Dense")
