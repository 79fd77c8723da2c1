"""Finding things by their name, by other names for them, and in spite of a slip."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONG_ENOUGH = 4
"""From so many letters on one of them may be wrong."""

_WORD = re.compile(r"(?<![^\s-])\w|(?<=[a-z])[A-Z]")
"""Where a word of a name begins."""


def score(query: str, label: str, others: Sequence[str]) -> float | None:
    """How well a name fits what was typed, 0 being best; None if not at all.

    Hyphens, spaces or nothing may stand between the parts of a word.

    others: other names, at least one. Those named first say best what it is.
    """
    typed = _plain(query)
    ways = dict.fromkeys((typed, typed.replace("-", " "), typed.replace("-", "")))
    return min((s for way in ways if (s := _score(way, label, others)) is not None), default=None)


def other_name(query: str, label: str, synonyms: Sequence[str]) -> str:
    """The synonym that a query found; nothing where the name itself says it."""
    typed = _plain(query)
    if not typed or typed in label.casefold():
        return ""
    fitting = [name for name in synonyms if typed in name.casefold()]
    return min(fitting, key=lambda name: not name.casefold().startswith(typed), default="")


def _plain(query: str) -> str:
    return " ".join(query.casefold().split())


def _score(typed: str, name: str, others: Sequence[str]) -> float | None:
    if not typed:
        return 0
    label = name.casefold()
    synonyms = [other.casefold() for other in others]
    names = (label, *synonyms)
    if label.startswith(typed):
        return 0
    if synonyms[0] == typed:
        return 0.5
    if any(rest.startswith(typed) for rest in _parts(name)):
        return 1
    begun = [place for place, synonym in enumerate(synonyms) if synonym.startswith(typed)]
    if begun:
        return 2 + begun[0] / (1 + begun[0])
    if any(typed in name for name in names):
        return 3
    if any(all(word in name for word in typed.split()) for name in names):
        return 4
    if all(any(word in name for name in names) for word in typed.split()):
        return 4.5
    if any(_spells(typed, name) for name in names):
        return 5
    if len(typed) >= LONG_ENOUGH and any(_slipped(typed, name) for name in names):
        return 6
    return None


def _parts(label: str) -> list[str]:
    """A name from each of its words on: `MultiHeadAttention` gives `headattention` too."""
    starts = [match.start() for match in _WORD.finditer(label)]
    return [label[start:].casefold() for start in starts]


def _spells(typed: str, text: str) -> bool:
    """Whether the letters of `typed` stand in `text` in this order, the first one first."""
    letters = iter(text)
    return text[:1] == typed[:1] and all(letter in letters for letter in typed)


def _slipped(typed: str, text: str) -> bool:
    """Whether `text` begins with `typed` but for one letter wrong, or two swapped."""
    start = text[: len(typed)]
    wrong = [i for i, (a, b) in enumerate(zip(typed, start, strict=False)) if a != b]
    if len(start) < len(typed) or len(wrong) > 2:
        return False
    if len(wrong) < 2:
        return True
    first, second = wrong
    return second == first + 1 and typed[first] == start[second] and typed[second] == start[first]
