"""JSON as people read it and as a diff shows it: one line for what fits on a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from engine.fields import Plain

WIDTH = 96


def readable_json(plain: Plain) -> str:
    """The value as JSON text; keys stay in their order, equal values give equal text."""
    return "".join(_pieces(plain, 0, 0)) + "\n"


def _pieces(plain: Plain, indent: int, used: int) -> Iterator[str]:
    """indent: of the line on which the value begins. used: columns taken before it."""
    if not isinstance(plain, dict | list) or not plain:
        yield json.dumps(plain, ensure_ascii=False, allow_nan=False)
        return
    # Whatever has a long list in it is not worth trying on one line.
    line = "" if _is_long(plain) else json.dumps(plain, ensure_ascii=False, allow_nan=False)
    if line and used + len(line) <= WIDTH:
        yield line
        return
    inner = indent + 2
    opening, closing = "{}" if isinstance(plain, dict) else "[]"
    yield opening
    items = (
        [(json.dumps(key, ensure_ascii=False) + ": ", value) for key, value in plain.items()]
        if isinstance(plain, dict)
        else [("", value) for value in plain]
    )
    for number, (key, value) in enumerate(items):
        yield (",\n" if number else "\n") + " " * inner + key
        yield from _pieces(value, inner, inner + len(key))
    yield "\n" + " " * indent + closing


def _is_long(plain: dict[str, Plain] | list[Plain]) -> bool:
    values = plain.values() if isinstance(plain, dict) else plain
    return len(plain) > WIDTH // 2 or any(
        _is_long(value) for value in values if isinstance(value, dict | list)
    )
