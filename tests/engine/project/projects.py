"""A small project with everything in it, for the tests of files."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.project.project import Project
from engine.training.history import Run
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer


def xor_graph() -> Graph:
    dense, loss = LAYERS.get("dense"), LAYERS.get("loss")
    return Graph(
        [
            Node("input_1", LAYERS.get("input")(shape=[2]), position=(0.0, 0.0)),
            Node("dense_1", dense(units=4, activation="tanh"), "Hidden", (232.0, 0.0)),
            Node("dense_2", dense(units=1, activation="sigmoid"), position=(464.0, 0.0)),
            Node("loss_1", loss(loss="binary_cross_entropy"), position=(696.0, 0.0)),
        ],
        [
            Wire("input_1", "dense_1"),
            Wire("dense_1", "dense_2"),
            Wire("dense_2", "loss_1", target_port="prediction"),
        ],
    )


def full_project() -> Project:
    """Data, weights, and a run that was paused half way."""
    graph = xor_graph()
    data = DataSettings(source={"kind": "xor", "count": 40})
    settings = TrainingSettings(epochs=8, batch_size=8)
    dataset = prepare(data)
    trainer = Trainer(graph, dataset, settings)
    for _ in range(20):
        trainer.step()
    checkpoint = trainer.checkpoint()
    run = Run(
        "run_1",
        "First try",
        settings,
        graph.copy(),
        checkpoint,
        {"train": {"loss": 0.5}, "validation": {"loss": float("nan")}},
        "2026-01-02T03:04:05",
        1.5,
    )
    return Project(
        graph=graph,
        data=data,
        training=settings,
        encoding=dataset.encoding,
        weights=checkpoint.weights,
        runs=[run],
        view={"pan": [8, 16], "zoom": 1.25},
    )


def same_arrays(a, b) -> bool:
    """Whether two mappings hold the same arrays, bit for bit."""
    return a.keys() == b.keys() and all(
        x.dtype == b[key].dtype and np.array_equal(x, b[key]) for key, x in a.items()
    )
