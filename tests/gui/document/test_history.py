"""Random edits, all undone and all done again, must pass the same states both ways."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import GlassboxError
from engine.graph.model import Wire
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from gui.document.document import Document

LAYERS = (Input(shape=(3,)), Dense(units=4), Concat(), Neuron(), Loss())

number = st.integers(min_value=0, max_value=7)
edits = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "add",
                "remove",
                "connect",
                "disconnect",
                "move",
                "rename",
                "units",
                "insert",
                "duplicate",
                "replace",
                "training",
            )
        ),
        number,
        number,
    ),
    max_size=25,
)


def apply(document: Document, edit: tuple[str, int, int]) -> None:
    verb, one, other = edit
    graph = document.graph
    ids = [node.id for node in graph.nodes]
    if verb == "add" or not ids:
        document.add_node(LAYERS[one % len(LAYERS)], (one * 8.0, other * 8.0))
        return
    a, b = ids[one % len(ids)], ids[other % len(ids)]
    wires = graph.wires
    if verb == "remove":
        document.remove([a, b])
    elif verb == "connect":
        ports = graph.node(b).layer.input_ports
        document.connect(Wire(a, b, target_port=ports[0].name if ports else "in"))
    elif verb == "disconnect" and wires:
        document.disconnect(wires[one % len(wires)])
    elif verb == "move":
        document.move({a: (float(other), 1.0), b: (2.0, float(one))}, nudge=one > 3)
    elif verb == "rename":
        document.rename(a, f"name {other}")
    elif verb == "units":
        document.set_field(a, "units", other + 1)
    elif verb == "insert" and wires:
        document.insert_on_wire(wires[one % len(wires)], Concat(), (0, 0))
    elif verb == "duplicate":
        document.duplicate([a, b])
    elif verb == "replace":
        document.replace_layer(a, LAYERS[other % len(LAYERS)])
    elif verb == "training":
        document.set_training(document.training.replaced(epochs=one + 1))


def state(document):
    shapes = {i: found.outputs for i, found in document.inference.items()}
    return document.graph.nodes, document.graph.wires, document.training, shapes


@settings(max_examples=60, deadline=None)
@given(edits)
def test_undoing_and_redoing_everything_passes_the_same_states(qapp, steps):
    document = Document()
    start = state(document)
    for step in steps:
        try:
            apply(document, step)
        except GlassboxError:
            continue
    end = state(document)

    while document.undo.canUndo():
        document.undo.undo()
    assert state(document) == start
    while document.undo.canRedo():
        document.undo.redo()
    assert state(document) == end


@settings(max_examples=40, deadline=None)
@given(edits)
def test_what_is_kept_up_to_date_is_what_a_new_document_finds(qapp, steps):
    document = Document()
    for step in steps:
        try:
            apply(document, step)
        except GlassboxError:
            continue
    fresh = Document(document.project())

    assert state(document) == state(fresh)
    assert document.problems == fresh.problems
