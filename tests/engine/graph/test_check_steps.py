"""What the checker says where a sequence is learned, or predicted and not learned."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.engine.graph.test_check import Signature, after_fix, chain, dense, loss, only_problem
from tests.engine.graph.test_check import problems_of as problems


@dataclass(frozen=True)
class Steps(Signature):
    """A data set of sequences of 5 steps with 2 numbers each."""

    target_steps: int = 5

    @property
    def feature_shape(self):
        return (5, 2)


TAGS = Steps(target_names=("tag",))
FLAGS = Steps(target="binary", target_names=("flag",), classes=("no", "yes"))
CURVE = Steps(target="values", target_names=("curve",), classes=())
ONE_CLASS = Steps(target_steps=0)
READ = ("input", {"shape": (5, 2)})


def recurrent(returns):
    return "gru", {"units": 4, "returns": returns}


@pytest.mark.parametrize(
    ("signature", "end"),
    [
        (TAGS, (dense(3, "softmax"), loss("categorical_cross_entropy"))),
        (TAGS, (dense(3, "linear"), loss("multiclass_hinge"))),
        (FLAGS, (dense(1, "sigmoid"), loss("binary_cross_entropy"))),
        (FLAGS, (dense(2, "softmax"), loss("categorical_cross_entropy"))),
        (CURVE, (dense(1, "linear"), loss("squared_error"))),
    ],
)
def test_an_answer_at_each_step_fits_a_sequence(signature, end):
    assert problems(chain(READ, recurrent("sequence"), *end), signature) == []


def test_all_steps_of_values_may_come_from_one_layer():
    graph = chain(READ, recurrent("last"), dense(5, "linear"), loss("squared_error"))

    assert problems(graph, CURVE) == []


def test_one_answer_for_a_sequence_is_mended_by_giving_every_step():
    end = dense(3, "softmax"), loss("categorical_cross_entropy")
    graph = chain(READ, recurrent("last"), *end)
    problem = only_problem(graph, TAGS)

    assert problem.severity == "error"
    assert problem.message == (
        "Dense gives 3, one answer for all steps, and 'tag' is a sequence of 5 steps."
    )
    assert problem.fix.label == "Give every step"
    assert problems(after_fix(graph, problem), TAGS) == []


def test_an_answer_at_each_step_for_one_class_is_mended_by_giving_the_last():
    end = dense(3, "softmax"), loss("categorical_cross_entropy")
    graph = chain(READ, recurrent("sequence"), *end)
    problem = only_problem(graph, ONE_CLASS)

    assert problem.message == (
        "Dense gives 5×3, an answer at each of 5 steps, and 'species' is one answer for all of "
        "them."
    )
    assert problem.fix.label == "Give the last step only"
    assert problems(after_fix(graph, problem), ONE_CLASS) == []


def test_too_few_units_at_each_step_are_named_and_mended():
    end = dense(2, "softmax"), loss("categorical_cross_entropy")
    graph = chain(READ, recurrent("sequence"), *end)
    problem = only_problem(graph, TAGS)

    assert problem.message == (
        "Dense gives 5×2, and 'tag' needs 5×3, one for each class at each step."
    )
    assert problems(after_fix(graph, problem), TAGS) == []


def test_another_number_of_steps_is_named():
    end = dense(3, "softmax"), loss("categorical_cross_entropy")
    graph = chain(READ, recurrent("sequence"), *end)
    longer = Steps(target_names=("tag",), target_steps=7)
    problem = only_problem(graph, longer)

    assert problem.message == "Dense gives 5 steps, and 'tag' has 7."


def test_a_loss_on_the_wrong_kind_of_target_is_replaced_for_sequences_too():
    graph = chain(READ, recurrent("sequence"), dense(1, "linear"), loss("multiclass_hinge"))
    problem = only_problem(graph, CURVE)

    assert problem.message == (
        "Multi-class hinge compares a score for each class with the class, and 'curve' is a number."
    )
    assert problems(after_fix(graph, problem), CURVE) == []
