"""Badges of problems: their card, their remedies, and the way from one to the next."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from engine.graph.model import Graph, Node, Wire
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from tests.tools.mouse import LEFT, NONE


def unflattened():
    """An image into a Dense: a Flatten is missing."""
    nodes = [
        Node("x", Input(shape=(1, 8, 8)), position=(0, 0)),
        Node("c", Conv2D(filters=2, kernel=3), position=(200, 0)),
        Node("d", Dense(units=3, activation="softmax"), position=(400, 0)),
        Node("loss", Loss(), position=(600, 0)),
    ]
    return Graph(
        nodes, [Wire("x", "c"), Wire("c", "d"), Wire("d", "loss", target_port="prediction")]
    )


def badge(hand, node_id):
    item = hand.view.graph_scene.nodes[node_id]
    return hand.view.mapFromScene(item.pos() + item.badge_place())


def point_at(hand, node_id):
    """Come from elsewhere: a pointer that is there already does not move."""
    hand.move(QPoint(20, 560))
    hand.move(badge(hand, node_id))


def test_the_card_of_a_badge_says_what_is_wrong_and_what_to_do(canvas):
    hand = canvas(unflattened())
    card = hand.view.troubles.card
    point_at(hand, "d")
    problem = next(p for p in hand.view.document.problems if p.node == "d")

    assert card.isVisible()
    assert problem.message in card.sentences
    assert problem.remedy in card.sentences
    assert hand.view.viewport().rect().contains(card.geometry())
    assert hand.view.viewport().toolTip() == ""


def test_the_card_goes_a_moment_after_the_pointer(canvas, qtbot):
    hand = canvas(unflattened())
    card = hand.view.troubles.card
    point_at(hand, "d")
    assert card.isVisible()
    hand.move(hand.at(400, 300))

    qtbot.waitUntil(lambda: not card.isVisible(), timeout=2000)


def test_one_click_on_the_remedy_repairs_the_network(canvas):
    hand = canvas(unflattened())
    point_at(hand, "d")
    button = hand.view.troubles.card.buttons[0]
    assert "Flatten" in button.text()
    QTest.mouseClick(button, LEFT, NONE)

    kinds = {node.layer.kind for node in hand.view.document.graph.nodes}
    assert "flatten" in kinds
    assert hand.view.document.inference["d"].outputs == ((3,),)
    assert not hand.view.troubles.card.isVisible()
    hand.view.document.undo.undo()
    assert "flatten" not in {node.layer.kind for node in hand.view.document.graph.nodes}


def test_a_click_on_a_badge_keeps_its_card_open_until_elsewhere_is_clicked(canvas):
    hand = canvas(unflattened())
    card = hand.view.troubles.card
    hand.click(badge(hand, "d"))
    hand.move(hand.at(100, 300))
    assert card.pinned
    assert card.isVisible()
    assert hand.view.document.selection == ()

    hand.click(hand.at(100, 300))
    assert not card.isVisible()


def test_f4_walks_along_problems_and_enter_applies_the_remedy(canvas):
    hand = canvas(unflattened())
    card, document = hand.view.troubles.card, hand.view.document
    hand.key(Qt.Key.Key_F4)
    first = document.problems[0]
    assert first.message in card.sentences
    assert document.selection == ((first.node,) if first.node else ())
    while not any("Flatten" in button.text() for button in card.buttons):
        QTest.keyClick(card, Qt.Key.Key_F4)
    QTest.keyClick(card.buttons[0], Qt.Key.Key_Return)

    assert document.inference["d"].outputs == ((3,),)
    assert hand.view.hasFocus()


def test_the_way_back_goes_to_the_problem_before(canvas):
    hand = canvas(unflattened())
    problems, card = hand.view.document.problems, hand.view.troubles.card
    hand.key(Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)

    assert problems[-1].message in card.sentences
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert hand.view.hasFocus()


def test_all_problems_in_a_folded_group_are_on_its_card(canvas):
    graph = unflattened()
    graph.add_node(Node("e", Dense(units=1, activation="sigmoid"), position=(400, 200)))
    graph.connect(Wire("c", "e"))
    hand = canvas(graph)
    hand.view.document.select(["c", "d", "e"])
    hand.view.grouping.group()
    (group,) = hand.view.document.graph.drawing.groups
    hand.view.grouping.set_folded(group.id, True)
    listed = [p for p in hand.view.document.problems if p.node in ("c", "d", "e")]
    point_at(hand, group.id)
    sentences = hand.view.troubles.card.sentences

    assert len(listed) > 1
    assert all(problem.message in sentences for problem in listed)


def test_without_problems_it_says_so(canvas, monkeypatch):
    hand = canvas(Graph())
    monkeypatch.setattr(type(hand.view.document), "problems", property(lambda self: []))
    hand.view.troubles.walk(1)

    assert hand.view.note.sentence == "There are no problems."


def test_a_card_near_the_edge_stays_on_the_canvas(canvas):
    hand = canvas(unflattened())
    problems = hand.view.document.problems
    card = hand.view.troubles.card
    for place in (QPoint(990, 590), QPoint(5, 595), QPoint(995, 2)):
        card.show_at(place, "Node", problems)
        assert hand.view.viewport().rect().contains(card.geometry())


def test_the_card_leaves_the_node_to_be_seen(canvas):
    hand = canvas(unflattened())
    hand.view.go_to("loss")
    item = hand.view.graph_scene.nodes["loss"]
    hand.view.centerOn(item.pos() - QPointF(350, 0))
    for step in (1, 1, -1):
        hand.view.troubles.walk(step)
        node = hand.view.document.selection
        if node:
            card = hand.view.graph_scene.nodes[node[0]].scene_card()
            seen = hand.view.mapFromScene(card).boundingRect()
            assert not seen.intersects(hand.view.troubles.card.geometry())
