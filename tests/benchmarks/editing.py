"""How long an edit takes in a graph of 1,000 nodes, until everything shown is up to date."""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from engine.graph.model import Graph, Node, Wire
from engine.layers.base import Layer
from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from engine.layers.terminal import Input, Loss

NODES = 1_000
COLUMNS = 40
AT_MOST = 10.0
REPEATS, TURN = 60, 10
"""How often, and how many of these have a median of their own."""


def wide() -> Graph:
    """Columns of dense layers: what leaves a node is seen by the next one only."""
    rows = NODES // COLUMNS
    return _columns(rows, lambda column: Dense(units=8) if column < COLUMNS - 1 else Loss())


def passing_on() -> Graph:
    """The same with layers that pass the shape on, so that one edit changes every shape."""
    rows = NODES // COLUMNS
    return _columns(rows, lambda column: Dropout() if column < COLUMNS - 1 else Loss())


def _columns(rows: int, layer: Callable[[int], Layer]) -> Graph:
    graph = Graph([Node("input", Input(shape=(8,)), position=(-200, 0))])
    for row in range(rows):
        before = "input"
        for column in range(COLUMNS):
            made = layer(column)
            node = Node(f"n{row}_{column}", made, position=(column * 200.0, row * 80.0))
            graph.add_node(node)
            graph.connect(Wire(before, node.id, target_port=made.input_ports[0].name))
            before = node.id
    return graph


def edit_milliseconds(
    graph: Graph, node_id: str, values: list[tuple[str, object]]
) -> tuple[float, float]:
    """Times of setting a field in turn to these values: until every shape and problem is
    up to date, and until the canvas shows it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from engine.project.project import Project
    from gui.canvas.view import CanvasView
    from gui.document.document import Document
    from gui.theme import DARK, apply_theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, DARK)
    document = Document(Project(graph=graph))
    found: list[float] = []
    # Before the canvas hears of it: it follows what is known already.
    document.graph_changed.connect(lambda: found.append((perf_counter() - start) * 1e3))
    start = perf_counter()
    view = CanvasView(document)
    view.resize(1600, 1000)
    view.show()
    view.centerOn(view.graph_scene.nodes[node_id])
    app.processEvents()
    shown = []
    for number in range(REPEATS):
        field, value = values[number % len(values)]
        start = perf_counter()
        document.set_field(node_id, field, value)
        app.processEvents()
        shown.append((perf_counter() - start) * 1e3)
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return _best(found), _best(shown)


def _best(times: list[float]) -> float:
    """The best of some medians: what else the machine does only ever adds to it."""
    return min(median(times[i : i + TURN]) for i in range(0, len(times), TURN))


def rows() -> list[dict[str, Any]]:
    """What the table of all benchmarks shows."""
    measured = (
        (
            "edit-field",
            "Editing one field among 1,000 nodes",
            edit_milliseconds(wide(), "n12_20", [("units", 9), ("units", 10)]),
            AT_MOST,
        ),
        (
            "edit-input",
            "The same where the edit changes all 1,000 shapes",
            edit_milliseconds(passing_on(), "input", [("shape", (9,)), ("shape", (10,))]),
            AT_MOST,
        ),
    )
    return [
        {
            "name": name,
            "title": title,
            "milliseconds": found,
            "target": target,
            "passed": found <= target,
            "note": f"shapes and problems up to date; {shown:.1f} ms until the canvas shows it",
        }
        for name, title, (found, shown), target in measured
    ]
