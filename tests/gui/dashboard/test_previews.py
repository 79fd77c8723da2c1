"""Pictures in nodes before anything is trained, in every template."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.dataset import prepare
from engine.graph.drawing import Annotation
from engine.layers.terminal import Loss, Output
from engine.project.templates import TEMPLATES, open_template
from gui.canvas.view import CanvasView
from gui.dashboard import LiveCanvas, pictures
from gui.dashboard.pixels import pictured
from gui.dashboard.previews import shown
from gui.document.document import Document
from gui.theme import LIGHT, theme
from gui.training.controller import TrainingController

UNSEEN = {"residual_mlp", "empty"}
"""One is too large to be looked at, the other has no nodes."""


@pytest.fixture
def look(qtbot):
    """The canvas of a template with its data, as it is before training."""
    controllers = []

    def show(name):
        document = Document(open_template(name))
        controller = TrainingController(document)
        controllers.append(controller)
        document.set_dataset(prepare(document.data))
        view = CanvasView(document)
        qtbot.addWidget(view)
        view.resize(1000, 600)
        live = LiveCanvas(document, controller, view)
        with qtbot.waitExposed(view):
            view.show()
        view.fit()
        live.refresh()
        return live

    yield show
    for controller in controllers:
        controller.shut_down()


@pytest.mark.parametrize("name", [each.id for each in TEMPLATES if each.id not in UNSEEN])
def test_every_node_of_every_template_shows_what_it_puts_out(look, name):
    live = look(name)
    graph, nodes = live.document.graph, live.canvas.graph_scene.nodes
    without = [
        node.id
        for node in graph.nodes
        if not isinstance(node.layer, Loss) and nodes[node.id].preview is None
    ]

    assert without == []
    assert live.example.isVisible()
    assert all(live.preview_note(node) == "" for node in graph.nodes)


def test_what_cannot_be_seen_says_why(look):
    live = look("residual_mlp")
    node = next(n for n in live.document.graph.nodes if n.layer.kind == "dense")

    assert live.preview_note(node) == (
        "No preview: the network is too large to send an example through at every look."
    )
    live.document.set_data(None)
    assert live.preview_note(node).startswith("No preview: there is no data yet")


def test_the_next_example_is_another_picture_and_the_way_round_comes_back(look):
    live = look("digits")
    item = live.canvas.graph_scene.nodes["input_1"]
    first = item.preview.toImage()
    count = len(live.controller.values.example.part)
    assert live.example.words.text().startswith("Example 1 of 180 · digit ")
    QTest.mouseClick(live.example.buttons["after"], Qt.MouseButton.LeftButton)
    second = item.preview.toImage()
    assert live.example.words.text().startswith("Example 2 of 180")
    QTest.mouseClick(live.example.buttons["before"], Qt.MouseButton.LeftButton)

    assert second != first
    assert item.preview.toImage() == first
    live.handlers()["view.example_before"]()
    assert live.example.words.text().startswith(f"Example {count} of {count}")


def test_any_example_is_another_one(look):
    live = look("iris")
    seen = set()
    for _ in range(5):
        before = live.controller.values.example.place
        live.handlers()["view.example_random"]()
        assert live.controller.values.example.place != before
        seen.add(live.controller.values.example.place)

    assert len(seen) > 1


def test_the_shown_example_is_what_goes_through_the_network(look):
    live = look("digits")
    values, dataset = live.controller.values, live.document.dataset
    values.example.show(7)
    row = values.example.part[7]

    assert values.rows[0] == row
    np.testing.assert_array_equal(
        values.on_examples()["input_1"][..., 0].reshape(-1), dataset.features[row].reshape(-1)
    )


def test_from_near_the_insides_of_nodes_are_seen(look):
    live = look("digits_cnn")
    scene = live.canvas.graph_scene
    assert scene.insides.sheets == {}
    live.canvas.set_zoom(1.5)
    live.canvas.centerOn(scene.nodes["conv2d_1"].scene_card().center())
    live.refresh()

    assert scene.insides.sheets["conv2d_1"].caption == "Kernels and what they find: 6 of 16"
    card = scene.nodes["conv2d_1"].scene_card()
    assert not card.intersects(scene.insides.sheets["conv2d_1"].sceneBoundingRect())
    live.canvas.set_zoom(1.0)
    live.refresh()
    assert scene.insides.sheets == {}


def test_insides_never_lie_over_other_nodes_unless_theirs_is_chosen(look):
    live = look("spirals")
    scene = live.canvas.graph_scene
    live.canvas.set_zoom(1.5)
    live.canvas.centerOn(scene.bounds().center())
    live.refresh()
    cards = {key: item.scene_card() for key, item in scene.nodes.items()}
    for key, sheet in scene.insides.sheets.items():
        covered = [
            k for k, c in cards.items() if k != key and c.intersects(sheet.sceneBoundingRect())
        ]
        assert covered == []
    sight = live.canvas.visible_rect()
    seen = [key for key, card in cards.items() if sight.intersects(card)]
    crowded = next(k for k in seen if k.startswith("neuron") and k not in scene.insides.sheets)
    live.document.select([crowded])
    live.refresh()

    assert crowded in scene.insides.sheets


def place_at(live, node_id, share):
    """Show a node from near, its middle at a share of the height of what is in sight."""
    live.canvas.resize(900, 600)
    live.canvas.set_zoom(2.0)
    middle = live.canvas.graph_scene.nodes[node_id].scene_card().center()
    live.canvas.centerOn(
        middle.x(), middle.y() + (0.5 - share) * live.canvas.visible_rect().height()
    )
    live.refresh()
    return live.canvas.graph_scene.insides.sheets[node_id]


@pytest.mark.parametrize("share", [0.3, 0.45, 0.8])
def test_from_near_an_inside_is_seen_whole_wherever_its_node_is(look, share):
    live = look("digits_cnn")
    sheet = place_at(live, "conv2d_1", share)
    item = live.canvas.graph_scene.nodes["conv2d_1"]

    assert live.canvas.open_rect().contains(sheet.sceneBoundingRect())
    assert not sheet.sceneBoundingRect().intersects(item.title_rect())


@pytest.mark.parametrize("across", [0, -200, 200])
def test_an_inside_does_not_hang_over_the_words_of_a_note_if_there_is_other_room(look, across):
    live = look("gru_forecast")
    canvas, card = live.canvas, live.canvas.graph_scene.nodes["gru_1"].scene_card()
    live.document.remove_annotations(list(canvas.graph_scene.annotations))
    sheet = place_at(live, "gru_1", 0.5)
    canvas.resize(900, 860)
    canvas.centerOn(card.center().x() + across, card.top() + 85)
    live.refresh()
    before = sheet.sceneBoundingRect()
    note = Annotation("note_9", "note", "Why?", (card.x(), card.bottom() + 24), (300, 200))
    live.document.add_annotation(note)
    live.refresh()
    words = canvas.graph_scene.annotations["note_9"].card()

    assert words.intersects(before)
    assert not words.intersects(sheet.sceneBoundingRect())
    assert canvas.open_rect().top() <= sheet.sceneBoundingRect().top()


def test_an_inside_stays_in_sight_while_one_scrolls(look):
    live = look("digits_cnn")
    sheet = place_at(live, "conv2d_1", 0.25)
    before = sheet.pos()
    live.canvas.pan_by(0, -80)

    assert live.canvas.open_rect().contains(sheet.sceneBoundingRect())
    live.canvas.pan_by(0, 80)
    assert sheet.pos() == before


def test_framing_a_node_from_near_shows_it_with_its_inside(look):
    live = look("digits_cnn")
    canvas = live.canvas
    sheet = place_at(live, "conv2d_1", 0.5)
    live.document.select(["conv2d_1"])
    canvas.set_zoom(3.5)
    live.refresh()
    canvas.fit_selection()
    card = canvas.graph_scene.nodes["conv2d_1"].scene_card()

    assert canvas.open_rect().contains(card.united(sheet.sceneBoundingRect()))
    assert 1.6 <= canvas.zoom <= 3.5


def test_a_photograph_of_the_data_is_no_negative_in_the_light_theme():
    image = np.array([[[0.0, 1.0]]])
    drawn, taken = (
        pictures.of_data(image, LIGHT, photograph=photograph) for photograph in (False, True)
    )

    assert drawn.pixelColor(0, 0).lightness() > drawn.pixelColor(1, 0).lightness()
    assert taken.pixelColor(0, 0).lightness() < taken.pixelColor(1, 0).lightness()


def test_pictures_are_known_by_what_they_are_compared_with(look):
    def found(name):
        document = look(name).document
        return pictured(document.graph, document.inference, document.dataset.image_shape)

    def made(name):
        graph = open_template(name).graph
        output = next(n.id for n in graph.nodes if isinstance(n.layer, Output))
        return next(w.source for w in graph.incoming(output))

    assert found("digits") == {"input_1"}
    for name in ("gan_digits", "denoising_autoencoder", "vae"):
        assert found(name) >= {"input_1", made(name)}


@pytest.mark.parametrize(
    ("values", "size"),
    [
        (np.array([[0.5], [1.0], [-1.0]]), (32, pictures.BAR)),  # three bars
        (np.zeros((40, 1)), (20, 2)),  # a strip in two rows
        (np.zeros((12, 1, 1)), pictures.CURVE),  # a curve over steps
        (np.zeros((3, 5, 5, 1)), (17, 5)),  # three maps in a row
        (np.zeros((1, 1)), pictures.GAUGE),  # a number
    ],
)
def test_each_kind_of_value_has_a_picture_of_its_own(qapp, values, size):
    image = shown(values, "")

    assert (image.width(), image.height()) == size


def test_bars_rise_above_and_fall_below_zero(qapp):
    image = pictures.bars(np.array([1.0, -1.0]), "", theme.tokens)
    up, down = image.pixelColor(2, 2), image.pixelColor(image.width() - 3, image.height() - 3)

    assert up.blue() > up.red()
    assert down.red() > down.blue()


@pytest.mark.parametrize("switch", ["muted", "bypassed"])
def test_what_is_switched_off_shows_what_leaves_it(look, switch):
    live = look("digits_cnn")
    live.document.set_switch(["dropout_1"], switch)
    live.refresh()
    values = live.controller.values.on_examples()["dropout_1"]

    assert live.canvas.graph_scene.nodes["dropout_1"].preview is not None
    assert values.any() == (switch == "bypassed")
