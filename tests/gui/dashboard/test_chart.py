"""A chart shows lines, reads them under the pointer, and follows the theme."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPointF

from gui.dashboard.chart import Chart, Series
from gui.theme import DARK, LIGHT, theme


@pytest.fixture
def chart(qtbot):
    chart = Chart("Loss", "Press Train.")
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def falling(name="training", hue=0, earlier=False):
    x = np.linspace(0.1, 10, 100)
    return Series(name, x, 1 / x, hue, earlier)


def color_count(chart, color):
    image = chart.grab().toImage()
    return sum(
        image.pixelColor(x, y).name() == color
        for x in range(0, image.width(), 2)
        for y in range(30, image.height(), 2)
    )


def test_an_empty_chart_says_what_will_be_there(chart):
    assert chart.empty.isVisible()
    assert chart.empty.text() == "Press Train."


def test_lines_take_the_place_of_the_empty_state(chart):
    chart.show_series([falling()])

    assert not chart.empty.isVisible()
    assert color_count(chart, theme.tokens.series[0]) > 20


def test_the_header_names_every_line(chart):
    chart.show_series([falling(), falling("run 1", earlier=True)])

    assert [(e.name, e.dashed) for e in chart.header.entries] == [
        ("training", False),
        ("run 1", True),
    ]


def test_the_crosshair_reads_the_nearest_point_of_every_line(chart):
    x = np.arange(11.0)
    chart.show_series([Series("training", x, x / 10), Series("validation", x, 1 - x / 20, 1)])
    chart.point_at(chart.place_of(4.1, 0.5))

    assert chart.readout.text == "epoch 4.1\ntraining 0.4000\nvalidation 0.8000"


def test_the_crosshair_reads_values_not_logarithms_on_a_log_axis(chart):
    chart.header.switch.setChecked(True)
    x = np.arange(1.0, 6.0)
    chart.show_series([Series("training", x, 10.0**-x)])
    chart.point_at(chart.place_of(3.0, -3.0))

    assert chart.readout.text == "epoch 3.0\ntraining 0.0010"


def test_the_crosshair_goes_when_the_pointer_leaves_the_plot(chart):
    chart.show_series([falling()])
    chart.point_at(chart.place_of(4.0, 0.5))
    chart.point_at(QPointF(-5, -5))

    assert not chart.readout.isVisible()


def test_values_that_a_log_axis_cannot_show_are_left_out(chart):
    chart.header.switch.setChecked(True)
    chart.show_series([Series("training", np.arange(3.0), np.array([0.0, 0.1, 0.01]))])

    assert chart.drawn_points()[0][0].tolist() == [1, 2]


def test_many_points_are_cut_down_to_the_pixels_there_are(chart):
    x = np.linspace(0, 1, 50_000)
    chart.show_series([Series("training", x, np.sin(40 * x))])

    assert len(chart.drawn_points()[0][0]) <= 600


def test_the_axis_of_epochs_stands_still_while_a_run_grows(chart):
    x = np.linspace(0, 10, 50)
    chart.show_series([Series("training", x, 1 - x / 20)], growing=True)
    before = chart.epochs_shown
    x = np.linspace(0, 10.8, 50)
    chart.show_series([Series("training", x, 1 - x / 20)], growing=True)

    assert before == chart.epochs_shown == (0.0, 13.5)


def test_a_finished_run_fills_the_whole_axis(chart):
    x = np.linspace(0, 10, 50)
    chart.show_series([Series("training", x, 1 - x / 20)])

    assert chart.epochs_shown == (0.0, 10.0)


def test_the_first_point_of_a_line_is_seen(chart):
    chart.show_series([Series("validation", np.array([1.0]), np.array([0.5]))])

    assert color_count(chart, theme.tokens.series[0]) > 0


@pytest.mark.parametrize("width", [500, 900])
@pytest.mark.parametrize("epoch", [0.0, 1.0])
def test_a_point_at_an_end_of_the_axis_is_whole(chart, epoch, width):
    chart.resize(width, 240)
    alone = Series("validation", np.array([epoch]), np.array([0.5]))
    chart.show_series([alone, Series("all", np.array([0.0, 1.0]), np.array([0.0, 1.0]), 1)])
    QCoreApplication.processEvents()
    place = chart.place_of(epoch, 0.5)
    image = chart._plot.grab().toImage()
    row = [image.pixelColor(x, round(place.y())).name() for x in range(image.width())]
    colored = [x + 0.5 for x, color in enumerate(row) if color == theme.tokens.series[0]]
    left, right = (sum(sign * (x - place.x()) > 0 for x in colored) for sign in (-1, 1))

    assert left == right >= 2
    assert chart.epochs_shown == (0.0, 1.0)


def test_lines_take_the_colours_of_another_theme(chart):
    theme.use(DARK)
    chart.show_series([falling()])
    before = color_count(chart, DARK.series[0])
    theme.use(LIGHT)
    after = color_count(chart, LIGHT.series[0])
    theme.use(DARK)

    assert before > 20
    assert after > 20
