import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from gui.action_spec import CATEGORIES, ActionSpec
from gui.action_table import ACTIONS
from gui.actions import Actions, plain_text


@pytest.mark.parametrize("spec", ACTIONS, ids=[spec.id for spec in ACTIONS])
def test_every_action_has_a_menu_a_name_and_a_sentence(spec):
    assert spec.category in CATEGORIES
    assert spec.text
    assert spec.tooltip.endswith(".")
    assert all(not QKeySequence(key).isEmpty() for key in spec.keys)


def test_no_two_actions_share_an_id_or_a_key(qapp):
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    assert Actions().conflicts == []


def test_the_letter_of_a_menu_entry_is_used_once():
    for menu in {(spec.category, spec.submenu) for spec in ACTIONS}:
        letters = [
            spec.text[spec.text.index("&") + 1].lower()
            for spec in ACTIONS
            if (spec.category, spec.submenu) == menu and "&" in spec.text
        ]

        assert len(letters) == len(set(letters)), menu


def test_a_user_s_keys_take_the_place_of_the_built_in_ones(qapp):
    actions = Actions({"train.step": ["F7", "Ctrl+."]})

    assert [key.toString() for key in actions["train.step"].shortcuts()] == ["F7", "Ctrl+."]
    assert actions["train.step"].toolTip() == "Train on one batch.  F7"


def test_a_key_that_two_actions_claim_stays_with_the_first_and_is_reported(qapp):
    actions = Actions({"train.step": ["Ctrl+S"]})

    assert actions.conflicts == ["Ctrl+S stands for Save and for Step; it keeps to Save."]
    assert actions["train.step"].shortcuts() == []


def test_an_action_calls_what_it_is_bound_to(qapp):
    specs = (
        ActionSpec("view.once", "Once", "Once."),
        ActionSpec("view.on", "On", "On.", checkable=True),
    )
    actions, calls = Actions(specs=specs), []
    actions.bind("view.once", lambda: calls.append("once"))
    actions.bind("view.on", calls.append)
    actions["view.once"].trigger()
    actions["view.on"].trigger()

    assert calls == ["once", True]


def test_keys_of_the_canvas_work_on_the_canvas_alone(qtbot):
    window, canvas = QWidget(), QWidget()
    qtbot.addWidget(window)
    qtbot.addWidget(canvas)
    actions = Actions()
    actions.install(window, canvas)

    assert actions["edit.delete"] in canvas.actions()
    assert actions["edit.delete"] not in window.actions()
    context = actions["edit.delete"].shortcutContext()
    assert context == Qt.ShortcutContext.WidgetWithChildrenShortcut
    assert actions["file.save"] in window.actions()


def test_a_name_is_shown_without_its_menu_letter():
    assert plain_text("Save &as…") == "Save as"
    assert plain_text("Loss && &metrics") == "Loss & metrics"
