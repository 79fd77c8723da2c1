"""Every remedy that the checker offers is one edit of the document, and one undo."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.graph.model import Wire
from engine.layers import LAYERS
from engine.project.project import Project
from gui.document.document import Document


def network(*kinds):
    """A document with these layers in a row, each (kind, settings) wired into the next."""
    document = Document(Project())
    before = None
    for place, (kind, settings) in enumerate(kinds):
        node = document.add_node(LAYERS.get(kind)(**settings), (232.0 * place, 0.0))
        if before is not None:
            document.connect(Wire(before, node, target_port=_port(kind)))
        before = node
    document.set_dataset(prepare(DataSettings(source="iris")))
    return document


def _port(kind):
    return "prediction" if kind == "loss" else "in"


INPUT = ("input", {"shape": [4]})
HIDDEN = ("dense", {"units": 8})
LAST = ("dense", {"units": 3, "activation": "softmax"})
LOSS = ("loss", {})

TROUBLED = {
    "no input": (HIDDEN, LAST, LOSS),
    "no loss": (INPUT, HIDDEN, LAST),
    "another input shape": (("input", {"shape": [5]}), HIDDEN, LAST, LOSS),
    "too few units": (INPUT, HIDDEN, ("dense", {"units": 2, "activation": "softmax"}), LOSS),
    "relu before cross-entropy": (INPUT, HIDDEN, ("dense", {"units": 3}), LOSS),
    "sigmoid before cross-entropy": (
        INPUT,
        HIDDEN,
        ("dense", {"units": 3, "activation": "sigmoid"}),
        LOSS,
    ),
    "squared error after softmax": (INPUT, HIDDEN, LAST, ("loss", {"loss": "squared_error"})),
    "the wrong loss": (
        INPUT,
        HIDDEN,
        ("dense", {"units": 1, "activation": "sigmoid"}),
        ("loss", {"loss": "binary_cross_entropy"}),
    ),
    "weights that start alike": (
        INPUT,
        ("dense", {"units": 8, "initializer": "zeros"}),
        LAST,
        LOSS,
    ),
}


@pytest.mark.parametrize("trouble", TROUBLED)
def test_a_fix_mends_the_network_and_is_undone_in_one_step(qapp, trouble):
    document = network(*TROUBLED[trouble])
    before = document.graph.copy()
    steps = document.undo.count()
    problem = next(problem for problem in document.problems if problem.fix)

    document.apply_fix(problem.fix)

    assert document.problems == []
    assert document.undo.count() == steps + 1
    assert document.undo.undoText() == problem.fix.label
    document.undo.undo()
    assert document.graph.nodes == before.nodes
    assert document.graph.wires == before.wires


def test_a_flatten_is_put_into_the_wire_and_what_follows_makes_room(qapp):
    document = Document(Project())
    image = document.add_node(LAYERS.get("input")(shape=[1, 2, 2]), (0, 0))
    dense = document.add_node(LAYERS.get("dense")(units=3, activation="softmax"), (232, 0))
    document.graph.connect(Wire(image, dense))  # the document itself refuses this wire
    loss = document.add_node(LAYERS.get("loss")(), (464, 0))
    document.connect(Wire(dense, loss, target_port="prediction"))
    document.set_dataset(prepare(DataSettings(source="iris")))
    problem = next(problem for problem in document.problems if problem.node == dense)

    document.apply_fix(problem.fix)

    assert document.problems == []
    assert [(w.source, w.target) for w in document.graph.incoming(dense)] == [("flatten_1", dense)]
    assert document.graph.node(dense).position == (464, 0)
    assert document.graph.node(loss).position == (696, 0)


def test_rows_are_taken_in_one_piece_by_one_undoable_step(qapp):
    document = Document(Project(data=DataSettings(source="next_character")))
    document.add_node(LAYERS.get("input")(shape=[16]), (0, 0))
    document.set_dataset(prepare(document.data))
    problem = next(p for p in document.problems if p.message.startswith("The rows overlap"))
    steps = document.undo.count()

    document.apply_fix(problem.fix)

    assert document.data.parts == "in_order"
    assert document.undo.count() == steps + 1
    document.undo.undo()
    assert document.data.parts == "random"


def test_a_setting_without_effect_is_mended_by_one_undoable_step(qapp):
    document = network(INPUT, LAST, LOSS)
    document.set_training(document.training.replaced(update="epoch", accumulate=3))
    (problem,) = document.problems

    document.apply_fix(problem.fix)

    assert document.problems == []
    assert document.training.accumulate == 1
    document.undo.undo()
    assert document.training.accumulate == 3


def test_a_batch_norm_whose_examples_come_one_by_one_gets_batches(qapp):
    document = network(INPUT, HIDDEN, ("batch_norm", {}), LAST, LOSS)
    document.set_training(document.training.replaced(update="example"))
    problem = document.problems[0]
    assert problem.message == (
        "BatchNorm needs two or more examples at a time while training, and the weights change "
        "after every example."
    )

    document.apply_fix(problem.fix)

    assert document.training.update == "batch"
    assert document.problems == []
