import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.window.command_palette import Command, CommandPalette


@pytest.fixture
def ran():
    return []


@pytest.fixture
def palette(qtbot, ran):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    commands = [
        Command(
            "file.save", "File", "Save", "Save the project.", lambda: ran.append("save"), "Ctrl+S"
        ),
        Command(
            "file.save_as", "File", "Save as", "Save elsewhere.", lambda: ran.append("save as")
        ),
        Command(
            "train.step", "Train", "Step", "Train on one batch.", lambda: ran.append("step"), "F10"
        ),
        Command(
            "add dense",
            "Add",
            "Dense",
            "A dense layer.",
            lambda: ran.append("dense"),
            words="linear fc",
        ),
    ]
    palette = CommandPalette(window, commands)
    palette.open_over(window)
    palette.keeps = window
    return palette


def test_without_a_query_everything_is_listed_in_its_order(palette):
    assert palette.titles() == ["Save", "Save as", "Step", "Dense"]


def test_typing_narrows_the_list_and_enter_runs_the_best(qtbot, palette, ran):
    qtbot.keyClicks(palette._search, "st")
    assert palette.titles()[0] == "Step"
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)

    assert ran == ["step"]


def test_arrows_choose_another_line(qtbot, palette, ran):
    qtbot.keyClicks(palette._search, "save")
    qtbot.keyClick(palette._search, Qt.Key.Key_Down)
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)

    assert ran == ["save as"]


def test_a_command_is_found_by_its_synonyms_and_by_its_menu(qtbot, palette):
    qtbot.keyClicks(palette._search, "linear")
    assert palette.titles() == ["Dense"]
    palette._search.setText("train step")

    assert palette.titles() == ["Step"]


def test_the_sentence_of_the_chosen_line_is_shown(palette):
    assert palette._sentence.text() == "Save the project."


def test_what_is_not_found_is_said(palette):
    palette._search.setText("xyzzy")

    assert palette.titles() == []
    assert palette._sentence.text() == "No command is called 'xyzzy'."


def test_escape_leaves_without_running_anything(qtbot, palette, ran):
    qtbot.keyClick(palette._search, Qt.Key.Key_Escape)

    assert ran == []


def test_what_was_used_last_comes_first_and_is_remembered(qtbot, palette):
    window = palette.keeps
    commands = [Command(name, "File", name, "", lambda: None) for name in ("a", "b", "c")]
    again = CommandPalette(window, commands, ["c", "gone", "b"])
    again.open_over(window)
    assert again.titles() == ["c", "b", "a"]
    with qtbot.waitSignal(again.ran) as ran:
        qtbot.keyClick(again._search, Qt.Key.Key_Return)

    assert ran.args == ["c"]
