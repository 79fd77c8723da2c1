import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.document.catalog import catalog, dropped_layer
from gui.document.habits import Habits
from gui.palette import PalettePanel
from gui.palette.delegate import star_rect
from gui.settings import Settings
from gui.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def panel(qtbot, qapp):
    apply_theme(qapp, DARK)
    panel = PalettePanel(Habits())
    panel.resize(230, 700)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def rows(panel):
    model = panel.list.model()
    return [model.index(i, 0).data() for i in range(model.rowCount())]


def place(panel, label):
    index = panel.list.model().index(rows(panel).index(label), 0)
    return panel.list.visualRect(index).center()


def chosen(panel):
    offers = []
    panel.chosen.connect(lambda offer: offers.append(offer.label))
    return offers


def test_offers_stand_under_their_sections(panel):
    shown = rows(panel)

    assert shown[0] == "Ends"
    assert shown.index("Core") < shown.index("Dense") < shown.index("Merge") < shown.index("Add")


def test_a_double_click_adds(panel):
    offers = chosen(panel)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Dense"))
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Dense"))

    assert offers == ["Dense"]


def test_a_section_cannot_be_added(panel):
    offers = chosen(panel)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Core"))

    assert offers == []


def test_typing_finds_and_enter_adds(panel):
    offers = chosen(panel)
    QTest.keyClicks(panel.field, "drop")

    assert rows(panel)[0] == "Dropout"
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert offers == ["Dropout"]


def test_arrows_choose_while_one_types(panel):
    offers = chosen(panel)
    QTest.keyClicks(panel.field, "error")
    found = rows(panel)
    QTest.keyClick(panel.field, Qt.Key.Key_Down)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)

    assert offers == [found[1]]


def test_escape_clears_the_search(panel):
    QTest.keyClicks(panel.field, "drop")
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)

    assert panel.field.text() == ""
    assert rows(panel)[0] == "Ends"


def test_nonsense_finds_nothing_and_says_so(panel):
    QTest.keyClicks(panel.field, "qqq")

    assert rows(panel) == []
    assert panel.nothing.isVisible()


def test_a_row_drags_what_it_offers(panel):
    model = panel.list.model()
    index = model.index(rows(panel).index("Dense"), 0)
    layer = dropped_layer(model.mimeData([index]))

    assert layer is not None
    assert layer.kind == "dense"
    assert model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled


def test_enter_in_the_list_adds(panel):
    offers = chosen(panel)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, "Add"))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)

    assert offers == ["Add"]


def test_it_paints_in_both_themes(panel, qapp):
    dark = panel.grab().toImage().pixelColor(QPoint(4, 300))
    apply_theme(qapp, LIGHT)
    light = panel.grab().toImage().pixelColor(QPoint(4, 300))
    apply_theme(qapp, DARK)

    assert dark.lightness() < light.lightness()


def star(panel, label):
    """Where the star of the first row of this name is."""
    index = panel.list.model().index(rows(panel).index(label), 0)
    return star_rect(panel.list.visualRect(index)).center()


def click(panel, place):
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_the_star_makes_a_favourite_and_another_click_unmakes_it(panel):
    click(panel, star(panel, "Dense"))
    assert rows(panel)[:3] == ["Favourites", "Dense", "Ends"]

    click(panel, star(panel, "Dense"))
    assert rows(panel)[0] == "Ends"


def test_the_star_is_set_with_a_key_too(panel):
    click(panel, place(panel, "Add"))
    QTest.keyClick(panel.list, Qt.Key.Key_Asterisk)

    assert rows(panel)[:2] == ["Favourites", "Add"]


def test_favourites_are_kept_in_the_settings(panel):
    settings = Settings()
    habits = Habits(settings)
    habits.star("a", True)
    habits.star("b", True)
    habits.star("a", False)

    assert settings.favourites == ["b"]


def test_what_is_used_stands_under_recently_used_latest_first(panel):
    by_label = {offer.label: offer.key for offer in catalog()}
    for label in ("Dense", "Add", "Dense"):
        panel.habits.note_use(by_label[label])

    assert rows(panel)[:4] == ["Recently used", "Dense", "Add", "Ends"]


def test_a_click_folds_a_section_and_another_opens_it(panel):
    before = rows(panel)
    click(panel, place(panel, "Ends"))
    folded = rows(panel)
    click(panel, place(panel, "Ends"))

    assert "Input" in before
    assert folded[:2] == ["Ends", "Core"]
    assert rows(panel) == before


def test_a_section_is_folded_and_opened_with_the_keys(panel):
    before = rows(panel)
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    QTest.keyClick(panel.list, Qt.Key.Key_Left)
    folded = rows(panel)
    QTest.keyClick(panel.list, Qt.Key.Key_Right)

    assert folded[:2] == ["Ends", "Core"]
    assert rows(panel) == before


def test_a_folded_section_stays_folded_the_next_time(panel, qtbot):
    settings = Settings(folded_sections=["Ends"])
    again = PalettePanel(Habits(settings))
    qtbot.addWidget(again)

    assert rows(again)[:2] == ["Ends", "Core"]


def test_a_search_looks_into_folded_sections(panel):
    click(panel, place(panel, "Ends"))
    QTest.keyClicks(panel.field, "inp")

    assert rows(panel)[0] == "Input"
