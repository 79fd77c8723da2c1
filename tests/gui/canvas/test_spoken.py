"""What a screen reader hears about the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from engine.graph.model import Wire


def heard(hand) -> str:
    return QAccessible.queryAccessibleInterface(hand.view).text(QAccessible.Text.Description)


def test_a_selected_node_is_told_with_its_wires_and_its_output(canvas, chain):
    hand = canvas(chain)
    hand.view.document.connect(Wire("a", "loss", target_port="prediction"))
    hand.click(hand.node("a"))

    assert heard(hand).startswith("Dense, 3 · softmax, wired from Input to Cross-entropy, output 3")


def test_walking_with_the_keys_tells_each_node(canvas, chain):
    hand = canvas(chain)
    hand.key(Qt.Key.Key_Right)
    first = heard(hand)
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)

    assert first.startswith("Input, ")
    assert heard(hand).startswith("Dense, ")


def test_a_lone_node_is_told_with_what_is_wrong_with_it(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    problems = [p.message for p in hand.view.document.problems if p.node == "b"]

    assert "not wired" in heard(hand)
    assert problems
    assert problems[0] in heard(hand)


def test_several_nodes_are_counted(canvas, chain):
    hand = canvas(chain)
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert heard(hand) == "4 nodes selected"


def test_without_a_selection_the_nodes_are_counted(canvas, chain):
    assert heard(canvas(chain)) == "Nothing selected, 4 nodes"


def test_a_group_is_told_as_one(canvas, chain):
    hand = canvas(chain)
    group = hand.view.document.group(["a", "b"], (240, 0))
    hand.view.document.select([group])

    assert heard(hand).endswith(", a group of 2 nodes")
