from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QWidget

from gui.action_table import ACTIONS
from gui.app import dispose, make_window
from gui.document.document import Document
from gui.gallery import Gallery
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from gui.training.controller import State
from gui.widgets import PlainButton
from gui.window.command_palette import CommandPalette
from gui.window.workspaces import PANELS


@pytest.fixture
def answers():
    """What the user answers when asked to save."""
    return [QMessageBox.StandardButton.Discard]


@pytest.fixture
def window(qtbot, tmp_path, answers):
    document = Document()
    settings = SettingsFile(tmp_path / "settings.json")
    window = MainWindow(document, settings, ask=lambda *_: answers[0])
    window.files.show_template("digits")
    with qtbot.waitSignal(window.completed):
        window.show()
    document.setParent(window)
    yield window
    window.close()
    dispose(window)


def test_the_first_frame_comes_before_the_panels(qtbot, tmp_path):
    window = make_window(SettingsFile(tmp_path / "settings.json"))
    window.files.show_template("digits")
    window.painted.disconnect()
    with qtbot.waitSignal(window.painted):
        window.show()

    assert window._panels is None
    assert len(window.canvas.graph_scene.nodes) == 4
    window.close()
    dispose(window)


def test_every_action_does_something(window):
    unbound = [
        spec.id for spec, action in window.commands if action.receivers("2triggered(bool)") == 0
    ]

    assert unbound == []


def test_every_button_and_field_has_a_name_for_who_cannot_see_it(window):
    def name(widget: QWidget) -> str:
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        return (
            widget.accessibleName() or text or widget.placeholderText()
            if isinstance(widget, QLineEdit)
            else widget.accessibleName() or text
        )

    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for kind in (QAbstractButton, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.isVisible() and not name(widget) and not widget.objectName().startswith("qt_")
    ]

    assert nameless == []


@pytest.mark.parametrize("name", ["evaluate", "export"])
def test_a_page_that_waits_for_training_leads_to_what_keeps_from_it(qtbot, window, name):
    window.document.remove(["dense_1"])
    window.open_workspace(name)
    page = window.workspaces.page(name).empty
    qtbot.mouseClick(page.errors, Qt.MouseButton.LeftButton)
    shown = window.workspaces.current, window.bottom.shown
    window.document.remove([node.id for node in window.document.graph.nodes])
    window.open_workspace(name)
    qtbot.mouseClick(page.network, Qt.MouseButton.LeftButton)

    assert shown == ("build", "problems")
    assert window.workspaces.current == "build"


@pytest.mark.parametrize("name", ["data", "build", "train", "evaluate", "export"])
def test_each_workspace_opens_and_checks_its_tab(window, name):
    window.commands[f"view.{name}"].trigger()

    assert window.workspaces.current == name
    assert [tab.isChecked() for tab in window.top._tabs] == [
        each == name for each in ("data", "build", "train", "evaluate", "export")
    ]


def test_the_x_ray_belongs_to_the_train_workspace(window):
    window.open_workspace("train")
    on = window.canvas.xray
    window.open_workspace("build")

    assert (on, window.canvas.xray) == (True, False)


def test_a_workspace_without_the_canvas_leaves_no_button_with_the_keyboard(window):
    window.canvas.setFocus()
    window.open_workspace("evaluate")

    assert not isinstance(window.focusWidget(), QAbstractButton)


def test_there_is_one_filled_button_at_a_time(window):
    window.open_workspace("export")
    assert window.bar._train.property("filled") is False
    window.open_workspace("build")

    assert window.bar._train.property("filled") is True


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_is_folded_away_and_brought_back(window, panel):
    action = window.commands[f"view.{panel}"]
    action.trigger()
    assert not window.workspaces.shows(panel)
    action.trigger()

    assert window.workspaces.shows(panel)
    assert action.isChecked()


def test_the_window_stands_again_as_it_was_closed(qtbot, window, answers):
    window.commands["view.palette"].trigger()
    window.choose_theme("light")
    window.close()
    settings = SettingsFile(window.settings.path)
    again = make_window(settings)

    assert settings.settings.theme == "light"
    assert not again.workspaces.shows("palette")
    assert again.commands["view.theme_light"].isChecked()
    again.close()
    dispose(again)


def test_undo_and_redo_say_what_they_would_do(window):
    node = window.document.graph.nodes[0].id
    assert not window.commands["edit.undo"].isEnabled()
    window.document.rename(node, "pixels")
    assert window.commands["edit.undo"].isEnabled()
    assert window.commands["edit.undo"].toolTip().startswith("Undo: ")
    window.commands["edit.undo"].trigger()

    assert window.commands["edit.redo"].isEnabled()
    assert not window.commands["edit.undo"].isEnabled()


def test_the_fields_of_the_bar_change_the_settings_and_can_be_undone(window):
    bar, document = window.bar, window.document
    bar._batch.committed.emit(64)
    bar._optimizer.committed.emit("sgd")
    bar._rate.committed.emit(0.05)
    assert (document.training.batch_size, document.training.optimizer.kind) == (64, "sgd")
    assert document.training.optimizer.rate == 0.05
    for _ in range(3):
        document.undo.undo()

    assert document.training.batch_size == 32
    assert bar._batch.value == 32
    assert bar._optimizer.value == document.training.optimizer.kind


def test_another_data_set_is_chosen_in_the_bar(qtbot, window):
    window.bar._data.committed.emit("iris")

    assert window.document.data.source.kind == "iris"
    assert window.bar._data.value == "iris"


def test_training_and_pausing_with_the_one_button(qtbot, window):
    window.document.set_training(window.document.training.replaced(epochs=2000))
    window.commands["train.train"].trigger()
    qtbot.waitUntil(lambda: window.controller.state is State.RUNNING, timeout=20_000)
    assert window.bar._train.text() == "Pause"
    assert window.workspaces.current == "train"
    window.commands["train.train"].trigger()
    qtbot.waitUntil(lambda: window.controller.state is State.PAUSED)
    assert window.bar._train.text() == "Resume"
    assert window.status._training.text().startswith("epoch ")
    window.commands["train.reset"].trigger()

    assert window.controller.state is State.IDLE
    assert window.bar._train.text() == "Train"


def test_a_training_that_cannot_begin_says_why(window):
    window.document.set_data(None)
    window.controller.train()

    assert window._toasts[-1].text.startswith("There is no data to learn from.")


def test_closing_while_training_stops_it(qtbot, window):
    window.document.set_training(window.document.training.replaced(epochs=2000))
    window.controller.train()
    qtbot.waitUntil(lambda: window.controller.state is State.RUNNING, timeout=20_000)
    window.close()

    assert window.controller.state is not State.RUNNING
    assert not window.isVisible()


def test_closing_can_be_called_off(window, answers):
    window.document.rename(window.document.graph.nodes[0].id, "pixels")
    answers[0] = QMessageBox.StandardButton.Cancel
    assert not window.close()
    answers[0] = QMessageBox.StandardButton.Discard

    assert window.close()


def test_a_node_is_added_from_the_command_palette(qtbot, window):
    before = len(window.document.graph)
    window.commands["help.commands"].trigger()
    palette = window.findChild(CommandPalette)
    qtbot.keyClicks(palette._search, "add dropout")
    assert palette.titles()[0] == "Dropout"
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)

    assert len(window.document.graph) == before + 1


def test_a_setting_of_what_is_selected_is_a_command_and_what_ran_is_remembered(qtbot, window):
    window.document.select([window.document.graph.nodes[1].id])
    window.commands["help.commands"].trigger()
    palette = window.findChild(CommandPalette)
    qtbot.keyClicks(palette._search, "setting units")
    qtbot.keyClick(palette._search, Qt.Key.Key_Return)

    assert window.focusWidget().accessibleName() == "Units"
    assert window.settings.settings.recent_commands == ["set Units"]


def test_the_gallery_shows_a_template_in_this_window(qtbot, window):
    window.commands["file.gallery"].trigger()
    gallery = window.findChild(Gallery)
    gallery.activateWindow()
    qtbot.waitUntil(gallery.isActiveWindow)
    qtbot.keyClicks(gallery.search, "xor")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Return)

    assert window.files.name == "xor.glassbox"


def test_an_empty_canvas_offers_a_handful_and_the_way_to_all(qtbot, window):
    window.files.new()
    offered = window.canvas.empty.findChildren(PlainButton)
    qtbot.mouseClick(window.canvas.empty.more, Qt.MouseButton.LeftButton)

    assert 3 <= len(offered) <= 6
    assert window.findChild(Gallery).isVisible()


def test_a_node_is_found_by_its_name(qtbot, window):
    window.open_workspace("data")
    window.document.rename(window.document.graph.nodes[1].id, "hidden")
    window.commands["network.find"].trigger()
    qtbot.keyClicks(window.canvas.window().focusWidget(), "hidd")

    assert window.workspaces.current == "build"
    assert window.document.selection == (window.document.graph.nodes[1].id,)


def test_a_dropped_table_is_looked_at_in_the_data_workspace(qtbot, window, tmp_path: Path):
    path = tmp_path / "prices.csv"
    path.write_text("size,price\n1,2\n3,4\n5,6\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.workspaces.current == "data")

    page = window.workspaces.page("data")
    assert page.draft.settings.source.path == str(path)


def test_broken_settings_and_claimed_keys_are_said(qtbot, tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"shortcuts": {"train.step": ["Ctrl+S"]}}')
    window = make_window(SettingsFile(path))
    with qtbot.waitSignal(window.completed):
        window.show()

    assert [toast.text for toast in window._toasts] == [
        "Ctrl+S stands for Save and for Step; it keeps to Save."
    ]
    window.close()
    dispose(window)


def test_failures_of_one_project_are_not_told_beside_another(window):
    window.say("Training diverged.", "bad")
    window.say("Work of yours was found.", "warning")
    window.files.show_template("xor")

    assert [toast.text for toast in window._toasts] == ["Work of yours was found."]


def test_the_same_sentence_is_shown_once(window):
    for _ in range(3):
        window.say("The disk is full.", "bad")

    assert [toast.text for toast in window._toasts] == ["The disk is full."]


def test_the_sheet_of_keys_lists_every_action_with_a_key(window):
    from gui.help.key_sheet import KeySheet
    from gui.widgets import TextLabel

    window.commands["help.shortcuts"].trigger()
    sheet = window.findChild(KeySheet)
    shown = {label.text() for label in sheet.findChildren(TextLabel)}

    names = {spec.text.replace("&", "").rstrip("…") for spec in ACTIONS if spec.keys}
    assert names - shown == set()
    sheet.close()
