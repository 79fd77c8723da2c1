"""Long sentences in the list of problems are read whole, however narrow the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from engine.graph.check import Fix, Problem
from engine.graph.model import Graph, Node
from engine.layers.terminal import Loss
from gui.problems.model import ProblemModel
from gui.problems.panel import ProblemList
from gui.problems.row import HEIGHT, WRAPPED, sentence_of
from gui.theme import ui_font

LONG = Problem(
    None,
    "warning",
    "The network ends in 12 numbers, one for each of the classes, and the loss compares them with "
    "values that are no classes, so that what is learnt has nothing to do with what is asked for.",
    "Choose a loss on classes, or another target.",
)


@pytest.fixture
def listed(qtbot):
    model = ProblemModel()
    model.show_problems([LONG, Problem(None, "hint", "Short.", "")], Graph())
    view = ProblemList(model)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.mark.parametrize("width", [420, 760, 1600])
def test_a_row_is_as_tall_as_its_sentence(listed, width):
    listed.resize(width, 300)
    row = listed.visualRect(listed.model().index(0, 0))
    room = listed.row._sentence_rect(QRect(0, 0, row.width(), HEIGHT), LONG)
    needed = QFontMetrics(ui_font(12.5)).boundingRect(room, int(WRAPPED), sentence_of(LONG))

    assert row.height() >= needed.height()
    assert listed.visualRect(listed.model().index(1, 0)).height() == HEIGHT


def test_a_narrower_list_has_taller_rows_and_takes_more_room(listed):
    listed.resize(1600, 300)
    before = listed.sizeHintForRow(0), listed.maximumHeight()
    listed.resize(420, 300)

    assert listed.sizeHintForRow(0) > before[0]
    assert listed.maximumHeight() > before[1]


def test_a_remedy_with_a_long_name_leaves_room_for_the_sentence(listed):
    fix = Fix(f"Wire {'a dense layer with a very long name ' * 4} to it", ())
    problem = Problem("loss", "error", "The loss is not connected to anything.", "", fix)
    row = QRect(0, 0, 700, HEIGHT)

    assert listed.row.link_rect(row, problem).width() <= 280
    assert listed.row._sentence_rect(row, problem).width() > 200


def test_the_column_of_titles_is_as_wide_as_they_need(listed):
    graph = Graph([Node("loss", Loss(loss="binary_cross_entropy"))])
    lone = Problem("loss", "error", "Binary cross-entropy is not connected to anything.", "")
    before = listed.row._sentence_rect(QRect(0, 0, 700, HEIGHT), lone).left()
    listed.model().show_problems([lone], graph)
    after = listed.row._sentence_rect(QRect(0, 0, 700, HEIGHT), lone).left()
    title = QFontMetrics(listed.row.title_font()).horizontalAdvance("Binary cross-entropy")

    assert after > before
    assert listed.row._title_width >= min(title, 168)
    graph.rename("loss", "What the network is to get right, and how far it is from that")
    listed.model().show_problems([lone], graph)
    assert listed.row._title_width == 168
