import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.fields import Integer, Real
from gui.widgets import FieldRow, NumberField, number_text, parsed_number

UNITS = Integer(64, minimum=1, maximum=4096, help="Units.")
RATE = Real(0.001, above=0, logarithmic=True, help="Rate.")
SHARE = Real(0.5, minimum=0, below=1, help="Share.")


@pytest.fixture
def shown(qtbot):
    """Shows a field beside another widget that can take the focus."""

    def show(field: NumberField) -> NumberField:
        window = QWidget()
        window.resize(240, 80)
        layout = QVBoxLayout(window)
        other = QWidget(focusPolicy=Qt.FocusPolicy.StrongFocus)
        layout.addWidget(other)
        layout.addWidget(field)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        other.setFocus()
        field.window_ = window
        return field

    return show


def _type(qtbot, field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def _scroll(field: NumberField, notches: int) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)


def test_a_typed_number_is_committed_once(qtbot, shown):
    field = shown(NumberField(UNITS))
    committed = []
    field.committed.connect(committed.append)
    _type(qtbot, field, "128")

    assert committed == [128]
    assert (field.value, field.text()) == (128, "128")


def test_a_number_out_of_bounds_is_refused_with_the_reason_and_stays_to_be_corrected(qtbot, shown):
    field = shown(NumberField(UNITS))
    reasons, committed = [], []
    field.refused.connect(reasons.append)
    field.committed.connect(committed.append)
    _type(qtbot, field, "0")

    assert reasons == ["Needs a whole number from 1 to 4096, got 0."]
    assert (field.text(), field.toolTip(), field.property("wrong")) == ("0", reasons[0], True)
    assert (field.value, committed) == (64, [])


def test_correcting_a_refused_number_takes_the_reason_away(qtbot, shown):
    field = shown(NumberField(UNITS))
    _type(qtbot, field, "0")
    _type(qtbot, field, "32")

    assert (field.value, field.toolTip(), field.property("wrong")) == (32, "", False)


def test_escape_brings_the_value_back(qtbot, shown):
    field = shown(NumberField(UNITS))
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "99")
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert (field.text(), field.value) == ("64", 64)


def test_dragging_announces_each_value_and_commits_the_last(qtbot, shown):
    field = shown(NumberField(UNITS))
    changed, committed = [], []
    field.changed.connect(changed.append)
    field.committed.connect(committed.append)
    qtbot.mousePress(field, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    for x in range(24, 61, 4):
        qtbot.mouseMove(field, QPoint(x, 10))
    qtbot.mouseRelease(field, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))

    assert changed == sorted(changed)
    assert len(changed) > 3
    assert committed == [changed[-1]] == [field.value]


def test_a_click_without_a_drag_starts_typing(qtbot, shown):
    field = shown(NumberField(UNITS))
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))

    assert field.hasFocus()
    assert field.selectedText() == "64"


def test_the_wheel_turns_only_a_field_that_has_the_focus(qtbot, shown):
    field = shown(NumberField(UNITS))
    _scroll(field, 1)
    assert field.value == 64
    field.setFocus()
    _scroll(field, 2)

    assert field.value == 66


def test_a_turn_of_the_wheel_is_one_edit(qtbot, shown):
    field = shown(NumberField(UNITS))
    field.setFocus()
    committed = []
    field.committed.connect(committed.append)
    with qtbot.waitSignal(field.committed):
        for _ in range(5):
            _scroll(field, 1)

    assert committed == [69]


@pytest.mark.parametrize(
    ("field", "value", "steps", "expected"),
    [
        (UNITS, 64, 1, 65),
        (UNITS, 64, -10, 54),
        (UNITS, 64, 0.1, 65),
        (UNITS, 1, -1, 1),
        (UNITS, 4096, 10, 4096),
        (RATE, 0.001, 20, 0.01),
        (RATE, 0.001, 1, 0.00112),
        (SHARE, 0.5, 1, 0.51),
        (SHARE, 0.0, -1, 0.0),
        (SHARE, 0.0, 1, 0.01),
        (SHARE, 0.99, 1, 0.99),
    ],
)
def test_a_step_changes_what_matters_and_stays_within_the_bounds(
    qapp, field, value, steps, expected
):
    stepped = NumberField(field, value).stepped(steps)

    assert field.accepted(stepped) == pytest.approx(expected)


def test_a_value_set_by_the_program_is_not_announced(qapp):
    field = NumberField(UNITS)
    announced = []
    field.changed.connect(announced.append)
    field.committed.connect(announced.append)
    field.set_value(7)

    assert (field.value, field.text(), announced) == (7, "7", [])


def test_the_program_does_not_overwrite_what_is_being_typed(qtbot, shown):
    field = shown(NumberField(UNITS))
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "12")
    field.set_value(99)

    assert field.text() == "12"


def test_a_form_row_shows_the_reason_under_the_field(qtbot):
    row = FieldRow("Units", NumberField(UNITS), "Units of the layer.")
    qtbot.addWidget(row)
    row.show()
    _type(qtbot, row.editor, "-5")

    assert row._reason.isVisible()
    assert row._reason.text() == "Needs a whole number from 1 to 4096, got -5."
    assert row.editor.accessibleName() == "Units"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("64", 64),
        (" 1e-3 ", 0.001),
        ("0,5", 0.5),
        ("1/4", 0.25),
        ("50 %", 0.5),
        ("−3", -3),
        ("1 000", 1000),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parsed_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1,2,3", "--1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # float() words its own message
        parsed_number(text)


@pytest.mark.parametrize(
    ("number", "text"), [(64, "64"), (64.0, "64"), (0.001, "0.001"), (3e-5, "3e-05")]
)
def test_numbers_are_written_short(number, text):
    assert number_text(number) == text
    assert parsed_number(text) == number


def test_several_values_say_so_until_there_is_one_and_a_placeholder_of_ones_own_stays(qtbot):
    field = NumberField(Integer(1, minimum=0, help="How many."))
    qtbot.addWidget(field)
    field.setPlaceholderText("–")
    field.set_value(7)
    assert field.placeholderText() == "–"
    field.show_mixed(7)
    assert (field.text(), field.placeholderText()) == ("", "several")
    qtbot.keyClick(field, Qt.Key.Key_Up)

    assert (field.text(), field.placeholderText(), field.value) == ("8", "", 8)
