"""Edits of several wires at once are one step, keep the order of wires, and are undone whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ConnectError, GlassboxError
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.reroute import Reroute
from engine.layers.terminal import Input
from engine.project.project import Project
from gui.document import rewiring
from gui.document.document import Document


def drawn(nodes, wires):
    return Document(Project(graph=Graph(nodes, wires)))


@pytest.fixture
def joined():
    """Two inputs joined in an order, and a Dense behind."""
    return drawn(
        [
            Node("x", Input(shape=(3,))),
            Node("y", Input(shape=(3,))),
            Node("a", Dense(units=3)),
            Node("join", Concat()),
            Node("out", Dense()),
        ],
        [Wire("x", "a"), Wire("a", "join"), Wire("y", "join"), Wire("join", "out")],
    )


def test_a_healed_wire_stands_where_the_old_one_stood(joined):
    rewiring.heal(joined, ["a"])

    assert joined.graph.incoming("join") == (Wire("x", "join"), Wire("y", "join"))


def test_a_reader_of_many_gets_all_that_fed_the_node(joined):
    joined.add_node(Concat(), (0, 0))
    joined.connect(Wire("join", "concat_1"))
    rewiring.heal(joined, ["join"])

    assert joined.graph.incoming("concat_1") == (Wire("a", "concat_1"), Wire("y", "concat_1"))
    assert joined.graph.incoming("out") == (Wire("a", "out"),)


def test_a_node_at_the_end_of_a_wire_leaves_nothing_to_heal(joined):
    rewiring.heal(joined, ["out"])

    assert joined.graph.outgoing("join") == ()


def test_wires_among_detached_nodes_stay(joined):
    rewiring.detach(joined, ["a", "join"])

    assert set(joined.graph.wires) == {Wire("x", "out"), Wire("a", "join")}


def test_a_delay_survives_what_is_put_into_its_wire_and_taken_out_again():
    document = drawn(
        [Node("x", Input(shape=(5, 3))), Node("join", Concat()), Node("a", Dense(units=3))],
        [Wire("x", "join"), Wire("join", "a"), Wire("a", "join", delay=1)],
    )
    (point,) = rewiring.lead_through(document, {Wire("a", "join", delay=1): (0, 0)})
    led = set(document.graph.wires)
    rewiring.heal(document, [point])

    assert {Wire("a", point, delay=1), Wire(point, "join")} <= led
    assert Wire("a", "join", delay=1) in document.graph.wires


def test_removing_a_point_with_its_neighbour_removes_the_wire(joined):
    (point,) = rewiring.lead_through(joined, {Wire("x", "a"): (0, 0)})
    rewiring.remove(joined, [point, "x"])

    assert joined.graph.incoming("a") == ()
    assert joined.undo.undoText() == "Remove 2 nodes"


def test_what_is_refused_while_ends_move_moves_none(joined):
    moves = {
        Wire("x", "a"): Wire("y", "a"),
        Wire("join", "out"): Wire("join", "join"),
    }
    before = joined.graph.wires
    with pytest.raises(ConnectError):
        rewiring.move_ends(joined, moves)

    assert joined.graph.wires == before
    assert joined.undo.count() == 0


def test_two_nodes_without_ports_to_join_say_so():
    document = drawn([Node("x", Input()), Node("y", Input())], [])
    with pytest.raises(ConnectError, match="no ports to join"):
        rewiring.join(document, [["x"], ["y"]])


number = st.integers(min_value=0, max_value=9)
VERBS = ("add", "connect", "heal", "detach", "remove", "cut", "point", "join")
KINDS = (Input(shape=(3,)), Dense(units=3), Concat(), Neuron(), Reroute())


def apply(document, edit):
    verb, one, other = edit
    ids = [node.id for node in document.graph.nodes]
    if verb == "add" or not ids:
        document.add_node(KINDS[one % len(KINDS)], (one * 8.0, other * 8.0))
        return
    a, b = ids[one % len(ids)], ids[other % len(ids)]
    wires = document.graph.wires
    pair = list(dict.fromkeys((a, b)))
    if verb == "connect":
        document.connect(Wire(a, b))
    elif verb in ("heal", "detach", "remove"):
        getattr(rewiring, verb)(document, pair)
    elif verb == "join":
        rewiring.join(document, [[a], [b]])
    elif verb == "cut":
        rewiring.cut(document, wires[one : one + 2])
    elif wires:
        rewiring.lead_through(document, dict.fromkeys(wires[one % len(wires) :], (1.0, 2.0)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(edits=st.lists(st.tuples(st.sampled_from(VERBS), number, number), max_size=20))
def test_whatever_is_done_to_wires_is_undone_and_done_again(qapp, edits):
    document = Document()
    states = [(document.graph.nodes, document.graph.wires)]
    for edit in edits:
        count = document.undo.count()
        try:
            apply(document, edit)
        except GlassboxError:
            assert document.undo.count() == count
        if document.undo.count() > count:
            states.append((document.graph.nodes, document.graph.wires))
    for state in reversed(states[:-1]):
        document.undo.undo()
        assert (document.graph.nodes, document.graph.wires) == state
    for state in states[1:]:
        document.undo.redo()
        assert (document.graph.nodes, document.graph.wires) == state
