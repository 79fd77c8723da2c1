"""What a training shows on the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from engine.data.settings import DataSettings
from engine.data.synthetic import Xor
from engine.diagnosis.reading import WeightReading
from engine.graph.model import Graph, Node, Wire
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.slicing import Split
from engine.layers.terminal import Input, Loss
from engine.optimizers import OPTIMIZERS
from engine.project.project import Project
from engine.training.settings import TrainingSettings
from gui.canvas.view import CanvasView
from gui.dashboard import LiveCanvas
from gui.document.document import Document
from gui.theme import DARK, LIGHT, apply_theme, theme
from gui.widgets.decision_plane import CELLS


@pytest.fixture
def document(qapp):
    nodes = [Node(f"x{i}", Input(shape=(1,), columns=(f"x{i}",)), "", (0, 80 * i)) for i in (1, 2)]
    nodes += [Node(f"h{i}", Neuron(activation="tanh"), "", (160, 80 * i)) for i in (1, 2, 3, 4)]
    nodes += [Node("out", Neuron(activation="sigmoid"), "", (320, 120))]
    nodes += [Node("loss", Loss(loss="binary_cross_entropy"), "", (440, 120))]
    graph = Graph(nodes)
    for i in (1, 2, 3, 4):
        graph.connect(Wire("x1", f"h{i}"))
        graph.connect(Wire("x2", f"h{i}"))
        graph.connect(Wire(f"h{i}", "out"))
    graph.connect(Wire("out", "loss", target_port="prediction"))
    adam = OPTIMIZERS.get("adam")(rate=0.05)
    return Document(
        Project(
            graph=graph,
            data=DataSettings(source=Xor(), transforms=()),
            training=TrainingSettings(optimizer=adam, epochs=60),
        )
    )


@pytest.fixture
def live(qtbot, document, controller):
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(900, 500)
    live = LiveCanvas(document, controller, view)
    with qtbot.waitExposed(view):
        view.show()
    view.frame(view.graph_scene.bounds())
    return live


def quadrants(image):
    """Whether the middle of each quarter of a heat map is above zero, row by row."""
    tokens = theme.tokens
    positive, negative = QColor(tokens.positive), QColor(tokens.negative)
    near, far = image.width() // 4, image.width() * 3 // 4
    return [
        abs(c.blue() - positive.blue()) < abs(c.blue() - negative.blue())
        for c in (image.pixelColor(x, y) for y in (near, far) for x in (near, far))
    ]


def test_xor_from_single_neurons_is_learnt_and_seen(live, train, controller, document):
    train()
    live.refresh()
    upper_left, upper_right, lower_left, lower_right = quadrants(live.boundary.image)

    assert controller.telemetry.latest()["accuracy/validation"] > 0.95
    assert upper_left == lower_right != upper_right == lower_left
    assert live.boundary.isVisible()
    assert live.boundary.title == "Output over the input plane"


def test_every_neuron_shows_its_heat_map(live, train):
    train()
    live.refresh()
    items = live.canvas.graph_scene.nodes

    assert {i for i, item in items.items() if item.preview is not None} == {
        *("x1", "x2", "h1", "h2", "h3", "h4", "out")
    }


def test_another_theme_repaints_every_picture(live, train, qapp):
    apply_theme(qapp, DARK)
    train()
    live.refresh()
    items = live.canvas.graph_scene.nodes
    before = {i for i, item in items.items() if item.preview is not None}
    dark = items["x1"].preview.toImage()
    apply_theme(qapp, LIGHT)
    live.refresh()
    light = items["x1"].preview.toImage()
    apply_theme(qapp, DARK)
    live.refresh()

    assert {i for i, item in items.items() if item.preview is not None} == before
    assert light != dark
    assert items["x1"].preview.toImage() == dark


def test_where_the_plane_cannot_be_had_a_neuron_shows_the_example(live, train, monkeypatch):
    train()
    item = live.canvas.graph_scene.nodes["x1"]
    with monkeypatch.context() as patch:
        patch.setattr(live.controller.values, "on_plane", lambda side: {})
        live.refresh()
        alone = item.preview.size()
    live.refresh()

    assert (alone.width(), alone.height()) == (1, 1)
    assert item.preview.width() > 1


def test_wires_carry_the_weights_of_the_document(live, train, document):
    train()
    live.refresh()
    weights = live.wire_weights()

    assert len(weights) == 12
    assert [weights[w] for w in document.graph.incoming("h1")] == pytest.approx(
        document.weights["h1", "weight"].tolist()
    )


def test_neurons_show_how_well_they_learn_while_the_x_ray_is_on(live, train):
    view = live.canvas
    train()
    live.refresh()
    before = {i for i, item in view.graph_scene.nodes.items() if item.health}
    view.set_xray(True)
    live.refresh()
    after = {i for i, item in view.graph_scene.nodes.items() if item.health}

    assert before == set()
    assert after == {"h1", "h2", "h3", "h4", "out"}
    assert view.legends.health.isVisible()


def test_an_edited_network_has_no_health_until_it_is_trained(live, train, document):
    live.canvas.set_xray(True)
    train()
    document.disconnect(Wire("x1", "h1"))
    live.refresh()

    assert not live.canvas.legends.health.isVisible()
    assert live.reading(Wire("x2", "h1")) == WeightReading()


def test_a_weight_tells_its_gradient_and_the_share_that_a_step_moves(live, train, controller):
    wire = Wire("x2", "h3")
    before = live.reading(wire)
    train()
    found = live.reading(wire)
    gradient = controller.parameters.views(controller.parameters.gradient)["h3", "weight"]

    assert before == WeightReading()
    assert found.gradient == gradient[1]
    assert found.update == controller.telemetry.latest()["update/h3"]


def test_the_card_shows_the_selected_neuron(qtbot, live, train, document):
    train()
    document.select(["h2"])
    live.refresh()

    assert live.boundary.title == "Neuron over the input plane"


def test_the_card_shows_the_port_that_the_loss_judges(live, train, controller, document):
    pair, parts = document.add_node(Concat(), (0, 0)), document.add_node(Split(size=1), (0, 0))
    document.disconnect(Wire("out", "loss", target_port="prediction"))
    for wire in (
        Wire("x1", pair),
        Wire("out", pair),
        Wire(pair, parts),
        Wire(parts, "loss", "rest", "prediction"),
    ):
        document.connect(wire)
    train()
    live.refresh()

    seen = controller.values.on_plane(CELLS)
    np.testing.assert_array_equal(controller.values.answer_on_plane(CELLS), seen["out"])
    assert not np.array_equal(seen[parts], seen["out"])
    assert live.boundary.isVisible()
    assert live.boundary.title == "Output over the input plane"


def test_before_training_the_weights_it_would_start_from_are_seen(qtbot, live, controller):
    with qtbot.waitSignal(controller.document.dataset_changed, timeout=10_000):
        controller.step()
    qtbot.waitUntil(lambda: not controller.busy)
    controller.reset()
    live.refresh()

    assert controller.telemetry is None
    assert live.canvas.graph_scene.nodes["h1"].preview is not None


def test_the_plane_is_read_from_the_top_left(controller, train, document):
    train()
    outputs = controller.values.on_plane(8)

    assert outputs["x1"].shape == (1, 8, 8)
    assert (np.diff(outputs["x1"][0], axis=1) > 0).all()
    assert (np.diff(outputs["x2"][0], axis=0) < 0).all()


@pytest.mark.parametrize("height", [500, 388, 250])
def test_the_plane_stands_between_the_overview_and_the_bar_of_the_example(live, train, height):
    live.canvas.resize(742, height)
    train()
    live.refresh()
    plane, bar = live.boundary.geometry(), live.example.geometry()
    overview = live.canvas.minimap.geometry()

    assert plane.right() == overview.right() == bar.right()
    assert plane.top() > overview.bottom() + 8
    assert plane.bottom() < bar.top() - 8 or plane.width() == 120
    assert live.boundary.grab().toImage().width() == plane.width()
