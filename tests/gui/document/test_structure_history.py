"""Random edits of structure, all undone and all done again, pass the same states both ways."""

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import GlassboxError
from engine.graph.drawing import Annotation
from engine.graph.model import Graph, Node, Wire
from engine.layers.activation import Activation
from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from engine.training.settings import ObjectiveSettings
from gui.canvas.items.group_item import GroupItem
from gui.canvas.scene import GraphScene
from gui.document.document import Document

VERBS = (
    *("group", "group", "ungroup", "fold", "into", "out", "move", "rename", "enter", "leave"),
    *("remove", "duplicate", "instances", "share", "own", "units", "freeze", "rate", "switch"),
    *("repeat", "replace", "expand", "collapse", "add", "connect", "disconnect", "weight"),
    *("note", "frame", "write", "write", "resize", "color", "unstick", "with", "with", "objective"),
)
KINDS = (Dense(units=3), Dropout(), Activation(), Neuron())

number = st.integers(min_value=0, max_value=9)
edits = st.lists(st.tuples(st.sampled_from(VERBS), number, number), max_size=14)


def chained() -> Document:
    """x → a → b → c → loss, with weights and a note."""
    nodes = [Node("x", Input(shape=(3,)))]
    nodes += [Node(i, Dense(units=3), position=(k * 200.0, 0)) for k, i in enumerate("abc", 1)]
    nodes.append(Node("loss", Loss(loss="squared_error"), position=(800, 0)))
    wires = [Wire("x", "a"), Wire("a", "b"), Wire("b", "c"), Wire("c", "loss", "out", "prediction")]
    graph = Graph(nodes, wires)
    graph.drawing.add_annotation(Annotation("note_1", "note", "look"))
    document = Document(Project(graph=graph))
    document.weights = document.all_weights()
    return document


def apply(document: Document, edit: tuple[str, int, int]) -> None:
    verb, one, other = edit
    graph, drawing = document.graph, document.graph.drawing
    ids = [node.id for node in graph.nodes]
    groups = [group.id for group in drawing.groups]
    if verb == "add" or not ids:
        document.add_node(KINDS[one % len(KINDS)], (one * 8.0, other * 8.0))
        return
    notes = [note.id for note in drawing.annotations]
    units = [*ids, *groups, *notes]
    a, b = ids[one % len(ids)], ids[other % len(ids)]
    unit = units[other % len(units)]
    group = groups[one % len(groups)] if groups else ""
    calls = {
        "group": lambda: document.group([a, unit], (one * 8.0, other * 8.0)),
        "ungroup": lambda: document.ungroup([group]),
        "fold": lambda: document.fold(group, not drawing.group(group).folded, {a: (1.0, 2.0)}),
        "into": lambda: document.put_into([unit], group),
        "out": lambda: document.put_into([unit], ""),
        "move": lambda: document.move({unit: (other * 8.0, one * 8.0)}, nudge=one > 4),
        "rename": lambda: document.rename(unit, f"name {one}"),
        "enter": lambda: document.enter(drawing.group(group).id),
        "leave": lambda: document.enter(""),
        "remove": lambda: document.remove([unit, a]),
        "duplicate": lambda: document.duplicate([unit, a]),
        "instances": lambda: document.duplicate_sharing([unit]),
        "share": lambda: document.share(a, b),
        "own": lambda: document.make_independent([a, b]),
        "units": lambda: document.set_field(a, "units", other + 1),
        "freeze": lambda: document.set_frozen([a, b], one > 4),
        "rate": lambda: document.set_rate([a], one / 4),
        "switch": lambda: document.set_switch([a, b], ("on", "muted", "bypassed")[one % 3]),
        "repeat": lambda: document.repeat(group, 2 + one % 2, 208.0, other > 4),
        "replace": lambda: document.replace_kind(a, KINDS[other % len(KINDS)]),
        "expand": lambda: document.expand(a),
        "collapse": lambda: document.collapse([i for i in ids if i.startswith("neuron")]),
        "connect": lambda: document.connect(Wire(a, b)),
        "disconnect": lambda: document.disconnect(graph.wires[one % len(graph.wires)]),
        "note": lambda: document.add_annotation(Annotation("", "note", "?", (8.0 * one, 0.0))),
        "frame": lambda: document.add_annotation(Annotation("", "frame", "F", group=group)),
        "write": lambda: annotate(document, one, text=f"word {other}"),
        "resize": lambda: annotate(document, one, size=(100.0 + other, 64.0)),
        "color": lambda: annotate(document, one, color=("", "blue")[other % 2]),
        "unstick": lambda: document.remove_annotations(notes[one % len(notes) :][:1]),
        "with": lambda: document.group([a, *notes], (8.0 * one, 8.0)),
        "objective": lambda: document.set_training(
            document.training.replaced(
                epochs=other + 1,
                objectives=(ObjectiveSettings(name="one", losses=("loss",), trains=(a, b)),),
            )
        ),
        "weight": lambda: document.set_weight(a, "weight", one % 3, float(other)),
    }
    if (graph.wires or verb != "disconnect") and (notes or verb != "unstick"):
        calls[verb]()


def annotate(document: Document, number: int, **change: object) -> None:
    """Change one frame or note, as its editor and its corner do; edits in a row become one."""
    annotations = document.graph.drawing.annotations
    if annotations:
        annotation = annotations[number % len(annotations)]
        (field,) = change
        document.change_annotation(replace(annotation, **change), "Change", f"{number}/{field}")


def run(document: Document, steps: list[tuple[str, int, int]]) -> None:
    for step in steps:
        try:
            apply(document, step)
        except GlassboxError:
            continue


def state(document):
    graph = document.graph
    shapes = {i: found.outputs for i, found in document.inference.items()}
    drawing = (graph.drawing.groups, graph.drawing.annotations)
    return graph.nodes, graph.wires, *drawing, document.training, shapes


def same_weights(one, other):
    return one.keys() == other.keys() and all(np.array_equal(a, other[k]) for k, a in one.items())


@settings(max_examples=80, deadline=None)
@example([("replace", 1, 3), ("weight", 1, 0)])  # weights of another shape come back too
@given(edits)
def test_undoing_and_redoing_everything_passes_the_same_states(qapp, steps):
    document = chained()
    start, weights = state(document), dict(document.weights)
    # The first number that is set by hand gives every parameter one: before that there are some.
    run(document, steps)
    end, learnt = state(document), dict(document.weights)

    while document.undo.canUndo():
        document.undo.undo()
    assert state(document) == start
    assert all(np.array_equal(document.weights[key], array) for key, array in weights.items())
    while document.undo.canRedo():
        document.undo.redo()
    assert state(document) == end
    assert same_weights(document.weights, learnt)


@settings(max_examples=40, deadline=None)
@given(edits)
def test_every_edit_has_a_name_and_leaves_a_graph_that_can_be_saved(qapp, steps):
    document = chained()
    run(document, steps)
    fresh = Document(document.project())

    names = [document.undo.text(i) for i in range(document.undo.count())]
    assert all(name and "{" not in name for name in names)
    assert state(fresh) == state(document)


def drawn(scene):
    ports = {
        key: (item.ends(False), item.ends(True), item.width, item.height)
        for key, item in scene.nodes.items()
        if isinstance(item, GroupItem)
    }
    places = {key: (item.pos().x(), item.pos().y()) for key, item in scene.nodes.items()}
    boxes = {key: box.scene_card() for key, box in scene.boxes.items()}
    ends = {wire: (item.point_at(0), item.point_at(1)) for wire, item in scene.wires.items()}
    return places, ports, boxes, ends


@settings(max_examples=40, deadline=None)
@given(edits)
def test_the_canvas_follows_whatever_is_done_and_undone(qapp, steps):
    document = chained()
    scene = GraphScene(document)
    run(document, steps)
    for _ in range(len(steps) // 2):
        document.undo.undo()
    fresh = Document(document.project())
    fresh.enter(document.level)

    assert drawn(scene) == drawn(GraphScene(fresh))


def test_undo_of_a_thousand_removed_nodes_restores_everything_exactly(qapp):
    graph = Graph([Node("x", Input(shape=(3,)))])
    before = "x"
    for place in range(1_000):
        node = Node(f"n{place}", Dense(units=3), position=(place * 8.0, place * 16.0))
        graph.add_node(node)
        graph.connect(Wire(before, node.id))
        before = node.id
    document = Document(Project(graph=graph))
    document.group([f"n{place}" for place in range(500)], (0, 0))
    document.share("n900", "n100")
    document.weights = document.all_weights()
    start, weights = state(document), dict(document.weights)

    document.remove([node.id for node in document.graph.nodes])
    assert len(document.graph) == 0
    document.undo.undo()

    assert state(document) == start
    assert all(document.weights[key] is array for key, array in weights.items())
