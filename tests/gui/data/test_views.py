"""The parts of the Data workspace, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.data import DataSettings, Table
from engine.data.builtin import Iris
from engine.data.dataset import prepare
from engine.data.table import Column, category
from gui.data.balance import Balance
from gui.data.draft import Study, studied
from gui.data.gallery import Gallery, picture
from gui.data.plot import _ticks, plottable
from gui.data.split_bar import SplitBar
from gui.data.stage import best_view
from gui.data.summary import Summary, summarise
from gui.data.table_model import COLOR_ROLE, TableModel
from gui.theme import DARK, class_color

NAN = float("nan")


def study_of(source) -> Study:
    return studied(source, None, lambda share: None)


def test_a_number_column_is_summarised_by_range_mean_and_bins():
    summary = summarise(Column("x", "number", np.array([1.0, 2.0, 3.0, NAN])))

    assert (summary.missing, summary.distinct) == (1, 3)
    assert (summary.low, summary.mean, summary.high) == (1, 2, 3)
    assert sum(summary.counts) == 3
    assert summary.range_text == "1 … 3"


def test_a_category_column_is_summarised_by_its_levels():
    summary = summarise(category("x", ["b", "a", "b", None]))

    assert summary.counts == (1, 2)
    assert summary.levels == ("a", "b")
    assert summary.missing == 1


@pytest.mark.parametrize("values", [[NAN, NAN], [5.0, 5.0], [-1e308, 1e308]])
def test_columns_without_a_spread_are_summarised_all_the_same(values):
    assert isinstance(summarise(Column("x", "number", np.array(values))), Summary)


def test_the_model_shows_gaps_classes_and_who_is_left_out(qapp):
    table = Table(
        (
            Column("x", "number", np.array([1.5, NAN])),
            category("class", ["a", "b"]),
        )
    )
    settings = DataSettings(excluded=["x"])
    study = Study(settings, table, tuple(map(summarise, table.columns)))
    model = TableModel()
    model.show_study(study)

    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert model.index(0, 0).data() == "1.5"
    assert model.index(1, 0).data() == "–"
    assert model.is_target(1)
    assert model.is_excluded(0)
    assert model.index(0, 1).data(COLOR_ROLE) == class_color(0, 2, DARK)
    assert "1 missing" in model.headerData(
        0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )


def test_a_picture_has_its_ink_in_the_colour_of_text(qapp):
    image = picture(np.array([[[0.0, 1.0]]]), DARK)

    assert image.pixelColor(0, 0).name() == DARK.field
    assert image.pixelColor(1, 0).name() == DARK.text


def test_a_picture_of_three_channels_keeps_its_colours(qapp):
    image = picture(np.array([[[1.0]], [[0.0]], [[0.5]]]), DARK)

    assert image.pixelColor(0, 0).getRgb()[:3] == (255, 0, 127)


def test_the_gallery_scrolls_through_all_pictures(qtbot):
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.resize(400, 300)
    gallery.show()
    pictures = np.zeros((100, 1, 8, 8))
    table = Table((category("class", ["a", "b"] * 50),))
    gallery.show_study(Study(DataSettings(), table, (), pictures))
    lines = -(-100 // gallery.per_line)

    assert gallery.verticalScrollBar().maximum() > (lines - 4) * 90


def test_ticks_are_round_numbers_within_the_range():
    assert _ticks(-1.04, 1.04) == [-1, -0.5, 0, 0.5, 1]
    assert _ticks(0, 1234) == [0, 500, 1000]


def test_the_best_view_shows_everything(qapp):
    assert best_view(study_of(Iris())) == "table"
    assert plottable(study_of(Iris())) == list(Iris.names)


def test_dragging_a_border_of_the_split_changes_its_neighbours_alone(qtbot):
    bar = SplitBar()
    qtbot.addWidget(bar)
    bar.resize(200, 18)
    bar.show()
    bar.set_shares(0.1, 0.1)
    with qtbot.waitSignal(bar.committed) as committed:
        qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(160, 9))
        qtbot.mouseMove(bar, QPoint(120, 9))
        qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(120, 9))

    assert committed.args == [0.3, 0.1]


def test_the_spread_of_a_target_is_told_in_words_too(qtbot):
    balance = Balance()
    qtbot.addWidget(balance)
    balance.show_dataset(prepare(DataSettings(source="iris")))

    assert balance.accessibleDescription() == "setosa 50, versicolor 50, virginica 50"
