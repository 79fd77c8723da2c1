"""What is typed finds things by their names and by others, and forgives a slip."""

import pytest

from gui.widgets.naming import other_name, score

NAMES = {
    "Squared error": ("mse", "l2 loss", "squared_error"),
    "Cross-entropy": ("log loss", "softmax loss", "cross_entropy"),
    "Multi-class hinge": ("svm", "margin", "multiclass_hinge"),
}


def found(query: str) -> list[str]:
    scored = [(score(query, name, others), name) for name, others in NAMES.items()]
    return [name for value, name in sorted(each for each in scored if each[0] is not None)]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("squ", "Squared error"),
        ("error", "Squared error"),
        ("MSE", "Squared error"),
        ("cross entropy", "Cross-entropy"),
        ("crossentropy", "Cross-entropy"),
        ("entropy  cross", "Cross-entropy"),
        ("margin", "Multi-class hinge"),
        ("mulit", "Multi-class hinge"),
    ],
)
def test_a_name_is_found_by_its_parts_its_other_names_and_in_spite_of_a_slip(query, name):
    assert found(query)[:1] == [name]


def test_what_nothing_is_called_is_not_found():
    assert found("convolution") == []


def test_of_two_that_fit_the_one_that_begins_so_comes_first():
    assert found("s") == ["Squared error", "Multi-class hinge", "Cross-entropy"]


def test_the_other_name_is_told_where_the_name_itself_does_not_say_it():
    assert other_name("loss", "Cross-entropy", NAMES["Cross-entropy"]) == "log loss"
    assert other_name("cross", "Cross-entropy", NAMES["Cross-entropy"]) == ""
    assert other_name("", "Cross-entropy", NAMES["Cross-entropy"]) == ""
