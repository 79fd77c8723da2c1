import pytest
from PySide6.QtWidgets import QWidget

from engine.training.telemetry import Progress
from gui.actions import Actions
from gui.window.menus import Menus
from gui.window.status_bar import StatusBar, clock_text
from gui.window.tabs import BottomTabs
from gui.window.top_bar import TopBar


@pytest.fixture
def status(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1280, 26)
    bar.show()
    return bar


@pytest.mark.parametrize(
    ("errors", "doubts", "text", "severity"),
    [
        (0, 0, "no problems", "ok"),
        (1, 0, "1 problem", "bad"),
        (0, 1, "1 problem", "warning"),
        (2, 3, "5 problems", "bad"),
    ],
)
def test_problems_are_counted_and_coloured_by_the_gravest(status, errors, doubts, text, severity):
    status.set_problems(errors, doubts)

    assert status._problems.text() == text
    assert status._problems.property("severity") == severity


def test_parameters_have_thousands_set_apart(status):
    status.set_parameters(55050)
    assert status._parameters.text() == "55,050 parameters"
    status.set_parameters(1)

    assert status._parameters.text() == "1 parameter"


def test_a_training_shows_where_it_is_how_fast_and_how_long_it_takes(status):
    status.set_training(Progress(12, 50, 540, 45, 9800.0, 8.2, 0.1), 0.058)

    assert status._training.text() == "epoch 12 / 50 · 9,800 examples/s · window 6 %"
    assert status._left.text() == "0:08 left"
    assert status._bar.isVisible()


def test_without_a_training_nothing_of_it_is_shown(status):
    status.set_training(Progress(12, 50, 540, 45, 9800.0, 8.2, 0.1))
    status.set_training(None)

    assert (status._training.text(), status._left.text()) == ("", "")
    assert not status._bar.isVisible()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (8.4, "0:08"), (750, "12:30"), (3900, "1:05:00")]
)
def test_times_are_written_as_on_a_clock(seconds, text):
    assert clock_text(seconds) == text


@pytest.fixture
def top(qtbot):
    actions = Actions()
    bar = TopBar(Menus(actions), actions)
    qtbot.addWidget(bar)
    bar.actions_of_test = actions
    bar.resize(1280, 40)
    bar.show()
    return bar


def test_the_name_stands_in_the_middle_and_has_a_dot_while_unsaved(top):
    top.set_document("digits.glassbox", True)

    assert top._name.text() == "digits.glassbox •"
    assert top._name.accessibleName() == "digits.glassbox, not saved"
    assert abs(top._name.geometry().center().x() - 640) <= 1


def test_a_narrow_bar_cuts_the_name_and_not_the_tabs(top):
    top.resize(900, 40)
    top.set_document("a rather long name of a project.glassbox", False)

    assert top._name.geometry().right() < top._tabs[0].geometry().left()
    assert top._name.geometry().left() > top._menus.geometry().right()


def test_a_tab_follows_its_action_and_stays_checked_when_clicked_again(top):
    tab, action = top._tabs[2], top.actions_of_test["view.train"]
    tab.click()
    assert action.isChecked()
    tab.click()

    assert (action.isChecked(), tab.isChecked()) == (True, True)
    assert not top._tabs[1].isChecked()


def test_a_menu_that_changes_is_asked_when_it_opens(qapp):
    entries = []
    menus = Menus(Actions())
    menu = menus.add_submenu("Open recent", "file.open", lambda: entries)
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]
    chosen = []
    entries.append(("a.glassbox", "/home/a.glassbox", lambda: chosen.append("a")))
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()

    assert [action.text() for action in menu.actions()] == ["a.glassbox"]
    assert chosen == ["a"]


def test_tabs_are_shown_and_renamed_by_name(qtbot):
    tabs = BottomTabs()
    qtbot.addWidget(tabs)
    pages = [QWidget(), QWidget()]
    tabs.add("problems", "Problems")
    tabs.add("loss", "Loss & metrics")
    tabs.show_page("loss")
    tabs.set_title("problems", "Problems 2")
    tabs.fill("problems", pages[0])
    tabs.fill("loss", pages[1])

    assert tabs.shown == "loss"
    assert tabs._pages.currentWidget() is pages[1]
    assert [tabs._bar.tabText(i) for i in range(2)] == ["Problems 2", "Loss && metrics"]
