"""Every action gets the keys that the user wants."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.action_spec import ActionSpec
from gui.actions import Actions, category_titles
from gui.help.key_editor import KeyEditor
from gui.help.keymap import KeyMap
from gui.settings import Settings, SettingsFile

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

SPECS = (
    ActionSpec("file.save", "&Save", "Save it.", ("Ctrl+S",)),
    ActionSpec("edit.duplicate", "&Duplicate", "Copy it.", ("Ctrl+D", "Shift+D"), canvas=True),
    ActionSpec("network.arrange", "&Arrange", "Lay it out.", ("L",), canvas=True),
    ActionSpec("view.legend", "&Legend", "Say it."),
)
SAVE, DUPLICATE, ARRANGE, LEGEND = SPECS


@pytest.fixture
def keymap():
    return KeyMap(Settings(), SPECS)


def test_keys_are_the_built_in_ones_until_the_user_wants_others(keymap):
    assert keymap.keys(DUPLICATE) == ["Ctrl+D", "Shift+D"]
    keymap.give(DUPLICATE, "ctrl+alt+d")

    assert keymap.keys(DUPLICATE) == ["Ctrl+D", "Shift+D", "Ctrl+Alt+D"]
    assert keymap.is_changed(DUPLICATE)
    assert keymap.owner("Ctrl+Alt+D") is DUPLICATE


def test_a_key_leads_to_one_action_alone(keymap):
    keymap.give(ARRANGE, "Ctrl+D")

    assert keymap.owner("Ctrl+D") is ARRANGE
    assert keymap.keys(DUPLICATE) == ["Shift+D"]


def test_a_reset_takes_back_what_went_to_others(keymap):
    keymap.give(ARRANGE, "Ctrl+D")
    keymap.reset(DUPLICATE)

    assert keymap.keys(DUPLICATE) == ["Ctrl+D", "Shift+D"]
    assert keymap.keys(ARRANGE) == ["L"]


def test_settings_hold_nothing_that_is_built_in(keymap):
    keymap.give(SAVE, "F12")
    keymap.take(SAVE, "F12")
    keymap.clear(LEGEND)

    assert keymap._settings.shortcuts == {}


def test_all_is_reset_at_once(keymap):
    keymap.clear(SAVE)
    keymap.give(LEGEND, "L")
    keymap.reset_all()

    assert [keymap.is_changed(spec) for spec in SPECS] == [False] * 4


@pytest.fixture
def editor(qtbot, keymap):
    window = QWidget()
    qtbot.addWidget(window)
    editor = KeyEditor(window, keymap, category_titles())
    editor.host = window
    editor.show()
    editor.activateWindow()
    return editor


def shown(editor) -> list[str]:
    return [item.text(0) for item, spec in editor._rows() if spec and not item.isHidden()]


def choose(editor, text: str) -> None:
    QTest.keyClicks(editor._search, text)
    QTest.keyClick(editor._search, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("typed", "found"), [("dupl", ["Duplicate"]), ("ctrl+alt", []), ("shift+d", ["Duplicate"])]
)
def test_actions_are_found_by_name_and_by_key(editor, typed, found):
    QTest.keyClicks(editor._search, typed)

    assert shown(editor) == found


def test_new_keys_are_pressed_by_keyboard_alone(qtbot, editor, keymap):
    choose(editor, "legend")
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor._field, Qt.Key.Key_K, CTRL | SHIFT)

    assert keymap.keys(LEGEND) == ["Ctrl+Shift+K"]


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_Tab, CTRL, "Ctrl+Tab"),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "F12"),
        (Qt.Key.Key_Return, SHIFT, "Shift+Return"),
        (Qt.Key.Key_Backspace, CTRL, "Ctrl+Backspace"),
    ],
)
def test_keys_that_mean_something_in_a_dialog_can_be_chosen_too(
    editor, keymap, key, modifiers, name
):
    choose(editor, "legend")
    QTest.keyClick(editor._field, key, modifiers)

    assert keymap.keys(LEGEND) == [name]


def test_a_taken_key_names_who_loses_it_and_is_taken_only_if_wanted(editor, keymap):
    choose(editor, "legend")
    QTest.keyClick(editor._field, Qt.Key.Key_L)
    asked, before = editor._said.text(), keymap.keys(LEGEND)
    QTest.mouseClick(editor._take, Qt.MouseButton.LeftButton)

    assert asked == "L stands for Arrange, which would lose it."
    assert before == []
    assert (keymap.keys(LEGEND), keymap.keys(ARRANGE)) == (["L"], [])


def test_escape_leaves_the_keys_as_they_are_and_the_dialog_open(editor, keymap):
    choose(editor, "legend")
    QTest.keyClick(editor._field, Qt.Key.Key_Escape)

    assert keymap.keys(LEGEND) == []
    assert editor.isVisible()
    assert editor._field.isHidden()


def test_an_action_is_left_without_keys_and_gets_them_back(editor, keymap):
    QTest.keyClicks(editor._search, "save")
    QTest.mouseClick(editor._clear, Qt.MouseButton.LeftButton)
    cleared = keymap.keys(SAVE)
    QTest.mouseClick(editor._reset, Qt.MouseButton.LeftButton)

    assert cleared == []
    assert keymap.keys(SAVE) == ["Ctrl+S"]


def test_all_keys_are_reset(editor, keymap):
    keymap.clear(SAVE)
    editor._show_keys()
    QTest.mouseClick(editor._reset_all, Qt.MouseButton.LeftButton)

    assert keymap.keys(SAVE) == ["Ctrl+S"]
    assert not editor._reset_all.isEnabled()


def test_gestures_in_which_programs_differ_are_listed(editor):
    titles = [item.text(1) for item, spec in editor._rows() if spec is None]

    assert titles == ["F", "Space and drag", "Ctrl+D", "Alt and click", "Ctrl and drag"]


def test_keys_work_at_once_and_after_the_next_start(qtbot, tmp_path):
    from gui.document.document import Document
    from gui.main_window import MainWindow

    window = MainWindow(Document(), SettingsFile(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    window.show()
    window.commands["help.change_keys"].trigger()
    editor = window.findChild(KeyEditor)
    choose(editor, "Arrange")
    QTest.keyClick(editor._field, Qt.Key.Key_F12)
    now = [key.toString() for key in window.commands["network.arrange"].shortcuts()]
    tip = window.commands["network.arrange"].toolTip()
    editor.accept()
    again = Actions(SettingsFile(tmp_path / "settings.json").settings.shortcuts)

    assert now == ["L", "F12"]
    assert tip.endswith("L")
    assert [key.toString() for key in again["network.arrange"].shortcuts()] == now
    window.close()
