import pytest

from gui.widgets.fuzzy import fuzzy_score


def best(query: str, *texts: str) -> list[str]:
    scored = [(score, text) for text in texts if (score := fuzzy_score(query, text)) is not None]
    return [text for _score, text in sorted(scored, key=lambda entry: -entry[0])]


def test_letters_must_come_in_order():
    assert fuzzy_score("vsa", "Save as") is None
    assert fuzzy_score("svw", "Save view as") is not None


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("save", ("Save", "Save as", "Unsaved work")),
        ("sa", ("Save as", "Paste all")),
        ("fs", ("Full screen", "Offset start")),
        ("DENSE", ("Dense", "Condense")),
    ],
)
def test_words_that_begin_so_come_first(query, texts):
    assert best(query, *reversed(texts)) == list(texts)


def test_an_empty_query_finds_everything_alike():
    assert fuzzy_score("  ", "Anything") == 0.0
