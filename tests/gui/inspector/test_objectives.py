"""Objectives of a training in the inspector: added, filled in by name, and undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from engine.project.project import Project
from engine.project.templates import open_template
from gui.document.document import Document
from gui.inspector.panel import InspectorPanel
from gui.widgets import ChoiceField, FieldRow, LinkButton, NamesField
from tests.engine.training.adversaries import adversaries, discriminator, generator, settings


@pytest.fixture
def panel(qtbot):
    drawn = adversaries()
    drawn.rename("g1", "noise to features")
    panel = InspectorPanel(Document(Project(graph=drawn, training=settings(objectives=()))))
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def editor(panel):
    overview = panel.overview
    form = overview.objectives if panel.document.training.objectives else overview.form
    return form.editors["objectives"]


def fields(panel, number):
    """The editors of one objective."""
    return editor(panel)._forms[number].editors


def chosen(panel):
    return panel.document.training.objectives


def test_the_first_objective_is_all_that_is_trained_already(panel):
    editor(panel).add("objective")

    (one,) = chosen(panel)
    assert one.losses == ("says_real", "says_fake", "fooled")
    assert one.trains == ("g1", "g2", "d1", "d2")
    assert "optimizer" not in panel.overview.form.editors
    panel.document.undo.undo()
    assert chosen(panel) == ()
    assert "optimizer" in panel.overview.form.editors


def test_another_objective_has_what_is_left_over(panel):
    panel.document.set_training(settings(generator()))
    editor(panel).add("objective")

    assert chosen(panel)[1].losses == ("says_real", "says_fake")
    assert chosen(panel)[1].trains == ("d1", "d2")


def test_nodes_are_written_as_what_they_are_called(panel, qtbot):
    panel.document.set_training(settings(generator(), discriminator()))
    trains = fields(panel, 0)["trains"]
    assert trains.text.text() == "noise to features, Dense (g2)"
    trains.text.selectAll()
    qtbot.keyClicks(trains.text, "noise to features, Dense (d1), d2")
    qtbot.keyClick(trains.text, Qt.Key.Key_Return)

    assert chosen(panel)[0].trains == ("g1", "d1", "d2")


def test_nodes_are_ticked_in_a_menu(panel):
    panel.document.set_training(settings(generator(), discriminator()))
    losses = fields(panel, 0)["losses"]
    menu = losses.menu()
    ticked = {action.text(): action.isChecked() for action in menu.actions()}

    assert ticked == {
        "Binary cross-entropy (says_real)": False,
        "Binary cross-entropy (says_fake)": False,
        "Binary cross-entropy (fooled)": True,
    }
    menu.actions()[0].toggle()
    assert chosen(panel)[0].losses == ("fooled", "says_real")
    panel.document.undo.undo()
    assert chosen(panel)[0].losses == ("fooled",)


def test_the_number_of_updates_in_a_row_and_the_optimiser_are_set_for_each(panel):
    panel.document.set_training(settings(generator(), discriminator()))
    fields(panel, 1)["steps"].commit(5)
    fields(panel, 1)["optimizer"].choose("sgd")

    assert [one.steps for one in chosen(panel)] == [1, 5]
    assert [one.optimizer.kind for one in chosen(panel)] == ["adam", "sgd"]


def test_an_objective_is_removed_and_comes_back(panel):
    panel.document.set_training(settings(generator(), discriminator()))
    editor(panel).remove(0)
    assert [one.name for one in chosen(panel)] == ["discriminator"]
    panel.document.undo.undo()

    assert [one.name for one in chosen(panel)] == ["generator", "discriminator"]


def test_an_objective_that_is_added_and_what_is_then_set_are_edits_of_their_own(panel):
    editor(panel).add("objective")
    fields(panel, 0)["name"].commit("all")
    fields(panel, 0)["name"].commit("everything")
    undo = panel.document.undo

    assert (undo.count(), undo.undoText()) == (2, "Set name to everything")
    undo.undo()
    assert [one.name for one in chosen(panel)] == [""]


def test_the_turns_are_seen_at_once_and_called_by_their_names(panel):
    overview = panel.overview
    panel.resize(320, 900)
    assert not overview.turns.isVisibleTo(panel)
    panel.document.set_training(settings(generator(), discriminator().replaced(steps=3)))

    assert overview.turns.isVisibleTo(panel)
    assert overview.turns_text.text() == "Each round: 1 × generator, then 3 × discriminator."
    assert editor(panel).isVisibleTo(panel)
    assert [title.text() for title in editor(panel)._titles] == ["generator", "discriminator"]
    fields(panel, 0)["name"].commit("painter")
    assert editor(panel)._titles[0].text() == "painter"
    panel.document.set_training(settings(objectives=()))
    assert not overview.turns.isVisibleTo(panel)


@pytest.mark.parametrize("template", ["gan_digits", "gan_ring"])
def test_no_name_is_cut_in_a_narrow_panel(qtbot, template):
    panel = InspectorPanel(Document(open_template(template)))
    qtbot.addWidget(panel)
    panel.resize(272, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    for fold in panel.findChildren(LinkButton):
        if fold.isCheckable():
            fold.setChecked(True)
    QCoreApplication.processEvents()
    shown = panel.overview.findChildren(FieldRow)
    labels = [row.label for row in shown if row.isVisibleTo(panel)]
    choices = [c for c in panel.overview.findChildren(ChoiceField) if c.isVisibleTo(panel)]
    names = panel.overview.findChildren(NamesField)

    assert "Learning rate" in [label.text() for label in labels]
    assert [label.text() for label in labels if label.needed > label.width()] == []
    assert [choice.currentText() for choice in choices if choice.needed > choice.width()] == []
    assert any(field.height() > 26 for field in names)
    assert all(field.viewport().height() >= lines_high(field) for field in names)


def lines_high(field: NamesField) -> int:
    return round(field.document().size().height()) * field.fontMetrics().lineSpacing()
