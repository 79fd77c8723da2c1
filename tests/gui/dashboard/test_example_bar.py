"""Which example is seen on the canvas, in words."""

from __future__ import annotations

import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
from gui.dashboard.example_bar import LONGEST, given_text, target_text


@pytest.mark.parametrize(
    ("template", "target"), [("digits", "digit 4"), ("many_to_many", ""), ("tagging", "")]
)
def test_a_target_is_told_where_it_is_one_word(template, target):
    dataset = prepare(open_template(template).data)

    assert target_text(dataset, int(dataset.validation[0])) == target


def test_the_beginning_of_a_text_is_told_and_of_numbers_nothing():
    zen = prepare(open_template("next_character").data)
    row = int(zen.validation[0])
    assert given_text(zen, row) == "".join(zen.words(row))

    sentences = prepare(open_template("sentences").data)
    told = [given_text(sentences, int(row)) for row in sentences.validation]
    words = [word for word in sentences.words(int(sentences.validation[0])) if word]
    assert " ".join(words).startswith(told[0].rstrip("…"))
    assert max(map(len, told)) == LONGEST

    digits = prepare(open_template("digits").data)
    assert given_text(digits, 0) == ""
