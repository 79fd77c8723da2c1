"""Training and measuring where some rows, steps and values count more than others, or nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from engine.data import DataSettings, Table
from engine.data.dataset import prepare_table
from engine.data.table import Column
from engine.evaluation.evaluate import confusion_matrix, evaluate
from engine.evaluation.report import report
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.plan.steps import run
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.tools.allocation import SLACK, most_allocated

STEPS, COUNT = 6, 40
ALL = DataSettings(validation=0, test=0)
STANDING_STILL = {"kind": "sgd", "rate": 1e-30}


def chain(*layers):
    graph = Graph()
    for place, (kind, settings) in enumerate(layers):
        graph.add_node(Node(f"n{place}", LAYERS.get(kind)(**settings)))
        if place:
            port = "prediction" if kind == "loss" else "in"
            graph.connect(Wire(f"n{place - 1}", f"n{place}", target_port=port))
    return graph


def classifier(loss="categorical_cross_entropy", units=3, activation="softmax"):
    return chain(
        ("input", {"shape": (2,)}),
        ("dense", {"units": 5, "activation": "tanh"}),
        ("dense", {"units": units, "activation": activation}),
        ("loss", {"loss": loss}),
    )


def tagger(steps=STEPS, classes=3):
    return chain(
        ("input", {"shape": (steps,)}),
        ("embedding", {"tokens": 9, "width": 4, "padding": 0}),
        ("gru", {"units": 5, "returns": "sequence"}),
        ("dense", {"units": classes, "activation": "softmax"}),
        ("loss", {"loss": "categorical_cross_entropy"}),
    )


def points(kind="category", **more):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((COUNT, 2))
    labels = (np.arange(COUNT) % 3).astype(np.int64)
    target = Column("y", "category", labels, ("a", "b", "c"))
    if kind == "number":
        target = Column("y", "number", x @ [1.0, -2.0] + 0.3)
    columns = [Column(f"x{n}", "number", x[:, n]) for n in range(2)]
    columns += [Column(name, "number", np.asarray(values)) for name, values in more.items()]
    return Table((*columns, target), target="y")


def sequences(padding=0):
    """Tokens of unequal length; a step's tag is that of its own token and the one before.

    padding: steps more than the longest has.
    """
    rng = np.random.default_rng(5)
    lengths = rng.integers(1, STEPS + 1, COUNT)
    tokens = rng.integers(1, 9, (COUNT, STEPS))
    there = np.arange(STEPS) < lengths[:, None]
    before = np.concatenate([np.zeros((COUNT, 1), int), tokens[:, :-1]], axis=1)
    tags = np.where(there, (tokens + before) % 3, -1)
    codes = np.where(there, tokens, 0).astype(float)
    codes = np.pad(codes, ((0, 0), (0, padding)))
    tags = np.pad(tags, ((0, 0), (0, padding)), constant_values=-1)
    columns = Column("code", "number", codes), Column("tag", "category", tags, ("a", "b", "c"))
    return Table(columns, target="tag")


def trained(graph, dataset, **settings):
    settings = {"epochs": 4, "batch_size": 8, "shuffle": False, **settings}
    trainer = Trainer(graph, dataset, TrainingSettings(**settings))
    trainer.run()
    return trainer.weights()


def gradient_of(graph, dataset):
    """Of all rows at once, in float64."""
    parameters = Parameters(graph, infer(graph), np.float64)
    parameters.initialize(0)
    examples = Examples(graph, dataset, parameters.dtype)
    plan = compile_plan(
        graph, infer(graph), parameters, len(dataset), Mode.TRAIN, weighted=examples.weighted
    )
    Feed(plan, examples).load(np.arange(len(dataset)))
    plan.forward()
    plan.backward()
    return plan.loss(), parameters.gradient.copy()


@pytest.mark.parametrize("kind", ["category", "number"])
def test_a_row_of_weight_two_is_as_two_rows(kind):
    loss = {"category": (), "number": ("squared_error", 1, "linear")}[kind]
    weights = 1.0 + (np.arange(COUNT) % 4 == 0)
    table = points(kind, w=weights)
    twice = table.take(np.repeat(np.arange(COUNT), weights.astype(int)))
    settings = ALL.replaced(weights="w", scale_target=False)
    by_hand = settings.replaced(weights="", excluded=("w",))
    loss_weighted, weighted = gradient_of(classifier(*loss), prepare_table(table, settings))
    loss_twice, doubled = gradient_of(classifier(*loss), prepare_table(twice, by_hand))

    assert loss_weighted == pytest.approx(loss_twice, rel=1e-6)
    np.testing.assert_allclose(weighted, doubled, rtol=1e-6, atol=1e-9)


def test_rows_of_weight_zero_are_as_if_they_were_not_there():
    weights = (np.arange(COUNT) % 4 != 0).astype(float)
    table, settings = points(w=weights), ALL.replaced(weights="w")
    kept = table.take(np.flatnonzero(weights))
    _, weighted = gradient_of(classifier(), prepare_table(table, settings))
    _, without = gradient_of(classifier(), prepare_table(kept, settings))

    np.testing.assert_allclose(weighted, without, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", ["category", "number"])
def test_rows_without_a_target_teach_nothing(kind):
    loss = {"category": (), "number": ("squared_error", 1, "linear")}[kind]
    table = points(kind)
    target = table.column("y")
    gap = {"category": -1, "number": np.nan}[kind]
    values = np.where(np.arange(COUNT) % 4 == 0, gap, target.values)
    holes = Table(
        (*table.columns[:-1], Column("y", kind, values.astype(target.values.dtype), target.levels)),
        target="y",
    )
    kept = prepare_table(holes, ALL.replaced(unlabelled="keep"))
    dropped = prepare_table(holes, ALL)

    assert (len(kept), len(dropped)) == (COUNT, 30)
    assert gradient_of(classifier(*loss), kept)[0] == pytest.approx(
        gradient_of(classifier(*loss), dropped)[0], rel=1e-6
    )
    np.testing.assert_allclose(
        gradient_of(classifier(*loss), kept)[1],
        gradient_of(classifier(*loss), dropped)[1],
        rtol=1e-6,
        atol=1e-9,
    )
    weights = trained(classifier(*loss), dropped)
    found, expected = (
        evaluate(classifier(*loss), weights, data, "train") for data in (kept, dropped)
    )
    assert found == pytest.approx(expected, rel=1e-5)


def test_more_padding_changes_nothing():
    short, long = (prepare_table(sequences(padding), ALL) for padding in (0, 4))
    loss, gradient = gradient_of(tagger(STEPS), short)
    loss_of_long, gradient_of_long = gradient_of(tagger(STEPS + 4), long)

    assert loss_of_long == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(gradient_of_long, gradient, rtol=1e-9, atol=1e-15)


def test_steps_without_a_target_are_left_out_of_loss_and_metrics():
    dataset = prepare_table(sequences(), ALL.replaced(ignored=("c",)))
    graph = tagger(classes=2)
    (output,) = Predictor(graph, trained(graph, dataset)).predict({"n0": dataset.features}).values()
    there = dataset.targets >= 0
    found = evaluate(graph, trained(graph, dataset), dataset, "train")

    assert found["loss"] == pytest.approx(
        sklearn_metrics.log_loss(dataset.targets[there], output[there]), rel=1e-4
    )
    assert found["accuracy"] == pytest.approx(
        np.mean(output[there].argmax(axis=1) == dataset.targets[there])
    )


def test_every_step_counts_once_whatever_the_chunks(monkeypatch):
    dataset = prepare_table(sequences(), ALL)
    graph = tagger()
    weights = trained(graph, dataset)
    whole = evaluate(graph, weights, dataset, "train")
    monkeypatch.setattr("engine.plan.measure.CHUNK", 7)

    assert evaluate(graph, weights, dataset, "train") == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("loss", ["squared_error", "hellinger", "value"])
def test_any_loss_judges_sequences_of_classes_with_steps_that_have_none(loss):
    graph, dataset = tagger(), prepare_table(sequences(), ALL)
    graph.replace_layer("n4", graph.node("n4").layer.replaced(loss=loss))
    found = evaluate(graph, trained(graph, dataset, epochs=2), dataset, "train")

    assert np.isfinite(found["loss"])
    assert ("accuracy" in found) == (loss != "value")


def test_metrics_of_sequences_count_real_steps_only():
    dataset = prepare_table(sequences(), ALL)
    graph = tagger()
    weights = trained(graph, dataset, epochs=30)
    (output,) = Predictor(graph, weights).predict({"n0": dataset.features}).values()
    there = dataset.present
    actual, scores = dataset.targets[there], output[there]
    found = evaluate(graph, weights, dataset, "train")

    assert found["accuracy"] == pytest.approx(np.mean(scores.argmax(axis=1) == actual))
    assert found["loss"] == pytest.approx(sklearn_metrics.log_loss(actual, scores), rel=1e-4)
    assert found["f1"] == pytest.approx(
        sklearn_metrics.f1_score(actual, scores.argmax(axis=1), average="macro")
    )
    np.testing.assert_array_equal(
        confusion_matrix(graph, weights, dataset, "train"),
        sklearn_metrics.confusion_matrix(actual, scores.argmax(axis=1)),
    )


def test_a_report_of_sequences_has_an_example_for_each_real_step():
    dataset = prepare_table(sequences(), ALL)
    graph = tagger()
    found = report(graph, trained(graph, dataset), dataset, "train")

    assert found.target.shape == (3, np.count_nonzero(dataset.present))
    np.testing.assert_array_equal(
        found.target.argmax(axis=0), dataset.targets[found.rows, found.steps]
    )
    assert found.confusion().sum() == np.count_nonzero(dataset.present)
    assert all(
        dataset.targets[mistake.row, mistake.step] == mistake.actual for mistake in found.mistakes()
    )


def test_where_nothing_counts_nothing_is_said_of_how_good_it_is():
    weights = (np.arange(COUNT) < 20).astype(float)
    dataset = prepare_table(points(w=weights), ALL.replaced(weights="w"))
    without = replace(dataset, test=np.arange(20, COUNT))
    found = evaluate(classifier(), trained(classifier(), dataset), without, "test")

    assert np.isnan(found["loss"])
    assert np.isnan(found["accuracy"])


def test_a_weighted_step_of_training_allocates_nothing():
    dataset = prepare_table(sequences(), ALL)
    graph = tagger()
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(0)
    examples = Examples(graph, dataset, parameters.dtype)
    plan = compile_plan(graph, infer(graph), parameters, COUNT, Mode.TRAIN, weighted=True)
    feed = Feed(plan, examples)
    loading = feed.loading(np.arange(COUNT))

    def step():
        run(loading)
        plan.forward()
        plan.backward()

    assert most_allocated(step) <= SLACK


def test_without_weights_nothing_is_added_to_a_plan():
    dataset = prepare_table(points(), ALL)
    graph = classifier()
    parameters = Parameters(graph, infer(graph))
    examples = Examples(graph, dataset, parameters.dtype)
    plan = compile_plan(graph, infer(graph), parameters, 8, Mode.TRAIN)

    assert not examples.weighted
    assert (plan.weights, plan.counted) == ({}, {})


# Several batches for one update


@pytest.mark.witness
@pytest.mark.parametrize("class_weights", [(), (1.0, 3.0, 0.5)])
def test_batches_that_accumulate_weigh_as_one_large_batch_does_in_torch(torch, class_weights):
    weights = np.where(np.arange(COUNT) < 20, 0.2, np.arange(COUNT) % 5)
    dataset = prepare_table(points(w=weights), ALL.replaced(weights="w"))
    loss = {"kind": "categorical_cross_entropy", "class_weights": class_weights}
    start = trained(classifier(loss), dataset, epochs=1, optimizer=STANDING_STILL)
    one_step = {"epochs": 1, "optimizer": {"kind": "sgd", "rate": 0.5}, "update": "epoch"}
    found = trained(classifier(loss), dataset, batch_size=7, **one_step)

    layers = torch.nn.Linear(2, 5), torch.nn.Linear(5, 3)
    for node_id, layer in zip(("n1", "n2"), layers, strict=True):
        layer.load_state_dict({k: torch.tensor(start[node_id, k]) for k in ("weight", "bias")})
    network = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])
    labels, counts = torch.tensor(dataset.targets), torch.tensor(weights, dtype=torch.float32)
    of_class = torch.tensor(class_weights or (1.0, 1.0, 1.0))
    each = torch.nn.functional.cross_entropy(
        network(torch.tensor(dataset.features)), labels, of_class, reduction="none"
    )
    ((each * counts).sum() / (counts * of_class[labels]).sum()).backward()
    for node_id, layer in zip(("n1", "n2"), layers, strict=True):
        for name, parameter in layer.named_parameters():
            expected = (parameter - 0.5 * parameter.grad).detach().numpy()
            np.testing.assert_allclose(found[node_id, name], expected, rtol=1e-4, atol=1e-6)


def test_steps_behind_the_end_count_nothing_in_batches_that_accumulate():
    dataset = prepare_table(sequences(), ALL)
    plain = {"epochs": 2, "optimizer": {"kind": "sgd", "rate": 0.5}}
    whole = trained(tagger(), dataset, batch_size=COUNT, **plain)
    halves = trained(tagger(), dataset, batch_size=COUNT // 2, accumulate=2, **plain)

    for key, expected in whole.items():
        np.testing.assert_allclose(halves[key], expected, rtol=1e-4, atol=1e-6)


def test_a_batch_in_which_nothing_counts_changes_no_sum():
    weights = (np.arange(COUNT) >= 8).astype(float)
    dataset = prepare_table(points(w=weights), ALL.replaced(weights="w"))
    one_step = {"epochs": 1, "optimizer": {"kind": "sgd", "rate": 0.5}, "update": "epoch"}
    whole = trained(classifier(), dataset, batch_size=COUNT, **one_step)
    parts = trained(classifier(), dataset, batch_size=8, **one_step)

    for key, expected in whole.items():
        np.testing.assert_allclose(parts[key], expected, rtol=1e-4, atol=1e-6)


def test_smoothed_examples_of_a_class_of_weight_0_change_no_sum():
    loss = {"kind": "categorical_cross_entropy", "class_weights": (0, 1, 2), "smoothing": 0.1}
    one_step = {"epochs": 1, "optimizer": {"kind": "sgd", "rate": 0.5}, "update": "epoch"}
    dataset = prepare_table(points(), ALL)
    whole, parts = (
        trained(classifier(loss), dataset, batch_size=size, **one_step) for size in (COUNT, 1)
    )

    for key, expected in whole.items():
        np.testing.assert_allclose(parts[key], expected, rtol=1e-4, atol=1e-6)


def test_the_curve_of_training_is_a_mean_over_weights():
    weights = np.where(np.arange(COUNT) < 20, 0.0, 2.0)
    dataset = prepare_table(points(w=weights), ALL.replaced(weights="w"))
    settings = {"batch_size": 8, "epochs": 1, "shuffle": False}
    still = TrainingSettings(**settings, optimizer=STANDING_STILL)
    trainer = Trainer(classifier(), dataset, still)
    trainer.run()
    (point,) = trainer.telemetry.curves["loss/train"].points()[1]
    expected = evaluate(classifier(), trainer.weights(), dataset, "train")["loss"]

    assert point == pytest.approx(expected, rel=1e-5)
