"""What a node has beside its layer: shared weights, freezing, rate, switch, group."""

from dataclasses import replace

import pytest

from engine.errors import CycleError, GraphError, SharingError, UnknownNodeError
from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.graph.serialize import graph_from_plain, graph_to_plain
from tests.engine.graph.toys import Double, Start, Sum


@pytest.fixture
def graph():
    nodes = [Node("a", Start()), Node("b", Double()), Node("c", Double()), Node("d", Sum())]
    return Graph(nodes, [Wire("a", "b"), Wire("b", "d")], Drawing([Group("g")]))


def test_properties_change_one_at_a_time_and_are_announced(graph):
    heard = []
    graph.node_changed.connect(lambda event: heard.append(event.after))

    graph.set_frozen("b", True)
    graph.set_rate("b", 0.1)
    graph.set_switch("b", "muted")
    graph.share("c", "b")
    graph.assign({"b": "g", "c": "g"})

    b, c = graph.node("b"), graph.node("c")
    assert (b.frozen, b.rate, b.switch, b.group) == (True, 0.1, "muted", "g")
    assert (c.same_as, c.owner, c.group) == ("b", "b", "g")
    assert graph.instances("b") == ("c",)
    assert len(heard) == 6


def test_all_but_the_group_are_part_of_the_computation(graph):
    same = graph.copy()
    same.assign({"b": "g"})
    other = graph.copy()
    other.set_frozen("b", True)

    assert graph.same_computation(same)
    assert not graph.same_computation(other)


def test_a_node_cannot_be_an_instance_of_itself_of_an_instance_or_of_another_kind(graph):
    graph.share("c", "b")

    for node, original in [("b", "b"), ("b", "c"), ("d", "b"), ("b", "d")]:
        with pytest.raises(SharingError):
            graph.share(node, original)


def test_a_node_whose_weights_are_used_cannot_become_an_instance(graph):
    graph.add_node(Node("e", Double()))
    graph.share("c", "b")

    with pytest.raises(SharingError, match="while Double uses its own"):
        graph.share("b", "e")


@pytest.mark.parametrize("rate", [-1, float("inf"), float("nan")])
def test_a_rate_is_a_number_from_0_up(graph, rate):
    with pytest.raises(GraphError, match="from 0 up"):
        graph.set_rate("b", rate)
    with pytest.raises(GraphError, match="from 0 up"):
        Node("e", Double(), rate=rate)


def test_a_group_must_be_there(graph):
    with pytest.raises(UnknownNodeError):
        graph.assign({"b": "nowhere"})

    assert graph.node("b").group == ""


def test_properties_come_back_from_a_file(graph):
    graph.set_frozen("b", True)
    graph.set_rate("b", 0.25)
    graph.set_switch("b", "bypassed")
    graph.share("c", "b")
    graph.assign({"d": "g"})

    again, _ = graph_from_plain(graph_to_plain(graph))  # toys come back as placeholders

    assert [replace(n, layer=Double()) for n in again.nodes] == [
        replace(n, layer=Double()) for n in graph.nodes
    ]


def test_only_a_delayed_wire_may_close_a_loop(graph):
    graph.disconnect(Wire("a", "b"))

    with pytest.raises(CycleError, match="one step later"):
        graph.connect(Wire("d", "b"))

    graph.connect(Wire("d", "b", delay=1))
    plain = graph_to_plain(graph)

    assert plain["wires"] == [
        {"source": "b", "target": "d"},
        {"source": "d", "target": "b", "delay": 1},
    ]
    assert list(graph.followers("d")) == []
    assert list(graph.successors("d")) == ["b"]
