"""A node that uses the weights of another shows those, and counts none of its own."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.summary import summarise
from engine.plan.initial import initial_weights
from engine.project.project import Project
from gui.document.document import Document
from gui.inspector.panel import InspectorPanel
from tests.engine.training.adversaries import adversaries, settings


@pytest.fixture
def panel(qtbot):
    panel = InspectorPanel(Document(Project(graph=adversaries(), training=settings())))
    qtbot.addWidget(panel)
    return panel


def test_the_weights_of_an_instance_are_those_of_its_original(panel):
    weights = initial_weights(panel.document.inference, seed=4)
    panel.node_page.node_id = "d1_fake"
    own, trained = panel.node_page.own_weights(weights)

    assert trained
    assert own.keys() == {"weight", "bias"}
    np.testing.assert_array_equal(own["weight"], weights["d1", "weight"])


def test_before_training_an_instance_starts_with_what_its_original_starts_with(panel):
    panel.node_page.node_id = "d1_fake"
    own, trained = panel.node_page.own_weights({})
    panel.node_page.node_id = "d1"

    assert not trained
    np.testing.assert_array_equal(own["weight"], panel.node_page.own_weights({})[0]["weight"])


def test_shared_weights_are_counted_once(panel):
    document = panel.document
    found = document.inference

    assert found["d1_fake"].parameter_count == 0
    assert summarise(document.graph, found).parameters == (1 * 4 + 4) + (4 * 2 + 2) + (
        (2 * 5 + 5) + (5 * 1 + 1)
    )
