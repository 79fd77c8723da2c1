"""Columns of neurons say what they are, as long as they stand in columns."""

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from gui.canvas.captions import captions


def network(aside: float = 0.0) -> Graph:
    nodes = [Node(f"x{i}", Input(shape=(1,)), position=(0, 80 * i)) for i in (1, 2)]
    nodes += [Node(f"h{i}", Neuron(activation="tanh"), position=(160, 80 * i)) for i in (1, 2)]
    nodes += [Node("h3", Neuron(activation="tanh"), position=(160 + aside, 240))]
    nodes += [Node("out", Neuron(activation="sigmoid"), position=(320, 120))]
    nodes += [Node("loss", Loss(loss="binary_cross_entropy"), position=(440, 120))]
    graph = Graph(nodes)
    for i in (1, 2, 3):
        graph.connect(Wire("x1", f"h{i}"))
        graph.connect(Wire(f"h{i}", "out"))
    graph.connect(Wire("out", "loss", target_port="prediction"))
    return graph


def words(graph: Graph) -> list[tuple[str, str]]:
    return [(caption.title, caption.line) for caption in captions(graph)]


def test_every_column_says_how_many_and_what():
    assert words(network()) == [
        ("Inputs", "2 features"),
        ("3 neurons", "tanh"),
        ("Output", "sigmoid"),
    ]


def test_captions_stand_on_one_height_over_the_middles_of_their_columns():
    found = captions(network())

    assert {caption.top for caption in found} == {80 - 56}
    assert [caption.middle for caption in found] == [28, 188, 348]


def test_a_neuron_aside_has_a_column_of_its_own():
    assert ("1 neuron", "tanh") in words(network(aside=40))
    assert ("3 neurons", "tanh") in words(network(aside=8))


def test_different_activations_are_mixed():
    graph = network()
    graph.replace_layer("h2", Neuron(activation="relu"))

    assert ("3 neurons", "mixed") in words(graph)


def test_networks_of_layers_have_no_captions():
    graph = Graph([Node("x", Input(shape=(1,))), Node("a", Dense()), Node("b", Dense())])

    assert captions(graph) == []


def test_the_captions_follow_every_edit_and_are_in_sight_when_all_is(canvas):
    hand = canvas(network())
    view, document = hand.view, hand.view.document
    view.fit()
    seen = view.visible_rect()
    shown = list(view.captions)
    document.move({"h2": (160, -80)})
    document.remove(["h3"])

    assert all(seen.contains(caption.rect()) for caption in shown)
    assert [caption.title for caption in view.captions] == ["Inputs", "2 neurons", "Output"]
    assert {caption.top for caption in view.captions} == {-80 - 56}
