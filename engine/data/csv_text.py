"""From the bytes of a CSV file to text in lines of equally many values."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from engine.data.base import Progress
from engine.errors import DataError

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "latin-1": "Latin-1",
}

SEPARATOR = "\x1f"
"""Stands between values once quotation marks are resolved: text does not contain it."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BEGINNINGS = (
    (b"PK\x03\x04", "a ZIP archive or Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"%PDF", "a PDF document"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a")
_LOOK_AT = 65536


def decode(data: bytes, name: str, encoding: str = "auto") -> tuple[str, str]:
    """The text of a file and the encoding it is in; line ends become `\\n`.

    encoding: a key of ENCODINGS, or auto: a byte order mark, UTF-16 without one, UTF-8, and
        else Latin-1 (read as Windows-1252 where possible, which is what most such files are).

    Raises DataError if the file is empty, is not text, or is not in the encoding given.
    """
    if not data.strip():
        raise DataError(f"{name} is empty. Choose a file with a header line and rows of values.")
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning):
            raise DataError(
                f"{name} must be a text file of values, and it is {what}. "
                "Save it as CSV, or choose another file."
            )
    mark, marked = next((m for m in _MARKS if data.startswith(m[0])), (b"", ""))
    if encoding == "auto":
        encoding = marked or _guess(data, name)
    if marked == encoding:
        data = data[len(mark) :]
    try:
        text = data.decode("cp1252" if encoding == "latin-1" else encoding)
    except UnicodeDecodeError as error:
        if encoding != "latin-1":
            raise DataError(
                f"{name} is not in {ENCODINGS[encoding]}: byte {error.start + len(mark):,} does "
                "not fit. Set the encoding to automatic, or to the one it was saved in."
            ) from None
        text = data.decode("latin-1")
    if not text.strip():
        raise DataError(f"{name} is empty. Choose a file with a header line and rows of values.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _guess(data: bytes, name: str) -> str:
    sample = data[:_LOOK_AT]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    # Latin letters and digits leave every other byte of UTF-16 zero.
    if odd > len(sample) // 8 and even == 0:
        return "utf-16-le"
    if even > len(sample) // 8 and odd == 0:
        return "utf-16-be"
    if len(sample) - len(sample.translate(None, _CONTROL)):
        raise DataError(
            f"{name} must be a text file of values, and it holds binary data. "
            "Save it as CSV, or choose another file."
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


@dataclass(frozen=True)
class Grid:
    """Lines of equally many values, without quotation marks and blank lines."""

    lines: list[str]
    separator: str
    width: int

    def cells(self, count: int) -> list[list[str]]:
        """The values of the first `count` lines."""
        return [line.split(self.separator) for line in self.lines[:count]]


def grid(text: str, delimiter: str, name: str, progress: Progress, first_line: int = 1) -> Grid:
    """Resolve quotation marks, drop blank lines, and see that all lines are equally long.

    first_line: the number of the text's first line in the file.

    Raises DataError, naming the line, if one has more or fewer values than the first, or if
    a quotation mark is never closed.
    """
    quoted = '"' in text
    separator = SEPARATOR if quoted else delimiter
    pairs = _unquoted(text, delimiter, name, first_line) if quoted else _plain(text, first_line)
    lines: list[str] = []
    width = 0
    total = text.count("\n") + 1
    for number, line in pairs:
        count = line.count(separator) + 1
        if not lines:
            width = count
        elif count != width:
            raise DataError(
                f"Line {number:,} of {name} has {count} {_values(count)} and the first has "
                f"{width}. Correct that line, or choose another delimiter."
            )
        if len(lines) % 16384 == 0:
            progress(0.1 + 0.4 * (number - first_line) / total)
        lines.append(line)
    return Grid(lines, separator, width)


def _values(count: int) -> str:
    return "value" if count == 1 else "values"


def _plain(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), first_line):
        if line.strip(" "):
            yield number, line


def _unquoted(text: str, delimiter: str, name: str, first_line: int) -> Iterator[tuple[int, str]]:
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    begins = first_line
    try:
        for values in reader:
            if values and any(values):
                # A line break inside a value means nothing to a network.
                yield begins, SEPARATOR.join(values).replace("\n", " ")
            begins = reader.line_num + first_line
    except csv.Error as error:
        what = (
            "opens a quotation mark that is never closed"
            if "unexpected end" in str(error) or "field limit" in str(error)
            else "has text behind a closing quotation mark"
        )
        raise DataError(
            f"Line {begins:,} of {name} {what}. Correct that line, or choose another delimiter."
        ) from None
