"""Shapes flow through the graph, and an edit recomputes only what it touches."""

from __future__ import annotations

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes
from tests.engine.graph.toys import Double, End, Split, Start, Sum


def chain():
    return Graph(
        [Node("a", Start(size=3)), Node("b", Double()), Node("c", End())],
        [Wire("a", "b"), Wire("b", "c")],
    )


def test_shapes_parameters_and_cost_follow_the_wires():
    found = infer(chain())

    assert list(found) == ["a", "b", "c"]
    assert found["b"].arriving == ArrivingShapes({"in": ((3,),)})
    assert found["b"].outputs == ((6,),)
    assert found["b"].parameter_count == 6
    assert found["b"].multiply_adds == 6
    assert found["c"].outputs == ()


def test_a_missing_wire_leaves_what_follows_without_a_shape():
    graph = chain()
    graph.disconnect(Wire("a", "b"))
    found = infer(graph)

    assert found["b"].outputs is None
    assert found["b"].error is None
    assert found["b"].multiply_adds == 0
    assert found["c"].arriving is None


def test_a_refusal_is_kept_as_the_layers_sentence():
    graph = Graph(
        [Node("a", Start(size=3)), Node("b", Start(size=4)), Node("s", Sum())],
        [Wire("a", "s"), Wire("b", "s")],
    )

    assert infer(graph)["s"].error == "Sum needs equal shapes."


def test_a_wire_carries_the_shape_of_its_own_output_port():
    graph = Graph(
        [Node("a", Start(size=5)), Node("p", Split()), Node("b", Double())],
        [Wire("a", "p"), Wire("p", "b", "tail")],
    )

    assert infer(graph)["b"].outputs == ((8,),)


def test_what_an_edit_does_not_touch_is_taken_from_the_previous_result():
    graph = chain()
    before = infer(graph)
    graph.rename("c", "The end")
    after = infer(graph, before)

    assert after["a"] is before["a"]
    assert after["b"] is before["b"]
    assert after["c"].node.name == "The end"

    graph.replace_layer("a", Start(size=9))
    again = infer(graph, after)

    assert again["b"].outputs == ((18,),)


def test_nodes_of_equal_layers_that_read_alike_share_what_is_known_of_their_parameters():
    graph = chain()
    graph.add_node(Node("again", Double()))
    graph.add_node(Node("deeper", Double()))
    graph.connect(Wire("a", "again"))
    graph.connect(Wire("again", "deeper"))
    found = infer(graph)

    assert found["again"].parameters is found["b"].parameters
    assert found["again"].node.id == "again"
    assert found["deeper"].parameters != found["b"].parameters


def test_a_node_that_is_switched_off_does_not_do_for_one_that_is_on():
    graph = chain()
    graph.add_node(Node("again", Double()))
    graph.connect(Wire("a", "again"))
    graph.set_switch("b", "bypassed")
    found = infer(graph)

    assert found["b"].outputs == ((3,),)
    assert found["again"].outputs == ((6,),)
