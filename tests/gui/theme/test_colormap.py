import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.theme import DARK, LIGHT, diverging, diverging_color


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_the_ends_and_the_middle_have_the_colours_of_the_theme(tokens, qapp):
    image = diverging(np.array([[-2.0, 0.0, 2.0]]), tokens)

    colors = [image.pixelColor(x, 0).name() for x in range(3)]
    assert colors == [tokens.negative, tokens.zero, tokens.positive]


def test_rows_of_the_array_are_rows_of_the_image(qapp):
    image = diverging(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, -1.0]]), DARK)

    assert (image.width(), image.height()) == (2, 3)
    assert image.pixelColor(0, 0).name() == DARK.positive
    assert image.pixelColor(1, 2).name() == DARK.negative


def test_values_beyond_the_limit_have_the_full_colour(qapp):
    image = diverging(np.array([[5.0, 0.5]]), DARK, limit=1.0)

    assert image.pixelColor(0, 0).name() == DARK.positive
    assert image.pixelColor(1, 0).name() == diverging_color(0.5, DARK).name()


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.full((1, 1), np.nan), np.zeros((0, 3))])
def test_nothing_to_show_is_shown_as_zero(values, qapp):
    image = diverging(values, DARK)

    shown = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert shown <= {QColor(DARK.zero).name()}
