"""A learning rate is found beside the window and set at a click, which can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.data.dataset import prepare
from engine.project.templates import open_template
from engine.training.rate_finder import RateSearch
from gui.dashboard.rate_curve import RateCurve
from gui.dashboard.rate_finder import RateFinder
from gui.document.document import Document
from gui.widgets import number_text

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def finder_of(qtbot):
    opened = []

    def open_one(template: str, loaded: bool = True) -> RateFinder:
        project = open_template(template)
        document = Document(project)
        if loaded:
            document.set_dataset(prepare(project.data))
        finder = RateFinder(document)
        finder.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(finder)
        opened.append(finder)
        finder.show()
        finder.search()
        return finder

    yield open_one
    for finder in opened:
        finder.job.shut_down()


def searched(qtbot, finder: RateFinder) -> RateFinder:
    qtbot.waitUntil(lambda: finder.found is not None, timeout=30_000)
    return finder


def test_a_rate_is_found_drawn_and_set_at_a_click(finder_of, qtbot):
    finder = searched(qtbot, finder_of("digits"))
    document, rate = finder.document, finder.suggestion
    before = document.training.optimizer.rate
    assert 1e-4 < rate < 3
    assert finder.use.text() == f"Use {number_text(rate)}"
    assert not finder.curve.grab().isNull()
    qtbot.mouseClick(finder.use, LEFT)

    assert document.training.optimizer.rate == rate
    assert not finder.isVisible()
    document.undo.undo()
    assert document.training.optimizer.rate == before


def test_enter_takes_what_was_found(finder_of, qtbot):
    finder = searched(qtbot, finder_of("iris"))
    qtbot.keyClick(finder, Qt.Key.Key_Return)

    assert finder.document.training.optimizer.rate == finder.suggestion


def test_closing_gives_the_search_up_and_changes_nothing(finder_of, qtbot):
    finder = finder_of("residual_mlp")
    before = finder.document.training
    assert finder.close_button.text() == "Cancel"
    qtbot.mouseClick(finder.close_button, LEFT)

    assert not finder.job.busy
    assert finder.found is None
    assert finder.document.training == before


def test_of_several_objectives_the_first_gets_the_rate(finder_of, qtbot):
    finder = searched(qtbot, finder_of("gan_ring"))
    finder._take(RateSearch(np.array([1e-3, 1e-2]), np.array([1.0, 0.5]), 0.0123))
    finder.apply()
    first, second = finder.document.training.objectives

    assert finder.message.text == "The loss of discriminator falls fast at a rate of 0.012."
    assert (first.optimizer.rate, second.optimizer.rate) == (0.012, 0.001)


def test_another_objective_can_be_chosen_and_gets_the_rate_found_for_it(finder_of, qtbot):
    finder = searched(qtbot, finder_of("gan_ring"))
    before, (kept, _) = finder.found.losses, finder.document.training.objectives
    qtbot.keyClick(finder.objective, Qt.Key.Key_Down)
    searched(qtbot, finder)
    rate = finder.suggestion
    finder.apply()
    first, second = finder.document.training.objectives

    assert not np.array_equal(finder.found.losses, before)
    assert f"The loss of generator falls fast at a rate of {number_text(rate)}." == (
        finder.message.text
    )
    assert (first, second.optimizer.rate) == (kept, rate)


def test_where_there_is_one_objective_none_is_offered(finder_of):
    assert not finder_of("iris").objective.isVisible()
    assert finder_of("gan_ring").objective.isVisible()


def test_where_no_rate_helps_it_says_so_and_offers_none(finder_of, qtbot):
    finder = searched(qtbot, finder_of("iris"))
    finder._take(RateSearch(np.array([1e-3, 1e-2]), np.array([1.0, 1.0]), None))

    assert not finder.use.isEnabled()
    assert finder.message.text.startswith("At no rate the loss fell")


def test_without_data_nothing_is_searched(finder_of):
    finder = finder_of("iris", loaded=False)

    assert not finder.job.busy
    assert finder.message.text.startswith("The data is still being loaded.")


def test_a_network_that_cannot_train_is_explained(finder_of, qtbot):
    finder = searched(qtbot, finder_of("iris"))
    finder.document.remove([n.id for n in finder.document.graph.nodes if n.layer.kind == "loss"])
    with qtbot.waitSignal(finder.job.failed, timeout=10_000):
        finder.search()

    assert finder.message.severity == "bad"
    assert not finder.use.isEnabled()


def test_rates_run_evenly_from_left_to_right(qtbot):
    curve = RateCurve()
    qtbot.addWidget(curve)
    curve.resize(500, 250)
    curve.show_search(RateSearch(np.geomspace(1e-4, 1, 5), np.array([2.0, 1.5, 1, 2, 90]), 1e-3))
    places = [curve.place_of(rate, 1.0).x() for rate in (1e-4, 1e-2, 1.0)]

    assert places[1] - places[0] == pytest.approx(places[2] - places[1])
    assert curve.place_of(1e-2, 1.0).y() > curve.place_of(1e-2, 2.0).y()
