"""One example of the data is looked at, in every part of the window."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
from gui.canvas.view import CanvasView
from gui.dashboard import LiveCanvas
from gui.document.document import Document
from gui.inspector import InspectorPanel
from gui.training.controller import TrainingController
from gui.training.shown import ShownExample


@pytest.fixture
def document(qapp):
    document = Document(open_template("xor"))
    document.set_dataset(prepare(document.data))
    return document


def test_examples_are_those_of_validation_and_are_counted_round(document):
    example = ShownExample(document)
    example.show(-1)

    assert example.part.tolist() == document.dataset.validation.tolist()
    assert example.place == len(example.part) - 1


def test_without_validation_they_are_those_of_training(document):
    document.set_dataset(prepare(document.data.replaced(validation=0.0)))
    example = ShownExample(document)

    assert example.part.tolist() == document.dataset.train.tolist()


def test_other_data_begins_at_its_first(document):
    example = ShownExample(document)
    example.show(7)
    document.set_dataset(prepare(document.data.replaced(seed=3)))

    assert example.place == 0


def test_the_inspector_and_the_canvas_look_at_one_example(qtbot, document):
    controller = TrainingController(document)
    canvas, inspector = CanvasView(document), InspectorPanel(document, controller)
    live = LiveCanvas(document, controller, canvas)
    for widget in (canvas, inspector):
        qtbot.addWidget(widget)
        widget.resize(900, 700)
        with qtbot.waitExposed(widget):
            widget.show()
    document.select(["neuron_1"])
    live.refresh()
    section = inspector.node_page.example
    live.example.step(3)
    from_canvas = section.number.text(), live.example.words.text()
    section.step(1)
    controller.shut_down()

    assert from_canvas[0] == "4 of 40"
    assert from_canvas[1].startswith("Example 4 of 40")
    assert section.number.text() == "5 of 40"
    assert live.example.words.text().startswith("Example 5 of 40")
