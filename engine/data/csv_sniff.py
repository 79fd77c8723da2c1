"""What a CSV file does not say: its delimiter, its decimal mark, and whether it has a header.

The rules are few and look at whole values, so that a person can foresee them.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars

    Counting = Callable[[str], int]

DELIMITERS = {"semicolon": ";", "tab": "\t", "pipe": "|", "comma": ","}
"""In the order of preference: a decimal comma may be in every line, a semicolon hardly is."""
THOUSANDS = {"none": "", "comma": ",", "point": ".", "space": "[ \u00a0\u202f]", "apostrophe": "'"}
DECIMALS = {"point": ".", "comma": ","}

_SAMPLE = 200
_NUMBER = re.compile(r"\s*[+-]?[\d.,]*\d[\d.,'\s]*([eE][+-]?\d+)?\s*%?")


def sniff_delimiter(text: str) -> str:
    """The key of the delimiter that cuts most lines into equally many values, at least two.

    A comma if none does: then there is one column.
    """
    lines = [line for line in text[:65536].split("\n")[: _SAMPLE + 1] if line.strip(" ")]
    if len(text) > 65536 and len(lines) > 1:
        lines.pop()  # cut off in the middle
    best, best_share = "comma", 0.0
    for key, mark in DELIMITERS.items():
        # A sample may end inside a quoted value; without `strict` that is no error.
        widths = Counter(len(values) for values in csv.reader(lines, delimiter=mark) if values)
        width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = agreeing / widths.total()
        if width > 1 and share > best_share:
            best, best_share = key, share
    return best


def sniff_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of the rows holds names.

    It does if none of its values is a number and none occurs again below itself.
    """
    first = [value.strip() for value in rows[0]]
    named = [value for value in first if value]
    if not named or any(_NUMBER.fullmatch(value) for value in named):
        return False
    return not any(
        value and value == row[place].strip()
        for row in rows[1:]
        for place, value in enumerate(first)
    )


@dataclass(frozen=True)
class NumberStyle:
    """How numbers are written: keys of DECIMALS and THOUSANDS."""

    decimal: str = "point"
    thousands: str = "none"

    @property
    def grouped(self) -> str:
        """A pattern of numbers with at least one thousands mark."""
        mark = re.escape(THOUSANDS[self.thousands])
        mark = THOUSANDS[self.thousands] if self.thousands == "space" else mark
        decimal = re.escape(DECIMALS[self.decimal])
        return rf"^[+-]?\d{{1,3}}({mark}\d{{3}})+({decimal}\d*)?$"


def sniff_numbers(columns: Sequence[polars.Series], delimiter: str) -> NumberStyle:
    """The decimal and thousands marks of columns of text.

    `1,5` can only have a decimal comma and `1,234.5` only a decimal point: the majority of such
    values decides. `1,234` alone may be either: it has a decimal comma where semicolons stand
    between the values (as where people write decimal commas), else a thousands comma.
    """

    def count(pattern: str) -> int:
        return sum(int(column.str.contains(pattern).sum() or 0) for column in columns)

    whole = r"^[+-]?\d{1,3}"
    comma_group, point_group = count(rf"{whole},\d{{3}}$"), count(rf"{whole}\.\d{{3}}$")
    comma_groups = count(rf"{whole}(,\d{{3}}){{2,}}$") + count(rf"{whole}(,\d{{3}})+\.\d+$")
    point_groups = count(rf"{whole}(\.\d{{3}}){{2,}}$") + count(rf"{whole}(\.\d{{3}})+,\d+$")
    end = r"([eE][+-]?\d+)?$"
    spaced = r"([ \u00a0\u202f']\d{3})+"
    commas = count(rf"^[+-]?\d*,\d+{end}") - comma_group + point_groups
    commas += count(rf"{whole}{spaced},\d+$")
    points = count(rf"^[+-]?\d*\.\d+{end}") - point_group + comma_groups
    points += count(rf"{whole}{spaced}\.\d+$")
    if commas == points == 0 and comma_group and delimiter == "semicolon":
        commas = comma_group
    if commas > points:
        return NumberStyle("comma", "point" if point_groups or point_group else _spaced(count))
    has_commas = comma_groups or comma_group
    return NumberStyle("point", "comma" if has_commas else _spaced(count))


def _spaced(count: Counting) -> str:
    for key in ("space", "apostrophe"):
        if count(rf"^[+-]?\d{{1,3}}({THOUSANDS[key]}\d{{3}})+([.,]\d+)?$"):
            return key
    return "none"
