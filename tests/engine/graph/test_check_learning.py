"""What the checker says about nodes that are off, frozen, or use the weights of others."""

from __future__ import annotations

import pytest

from engine.graph.check import GraphEditor, check
from engine.graph.infer import infer
from engine.project.templates import open_template
from tests.engine.plan.networks import chain, classifier, node


def problems(drawn):
    """(node, severity, sentence) of what is said about learning."""
    words = ("bypassed", "muted", "frozen", "weight of 0", "is set there")
    found = check(drawn, infer(drawn), None)
    return [(p.node, p.severity, p.message) for p in found if any(w in p.message for w in words)]


def test_a_network_in_which_all_is_on_has_nothing_of_that():
    assert problems(classifier()) == []


def test_nodes_that_are_off_are_hints():
    drawn = classifier()
    drawn.set_switch("hidden", "bypassed")

    assert problems(drawn) == [
        ("hidden", "hint", "Dense is bypassed: what arrives goes past it, and it learns nothing.")
    ]
    drawn.set_switch("hidden", "muted")
    assert problems(drawn) == [
        ("hidden", "hint", "Dense is muted: it gives zeros and learns nothing.")
    ]


def test_a_muted_loss_is_a_hint_and_no_other_loss_an_error():
    drawn = classifier()
    drawn.set_switch("loss", "muted")

    assert problems(drawn) == [
        (None, "error", "Every loss of the graph is muted, so there is nothing to learn from."),
        ("loss", "hint", "Cross-entropy is muted: nothing learns from it."),
    ]


def test_a_network_that_is_frozen_altogether_is_a_warning():
    drawn = classifier()
    drawn.set_frozen("hidden", True)
    assert problems(drawn) == []
    drawn.set_frozen("out", True)

    assert problems(drawn) == [
        (None, "warning", "Every node that has weights is frozen, so training changes nothing.")
    ]


def test_a_loss_that_counts_nothing_can_be_given_a_weight():
    drawn = classifier()
    drawn.replace_layer("loss", drawn.node("loss").layer.replaced(weight=0.0))
    (problem,) = (p for p in check(drawn, infer(drawn), None) if "weight of 0" in p.message)
    problem.fix.apply(GraphEditor(drawn))

    assert drawn.node("loss").layer.weight == 1
    assert problems(drawn) == []


def test_the_rate_of_an_instance_is_that_of_its_original():
    drawn = classifier(features=5, classes=5)
    drawn.share("out", "hidden")
    drawn.set_rate("out", 0.5)

    assert problems(drawn) == [
        (
            "out",
            "hint",
            "Dense uses the weights of Dense, so whether and how fast they learn is set there.",
        )
    ]


@pytest.mark.parametrize("change", ["freeze", "bypass"])
def test_a_batch_norm_that_takes_no_means_of_batches_may_see_single_examples(change):
    drawn = chain(
        node("x", "input", shape=[4]),
        node("hidden", "dense", units=3, activation="linear"),
        node("norm", "batch_norm"),
        node("loss", "loss", loss="squared_error"),
    )
    before = check(drawn, infer(drawn), None, data_chosen=True, smallest_batch=1)
    drawn.set_frozen("norm", change == "freeze")
    drawn.set_switch("norm", "bypassed" if change == "bypass" else "on")
    after = check(drawn, infer(drawn), None, data_chosen=True, smallest_batch=1)

    assert {problem.node for problem in before} == {"norm", "hidden"}
    assert [p for p in after if "bypassed" not in p.message] == []


def test_a_divergence_that_no_loss_makes_small_is_told_and_added_by_a_click():
    drawn = open_template("vae").graph
    code = next(each.id for each in drawn.nodes if each.layer.kind == "sampling")
    (kl,) = drawn.outgoing(code, "kl")
    drawn.remove_node(kl.target)
    (problem,) = [p for p in check(drawn, infer(drawn), None) if "divergence" in p.message]

    assert (problem.node, problem.severity) == (kl.source, "hint")

    for edit in problem.fix.edits:
        edit.apply(GraphEditor(drawn))
    (wire,) = drawn.outgoing(kl.source, "kl")
    loss = drawn.node(wire.target).layer

    assert (loss.loss.kind, loss.weight) == ("value", 0.016)
    assert not [p for p in check(drawn, infer(drawn), None) if "divergence" in p.message]


def test_classes_that_all_weigh_nothing_are_a_warning():
    drawn = chain(
        node("x", "input", shape=[2]),
        node("y", "dense", units=3, activation="softmax"),
        node("l", "loss", loss={"kind": "categorical_cross_entropy", "class_weights": [0, 0, 0]}),
    )
    (problem,) = [p for p in check(drawn, infer(drawn), None, data_chosen=True) if p.node == "l"]

    assert problem.severity == "warning"
    assert problem.message == (
        "Cross-entropy gives every class a weight of 0, so nothing learns from it."
    )
    problem.fix.apply(GraphEditor(drawn))
    assert check(drawn, infer(drawn), None, data_chosen=True) == []
