"""A report on a network: worked out by hand, and against the plain evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from engine import DataSettings, Dense, Input, Loss, Trainer, TrainingSettings, chain
from engine.data.dataset import prepare
from engine.errors import CompileError, DataError
from engine.evaluation.evaluate import evaluate
from engine.evaluation.report import Mistake, Report, report
from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from tests.tools.sample_projects import diabetes_project, iris_project, xor_project

PROJECTS = {"classes": iris_project, "binary": xor_project, "values": diabetes_project}


def reported(make, part: str = "test") -> tuple[Report, dict[str, float]]:
    project = make()
    dataset = prepare(project.data)
    weights = initial_weights(infer(project.graph), seed=1)
    return (
        report(project.graph, weights, dataset, part),
        evaluate(project.graph, weights, dataset, part),
    )


def hand_made(prediction, target, classes=("a", "b", "c")) -> Report:
    prediction, target = np.array(prediction, float), np.array(target, float)
    return Report("test", np.arange(10, 10 + target.shape[1]), prediction, target, classes, {})


@pytest.mark.parametrize("kind", ["classes", "binary"])
@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_loss_and_accuracy_are_those_of_the_plain_evaluation(kind, part):
    found, expected = reported(PROJECTS[kind], part)

    assert found.metrics["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert found.metrics["accuracy"] == pytest.approx(expected["accuracy"])


def test_values_are_judged_in_the_unit_of_the_target():
    found, _ = reported(diabetes_project)
    dataset = prepare(diabetes_project().data)
    raw = dataset.decode(dataset.targets[found.rows].T.astype(np.float64))

    assert np.allclose(found.target, raw)
    assert found.metrics["mae"] == pytest.approx(np.abs(found.prediction - raw).mean())
    assert set(found.metrics) == {"loss", "mae", "rmse", "r2"}


def test_confusion_counts_actual_classes_in_rows():
    found = hand_made(
        prediction=[[0.8, 0.6, 0.1], [0.1, 0.3, 0.2], [0.1, 0.1, 0.7]],
        target=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    )

    assert found.confusion().tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]


def test_the_most_confident_mistake_stands_first():
    found = hand_made(
        prediction=[[0.8, 0.6, 0.9], [0.1, 0.3, 0.05], [0.1, 0.1, 0.05]],
        target=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    )

    assert found.mistakes() == [Mistake(12, 2, 0, 0.9, 0.9), Mistake(11, 1, 0, 0.6, 0.6)]


def test_no_is_as_confident_as_the_share_of_yes_is_small():
    found = hand_made([[0.1, 0.7]], [[1, 1]], classes=("no", "yes"))

    assert found.mistakes() == [Mistake(10, 1, 0, 0.9, 0.9)]


def test_scores_that_are_no_probabilities_are_no_confidence():
    found = hand_made([[3.0], [1.0], [0.0]], [[0], [1], [0]])

    assert found.mistakes() == [Mistake(10, 1, 0, None, 3.0)]


def test_the_value_that_is_missed_by_most_stands_first():
    found = hand_made([[1.0, 5.0, 2.0]], [[1.5, 1.0, 2.0]], classes=())

    assert found.mistakes(most=2) == [
        Mistake(11, 1.0, 5.0, None, 4.0),
        Mistake(10, 1.5, 1.0, None, 0.5),
    ]


def test_an_empty_part_is_refused():
    project = iris_project()
    dataset = prepare(project.data.replaced(test=0.0))

    with pytest.raises(DataError) as refused:
        report(project.graph, {}, dataset, "test")

    assert str(refused.value) == (
        "The test part of the data has no examples, so there is nothing to measure. "
        "Give it a share of the rows, or choose another part."
    )


def test_a_network_without_a_loss_is_refused():
    project = iris_project()
    project.graph.remove_node("loss_1")

    with pytest.raises(CompileError) as refused:
        report(project.graph, {}, prepare(project.data), "test")

    assert str(refused.value) == (
        "No loss compares the network with the target of the data, so there is nothing to judge. "
        "Wire the last layer into a loss."
    )


def test_steps_are_put_together_by_example_with_gaps_where_nothing_counts():
    found = Report(
        "test",
        np.array([7, 4, 7]),
        np.array([[1.0, 2.0, 3.0]]),
        np.array([[10.0, 20.0, 30.0]]),
        (),
        {},
        steps=np.array([0, 0, 1]),
    )
    rows, predicted, target = found.by_example()

    assert rows.tolist() == [4, 7]
    assert np.array_equal(predicted[:, :, 0], [[2.0, np.nan], [1.0, 3.0]], equal_nan=True)
    assert np.array_equal(target[:, :, 0], [[20.0, np.nan], [10.0, 30.0]], equal_nan=True)


def test_without_steps_every_example_is_one_step():
    found = hand_made([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]])
    rows, predicted, _ = found.by_example()

    assert rows.tolist() == [10, 11]
    assert predicted.tolist() == [[[1, 3, 5]], [[2, 4, 6]]]


def test_scores_of_classes_count_rows_as_the_metrics_do(tmp_path):
    rng = np.random.default_rng(0)
    points = rng.standard_normal((200, 2))
    yes = points[:, 0] + rng.standard_normal(200) > 0
    lines = [
        f"{a},{b},{5 if is_yes else 0.2},{'yes' if is_yes else 'no'}"
        for (a, b), is_yes in zip(points, yes, strict=True)
    ]
    (tmp_path / "weighed.csv").write_text("\n".join(["a,b,weight,answer", *lines]))
    source = {"kind": "csv", "path": str(tmp_path / "weighed.csv")}
    dataset = prepare(DataSettings(source=source, target="answer", weights="weight", test=0.4))
    graph = chain(Input(shape=(2,)), Dense(units=2, activation="softmax"), Loss())
    trainer = Trainer(graph, dataset, TrainingSettings(epochs=5))
    trainer.run()

    found = report(graph, trainer.weights(), dataset)

    scores = found.scores()
    assert scores.precision.mean() == pytest.approx(found.metrics["precision"], abs=1e-6)
    assert scores.recall.mean() == pytest.approx(found.metrics["recall"], abs=1e-6)
    assert found.confusion().sum() == len(found.rows)


def test_rows_that_all_count_alike_have_no_weights():
    found, _ = reported(iris_project)

    assert found.weights is None
