"""Batches of one update weigh as one large batch does, for each of several losses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.data import DataSettings
from engine.data.dataset import prepare_table
from engine.graph.infer import infer
from engine.plan.feed import Examples
from engine.plan.parameters import Parameters
from engine.plan.steps import run
from engine.randomness import NodeStreams
from engine.training.checkpoints import Checkpoint
from engine.training.gradients import Accumulation
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from engine.training.turns import turns_of
from tests.engine.plan.networks import graph, node
from tests.engine.training.test_weighted_training import ALL, COUNT, STEPS, points, sequences
from tests.tools.allocation import SLACK, most_allocated

BATCH = 14
"""Two full batches and one of twelve."""

CLASS_WEIGHTS = (1.0, 3.0, 0.5)
SHARES = 0.25, 3.0


def two_losses(*begin, wires, class_weights=CLASS_WEIGHTS):
    """Nodes that end in `hidden`, and two losses on the same classes behind it."""
    cross_entropy = {"kind": "categorical_cross_entropy", "class_weights": class_weights}
    return graph(
        [
            *begin,
            node("which", "dense", units=3, activation="softmax"),
            node("much", "dense", units=3, activation="linear"),
            node("of_which", "loss", loss=cross_entropy, weight=SHARES[0]),
            node("of_much", "loss", loss="squared_error", weight=SHARES[1]),
        ],
        *(*wires, "hidden>which", "hidden>much"),
        *("which>of_which.prediction", "much>of_much.prediction"),
    )


def of_rows(class_weights=CLASS_WEIGHTS):
    begin = node("x", "input", shape=[2]), node("hidden", "dense", units=5, activation="tanh")
    return two_losses(*begin, wires=["x>hidden"], class_weights=class_weights)


def of_sequences():
    return two_losses(
        node("x", "input", shape=[STEPS]),
        node("tokens", "embedding", tokens=9, width=4, padding=0),
        node("hidden", "gru", units=5, returns="sequence"),
        wires=["x>tokens", "tokens>hidden"],
    )


def rows():
    weights = np.where(np.arange(COUNT) < 20, 0.2, np.arange(COUNT) % 5)
    return prepare_table(points(w=weights), ALL.replaced(weights="w"))


def gathered(drawn, dataset, **settings):
    """The gradient, in float64, and the loss of all batches of one update."""
    chosen = TrainingSettings(update="epoch", shuffle=False, **settings)
    inference = infer(drawn)
    parameters = Parameters(drawn, inference, np.float64)
    parameters.initialize(3)
    examples, part = Examples(drawn, dataset, np.dtype(np.float64)), dataset.part("train")
    turn = turns_of(*(drawn, inference, parameters, NodeStreams(0), examples, part, chosen)).current
    together = Accumulation(parameters, len(turn.batches))
    turn.begin(0)
    for position, batch in enumerate(turn.batches):
        run(batch.loading)
        turn.weighing.weigh(position, together.batches)
        batch.plan.forward()
        batch.plan.backward()
        together.add(*batch.plan.counted_loss())
    loss = together.loss
    together.take()
    return parameters, loss


@pytest.mark.parametrize(
    ("drawn", "dataset"),
    [
        (of_rows, rows),
        (of_rows, lambda: prepare_table(points(), ALL)),
        (of_sequences, lambda: prepare_table(sequences(), ALL)),
    ],
    ids=["weighted rows", "weighted classes", "steps of unequal sequences"],
)
@pytest.mark.parametrize("size", [BATCH, 1])
def test_the_gradient_is_that_of_one_batch_of_all(drawn, dataset, size):
    parts, loss = gathered(drawn(), dataset(), batch_size=size)
    whole, expected = gathered(drawn(), dataset(), batch_size=COUNT)

    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(parts.gradient, whole.gradient, rtol=1e-12, atol=1e-14)


@pytest.mark.witness
def test_the_gradient_is_that_of_torch(torch):
    dataset = rows()
    parameters, loss = gathered(of_rows(), dataset, batch_size=BATCH)
    tensors = {
        key: torch.tensor(array, requires_grad=True) for key, array in parameters.to_dict().items()
    }

    def dense(name, x):
        return x @ tensors[name, "weight"].T + tensors[name, "bias"]

    hidden = torch.tanh(dense("hidden", torch.tensor(dataset.features, dtype=torch.float64)))
    labels = torch.tensor(dataset.targets)
    counts = torch.tensor(dataset.weights, dtype=torch.float64)
    of_class = torch.tensor(CLASS_WEIGHTS, dtype=torch.float64)
    each = torch.nn.functional.cross_entropy(
        dense("which", hidden), labels, of_class, reduction="none"
    )
    which = (each * counts).sum() / (counts * of_class[labels]).sum()
    wanted = torch.nn.functional.one_hot(labels, 3)
    much = (((dense("much", hidden) - wanted) ** 2).mean(1) * counts).sum() / counts.sum()
    total = SHARES[0] * which + SHARES[1] * much
    total.backward()

    assert loss == pytest.approx(total.item(), rel=1e-12)
    for key, gradient in parameters.views(parameters.gradient).items():
        np.testing.assert_allclose(gradient, tensors[key].grad.numpy(), rtol=1e-11, atol=1e-14)


def trainer(checkpoint=None, **given):
    settings = {"epochs": 3, "batch_size": 6, "accumulate": 3, **given}
    return Trainer(of_rows(), rows(), TrainingSettings(**settings), checkpoint=checkpoint)


def test_a_run_in_batches_learns_as_one_without():
    one_step = {"epochs": 5, "update": "epoch", "optimizer": {"kind": "sgd", "rate": 0.5}}
    whole, parts = (trainer(batch_size=size, **one_step) for size in (COUNT, 6))
    whole.run()
    parts.run()

    np.testing.assert_allclose(parts.parameters.vector, whole.parameters.vector, rtol=1e-4)


@pytest.mark.parametrize(("size", "accumulate"), [(6, 3), (9, 2), (3, 6)])
def test_a_smaller_last_update_of_an_epoch_is_that_of_one_batch_as_small(size, accumulate):
    plain = {"epochs": 4, "optimizer": {"kind": "sgd", "rate": 0.5}}
    whole = trainer(batch_size=18, accumulate=1, **plain)
    parts = trainer(batch_size=size, accumulate=accumulate, **plain)
    whole.run()
    parts.run()

    assert whole.turns.current.objective.updates == parts.turns.current.objective.updates == 4 * 3
    np.testing.assert_allclose(
        parts.parameters.vector, whole.parameters.vector, rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_weights_of_any_scale_weigh_alike(scale):
    weights = np.where(np.arange(COUNT) < 20, 0.2, np.arange(COUNT) % 5)
    scaled = prepare_table(points(w=scale * weights), ALL.replaced(weights="w"))
    expected, loss = gathered(of_rows(), rows(), batch_size=BATCH)
    found, same = gathered(of_rows(), scaled, batch_size=BATCH)

    assert same == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(found.gradient, expected.gradient, rtol=1e-6, atol=1e-9)


def test_the_curves_of_an_epoch_are_means_over_what_counts_for_each_loss():
    whole, parts = (trainer(batch_size=size, update="epoch", epochs=1) for size in (COUNT, 6))
    whole.run()
    parts.run()

    for name in ("loss/train", "loss/of_which/train", "loss/of_much/train"):
        points_of = [run.telemetry.curves[name].points()[1][-1] for run in (whole, parts)]
        assert points_of[0] == pytest.approx(points_of[1], rel=1e-5)


@pytest.mark.parametrize("steps", [1, 2, 4, 8])
def test_a_run_resumed_between_the_batches_of_an_update_gives_the_same_numbers(steps):
    whole = trainer()
    whole.run()
    begun = trainer()
    for _ in range(steps):
        begun.step()
    checkpoint = begun.checkpoint()
    kept = {name: array.copy() for name, array in checkpoint.arrays.items()}
    resumed = trainer(Checkpoint(kept, json.loads(json.dumps(checkpoint.plain))))
    resumed.run()

    np.testing.assert_array_equal(resumed.parameters.vector, whole.parameters.vector)


def test_a_loss_for_which_no_batch_counts_teaches_nothing():
    table = points(w=(np.arange(COUNT) % 3 != 1).astype(float))
    dataset = prepare_table(table, ALL.replaced(weights="w"))
    parameters, _ = gathered(of_rows((0.0, 1.0, 0.0)), dataset, batch_size=BATCH)

    assert not parameters.gradient_of("which").any()
    assert parameters.gradient_of("much").any()


def test_weighing_takes_no_memory_but_for_a_number_for_each_loss():
    turn = trainer().turns.current

    def step():
        for position, batch in enumerate(turn.batches):
            run(batch.loading)
            turn.weighing.weigh(position, position % 3)
            batch.plan.forward()
            batch.plan.backward()

    assert most_allocated(step) <= SLACK


@pytest.mark.parametrize(
    ("drawn", "settings"),
    [
        (of_rows(class_weights=()), {"accumulate": 3}),
        (of_rows(), {"accumulate": 1}),
    ],
    ids=["losses that count alike", "an update for each batch"],
)
def test_where_nothing_needs_weighing_nothing_is_run_for_it(drawn, settings):
    data = prepare_table(points(), DataSettings(validation=0, test=0))
    turn = Trainer(drawn, data, TrainingSettings(**settings)).turns.current

    assert all(batch.weighing is None for batch in turn.batches)
    assert all(batch.plan.loss_factors is None for batch in turn.batches)
