"""Working out again only what an edit of settings touches."""

from engine.graph.infer import infer, infer_changed
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.start import Start
from engine.layers.terminal import Input


def chain():
    nodes = [Node("x", Input(shape=(4,))), *(Node(i, Dense(units=3)) for i in "abc")]
    return Graph(nodes, [Wire("x", "a"), Wire("a", "b"), Wire("b", "c")])


def test_other_settings_reach_what_depends_on_them():
    graph = chain()
    before = infer(graph)
    graph.replace_layer("a", Dense(units=7))
    after = infer_changed(graph, before, ["a"])

    assert after == infer(graph)
    assert after["b"].parameter_count == 7 * 3 + 3


def test_what_an_edit_does_not_touch_is_taken_over():
    graph = chain()
    before = infer(graph)
    graph.replace_layer("a", Dense(units=7))
    after = infer_changed(graph, before, ["a"])

    assert after["x"] is before["x"]
    assert after["c"] is before["c"]


def test_a_new_name_changes_no_shapes():
    graph = chain()
    before = infer(graph)
    graph.rename("b", "middle")
    after = infer_changed(graph, before, ["b"])

    assert after == infer(graph)
    assert after["b"].node.name == "middle"
    assert after["c"] is before["c"]


def test_a_refusal_far_behind_an_edit_is_found():
    graph = chain()
    before = infer(graph)
    graph.replace_layer("x", Input(shape=(1, 2, 2)))
    after = infer_changed(graph, before, ["x"])

    assert after == infer(graph)
    assert after["a"].error is not None


def test_a_sentence_about_a_node_has_its_new_name():
    graph = chain()
    graph.set_switch("x", "bypassed")
    before = infer(graph)
    graph.rename("x", "Flowers")

    for after in (infer_changed(graph, before, ["x"]), infer(graph, before)):
        assert after["x"].error.startswith("Flowers cannot be bypassed")


def test_a_sentence_about_a_wire_goes_with_it():
    graph = chain()
    graph.add_node(Node("s", Start()))
    back = Wire("c", "s", delay=1)
    graph.connect(back)
    before = infer(graph)
    graph.disconnect(back)

    assert before["s"].error
    assert not infer(graph, before)["s"].error
