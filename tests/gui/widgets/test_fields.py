from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gui.widgets import (
    ChoiceField,
    ElidedLabel,
    FieldRow,
    InlineMessage,
    NamesField,
    Switch,
    TextField,
    Toast,
    motion_ms,
)


def test_a_choice_commits_the_key_and_shows_the_label(qtbot):
    field = ChoiceField({"same": "Same size", "valid": "No padding"})
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    with qtbot.waitSignal(field.committed) as committed:
        qtbot.keyClick(field, Qt.Key.Key_Down)

    assert committed.args == ["valid"]
    assert (field.value, field.currentText()) == ("valid", "No padding")


def test_a_choice_keeps_its_value_when_the_options_change(qapp):
    field = ChoiceField({"a": "A", "b": "B"}, "b")
    field.set_options({"": "none", "b": "B", "c": "C"})

    assert field.value == "b"


def test_a_switch_commits_what_a_click_makes_of_it(qtbot):
    switch = Switch(False, "Bias")
    qtbot.addWidget(switch)
    with qtbot.waitSignal(switch.committed) as committed:
        switch.click()

    assert committed.args == [True]
    assert (switch.value, switch.accessibleName()) == (True, "Bias")


def test_a_switch_that_the_program_sets_announces_nothing(qtbot):
    switch = Switch(False)
    qtbot.addWidget(switch)
    with qtbot.assertNotEmitted(switch.committed):
        switch.set_value(True)

    assert switch.value


def test_a_text_is_committed_on_enter_and_only_if_it_changed(qtbot):
    field = TextField("one")
    qtbot.addWidget(field)
    field.show()
    committed = []
    field.committed.connect(committed.append)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.selectAll()
    qtbot.keyClicks(field, "two")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert committed == ["two"]


def test_escape_brings_the_committed_text_back(qtbot):
    field = TextField("one")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, " more")
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert (field.text(), field.value) == ("one", "one")


def test_a_line_that_does_not_fit_stands_in_the_tooltip(qtbot):
    label = ElidedLabel("a rather long line that has no room")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()

    assert label.toolTip() == "a rather long line that has no room"


def test_a_message_gives_its_details_to_the_clipboard_only(qtbot):
    message = InlineMessage("It failed.", "bad", details="Traceback: ...")
    qtbot.addWidget(message)
    message.copy_details()

    assert QGuiApplication.clipboard().text() == "It failed.\n\nTraceback: ..."


def test_a_toast_stays_at_the_bottom_of_its_window(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 600)
    host.show()
    toast = Toast(host, "Saved.", "ok")
    toast.open()
    host.resize(700, 500)

    assert toast.geometry().bottom() < 500
    assert abs(toast.geometry().center().x() - 350) <= 1


def test_nothing_moves_where_less_motion_is_wanted(qapp, monkeypatch):
    monkeypatch.setattr(type(qapp.style()), "styleHint", lambda *_: 0)

    assert motion_ms(120) == 0


def shown_row(qtbot, label, editor, width):
    row = FieldRow(label, editor)
    qtbot.addWidget(row)
    row.resize(width, 26)
    row.show()
    QGuiApplication.processEvents()
    return row


def test_rows_share_their_width_alike_while_nothing_is_cut(qtbot):
    short = shown_row(qtbot, "Units", TextField(), 260)
    shorter = shown_row(qtbot, "On", ChoiceField({"a": "A"}, "a"), 260)

    assert short.editor.x() == shorter.editor.x()


def test_a_long_label_takes_what_the_editor_can_spare(qtbot):
    row = shown_row(qtbot, "The standard deviation", TextField(), 260)

    assert row.label.width() >= row.label.needed > 0.43 * 260


def test_a_long_choice_takes_what_the_label_can_spare(qtbot):
    choice = ChoiceField({"a": "A", "long": "The steps of a sequence"}, "a")
    row = shown_row(qtbot, "Over", choice, 260)
    before = choice.x()
    choice.set_value("long")
    QGuiApplication.processEvents()

    assert choice.width() >= choice.needed
    assert choice.x() < before
    assert row.minimumSizeHint().width() < 150


def test_a_field_of_names_grows_with_them_and_shows_them_all(qtbot):
    field = NamesField()
    qtbot.addWidget(field)
    field.resize(200, 26)
    field.show()
    one_line = field.sizeHint().height()
    field.set_value(", ".join(f"neuron number {i} of the network" for i in range(4)))

    assert field.sizeHint().height() >= one_line + 3 * field.fontMetrics().lineSpacing()
    field.set_value(", ".join(f"neuron number {i} of the network" for i in range(99)))
    assert field.sizeHint().height() < one_line + 6 * field.fontMetrics().lineSpacing()
    assert field.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded


def test_a_field_of_names_commits_on_enter_and_gives_up_on_escape(qtbot):
    field = NamesField()
    qtbot.addWidget(field)
    field.show()
    committed = []
    field.committed.connect(committed.append)
    field.set_value("a")
    qtbot.keyClicks(field, "b, ")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), committed) == ("a", [])
    field.selectAll()
    qtbot.keyClicks(field, "b, c")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()

    assert (field.value, committed) == ("b, c", ["b, c"])
