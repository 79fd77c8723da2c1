"""Which examples each step sees."""

from __future__ import annotations

import numpy as np

from engine.graph.infer import infer
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed
from engine.plan.parameters import Parameters
from engine.plan.steps import run
from engine.training.batch_sizes import batch_sizes
from engine.training.batches import Epochs
from tests.engine.plan.networks import classifier, clouds, corners, xor
from tests.tools.allocation import SLACK, most_allocated


def epochs_of(graph, data, batch, shuffle=True, seed=0, carried=False):
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    examples = Examples(graph, data, parameters.dtype)
    rows = data.part("train")
    feeds = [
        Feed(compile_plan(graph, inference, parameters, size, Mode.TRAIN), examples)
        for size in batch_sizes(len(rows), batch)
    ]
    return Epochs(rows, feeds, feeds[0].plan.batch, seed, shuffle, carried=carried)


def seen(epochs, epoch, node="x"):
    """All examples of an epoch, (N, features), in the order of steps."""
    epochs.begin(epoch)
    found = []
    for batch in epochs.batches:
        run(batch.loading)
        found.append(batch.plan.inputs[node].T.copy())
    return np.concatenate(found)


def test_an_epoch_shows_every_example_once():
    data = clouds()
    found = seen(epochs_of(classifier(), data, batch=32), epoch=0)

    assert sorted(map(tuple, found)) == sorted(map(tuple, data.features[:70]))
    assert not np.array_equal(found, data.features[:70])


def test_the_order_depends_on_seed_and_epoch_alone():
    data = clouds()
    first, second = (epochs_of(classifier(), data, batch=32) for _ in range(2))
    other = epochs_of(classifier(), data, batch=32, seed=1)
    seen(first, 0)

    np.testing.assert_array_equal(seen(first, 3), seen(second, 3))
    assert not np.array_equal(seen(first, 3), seen(first, 4))
    assert not np.array_equal(seen(first, 3), seen(other, 3))


def test_without_shuffling_the_order_is_that_of_the_data():
    data = clouds()
    found = seen(epochs_of(classifier(), data, batch=32, shuffle=False), epoch=5)

    np.testing.assert_array_equal(found, data.features[:70])


def test_where_a_batch_goes_on_from_the_one_before_each_place_has_a_stretch_of_the_rows():
    data = clouds()
    epochs = epochs_of(classifier(), data, batch=32, shuffle=False, carried=True)
    first, second, last = np.split(seen(epochs, epoch=5), [32, 64])
    at = {tuple(row): place for place, row in enumerate(data.features[:70])}
    places = [[at[tuple(row)] for row in batch] for batch in (first, second, last)]

    assert places[0] == [*range(0, 18, 3), *range(18, 70, 2)]
    assert places[1] == [place + 1 for place in places[0]]
    assert places[2] == [place + 2 for place in places[0][:6]]


def test_the_last_batch_is_as_small_as_what_is_left():
    epochs = epochs_of(classifier(), clouds(), batch=32)

    assert [batch.plan.batch for batch in epochs.batches] == [32, 32, 6]


def test_targets_follow_their_examples():
    data = clouds()
    epochs = epochs_of(classifier(), data, batch=32)
    epochs.begin(2)
    batch = epochs.batches[1]
    run(batch.loading)

    labels = {tuple(x): label for x, label in zip(data.features, data.targets, strict=True)}
    expected = [labels[tuple(x)] for x in batch.plan.inputs["x"].T]
    np.testing.assert_array_equal(batch.plan.targets["loss"].argmax(axis=0), expected)


def test_inputs_take_the_columns_that_they_name():
    data = corners()
    epochs = epochs_of(xor(), data, batch=4, shuffle=False)

    np.testing.assert_array_equal(seen(epochs, 0, "x2")[:, 0], data.features[:, 1])


def test_loading_a_batch_allocates_nothing():
    epochs = epochs_of(classifier(), clouds(count=4000), batch=60)
    batch = epochs.batches[0]

    assert most_allocated(lambda: run(batch.loading)) < SLACK
