"""What every network that was drawn has to go through: one epoch, undo, redo, save, export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QFileDialog

from engine.graph.model import Graph
from engine.plan.predict import Predictor
from gui.training.controller import State
from tests.tools.person import Person

CLOSE = 1e-4


def look_at(person: Person, x: float, y: float) -> None:
    """Look at a place of the canvas, at its own size."""
    person.window.canvas.set_zoom(1.0)
    person.window.canvas.centerOn(QPointF(x, y))
    QApplication.processEvents()


def drawn(graph: Graph) -> tuple[object, ...]:
    """All that a drawing is."""
    return graph.nodes, graph.wires, graph.drawing.groups, graph.drawing.annotations


def errors(person: Person) -> list[str]:
    return [p.message for p in person.document.problems if p.severity == "error"]


def prove(person: Person, sit_down, folder: Path, monkeypatch) -> None:
    """Train one epoch, undo all and redo it, save, open again and leave with an ONNX file."""
    assert errors(person) == []
    train_one_epoch(person)
    undo_all_and_redo(person)
    saved = folder / "drawn.glassbox"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    person.window.canvas.setFocus()
    person.keys("Ctrl+S")

    assert not person.document.modified

    again = sit_down(file=saved)
    again.wait_for_data()

    assert drawn(again.document.graph) == drawn(person.document.graph)
    assert again.document.weights.keys() == person.document.weights.keys()

    export_agrees(again, folder / "drawn.onnx")


def train_one_epoch(person: Person) -> None:
    person.fill(person.window.bar._epochs, "1")
    person.keys("F5")
    person.wait_for(State.FINISHED)
    curve = person.controller.telemetry.curves["loss/train"].to_array()

    assert len(curve) > 0
    assert np.isfinite(curve).all()

    person.keys("Ctrl+2")


def undo_all_and_redo(person: Person) -> None:
    document = person.document
    person.window.canvas.setFocus()
    made, data, steps = drawn(document.graph.copy()), document.data, document.undo.index()
    while document.undo.canUndo():
        person.press_undo()

    assert drawn(document.graph) == ((), (), (), ())
    assert document.data is None

    for _ in range(steps):
        person.press_redo()

    assert not document.undo.canRedo()
    assert drawn(document.graph) == made
    assert document.data == data

    person.wait_for_data()


def export_agrees(person: Person, path: Path) -> None:
    """Export by hand, and ask the file what the program says."""
    person.keys("Ctrl+5")
    page = person.window.workspaces.page("export")
    person.fill(page.path, str(path))
    person.press("Export and verify", page)
    person.wait(page.result.isVisible)

    assert page.result.title.text().startswith("Vouched for")
    assert page.result.exported.verification.max_abs_difference <= CLOSE

    document = person.document
    own = Predictor(document.graph, document.weights)
    given = own_inputs(person)
    session = onnxruntime.InferenceSession(str(path))
    names = [each.name for each in session.get_inputs()]
    answers = session.run(None, {name: given[name] for name in names})

    for theirs, ours in zip(answers, own.predict(given).values(), strict=True):
        np.testing.assert_allclose(theirs, ours, atol=CLOSE)


def own_inputs(person: Person) -> dict[str, np.ndarray]:
    """The test rows, as each input of the network takes them."""
    document = person.document
    dataset = document.dataset
    rows = dataset.features[dataset.test][:32]
    names = list(dataset.signature.feature_names)
    found = {}
    for node in document.graph.nodes:
        if node.layer.kind == "input":
            chosen = [names.index(name) for name in node.layer.columns] or slice(None)
            found[node.id] = rows[:, chosen].reshape(len(rows), *node.layer.shape)
    return found
