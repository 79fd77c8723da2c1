"""CSV files: read by polars once type, encoding, delimiter and decimals are settled here.

Readers guess silently; so what was found out stands in `Table.settled`, for a
window to show and a user to override.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.base import SOURCES, Progress, Source, no_progress
from engine.data.csv_sniff import (
    DECIMALS,
    DELIMITERS,
    THOUSANDS,
    NumberStyle,
    sniff_delimiter,
    sniff_header,
    sniff_numbers,
)
from engine.data.csv_text import ENCODINGS, Grid, decode, grid
from engine.data.table import Column, Table
from engine.errors import DataError
from engine.fields import Choice, Text, Texts

if TYPE_CHECKING:
    import polars

_AUTO = {"auto": "Automatic"}
_MOSTLY = 0.9


@SOURCES.register
class CsvFile(Source):
    """A table in a text file, one line per row."""

    kind = "csv"
    label = "CSV file"
    summary = "Your own table from a text file: commas, semicolons, tabs or pipes between values."
    synonyms = ("file", "table", "tsv", "spreadsheet", "text")
    group = "file"
    measured = True
    examples = ()

    path = Text("", suggests="file", label="File", help="Where the file is.")
    encoding = Choice("auto", _AUTO | ENCODINGS, help="How letters are stored as bytes.")
    delimiter = Choice(
        "auto",
        {
            **_AUTO,
            "comma": "Comma ,",
            "semicolon": "Semicolon ;",
            "tab": "Tab",
            "pipe": "Pipe |",
        },
        help="What stands between two values.",
    )
    decimal = Choice(
        "auto",
        {**_AUTO, "point": "Point 1.5", "comma": "Comma 1,5"},
        label="Decimal mark",
        help="What stands before the decimals of a number.",
    )
    thousands = Choice(
        "auto",
        {
            **_AUTO,
            "none": "None",
            "comma": "Comma 1,000",
            "point": "Point 1.000",
            "space": "Space 1 000",
            "apostrophe": "Apostrophe 1'000",
        },
        label="Thousands mark",
        help="What groups the digits of a large number.",
    )
    header = Choice(
        "auto",
        {**_AUTO, "yes": "Names", "no": "Values"},
        label="First line",
        help="Whether the first line has the names of the columns.",
    )
    missing = Texts(
        ("NA", "N/A", "#N/A", "NaN", "null", "None", "?", "-"),
        label="Missing if",
        help="Values that mean that there is none, in capitals or not. An empty one always does.",
        advanced=True,
    )

    def title(self) -> str:
        return Path(self.path).name or self.label

    def load(self, progress: Progress | None = None) -> Table:
        """Raises DataError, in one sentence, for a file that is not a table."""
        progress = progress or no_progress
        name = self.title()
        text, encoding = decode(self._bytes(), name, self.encoding)
        progress(0.1)
        text, declared = _declared_delimiter(text)
        delimiter = self.delimiter if self.delimiter != "auto" else declared
        delimiter = delimiter or sniff_delimiter(text)
        cells = grid(text, DELIMITERS[delimiter], name, progress, 2 if declared else 1)
        header = self.header == "yes" or (self.header == "auto" and sniff_header(cells.cells(200)))
        names, notes = _names(cells.cells(1)[0] if header else [""] * cells.width)
        if len(cells.lines) <= header:
            raise DataError(
                f"{name} has a header ({', '.join(names[:8])}) and no rows below it. "
                "Add rows, or choose another file."
            )
        words = _words(cells, header, self.missing)
        progress(0.6)
        style = self._style(words, delimiter)
        columns = []
        for place, (column_name, series) in enumerate(zip(names, words, strict=True)):
            columns.append(_settled(column_name, series, style, notes))
            progress(0.6 + 0.4 * (place + 1) / len(names))
        return Table(
            tuple(columns),
            settled={
                "encoding": encoding,
                "delimiter": delimiter,
                "decimal": style.decimal,
                "thousands": style.thousands,
                "header": "yes" if header else "no",
            },
            notes=tuple(notes),
        )

    def _bytes(self) -> bytes:
        if not self.path:
            raise DataError("No CSV file has been chosen. Choose one with Open file.")
        path = Path(self.path)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise DataError(
                f"There is no file {path}. Check the path, or choose the file again."
            ) from None
        except IsADirectoryError:
            raise DataError(f"{path} is a folder. Choose a CSV file in it.") from None
        except PermissionError:
            raise DataError(
                f"{path} may not be read. Give yourself permission to read it, or choose "
                "another file."
            ) from None
        except OSError as error:
            raise DataError(
                f"{path} cannot be read: {error.strerror or error}. Choose another file."
            ) from None

    def _style(self, words: Sequence[polars.Series], delimiter: str) -> NumberStyle:
        found = NumberStyle()
        if "auto" in (self.decimal, self.thousands):
            found = sniff_numbers(words, delimiter)
        decimal = self.decimal if self.decimal != "auto" else found.decimal
        thousands = self.thousands if self.thousands != "auto" else found.thousands
        if THOUSANDS[thousands] == DECIMALS[decimal]:
            if "auto" not in (self.decimal, self.thousands):
                raise DataError(
                    f"{self.title()} cannot have a {decimal} both before decimals and between "
                    "thousands. Set one of the two to automatic."
                )
            thousands = "none" if self.thousands == "auto" else thousands
            decimal = decimal if thousands == "none" else _other(thousands)
        return NumberStyle(decimal, thousands)


def _other(mark: str) -> str:
    return "point" if mark == "comma" else "comma"


def _declared_delimiter(text: str) -> tuple[str, str]:
    """The text without a first line `sep=;`, as Excel writes it, and what that line says."""
    first, _, rest = text.partition("\n")
    for key, mark in DELIMITERS.items():
        if first.lower() == f"sep={mark}":
            return rest, key
    return text, ""


def _names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """A name for each column, all different, and notes about those that were made up."""
    names: list[str] = []
    notes: list[str] = []
    for place, cell in enumerate(cells, 1):
        wanted = cell.strip() or f"column {place}"
        name, number = wanted, 2
        while name in names:
            name, number = f"{wanted} {number}", number + 1
        if name != wanted:
            notes.append(f"Two columns are named {wanted!r}; the later one is now {name!r}.")
        names.append(name)
    return names, notes


def _words(cells: Grid, header: bool, missing: Sequence[str]) -> list[polars.Series]:
    """The columns as trimmed text, null where missing."""
    import polars

    frame = polars.read_csv(
        "\n".join(cells.lines[header:]).encode(),
        has_header=False,
        separator=cells.separator,
        quote_char=None,
        infer_schema=False,
    )
    gaps = ["", *(word.lower() for word in missing)]
    everything = polars.all().str.strip_chars()
    gap = everything.str.to_lowercase().is_in(gaps)
    kept = frame.select(polars.when(gap).then(None).otherwise(everything).name.keep())
    return kept.get_columns()


def _settled(name: str, words: polars.Series, style: NumberStyle, notes: list[str]) -> Column:
    """A number column if all its values are numbers, else a category or text."""
    numbers = _numbers(words, style)
    present = len(words) - words.null_count()
    bad = numbers.is_null() & words.is_not_null()
    if not bad.any():
        values = numbers.to_numpy().astype(np.float64)
        values[~np.isfinite(values)] = np.nan
        return Column(name, "number", values)
    wrong = int(bad.sum())
    if present - wrong >= _MOSTLY * present:
        row = int(bad.arg_max() or 0)
        others = f" ({wrong:,} such values)" if wrong > 1 else ""
        notes.append(
            f"Column {name!r} was read as text: {words[row]!r} in row {row + 1:,} is not a "
            f"number{others}."
        )
    levels = sorted(words.drop_nulls().unique().to_list())
    few = len(levels) <= max(20, min(200, len(words) // 10))
    if few and (len(levels) < present or present <= 10):
        places = {level: place for place, level in enumerate(levels)}
        codes = words.replace_strict(places, default=-1)
        return Column(name, "category", codes.to_numpy().astype(np.int64), tuple(levels))
    values = np.empty(len(words), dtype=object)
    values[:] = words.to_list()
    return Column(name, "text", values)


def _numbers(words: polars.Series, style: NumberStyle) -> polars.Series:
    """Each value as float64, null where it is not a number in this style."""
    import polars

    column = polars.col("")
    plain: polars.Expr = column
    if style.thousands != "none":
        mark = THOUSANDS[style.thousands]
        mark = mark if style.thousands == "space" else f"[{mark}]"
        plain = (
            polars.when(column.str.contains(style.grouped))
            .then(column.str.replace_all(mark, ""))
            .otherwise(column)
        )
    if style.decimal == "comma":
        has_point = plain.str.contains(".", literal=True)
        commas = plain.str.replace(",", ".", literal=True)
        plain = polars.when(has_point).then(None).otherwise(commas)
    return words.alias("").to_frame().select(plain.cast(polars.Float64, strict=False)).to_series()
