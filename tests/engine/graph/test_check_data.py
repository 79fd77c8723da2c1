"""Problems where the data set holds what a layer or a loss cannot take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.errors import FieldError
from engine.graph.check import GraphEditor
from tests.engine.graph.test_check import (
    NUMBER,
    THREE_CLASSES,
    after_fix,
    chain,
    dense,
    loss,
    only_problem,
    problems_of,
)

WORDS = replace(THREE_CLASSES, token_count=40)
SCALED = replace(NUMBER, target_scaled=True)


def reader(tokens):
    embedding = ("embedding", {"tokens": tokens, "width": 4})
    return chain(
        "input", embedding, "flatten", dense(3, "softmax"), loss("categorical_cross_entropy")
    )


def test_an_embedding_with_fewer_tokens_than_the_data_is_an_error():
    graph = reader(30)
    problem = only_problem(graph, WORDS)

    assert (problem.node, problem.severity) == ("embedding_1", "error")
    assert problem.message == (
        "Embedding has 30 tokens, and the data set has 40, of which the last would all be taken "
        "for one."
    )
    assert problem.remedy == "Set its tokens to 40."
    assert problems_of(after_fix(graph, problem), WORDS) == []


@pytest.mark.parametrize("signature", [WORDS, THREE_CLASSES])
def test_an_embedding_with_room_for_all_tokens_is_fine(signature):
    assert problems_of(reader(40), signature) == []


@pytest.mark.parametrize("kind", ["poisson", "generalised_kullback_leibler", "itakura_saito"])
def test_a_loss_of_amounts_and_standardised_targets_are_an_error(kind):
    problem = only_problem(chain("input", dense(1, "softplus"), loss(kind)), SCALED)

    assert (problem.node, problem.severity) == ("loss_1", "error")
    assert problem.message.endswith(
        " needs targets that are never negative, and standardised ones lie around 0."
    )
    assert problem.remedy == (
        "Switch 'Standardise target' off in the data settings, or use squared error."
    )


def test_a_loss_of_amounts_with_targets_as_they_are_is_fine():
    assert problems_of(chain("input", dense(1, "softplus"), loss("poisson")), NUMBER) == []


@pytest.mark.parametrize("kind", ["squared_error", "huber"])
def test_a_loss_of_numbers_takes_standardised_targets(kind):
    assert problems_of(chain("input", dense(1, "linear"), loss(kind)), SCALED) == []


def test_data_sets_say_how_many_tokens_they_have_and_whether_targets_are_standardised():
    sentences = prepare(DataSettings(source="sentences"))
    diabetes = DataSettings(source="diabetes")

    assert sentences.signature.token_count == sentences.features.max() + 1
    assert sentences.signature.padding == sentences.tokens.index("") == 0
    assert prepare(diabetes).signature.token_count == 0
    assert prepare(diabetes).signature.padding == -1
    assert prepare(diabetes).signature.target_scaled
    assert not prepare(diabetes.replaced(scale_target=False)).signature.target_scaled


def test_padding_is_told_from_words_where_the_data_has_any():
    def said(padding, signature):
        embedding = ("embedding", {"tokens": 40, "padding": padding})
        found = problems_of(chain(("input", {"shape": (8,)}), embedding), signature)
        return [p for p in found if "filled up" in p.message]

    padded = replace(WORDS, padding=0)
    (problem,) = said(-1, padded)
    assert (problem.node, problem.severity) == ("embedding_1", "hint")
    assert problem.fix.label == "Set the padding to 0"
    assert said(0, padded) == said(-1, WORDS) == []


def test_rows_that_overlap_and_are_split_at_random_are_a_warning():
    graph = chain("input", dense(8), dense(3, "softmax"), loss("categorical_cross_entropy"))
    problem = only_problem(graph, replace(THREE_CLASSES, overlapping=True))

    assert (problem.node, problem.severity) == (None, "warning")
    assert problem.message == (
        "The rows overlap and were taken at random, so that much of the validation and the test "
        "is known from the training: their results look better than they are."
    )


def test_the_remedy_for_rows_that_overlap_splits_them_in_one_piece():
    data = DataSettings(source="next_character")
    graph = chain("input", dense(8), dense(45, "softmax"), loss("categorical_cross_entropy"))
    (problem,) = [p for p in problems_of(graph, prepare(data).signature) if p.node is None]
    editor = GraphEditor(graph, {"data": data})

    problem.fix.apply(editor)

    repaired = prepare(editor.settings["data"]).signature
    assert [p for p in problems_of(graph, repaired) if p.node is None] == []


def test_an_editor_without_settings_refuses_to_change_them():
    with pytest.raises(FieldError, match="There are no training settings to change"):
        GraphEditor(chain("input")).set_setting("training", "shuffle", False)
