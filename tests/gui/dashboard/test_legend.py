"""The names of a chart's lines can all be read, at the width of a small window too."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from gui.dashboard.chart import FAINT, Chart, Series
from gui.dashboard.legend import ROW, ROWS, SHORTEST, Entry, laid_out

NARROW = 330
"""Pixels that one of two charts side by side has in a window 1280 pixels wide."""

FEW = ["training", "validation"]
SOME = ["Dense", "Decoder", "Log-variance", "Mean", "Encoder"]
MANY = [
    "dense_3",
    "layer_norm_3",
    "dense_2",
    "dense_1",
    "layer_norm_2",
    "MultiHeadAttention",
    "layer_norm_1",
    "PositionalEncoding",
    "Embedding",
    "Reconstruction error of the second decoder",
]


def entries(names):
    return [Entry(name, "#4c8dff") for name in names]


def legend(names, width=NARROW):
    return laid_out(entries(names), QRectF(160, 0, width - 210, 24), QRectF(0, 24, width, ROW))


def named(name, hue=0):
    x = np.linspace(0.1, 10, 50)
    return Series(name, x, 1 / x, hue)


@pytest.fixture
def chart(qtbot):
    chart = Chart("Gradient norm per layer", "Press Train.")
    qtbot.addWidget(chart)
    chart.resize(NARROW, 240)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def test_few_names_stand_beside_the_title_at_the_right(qapp):
    wide = legend(FEW, 500)

    assert wide.rows == 0
    assert [place.text for place in wide.places] == FEW
    assert wide.places[-1].area.right() == pytest.approx(450)


@pytest.mark.parametrize("names", [SOME, MANY])
def test_every_name_is_shown_in_a_narrow_chart(qapp, names):
    narrow = legend(names)

    assert [place.entry.name for place in narrow.places] == names
    assert not narrow.others
    assert 1 <= narrow.rows <= ROWS


def test_names_that_fit_in_rows_are_not_shortened(qapp):
    assert [place.text for place in legend(SOME).places] == SOME


@pytest.mark.parametrize("names", [FEW, SOME, MANY, [f"dense_{i}" for i in range(500)]])
@pytest.mark.parametrize("width", [230, NARROW, 600])
def test_no_name_stands_on_another_or_beyond_the_chart(qapp, names, width):
    placed = legend(names, width)
    areas = [place.area for place in placed.places] + ([placed.more] if placed.more else [])

    assert all(area.left() >= 0 and area.right() <= width for area in areas)
    assert not any(a.intersects(b) for i, a in enumerate(areas) for b in areas[:i])


@pytest.mark.parametrize("width", [230, NARROW, 600])
def test_every_text_fits_into_its_place(qapp, width):
    placed = legend(MANY, width)
    metrics = QFontMetricsF(placed.font)

    assert all(
        SHORTEST / 2 < metrics.horizontalAdvance(p.text) <= p.area.width() for p in placed.places
    )


def test_of_very_many_lines_the_first_are_named_and_the_others_counted(qapp):
    names = [f"batch_norm_{i}" for i in range(500)]
    placed = legend(names)

    assert len(placed.places) + len(placed.others) == 500
    assert [place.text for place in placed.places] == names[: len(placed.places)]


def test_the_plot_gives_the_names_the_room_they_need_and_takes_it_back(chart, qtbot):
    chart.show_series([named(name, hue) for hue, name in enumerate(SOME)])
    qtbot.waitUntil(lambda: chart.header.height() > 24 + ROW)
    chart.resize(1000, 240)
    qtbot.waitUntil(lambda: chart.header.height() == 24)

    assert chart.header.legend.rows == 0


def test_a_header_is_as_high_as_the_one_beside_it(chart):
    chart.show_series([named("training")])
    alone = chart.header.height()
    chart.header.keep_rows(2)
    beside = chart.header.height()
    chart.header.keep_rows(0)

    assert beside == alone + 2 * ROW + 4
    assert chart.header.height() == alone


def test_a_shortened_name_is_told_whole_at_its_place(chart):
    chart.show_series([named(name, hue) for hue, name in enumerate(MANY)])
    places = chart.header.legend.places
    at = {place.entry.name: place.area.center() for place in places}
    shortened = [place.entry.name for place in places if "…" in place.text]

    assert shortened
    assert all(chart.header.told_at(at[name]) == name for name in at)
    assert chart.header.told_at(QPointF(1, 1)) == ""


def test_names_that_are_left_out_are_told_at_their_number(chart):
    chart.show_series([named(f"batch_norm_{i}", i) for i in range(100)])
    legend = chart.header.legend
    told = chart.header.told_at(legend.more.center()).split("\n")

    assert told[0] == legend.others[0].name
    assert told[-1] == f"and {len(legend.others) - 20} more"
    assert len(told) == 21


def test_pointing_at_a_name_picks_out_its_line(chart, qtbot):
    chart.show_series([named(name, hue) for hue, name in enumerate(SOME)])
    qtbot.mouseMove(chart.header, chart.header.legend.places[2].area.center().toPoint())
    faded = [line.opacity() for line in chart._lines]
    qtbot.mouseMove(chart.header, QPoint(1, 1))

    assert faded == [FAINT, FAINT, 1, FAINT, FAINT]
    assert [line.opacity() for line in chart._lines] == [1] * 5
