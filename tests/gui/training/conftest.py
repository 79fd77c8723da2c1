"""Documents to train: small real networks on small real data."""

from __future__ import annotations

import pytest

from engine.data.builtin import Iris
from engine.data.settings import DataSettings
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from engine.training.settings import TrainingSettings
from gui.document.document import Document
from gui.training.controller import TrainingController


def iris_project(epochs: int = 20, units: int = 8) -> Project:
    graph = Graph(
        [
            Node("input_1", Input(shape=(4,))),
            Node("dense_1", Dense(units=units, activation="tanh")),
            Node("dense_2", Dense(units=3, activation="softmax")),
            Node("loss_1", Loss()),
        ],
        [
            Wire("input_1", "dense_1"),
            Wire("dense_1", "dense_2"),
            Wire("dense_2", "loss_1", target_port="prediction"),
        ],
    )
    settings = TrainingSettings(epochs=epochs, batch_size=16)
    return Project(graph=graph, data=DataSettings(source=Iris()), training=settings)


@pytest.fixture
def document(qapp) -> Document:
    return Document(iris_project())


@pytest.fixture
def controller(document):
    controller = TrainingController(document)
    yield controller
    controller.shut_down()
