"""A long list of kinds is searched by typing; the keyboard alone opens it, finds and takes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.activations import ACTIVATIONS
from engine.losses import LOSSES
from gui.forms.form import kinds_of
from gui.widgets.kind_field import Kind, KindField, KindList
from gui.widgets.offer_row import ASIDE

Key = Qt.Key


def shown(qtbot, kinds, value: str = "") -> tuple[KindField, list[str]]:
    """A field with the keyboard, and what it will announce."""
    field = KindField(kinds)
    field.set_value(value)
    committed: list[str] = []
    field.committed.connect(committed.append)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    return field, committed


@pytest.fixture
def losses(qtbot):
    return shown(qtbot, kinds_of(LOSSES), "squared_error")


@pytest.fixture
def activations(qtbot):
    return shown(qtbot, kinds_of(ACTIVATIONS), "relu")


def opened() -> KindList | None:
    found = QApplication.activePopupWidget()
    return found if isinstance(found, KindList) else None


def labels(kinds: KindList) -> list[str]:
    return [kinds.list.item(row).text() for row in range(kinds.list.count())]


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_F4])
def test_a_key_opens_all_kinds_at_the_one_that_is_chosen(losses, key):
    field, _ = losses
    QTest.keyClick(field, key)

    assert labels(opened()) == [each.label for each in LOSSES]
    assert opened().list.currentItem().text() == "Squared error"
    assert opened().search.hint.text() == LOSSES.get("squared_error").summary


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hub", "huber"),
        ("smooth", "huber"),
        ("bce", "binary_cross_entropy"),
        ("mae", "absolute_error"),
        ("itakra", "itakura_saito"),
    ],
)
def test_open_type_enter_takes_what_is_called_so(losses, typed, found):
    field, committed = losses
    QTest.keyClick(field, Key.Key_Space)
    QTest.keyClicks(opened().field, typed)
    QTest.keyClick(opened().field, Key.Key_Return)

    assert committed == [found]
    assert field.value == found
    assert opened() is None


def test_typing_into_the_closed_field_opens_the_list_with_what_was_typed(activations):
    field, committed = activations
    QTest.keyClicks(field, "s")
    QTest.keyClicks(opened().field, "wi")
    typed, second = opened().field.text(), opened().list.item(1)
    name, other = second.text(), second.data(ASIDE)
    QTest.keyClick(opened().field, Key.Key_Down)
    QTest.keyClick(opened().field, Key.Key_Return)

    assert (typed, name, other) == ("swi", "SiLU", "swish")
    assert committed == ["silu"]


def test_a_command_key_is_no_typing(activations):
    field, _ = activations
    QTest.keyClick(field, Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    assert opened() is None


def test_escape_leaves_all_as_it_was(losses):
    field, committed = losses
    QTest.keyClick(field, Key.Key_Space)
    QTest.keyClicks(opened().field, "huber")
    QTest.keyClick(opened().field, Key.Key_Escape)

    assert opened() is None
    assert (committed, field.value) == ([], "squared_error")


def test_what_nothing_is_called_is_said_and_cannot_be_taken(losses):
    field, committed = losses
    QTest.keyClick(field, Key.Key_Space)
    QTest.keyClicks(opened().field, "zzz")
    QTest.keyClick(opened().field, Key.Key_Return)

    assert opened().search.hint.text() == "Nothing has such a name."
    assert committed == []
    opened().close()


def test_a_click_takes_a_line(qtbot, losses):
    field, committed = losses
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    kinds = opened()
    item = kinds.list.item(0)
    middle = kinds.list.visualItemRect(item).center()
    qtbot.mouseClick(kinds.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)

    assert committed == ["categorical_cross_entropy"]
    assert opened() is None


def test_the_list_stands_under_its_field_and_is_as_tall_as_what_it_holds(qtbot, losses):
    field, _ = losses
    field.setFixedWidth(400)
    field.move(300, 40)
    QTest.keyClick(field, Key.Key_Space)
    kinds = opened()
    card = kinds.card.mapToGlobal(kinds.card.rect().topRight())
    edge = field.mapToGlobal(field.rect().bottomRight())
    tall = kinds.height()
    QTest.keyClicks(kinds.field, "hellinger")

    assert (card.x(), card.y() - edge.y()) == (edge.x(), 5)
    assert kinds.height() < tall
    assert kinds.list.height() == 30
    kinds.close()


def test_arrows_still_go_through_the_kinds_without_opening(losses):
    field, committed = losses
    QTest.keyClick(field, Key.Key_Down)

    assert opened() is None
    assert committed == ["absolute_error"]


def test_a_few_kinds_open_as_a_plain_list(qtbot):
    field, _ = shown(qtbot, [Kind("a", "A"), Kind("b", "B")], "a")
    QTest.keyClick(field, Key.Key_Space)

    assert opened() is None
    assert field.view().isVisible()
    field.hidePopup()
