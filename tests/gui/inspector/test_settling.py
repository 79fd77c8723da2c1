"""Of a loop that settles the inspector says after how many steps."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from engine.data.dataset import prepare
from engine.project.templates import open_template
from gui.document.document import Document
from gui.inspector.panel import InspectorPanel
from gui.training.controller import TrainingController


@pytest.fixture
def panel_of(qtbot):
    opened = []

    def open_one(template: str) -> InspectorPanel:
        project = open_template(template)
        document = Document(project)
        document.set_dataset(prepare(project.data))
        controller = TrainingController(document)
        panel = InspectorPanel(document, controller)
        qtbot.addWidget(panel)
        panel.show()
        opened.append(controller)
        return panel

    yield open_one
    for controller in opened:
        controller.shut_down()


def titled(panel, title):
    return next(node.id for node in panel.document.graph.nodes if node.title == title)


def test_the_steps_until_a_memory_settles_are_told(panel_of):
    panel = panel_of("hopfield")
    node_id = titled(panel, "Recall")
    panel.document.select([node_id])
    changes = panel.controller.values.changes()[node_id]
    steps = len(changes)
    shown = [label.text() for label in panel.node_page.shapes.steps.findChildren(QLabel)]

    assert 1 <= steps <= 50
    assert shown == ["steps until settled", str(steps)]
    assert panel.node_page.shapes.steps.isVisible()
    assert panel.node_page.shapes.settling.isVisible() == (steps > 1)


def test_how_far_each_step_still_moved_is_drawn(panel_of):
    panel = panel_of("hopfield")
    panel.document.select([titled(panel, "Recall")])
    curve = panel.node_page.shapes.settling
    curve.resize(220, 108)
    curve.show_changes(np.array([1.0, 0.1, 0.0]))

    assert curve.accessibleDescription() == "from 1.0e+00 to 0.0e+00 in 3 steps"
    assert not curve.grab().isNull()


def test_what_is_in_no_loop_has_no_steps(panel_of):
    panel = panel_of("hopfield")
    panel.document.select([titled(panel, "Memory")])

    assert not panel.node_page.shapes.steps.isVisible()
    other = panel_of("iris")
    other.document.select([other.document.graph.nodes[1].id])
    assert not other.node_page.shapes.steps.isVisible()
