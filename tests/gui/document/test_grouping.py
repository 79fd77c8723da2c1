"""Groups as the document edits them."""

import pytest

from engine.errors import GraphError
from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from gui.document.document import Document


@pytest.fixture
def document():
    """x → a → b → c → loss."""
    nodes = [Node("x", Input(shape=(4,)), position=(0, 0))]
    nodes += [Node(i, Dense(units=4), position=(k * 200.0, 0)) for k, i in enumerate("abc", 1)]
    nodes.append(Node("loss", Loss(), position=(800, 0)))
    wires = [Wire("x", "a"), Wire("a", "b"), Wire("b", "c"), Wire("c", "loss", "out", "prediction")]
    return Document(Project(graph=Graph(nodes, wires)))


def drawn(document):
    graph = document.graph
    return {node.id: node.group for node in graph.nodes}, graph.drawing.groups


def test_grouping_is_one_edit_that_says_what_it_did(document):
    before = drawn(document)

    group = document.group(["a", "b"], (300.0, 16.0))

    assert document.undo.undoText() == "Group 2 nodes"
    assert document.graph.drawing.groups == (
        Group(group, "Block", folded=True, position=(300.0, 16.0)),
    )
    assert [n.id for n in document.graph.nodes if n.group == group] == ["a", "b"]
    document.undo.undo()
    assert drawn(document) == before


def test_a_group_of_nothing_is_refused(document):
    with pytest.raises(GraphError, match="Select some first"):
        document.group([], (0, 0))


def test_each_group_has_a_name_of_its_own(document):
    names = [document.group([i], (0, 0)) for i in ("a", "b")]

    assert [document.graph.drawing.group(i).name for i in names] == ["Block", "Block 2"]


def test_a_group_of_groups_holds_them(document):
    inner = document.group(["a"], (0, 0))

    outer = document.group([inner, "a", "b"], (0, 0))

    assert document.group_of(inner) == outer
    assert document.group_of("a") == inner
    assert document.group_of("b") == outer


def test_ungrouping_leaves_what_was_in_it_where_it_lay(document):
    inner = document.group(["a"], (0, 0))
    outer = document.group([inner, "b"], (0, 0))

    freed = document.ungroup([outer])

    assert set(freed) == {"b", inner}
    assert document.graph.drawing.groups == (Group(inner, "Block", position=(0, 0)),)
    assert document.undo.undoText() == "Ungroup Block 2"


def test_moving_a_group_moves_all_in_it(document):
    group = document.group(["a", "b"], (300.0, 0.0))

    document.move({group: (316.0, 8.0)})

    assert document.position_of("a") == (216.0, 8.0)
    assert document.position_of("b") == (416.0, 8.0)
    assert document.undo.undoText() == "Move Block"
    document.undo.undo()
    assert document.position_of(group) == (300.0, 0.0)
    assert document.position_of("a") == (200.0, 0.0)


def test_a_group_goes_with_its_nodes_when_all_are_moved(document):
    group = document.group(["a", "b"], (300.0, 0.0))

    document.move({"a": (210.0, 0.0), "b": (410.0, 0.0)})
    assert document.position_of(group) == (310.0, 0.0)

    document.move({"a": (220.0, 0.0)})
    assert document.position_of(group) == (310.0, 0.0)


def test_nudges_of_a_group_become_one_edit(document):
    group = document.group(["a"], (0.0, 0.0))
    edits = document.undo.count()

    for step in (8.0, 16.0, 24.0):
        document.move({group: (step, 0.0)}, nudge=True)

    assert document.undo.count() == edits + 1
    document.undo.undo()
    assert document.position_of("a") == (200.0, 0.0)


def test_removing_a_group_removes_all_in_it_and_undo_brings_it_back(document):
    graph = document.graph
    inner = document.group(["a"], (0, 0))
    outer = document.group([inner, "b"], (0, 0))
    graph.drawing.add_annotation(Annotation("note_1", "note", group=inner))
    before = graph.nodes, graph.wires, graph.drawing.groups, graph.drawing.annotations

    document.remove([outer])

    assert [node.id for node in graph.nodes] == ["x", "c", "loss"]
    assert graph.drawing.groups == ()
    assert graph.drawing.annotations == ()
    document.undo.undo()
    after = graph.nodes, graph.wires, graph.drawing.groups, graph.drawing.annotations
    assert after == before


def test_a_group_goes_with_its_last_node(document):
    document.group(["a"], (0, 0))

    document.remove(["a"])

    assert document.graph.drawing.groups == ()


def test_nodes_are_moved_into_a_group_and_out_of_it(document):
    group = document.group(["a"], (0, 0))

    document.put_into(["b"], group)
    assert document.group_of("b") == group
    assert document.undo.undoText() == "Move Dense into Block"

    document.put_into(["a", "b"], "")
    assert document.graph.drawing.groups == ()


def test_a_group_cannot_be_put_into_itself(document):
    inner = document.group(["a"], (0, 0))
    outer = document.group([inner], (0, 0))

    with pytest.raises(GraphError, match="cannot lie in itself"):
        document.put_into([outer], inner)
    assert document.group_of(inner) == outer


def test_a_group_is_renamed_like_a_node(document):
    group = document.group(["a"], (0, 0))

    document.rename(group, "  Encoder ")

    assert document.graph.drawing.group(group).name == "Encoder"
    assert document.undo.undoText() == "Rename Block to Encoder"


def test_a_duplicated_group_is_a_group_of_copies(document):
    group = document.group(["a", "b"], (300.0, 0.0))

    (copy,) = document.duplicate([group])

    assert copy == "group_2"
    assert document.position_of(copy) == (332.0, 32.0)
    assert [n.id for n in document.graph.nodes if n.group == copy] == ["dense_1", "dense_2"]
    assert document.undo.undoText() == "Duplicate Block"


def test_new_nodes_lie_in_the_group_whose_inside_is_looked_at(document):
    group = document.group(["a"], (0, 0))
    document.enter(group)

    node_id = document.add_node(Dense(), (0, 0))
    (copy,) = document.duplicate([node_id])

    assert document.group_of(node_id) == document.group_of(copy) == group


def test_undoing_the_group_that_is_looked_at_leads_out_of_it(document):
    inner = document.group(["a"], (0, 0))
    outer = document.group([inner], (0, 0))
    document.enter(inner)

    document.undo.undo()
    assert document.level == inner
    document.undo.undo()
    assert document.level == ""
    assert outer not in {group.id for group in document.graph.drawing.groups}


def test_folding_changes_how_a_group_is_drawn_and_makes_room(document):
    group = document.group(["a"], (0, 0))

    document.fold(group, False, {"c": (900.0, 0.0)})

    assert not document.graph.drawing.group(group).folded
    assert document.position_of("c") == (900.0, 0.0)
    assert document.undo.undoText() == "Unfold Block"
    document.undo.undo()
    assert document.position_of("c") == (600.0, 0.0)


def test_a_removed_group_comes_back_at_its_place_in_the_order(document):
    for node_id in ("a", "b", "c"):
        document.group([node_id], (0, 0))
    order = [group.id for group in document.graph.drawing.groups]

    document.remove([order[1]])
    document.undo.undo()

    assert [group.id for group in document.graph.drawing.groups] == order


def test_drawing_says_nothing_about_shapes_and_problems(document, qtbot):
    heard = []
    document.inference_changed.connect(heard.append)
    document.problems_changed.connect(lambda: heard.append("problems"))

    group = document.group(["a", "b"], (0, 0))
    document.fold(group, False)

    assert heard == []


def test_a_run_brings_its_groups_back(document):
    graph = Graph(document.graph.nodes, document.graph.wires, Drawing([Group("g")]))
    graph.assign({"a": "g"})

    document._replace_graph(graph)

    assert document.group_of("a") == "g"
    assert document.graph.drawing.groups == (Group("g"),)
