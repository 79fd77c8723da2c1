"""A canvas in a window, with a hand on it.

`canvas(graph)` shows a graph at its actual size and gives the hand; the view and the
document are `hand.view` and `hand.view.document`.
"""

import pytest
from PySide6.QtCore import QPointF

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from gui.actions import Actions
from gui.canvas.view import CanvasView
from gui.document.document import Document
from gui.theme import DARK, apply_theme
from tests.tools.mouse import Hand


@pytest.fixture
def canvas(qtbot, qapp):
    apply_theme(qapp, DARK)

    def show(graph=None):
        view = CanvasView(Document(Project(graph=graph or Graph())))
        actions = Actions(parent=view)
        for action_id, handler in view.handlers().items():
            actions.bind(action_id, handler)
        actions.install(view, view)
        view.resize(1000, 600)
        qtbot.addWidget(view)
        view.show()
        view.activateWindow()
        view.set_zoom(1.0)
        view.centerOn(QPointF(400, 200))
        view.setFocus()
        qapp.processEvents()
        return Hand(view)

    return show


@pytest.fixture
def chain():
    """Input → Dense → loss, unwired at the loss; a lone Dense below."""
    return Graph(
        [
            Node("x", Input(shape=(4,)), position=(0, 0)),
            Node("a", Dense(units=3, activation="softmax"), position=(240, 0)),
            Node("loss", Loss(), position=(480, 0)),
            Node("b", Dense(units=5), position=(240, 160)),
        ],
        [Wire("x", "a")],
    )


@pytest.fixture
def xor():
    """Two inputs, two neurons, one neuron, all wired."""
    nodes = [
        Node("x1", Input(shape=(1,), columns=("x1",)), position=(0, 0)),
        Node("x2", Input(shape=(1,), columns=("x2",)), position=(0, 96)),
        Node("n1", Neuron(), position=(200, 0)),
        Node("n2", Neuron(), position=(200, 96)),
        Node("out", Neuron(activation="sigmoid"), "out", (400, 48)),
    ]
    wires = [Wire(a, b) for b in ("n1", "n2") for a in ("x1", "x2")]
    return Graph(nodes, [*wires, Wire("n1", "out"), Wire("n2", "out")])
