"""A training that has happened, to look at."""

from __future__ import annotations

import pytest

from gui.document.document import Document
from gui.training.controller import State, TrainingController
from tests.gui.training.conftest import iris_project


@pytest.fixture
def document(qapp) -> Document:
    return Document(iris_project())


@pytest.fixture
def controller(document):
    controller = TrainingController(document)
    yield controller
    controller.shut_down()


@pytest.fixture
def train(qtbot, controller):
    """Train until the run is over."""

    def run():
        with qtbot.waitSignal(
            controller.state_changed, timeout=10_000, check_params_cb=lambda s: s is State.FINISHED
        ):
            controller.train()

    return run
