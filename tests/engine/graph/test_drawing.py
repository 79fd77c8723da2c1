"""Groups, frames and notes: drawn around the nodes, kept in the file, computing nothing."""

from dataclasses import replace

import pytest

from engine.errors import DuplicateNodeError, GraphError, UnknownNodeError
from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.model import Graph, Node
from engine.graph.serialize import graph_from_plain, graph_to_plain
from tests.engine.graph.toys import Double, Start


@pytest.fixture
def drawing():
    """A block inside a tower, beside a note."""
    groups = [Group("block", parent="tower"), Group("tower", "Tower", folded=False)]
    return Drawing(groups, [Annotation("note_1", "note", "Why 64?", (8.0, 16.0))])


def test_a_group_may_be_listed_before_the_one_that_it_lies_in(drawing):
    assert drawing.path("block") == ("tower", "block")
    assert [group.id for group in drawing.children("tower")] == ["block"]
    assert [group.id for group in drawing.children("")] == ["tower"]


def test_every_change_is_announced_with_before_and_after(drawing):
    heard = []
    drawing.group_changed.connect(lambda event: heard.append((event.before, event.after)))
    before = drawing.group("block")

    drawing.change_group(replace(before, name="Block"))
    drawing.remove_group("block")
    drawing.add_group(before)

    after = replace(before, name="Block")
    assert heard == [(before, after), (after, None), (None, before)]


def test_a_group_cannot_lie_in_itself(drawing):
    with pytest.raises(GraphError, match="cannot lie in itself"):
        drawing.change_group(replace(drawing.group("tower"), parent="block"))

    assert drawing.group("tower").parent == ""


def test_a_group_with_groups_in_it_is_not_removed(drawing):
    with pytest.raises(GraphError, match="Take that out first"):
        drawing.remove_group("tower")


def test_what_is_not_there_is_named(drawing):
    with pytest.raises(UnknownNodeError, match="no group 'nave'"):
        drawing.group("nave")
    with pytest.raises(UnknownNodeError, match="no frame or note 'note_2'"):
        drawing.remove_annotation("note_2")
    with pytest.raises(GraphError, match="'nave', which is not there"):
        drawing.add_group(Group("aisle", parent="nave"))
    with pytest.raises(DuplicateNodeError):
        drawing.add_annotation(Annotation("note_1", "frame"))


def test_ids_are_fresh(drawing):
    assert drawing.fresh_id("note") == "note_2"
    assert drawing.fresh_id("frame", {"frame_1"}) == "frame_2"


def test_a_copy_shares_nothing(drawing):
    copy = drawing.copy()
    copy.remove_annotation("note_1")

    assert drawing.annotations
    assert copy.groups == drawing.groups


def test_groups_and_annotations_come_back_from_a_file(drawing):
    nodes = [Node("a", Start(), group="block"), Node("b", Double())]
    plain = graph_to_plain(Graph(nodes, drawing=drawing))
    again, _ = graph_from_plain(plain)

    assert set(again.drawing.groups) == set(drawing.groups)
    assert again.drawing.annotations == drawing.annotations
    assert [node.group for node in again.nodes] == ["block", ""]
    assert graph_to_plain(again)["annotations"] == plain["annotations"]


def test_damaged_groups_cost_no_node():
    plain = graph_to_plain(Graph([Node("a", Start(), group="lost")]))
    plain["groups"] = [{"id": "x", "parent": "y"}, {"id": "y", "parent": "x"}]
    graph, notes = graph_from_plain(plain)

    assert [node.group for node in graph.nodes] == [""]
    assert any("groups, frames and notes were left out" in note for note in notes)
