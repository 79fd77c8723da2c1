"""What nodes cost, on their cards and in words."""

from PySide6.QtGui import QColor

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from gui.canvas.items.marks import heat
from gui.theme import theme


def two_layers():
    nodes = [
        Node("x", Input(shape=(10,)), position=(0, 0)),
        Node("a", Dense(units=30), position=(240, 0)),
        Node("b", Dense(units=10, activation="softmax"), position=(480, 0)),
        Node("loss", Loss(), position=(720, 0)),
    ]
    return Graph(
        nodes, [Wire("x", "a"), Wire("a", "b"), Wire("b", "loss", target_port="prediction")]
    )


def test_the_overlay_shows_each_share_with_its_number(canvas):
    hand = canvas(two_layers())
    nodes = hand.view.graph_scene.nodes
    hand.view.costs.set_shown(True)

    assert nodes["a"].cost == (0.5, "50 % · 300", "50 %")
    assert nodes["b"].cost == (0.5, "50 % · 300", "50 %")
    assert nodes["x"].cost is None
    hand.view.costs.set_shown(False)
    assert nodes["a"].cost is None


def test_the_overlay_follows_an_edit(canvas):
    hand = canvas(two_layers())
    hand.view.costs.set_shown(True)
    hand.view.document.set_field("b", "units", 30)

    assert hand.view.graph_scene.nodes["b"].cost[0] == 0.75


def test_a_folded_group_costs_what_its_nodes_cost(canvas):
    hand = canvas(two_layers())
    hand.view.costs.set_shown(True)
    hand.view.document.select(["a", "b"])
    hand.view.grouping.group()
    (group,) = hand.view.document.graph.drawing.groups
    hand.view.grouping.set_folded(group.id, True)

    assert hand.view.graph_scene.nodes[group.id].cost == (1.0, "100 % · 600", "100 %")
    assert "640 parameters · 600 multiply-adds (100 %)" in hand.view.costs.sentence(
        group.id, hand.view.graph_scene.nodes[group.id].node
    )


def test_a_pointer_on_a_node_is_told_its_cost(canvas):
    hand = canvas(two_layers())
    hand.move(hand.node("a"))

    assert hand.view.viewport().toolTip() == (
        "330 parameters · 300 multiply-adds (50 %)\n30 numbers leave for each example"
    )


def test_more_cost_is_more_heat(qapp):
    tints = [heat(share).alpha() for share in (0.0, 0.01, 0.3, 1.0)]

    assert tints == sorted(set(tints))
    assert QColor(theme.tokens.negative).rgb() == heat(1.0).rgb()
