"""Measure everything that has a promised number, and print how it stands.

    python -m tests.benchmarks [MODULE ...]

Every module of this folder with a function `rows()` takes part. A row is a dictionary:

    name, title     short and long
    ratio           the measured value; or milliseconds, or megabytes
    target          what was promised; None or missing where nothing was
    at_most         True where a ratio should be at most the target; the others always should
    passed, note    whether the promise is kept; a few words on how it came about

The exit status is 1 if a promise is not kept.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]

UNITS = {"milliseconds": "ms", "megabytes": "MB", "ratio": "×"}

VERDICTS = {True: "PASS", False: "short of it", None: ""}


def measured(modules: Sequence[str]) -> Iterator[Row]:
    """The rows of the modules named, or of all, as they come."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem.startswith("__") or (modules and path.stem not in modules):
            continue
        rows = getattr(importlib.import_module(f"tests.benchmarks.{path.stem}"), "rows", None)
        if rows is not None:
            print(f"measuring {path.stem.replace('_', ' ')} ...", file=sys.stderr, flush=True)
            yield from rows()


def cells(row: Row) -> tuple[str, ...]:
    """What the table shows of a row."""
    measure = next((name for name in UNITS if name in row), "ratio")
    unit, value, target = UNITS[measure], row.get(measure), row.get("target")
    sign = "≤" if measure != "ratio" or row.get("at_most") else "≥"
    return (
        row["title"],
        "-" if value is None else f"{value:.2f} {unit}",
        "" if target is None else f"{sign} {target:g} {unit}",
        VERDICTS[row.get("passed")],
        row.get("note", ""),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows under one another, in columns."""
    lines = [("", "measured", "promised", "", ""), *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main(modules: Sequence[str]) -> int:
    rows = list(measured(modules))
    print(table(rows))
    return 1 if any(row.get("passed") is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
