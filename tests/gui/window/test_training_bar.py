"""The training settings in the bar of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.project.project import Project
from gui.actions import Actions
from gui.document.document import Document
from gui.window.training_bar import TrainingBar
from tests.engine.training.adversaries import adversaries, settings


@pytest.fixture
def document(qapp):
    return Document(Project(graph=adversaries(), training=settings(objectives=())))


def test_objectives_have_optimisers_of_their_own_so_the_bar_has_none(qtbot, document):
    bar = TrainingBar(document, Actions())
    qtbot.addWidget(bar)
    fields = (bar._optimizer, bar._rate)
    assert all(field.isEnabled() for field in fields)
    document.set_training(settings())

    assert not any(field.isEnabled() for field in fields)
    assert (bar._rate.text(), bar._optimizer.currentIndex()) == ("", -1)
    assert "Each objective has its own" in bar._rate.toolTip()
    document.undo.undo()
    assert all(field.isEnabled() for field in fields)


def test_a_button_beside_the_rate_finds_one(qtbot, document):
    actions = Actions()
    asked = []
    actions.bind("train.find_rate", lambda: asked.append(True))
    bar = TrainingBar(document, actions)
    qtbot.addWidget(bar)
    bar.resize(1600, bar.HEIGHT)
    bar.show()
    assert bar._find.isVisible()
    qtbot.mouseClick(bar._find, Qt.MouseButton.LeftButton)

    assert asked == [True]


def test_where_every_example_changes_the_weights_there_is_no_batch_size_to_set(qtbot, document):
    bar = TrainingBar(document, Actions())
    qtbot.addWidget(bar)
    usual = bar._batch.toolTip()
    document.set_training(document.training.replaced(update="example"))

    assert not bar._batch.isEnabled()
    assert bar._batch.toolTip() == "The weights change after every example."
    document.undo.undo()
    assert bar._batch.isEnabled()
    assert bar._batch.toolTip() == usual
