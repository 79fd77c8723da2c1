"""Finding by a few letters."""

from __future__ import annotations


def fuzzy_score(query: str, text: str) -> float | None:
    """How well the letters of `query` stand in `text` in that order; None if they don't.

    Letters in a row and at the beginning of words count more; long texts a little less.
    """
    wanted, letters = query.casefold().replace(" ", ""), text.casefold()
    if not wanted:
        return 0.0
    if (start := letters.find(query.casefold().strip())) >= 0:
        at_word = start == 0 or not letters[start - 1].isalnum()
        whole = 100.0 if at_word else 4.0 * len(wanted)
        return whole - start * 0.5 - len(letters) * 0.05
    score, position, in_row = 0.0, 0, False
    for letter in wanted:
        found = letters.find(letter, position)
        if found < 0:
            return None
        at_word = found == 0 or not letters[found - 1].isalnum()
        in_row = found == position and position > 0
        score += 1 + (4 if at_word else 0) + (3 if in_row else 0) - (found - position) * 0.1
        position = found + 1
    return score - len(letters) * 0.05
