"""One colour per class, wherever it is shown."""

import numpy as np

from gui.theme import DARK, LIGHT, class_color
from gui.widgets.heat import classes


def test_two_classes_have_the_colours_of_the_decision_surface():
    assert class_color(0, 2, DARK).name() == DARK.negative
    assert class_color(1, 2, LIGHT).name() == LIGHT.positive


def test_eleven_classes_have_eleven_colours():
    names = {class_color(number, 11, DARK).name() for number in range(11)}

    assert len(names) == 11


def test_a_surface_of_classes_has_the_colours_of_the_classes(qapp):
    shares = np.eye(10)[:, None, :]  # one pixel for each class alone
    image = classes(shares, DARK)
    painted = [image.pixelColor(number, 0).name() for number in range(10)]

    assert painted == [class_color(number, 10, DARK).name() for number in range(10)]
