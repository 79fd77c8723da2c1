import pytest
from PySide6.QtGui import QColor, QPalette

from gui.theme import DARK, LIGHT, apply_theme, category_color, palette, theme


@pytest.fixture(autouse=True)
def dark_again(qapp):
    yield
    apply_theme(qapp, DARK)


def test_applying_a_theme_announces_its_tokens(qapp, qtbot):
    with qtbot.waitSignal(theme.changed) as announced:
        apply_theme(qapp, LIGHT)

    assert announced.args == [LIGHT]
    assert theme.current() is theme.tokens is LIGHT


@pytest.mark.parametrize(("name", "tokens"), [("dark", DARK), ("light", LIGHT)])
def test_a_chosen_theme_is_used_whatever_the_desktop_says(qapp, name, tokens):
    theme.choose(qapp, name)

    assert theme.tokens == tokens


def test_the_palette_has_the_tokens_for_what_the_style_sheet_does_not_name():
    made = palette(LIGHT)

    assert made.color(QPalette.ColorRole.Window) == QColor(LIGHT.surface)
    assert made.color(QPalette.ColorRole.Highlight) == QColor(LIGHT.accent)
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(LIGHT.muted)


def test_the_style_sheet_leaves_no_token_open(qapp):
    apply_theme(qapp, LIGHT)

    assert "$" not in qapp.styleSheet()
    assert LIGHT.accent in qapp.styleSheet()


def test_both_themes_name_the_same_colours():
    assert DARK.colors().keys() == LIGHT.colors().keys()
    assert all(QColor(color).isValid() for color in DARK.colors().values())


def test_an_unknown_category_has_the_grey_of_merging():
    assert category_color("convolution") == "#b57bee"
    assert category_color("no such category") == category_color("merging")


def _contrast(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        parts = [QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF()]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground(tokens):
    for ground in (tokens.canvas, tokens.surface, tokens.node, tokens.field):
        assert _contrast(tokens.text, ground) >= 7
        assert _contrast(tokens.second, ground) >= 4.5
