"""The hand must do what it says: journeys stand on it."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from engine.project.project import Project
from gui.canvas.view import CanvasView
from gui.document.document import Document
from tests.tools.mouse import SHIFT, STEPS, Hand


class Log(QObject):
    """Remembers the mouse events that reach a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.events = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
            QEvent.Type.MouseButtonDblClick,
        ):
            self.events.append(
                (event.type(), event.position().toPoint(), bool(event.modifiers() & SHIFT))
            )
        return False


@pytest.fixture
def hand(qtbot):
    nodes = [Node("x", Input(shape=(4,)), position=(0, 0)), Node("a", Dense(), position=(240, 0))]
    view = CanvasView(Document(Project(graph=Graph(nodes, [Wire("x", "a")]))))
    view.resize(800, 500)
    qtbot.addWidget(view)
    view.show()
    view.centerOn(200, 100)
    return Hand(view)


def test_a_drag_is_a_press_some_moves_and_a_release(hand):
    log = Log(hand.view.viewport())
    hand.drag(QPoint(10, 20), QPoint(70, 80), SHIFT)
    kinds = [kind for kind, _, _ in log.events]

    assert kinds.count(QEvent.Type.MouseButtonPress) == 1
    assert kinds.count(QEvent.Type.MouseMove) == STEPS + 1
    assert log.events[-1] == (QEvent.Type.MouseButtonRelease, QPoint(70, 80), True)


def test_it_aims_at_what_it_names(hand):
    scene = hand.view.graph_scene

    def under(place):
        return hand.view.mapToScene(place)

    assert scene.node_at(under(hand.node("a"))) is scene.nodes["a"]
    assert scene.nodes["a"].title_rect().contains(under(hand.title("a")))
    assert scene.port_at(under(hand.output("x")), 3).output
    assert not scene.port_at(under(hand.input("a")), 3).output
    assert scene.wire_at(under(hand.wire(Wire("x", "a"))), 3).wire == Wire("x", "a")


def test_what_it_drops_is_added(hand):
    hand.drop("Dropout", hand.at(100, 150))

    assert "dropout_1" in hand.view.document.graph


def test_what_is_not_in_the_palette_cannot_be_dropped(hand):
    with pytest.raises(StopIteration):
        hand.drop("No such node", hand.at(100, 150))


def test_keys_go_where_the_focus_is(hand):
    hand.view.rename_field.open(hand.view.graph_scene.nodes["a"])
    hand.type("eyes")
    hand.key(Qt.Key.Key_Return)

    assert hand.view.document.graph.node("a").name == "eyes"
