"""Ctrl+F on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from gui.canvas.find_bar import FindBar

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def finding(canvas, chain):
    hand = canvas(chain)
    hand.view.document.rename("b", "Side branch")
    bar = FindBar(hand.view)
    bar.open()
    return hand, bar


def marked(bar) -> list[tuple[float, float]]:
    return sorted((card.center().x(), card.center().y()) for card in bar._marks.cards)


def middles(hand, *ids) -> list[tuple[float, float]]:
    cards = [hand.view.graph_scene.nodes[i].scene_card() for i in ids]
    return sorted((card.center().x(), card.center().y()) for card in cards)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("side", ("b",)),
        ("dense", ("a", "b")),
        ("softmax", ("a",)),
        ("units=5", ("b",)),
        ("units 3", ("a",)),
        ("loss", ("loss",)),
        ("nothing such", ()),
        ("   ", ()),
    ],
)
def test_nodes_are_found_by_name_kind_id_and_setting(finding, typed, found):
    hand, bar = finding
    hand.type(typed)

    assert bar.hits == found


def test_typing_goes_to_the_first_hit_and_marks_all(finding):
    hand, bar = finding
    hand.type("dense")

    assert hand.view.document.selection == ("a",)
    assert bar.count.text() == "1 / 2"
    assert marked(bar) == middles(hand, "a", "b")


def test_enter_and_f3_go_on_round_the_end_and_shift_goes_back(finding):
    hand, _bar = finding
    hand.type("dense")
    seen = []
    for key, modifiers in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, SHIFT),
        (Qt.Key.Key_F3, SHIFT),
    ):
        hand.key(key, modifiers)
        seen += hand.view.document.selection

    assert seen == ["b", "a", "b", "a"]


def test_what_is_not_found_is_said_and_changes_nothing(finding):
    hand, bar = finding
    hand.view.document.select(["loss"])
    hand.type("qqq")

    assert bar.count.text() == "0"
    assert bar.field.property("wrong") is True
    assert hand.view.document.selection == ("loss",)


def test_escape_takes_the_marks_away_and_the_keyboard_back(finding):
    hand, bar = finding
    hand.type("dense")
    hand.key(Qt.Key.Key_Escape)

    assert bar.isHidden()
    assert marked(bar) == []
    assert hand.view.hasFocus()
    assert hand.view.document.selection == ("a",)


def test_a_hit_in_a_folded_group_opens_the_way_to_it(finding):
    hand, bar = finding
    document = hand.view.document
    group = document.group(["a", "b"], (240, 0))
    hand.type("side")

    assert document.level == group
    assert document.selection == ("b",)
    assert marked(bar) == middles(hand, "b")


def test_an_edit_keeps_the_hits_in_step(finding):
    hand, bar = finding
    hand.type("dense")
    hand.view.document.remove(["a"])

    assert bar.hits == ("b",)
    assert marked(bar) == middles(hand, "b")


def test_the_marks_outlive_another_project(finding, xor):
    from engine.project.project import Project

    hand, bar = finding
    hand.type("dense")
    hand.view.document.load(Project(graph=xor))
    bar.open()
    bar.field.setText("sigmoid")

    assert bar.hits == ("out",)
    assert marked(bar) == middles(hand, "out")
