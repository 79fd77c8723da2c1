"""What a generator makes is seen while it learns; several metrics can be looked at."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnosis.collapse import Diversity, collapse
from engine.evaluation.drawn import Drawn
from engine.project.templates import open_template
from engine.training.telemetry import Telemetry
from gui.dashboard import LossPanel
from gui.document.document import Document
from gui.training.controller import State, TrainingController


@pytest.fixture
def trained(qtbot):
    """A template, trained for some epochs with the panel in sight."""
    made = []

    def train(template: str, epochs: int) -> LossPanel:
        project = open_template(template)
        project.training = project.training.replaced(epochs=epochs)
        document = Document(project)
        controller = TrainingController(document)
        panel = LossPanel(document, controller)
        qtbot.addWidget(panel)
        panel.resize(1000, 240)
        made.append(panel)
        panel.show()
        controller.train()
        qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=30_000)
        qtbot.waitUntil(lambda: not panel.made.job.busy, timeout=10_000)
        return panel

    yield train
    for panel in made:
        panel.made.job.shut_down()
        panel.controller.shut_down()


def test_a_generator_has_what_it_makes_in_place_of_a_metric(trained):
    panel = trained("gan_ring", 3)

    assert panel.made.isVisible()
    assert not panel.metrics.isVisible()
    assert panel.made.cloud.made.shape == (300, 2)
    assert panel.made.sentence.text()


def test_a_generator_of_digits_shows_digits(trained):
    panel = trained("gan_digits", 2)

    assert len(panel.made.pictures.stacks) == 24
    assert not panel.made.cloud.isVisible()


def test_mode_collapse_is_named(trained):
    panel = trained("gan_ring", 2)
    found = Diversity(coverage=0.12, realism=0.9, spread=0.4)
    points = np.zeros((5, 2))
    panel.made.show_drawn(Drawn(points, points, found, collapse(found)))

    assert panel.made.sentence.text().startswith("Mode collapse: ")
    assert panel.made.sign.severity == "bad"


def test_while_training_it_is_looked_at_only_now_and_then(trained):
    panel = trained("gan_ring", 2)
    panel.made.look(growing=True)

    assert not panel.made.job.busy


def test_another_metric_is_chosen_under_the_title(trained):
    panel = trained("next_character", 2)
    header = panel.metrics.header
    before = header.title
    actions = {action.data(): action for action in header.chooser.menu().actions()}
    actions["perplexity"].trigger()

    assert before == "Accuracy"
    assert set(actions) == {"accuracy", "top_k", "perplexity"}
    assert header.title == "Perplexity"
    assert float(panel.metrics.drawn_points()[0][1].max()) > 1.0


def test_one_metric_alone_leaves_nothing_to_choose(trained):
    panel = trained("iris", 1)

    assert not panel.metrics.header.chooser.isVisible()
    assert panel.metrics.header.title == "Accuracy"


def test_metrics_are_called_as_everywhere_else(trained):
    panel = trained("linear_regression", 1)

    assert panel.metrics.header.title == "MAE"
    panel.show_telemetry(Telemetry())
    assert panel.metrics.header.title == "Accuracy"
