"""Recurrent layers that remember between batches: through epochs, checkpoints and small batches."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.graph.check import check
from engine.graph.check.fix import GraphEditor
from engine.graph.infer import infer
from engine.plan.predict import Predictor
from engine.training.checkpoints import Checkpoint
from engine.training.settings import ObjectiveSettings, TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import ToyData, chain, compiled, node, wire

EXAMPLES, BATCH = 22, 8
"""Two full batches and one of six."""


def remembering(kind="lstm", stateful=True):
    return chain(
        node("x", "input", shape=[3, 2]),
        node("memory", kind, units=4, stateful=stateful),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )


SIDE_BY_SIDE = np.array(
    [*(0, 3, 6, 9, 12, 15, 18, 20), *(1, 4, 7, 10, 13, 16, 19, 21), *(2, 5, 8, 11, 14, 17)]
)
"""How these examples come to batches in which each place reads on where it stood."""


def series(rows=None):
    rng = np.random.default_rng(4)
    features = rng.standard_normal((EXAMPLES, 3, 2)).astype(np.float32)
    rows = np.arange(EXAMPLES) if rows is None else rows
    parts = {"train": rows, "validation": rows[:5], "test": rows[5:9]}
    targets = features.sum(axis=(1, 2))[:, None]
    return ToyData(features, targets, (), "values", parts)


def trainer(checkpoint=None, epochs=3, drawn=None, rows=None, **given):
    settings = TrainingSettings(epochs=epochs, batch_size=BATCH, seed=5, shuffle=False, **given)
    return Trainer(drawn or remembering(), series(rows), settings, checkpoint=checkpoint)


def memories(run):
    return {key: array.copy() for key, array in run.parameters.state.memories.items()}


@pytest.mark.parametrize(
    ("kind", "names"),
    [("lstm", {"hidden", "cell"}), ("gru", {"hidden"}), ("simple_rnn", {"hidden"})],
)
def test_each_state_is_remembered_for_every_place_of_a_batch(kind, names):
    run = trainer(drawn=remembering(kind))
    run.step()
    kept = memories(run)

    assert {name for _, name in kept} == names
    assert all(array.shape == (4, BATCH) and array.all() for array in kept.values())


def test_the_smaller_last_batch_uses_the_first_places():
    run = trainer()
    run.step()
    run.step()
    before = memories(run)
    run.step()
    after = memories(run)

    for key, array in after.items():
        assert (array[:, :6] != before[key][:, :6]).all()
        np.testing.assert_array_equal(array[:, 6:], before[key][:, 6:])


def forgetful_steps(count, drawn=remembering, **given):
    """At which steps a network with a memory has the same loss as one without."""
    losses = []
    for stateful in (True, False):
        rows = None if stateful else SIDE_BY_SIDE
        run = trainer(drawn=drawn(stateful=stateful), rows=rows, **given)
        losses.append([])
        for _ in range(count):
            run.parameters.vector[...] = 0.1  # so that they differ by what is remembered alone
            run.step()
            losses[-1].append(run.telemetry.loss)
    return [a == b for a, b in zip(*losses, strict=True)]


def test_every_epoch_begins_with_nothing():
    assert forgetful_steps(7) == [True, False, False, True, False, False, True]


def test_every_epoch_begins_with_nothing_for_a_later_objective_too():
    def drawn(stateful):
        graph = remembering(stateful=stateful)
        graph.add_node(node("flat", "flatten"))
        graph.add_node(node("other", "dense", units=1, activation="linear"))
        graph.add_node(node("first", "loss", loss="squared_error"))
        for text in ("x>flat", "flat>other", "other>first.prediction"):
            graph.connect(wire(text))
        return graph

    objectives = (
        ObjectiveSettings(losses=["first"], trains=["other"]),
        ObjectiveSettings(losses=["loss"], trains=["memory", "y"]),
    )
    # Their turns alternate: the second has steps 1, 3 and 5, of which 3 begins an epoch.
    same = forgetful_steps(6, drawn, objectives=objectives)

    assert same == [True, True, True, True, True, False]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 6])
def test_a_checkpoint_brings_the_memory_back_bit_for_bit(steps):
    whole = trainer()
    whole.run()
    begun = trainer()
    for _ in range(steps):
        begun.step()
    checkpoint = begun.checkpoint()
    kept = Checkpoint(
        {name: array.copy() for name, array in checkpoint.arrays.items()},
        json.loads(json.dumps(checkpoint.plain)),
    )
    resumed = trainer(kept)
    resumed.run()

    assert {"memory/memory/hidden", "memory/memory/cell"} <= set(checkpoint.arrays)
    np.testing.assert_array_equal(resumed.parameters.vector, whole.parameters.vector)
    for key, array in memories(whole).items():
        np.testing.assert_array_equal(memories(resumed)[key], array)


def test_a_memory_is_no_part_of_the_trained_network():
    run = trainer()
    run.run()
    x = series().features[:4]
    predict = Predictor(run.graph, run.weights()).predict
    first, second = (next(iter(predict({"x": x}).values())) for _ in range(2))

    assert not any("memory" in name for name in run.checkpoint().weights if name[1] == "hidden")
    np.testing.assert_array_equal(first, second)


def test_a_run_that_diverges_returns_to_a_memory_that_is_finite():
    run = trainer(epochs=10)
    for _ in range(9):
        run.step()
    run.parameters.of("memory")["weight"][...] = np.nan
    run.run()

    assert run.divergence is not None
    assert all(np.isfinite(array).all() for array in memories(run).values())


def test_a_larger_batch_than_the_first_is_refused():
    parameters = compiled(remembering(), batch=4).parameters

    with pytest.raises(ValueError, match="memory remembers 4 sequences, got a batch of 6"):
        parameters.state.memory("memory", "hidden", 4, 6)


def text(parts="random", **given):
    source = {"kind": "next_character", "answers": "each", "steps": 3}
    return DataSettings(source=source, parts=parts, **given)


@pytest.mark.parametrize(
    ("shuffle", "parts", "examples"),
    [
        (True, "random", "shuffled examples"),
        (True, "in_order", "shuffled examples"),
        (False, "random", "examples that were taken at random"),
        (False, "in_order", ""),
    ],
)
def test_a_memory_between_batches_wants_the_rows_in_order(shuffle, parts, examples):
    data, training = text(parts), TrainingSettings(shuffle=shuffle)
    drawn = remembering()
    problems = problems_of_memory(drawn, data, training)

    if not examples:
        assert problems == []
        return
    (problem,) = problems
    assert problem.severity == "hint"
    assert problem.message == (
        f"{drawn.node('memory').title} goes on from the batch before, and {examples} do not "
        "follow each other."
    )
    editor = GraphEditor(drawn, {"data": data, "training": training})
    problem.fix.apply(editor)
    assert editor.settings["data"].parts == "in_order"
    assert editor.settings["training"].shuffle is False
    assert problems_of_memory(drawn, **editor.settings) == []


def problems_of_memory(drawn, data, training):
    signature = prepare(data).signature
    found = check(drawn, infer(drawn), signature, shuffled=training.shuffle)
    return [problem for problem in found if problem.node == "memory"]
