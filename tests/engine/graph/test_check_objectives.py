"""What the checker says about several objectives of a training."""

from __future__ import annotations

from engine.graph.check import check
from engine.graph.infer import infer
from tests.engine.training.adversaries import adversaries, discriminator, generator


def said(*objectives, drawn=None):
    """(node, severity, sentence) of what is said because of the objectives."""
    drawn = drawn or adversaries()
    shapes = infer(drawn)
    before = check(drawn, shapes, None)
    found = check(drawn, shapes, None, objectives=objectives)
    return [(p.node, p.severity, p.message) for p in found if p not in before]


def test_objectives_that_fit_are_no_problem():
    assert said(discriminator(), generator()) == []


def test_without_objectives_nothing_is_said():
    assert said() == []


def test_nodes_that_are_gone_are_named():
    assert said(discriminator(losses=["says_real", "says_fake", "old"]), generator()) == [
        (None, "error", "The objective discriminator names the node 'old', which is gone.")
    ]
    assert said(discriminator(name="", trains=["d1", "d2", "old"]), generator()) == [
        (None, "error", "The objective 1 names the node 'old', which is gone.")
    ]


def test_what_is_no_loss_cannot_be_made_small():
    assert said(discriminator(), generator(losses=["fooled", "g2"])) == [
        ("g2", "error", "The objective generator is to make Dense small, which is no loss.")
    ]


def test_an_objective_needs_a_loss_that_is_on():
    drawn = adversaries()
    drawn.set_switch("fooled", "muted")
    because = "so there is nothing to make small."

    assert said(discriminator(), generator(losses=[])) == [
        (None, "error", f"The objective generator has no loss, {because}"),
        (
            "fooled",
            "warning",
            "Binary cross-entropy is in no objective, so nothing learns from it.",
        ),
    ]
    assert said(discriminator(), generator(), drawn=drawn) == [
        (None, "error", f"The objective generator has muted losses alone, {because}")
    ]


def test_an_objective_needs_something_to_train():
    left_out = [
        (node_id, "warning", "No objective trains Dense, so its weights stay as they are.")
        for node_id in ("g1", "g2")
    ]
    what = "The objective generator trains no node that has weights, so it changes nothing."

    assert said(discriminator(), generator(trains=[])) == [(None, "error", what), *left_out]
    assert said(discriminator(), generator(trains=["seed"])) == [(None, "warning", what), *left_out]


def test_what_no_loss_of_the_objective_depends_on_cannot_learn_from_it():
    drawn = adversaries()
    found = said(discriminator(losses=["says_real"]), generator(trains=["g1", "g2"]), drawn=drawn)
    assert [node for node, _, _ in found] == ["says_fake"]

    assert said(
        discriminator(losses=["says_real"], trains=["d1", "d2", "g1"]),
        generator(losses=["says_fake", "fooled"]),
    ) == [
        (
            "g1",
            "warning",
            "The objective discriminator trains Dense, on which none of its losses depends.",
        )
    ]


def test_a_frozen_node_and_an_instance_may_be_left_out():
    drawn = adversaries()
    drawn.set_frozen("g1", True)

    assert said(discriminator(trains=["d1_fake", "d2_fake"]), generator(trains=["g2"])) == [
        ("g1", "warning", "No objective trains Dense, so its weights stay as they are.")
    ]
    assert said(discriminator(), generator(trains=["g2"]), drawn=drawn) == []


def contradicting(*objectives):
    drawn = adversaries()
    found = check(drawn, infer(drawn), None, objectives=objectives)
    return [p for p in found if "want different answers" in p.message]


def test_losses_that_want_opposites_of_one_value_need_objectives_of_their_own():
    (problem,) = contradicting()

    assert (problem.node, problem.severity) == ("fooled", "warning")
    assert "Give each an objective of its own" in problem.remedy
    assert contradicting(discriminator(), generator()) == []
    together = discriminator(losses=["says_real", "says_fake", "fooled"])
    assert [p.node for p in contradicting(together, generator(losses=[]))] == ["fooled"]


def test_losses_that_want_the_same_or_are_off_do_not_contradict_each_other():
    drawn = adversaries()
    drawn.set_switch("says_fake", "muted")

    assert not [p for p in check(drawn, infer(drawn), None) if "different answers" in p.message]
