"""Forms are made from fields alone, and hand on only what fields accept."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from engine.data import SOURCES, TRANSFORMS
from engine.data.settings import DataSettings
from engine.errors import FieldError
from engine.fields import (
    Boolean,
    Choice,
    Declared,
    Integer,
    Real,
    Sizes,
    Text,
    Texts,
    Variant,
    Variants,
)
from engine.initializers import INITIALIZERS
from engine.layers import LAYERS
from engine.layers.dense import Dense
from engine.losses import LOSSES
from engine.metrics import METRICS
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.training.settings import TrainingSettings
from gui.forms import EDITORS, Form, Surroundings, common_fields
from gui.widgets import IconButton, LinkButton

REGISTRIES = (
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    METRICS,
    SOURCES,
    TRANSFORMS,
)
DECLARED = [cls for registry in REGISTRIES for cls in registry] + [DataSettings, TrainingSettings]


class Everything(Declared):
    """One field of each type."""

    kind = "everything"
    label = "Everything"
    count = Integer(3, minimum=1, maximum=9, help="How many.")
    share = Real(0.5, minimum=0, below=1, help="How much.")
    on = Boolean(False, help="Whether.")
    way = Choice("a", {"a": "Way A", "b": "Way B"}, help="Which.")
    shape = Sizes((8, 8), help="How large.")
    name = Text("", help="What.")
    names = Texts((), suggests="columns", help="Which ones.")
    start = Variant("uniform", INITIALIZERS, help="From where.")
    steps = Variants((), TRANSFORMS, help="In order.")
    rare = Integer(0, advanced=True, help="Seldom needed.")


class Owner:
    """Whoever owns the settings: takes what the form hands on, and shows it again."""

    def __init__(self, settings: Declared) -> None:
        self.settings = settings
        self.form = Form(self.commit, Surroundings(lambda: ("height", "weight")))
        self.form.show_settings(settings)

    def commit(self, name: str, value: Any) -> None:
        self.settings = self.settings.replaced(**{name: value})
        self.form.show_settings(self.settings)


@pytest.fixture
def owner(qtbot) -> Owner:
    owner = Owner(Everything())
    qtbot.addWidget(owner.form)
    return owner


def enter(qtbot, field, text: str) -> None:
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def reason(editor) -> str:
    return editor.row._reason.text()


@pytest.mark.parametrize("declared", DECLARED, ids=lambda cls: f"{cls.__module__}.{cls.kind}")
def test_every_field_of_everything_registered_has_an_editor(declared):
    missing = [field.name for field in declared.fields() if type(field) not in EDITORS]

    assert missing == []


@pytest.mark.parametrize("declared", DECLARED, ids=lambda cls: f"{cls.__module__}.{cls.kind}")
def test_everything_registered_can_be_shown_in_a_form(qtbot, declared):
    owner = Owner(declared())
    qtbot.addWidget(owner.form)

    assert list(owner.form.editors) == [field.name for field in declared.fields()]


def test_showing_settings_announces_nothing(qtbot):
    commits = []
    form = Form(lambda name, value: commits.append((name, value)))
    qtbot.addWidget(form)
    form.show_settings(Everything())
    form.show_settings(
        Everything(count=4, share=0.1, on=True, way="b", shape=(2,), name="n", start="zeros")
    )

    assert commits == []


class Places(Declared):
    """What is on the disk."""

    kind = "places"
    label = "Places"
    path = Text("", suggests="file", help="The file.")
    cache = Text("", suggests="folder", help="The folder.")


@pytest.mark.parametrize(
    ("field", "dialog", "answer"),
    [
        ("path", "getOpenFileName", ("/data/a.csv", "")),
        ("cache", "getExistingDirectory", "/data"),
    ],
)
def test_a_file_and_a_folder_are_chosen_in_a_dialog(qtbot, monkeypatch, field, dialog, answer):
    owner = Owner(Places())
    qtbot.addWidget(owner.form)
    button = owner.form.editors[field].control.findChild(IconButton)
    monkeypatch.setattr(QFileDialog, dialog, lambda *_: answer)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert getattr(owner.settings, field) == (answer if field == "cache" else answer[0])


def test_a_typed_number_is_handed_on(qtbot, owner):
    enter(qtbot, owner.form.editors["count"].control, "7")

    assert owner.settings.count == 7


def test_a_number_out_of_bounds_shows_the_sentence_and_keeps_the_old_value(qtbot, owner):
    editor = owner.form.editors["count"]
    enter(qtbot, editor.control, "12")

    assert owner.settings.count == 3
    assert reason(editor) == "Needs a whole number from 1 to 9, got 12."


def test_a_switch_is_thrown_by_the_keyboard(qtbot, owner):
    qtbot.keyClick(owner.form.editors["on"].switch, Qt.Key.Key_Space)

    assert owner.settings.on is True


def test_a_choice_is_made_by_the_keyboard(qtbot, owner):
    qtbot.keyClick(owner.form.editors["way"].control, Qt.Key.Key_Down)

    assert owner.settings.way == "b"


@pytest.mark.parametrize("text", ["4 × 6", "4x6", "4, 6", "(4, 6)", "4 6"])
def test_a_shape_is_read_as_people_write_it(qtbot, owner, text):
    enter(qtbot, owner.form.editors["shape"].text, text)

    assert owner.settings.shape == (4, 6)
    assert owner.form.editors["shape"].text.text() == "4 × 6"


def test_a_wrong_shape_is_refused_with_the_sentence_of_the_field(qtbot, owner):
    editor = owner.form.editors["shape"]
    enter(qtbot, editor.text, "4 × many")

    assert owner.settings.shape == (8, 8)
    assert reason(editor) == ("Shape must be 1 to 8 whole numbers of at least 1, got '4 × many'.")


def test_the_reason_goes_away_with_the_next_good_value(qtbot, owner):
    editor = owner.form.editors["shape"]
    enter(qtbot, editor.text, "zero")
    enter(qtbot, editor.text, "3")

    assert reason(editor) == ""


def test_names_are_typed_with_commas_or_ticked_in_the_menu(qtbot, owner):
    editor = owner.form.editors["names"]
    enter(qtbot, editor.text, "age, height")
    ticked = [action.text() for action in editor.menu().actions() if action.isChecked()]
    editor.menu().actions()[1].trigger()

    assert ticked == ["height"]
    assert owner.settings.names == ("age", "height", "weight")


def test_a_kind_brings_its_own_fields(qtbot, owner):
    editor = owner.form.editors["start"]
    before = list(editor._form.editors)
    editor.choose("constant")

    assert before == [field.name for field in INITIALIZERS.get("uniform").fields()]
    assert list(editor._form.editors) == ["value"]


def test_a_kind_is_found_by_typing_another_name_for_it(qtbot, owner):
    owner.form.show()
    qtbot.keyClick(owner.form.editors["start"].control, Qt.Key.Key_Space)
    qtbot.keyClicks(QApplication.activePopupWidget().field, "eye")
    qtbot.keyClick(QApplication.activePopupWidget().field, Qt.Key.Key_Return)

    assert owner.settings.start.kind == "identity"


def test_a_field_of_a_kind_is_edited_in_place(qtbot, owner):
    editor = owner.form.editors["start"]
    editor.choose("constant")
    enter(qtbot, editor._form.editors["value"].control, "0.25")

    assert owner.settings.start == INITIALIZERS.get("constant")(value=0.25)


def test_another_kind_keeps_what_was_set_and_what_it_has_too(qtbot):
    owner = Owner(TrainingSettings(optimizer=OPTIMIZERS.get("adam")(rate=0.05, schedule="cosine")))
    qtbot.addWidget(owner.form)
    owner.form.editors["optimizer"].choose("sgd")
    optimizer = owner.settings.optimizer

    assert (optimizer.kind, optimizer.rate, optimizer.schedule.kind) == ("sgd", 0.05, "cosine")


def test_a_list_is_added_to_ordered_and_shortened(owner):
    editor = owner.form.editors["steps"]
    editor.add("standardise")
    editor.add("one_hot")
    editor.move_up(1)
    moved = [step.kind for step in owner.settings.steps]
    editor.remove(0)

    assert moved == ["one_hot", "standardise"]
    assert [step.kind for step in owner.settings.steps] == ["standardise"]


def test_advanced_fields_are_folded_until_asked_for(qtbot, owner):
    owner.form.show()
    hidden = owner.form.editors["rare"].isVisible()
    (fold,) = [b for b in owner.form.findChildren(LinkButton) if b.text() == "More settings"]
    fold.click()

    assert (hidden, owner.form.editors["rare"].isVisible()) == (False, True)


def test_several_things_share_the_fields_that_accept_the_same():
    fields = common_fields([Dense(), LAYERS.get("neuron")()])

    assert {field.name for field in fields} == {"activation", "initializer", "bias"}


def test_different_values_are_shown_as_several(qtbot):
    form = Form(lambda name, value: None)
    qtbot.addWidget(form)
    form.show_settings(Everything(count=1, way="a"), Everything(count=2, way="b"))
    number = form.editors["count"].control

    assert (number.text(), number.placeholderText()) == ("", "several")
    assert form.editors["way"].control.currentIndex() == -1


def test_the_tooltip_of_several_values_names_them_until_there_is_one(qtbot):
    form = Form(lambda name, value: None)
    qtbot.addWidget(form)
    some = [
        Everything(count=3, way="a", shape=(2, 2), start="zeros"),
        Everything(count=1, way="b", shape=(8, 8), start="uniform"),
        Everything(count=3, way="a", shape=(2, 2), start="zeros"),
    ]
    form.show_settings(*some)
    told = {name: form.editors[name].control.toolTip() for name in ("count", "way", "shape")}

    assert told == {"count": "3, 1", "way": "Way A, Way B", "shape": "2×2, 8×8"}
    assert form.editors["start"].control.toolTip() == "Zeros, Uniform"
    form.show_settings(some[0])
    assert form.editors["count"].control.toolTip() == ""


def test_the_first_of_several_values_can_be_typed_for_all(qtbot):
    committed = []
    form = Form(lambda name, value: committed.append((name, value)))
    qtbot.addWidget(form)
    form.show_settings(Everything(count=4), Everything(count=2))
    enter(qtbot, form.editors["count"].control, "4")

    assert committed == [("count", 4)]


def test_a_refusal_of_the_owner_is_shown_at_the_field(qtbot):
    def refuse(name: str, value: Any) -> None:
        raise FieldError("Not today.")

    form = Form(refuse)
    qtbot.addWidget(form)
    form.show_settings(Everything())
    enter(qtbot, form.editors["count"].control, "4")

    assert reason(form.editors["count"]) == "Not today."


def test_the_tab_key_follows_the_rows_also_those_that_came_later(qtbot, owner):
    owner.form.show()
    owner.form.editors["start"].choose("constant")
    stops = owner.form.tab_stops()
    followed = [stops[0]]
    while len(followed) < len(stops):
        followed.append(followed[-1].nextInFocusChain())
        while followed[-1] not in stops:
            followed[-1] = followed[-1].nextInFocusChain()

    assert followed == stops
    inner = owner.form.editors["start"]._form.editors["value"].control
    assert stops.index(inner) == stops.index(owner.form.editors["start"].control) + 1


def test_numbers_are_typed_with_commas_or_spaces(qtbot):
    owner = Owner(LOSSES.get("categorical_cross_entropy")())
    qtbot.addWidget(owner.form)
    editor = owner.form.editors["class_weights"]
    enter(qtbot, editor.text, "1, 2.5 0.125")

    assert owner.settings.class_weights == (1, 2.5, 0.125)
    assert editor.text.text() == "1, 2.5, 0.125"


def test_a_word_among_numbers_is_refused(qtbot):
    owner = Owner(LOSSES.get("categorical_cross_entropy")())
    qtbot.addWidget(owner.form)
    editor = owner.form.editors["class_weights"]
    enter(qtbot, editor.text, "1, many")

    assert owner.settings.class_weights == ()
    assert reason(editor) == (
        "Class weights must be a list of numbers of at least 0, got '1, many'."
    )
