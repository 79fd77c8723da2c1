"""The workspace on a template, trained for some epochs or as it begins."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.document.habits import Habits
from gui.evaluation import EvaluationWorkspace
from gui.training.controller import TrainingController


@pytest.fixture
def judged(qtbot):
    """Opens the workspace on a template and waits until it is judged."""
    made = []

    def open_one(
        template: str, epochs: int = 0, habits: Habits | None = None
    ) -> EvaluationWorkspace:
        project = open_template(template)
        document = Document(project)
        document.set_dataset(prepare(project.data))
        if epochs:
            settings = project.training.replaced(epochs=epochs)
            trainer = Trainer(project.graph, document.dataset, settings)
            trainer.run()
            document.set_weights(trainer.parameters.weights())
        else:
            document.set_weights(document.all_weights())
        workspace = EvaluationWorkspace(document, TrainingController(document), habits)
        qtbot.addWidget(workspace)
        workspace.resize(1200, 800)
        made.append(workspace)
        with qtbot.waitSignal(workspace.evaluator.finished, timeout=20_000):
            workspace.show()
        return workspace

    yield open_one
    for workspace in made:
        workspace.evaluator.shut_down()
        workspace.controller.shut_down()
