"""The engine beside PyTorch: PyTorch's time over ours."""

from __future__ import annotations

from typing import Any

from engine import benchmarks


def rows() -> list[dict[str, Any]]:
    """What the table of all benchmarks shows."""
    return [{**result.to_plain(), "note": result.amount} for result in benchmarks.run()]
