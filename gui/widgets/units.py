"""Amounts as people read them: bytes, seconds, metrics."""

from __future__ import annotations

SHARES = frozenset({"accuracy", "precision", "recall", "f1", "top_k"})
"""Metrics between 0 and 1 that are read as per cent."""


def bytes_text(count: int) -> str:
    """1.4 MB"""
    amount = float(count)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB"


def percent_text(share: float) -> str:
    """38 %, and < 1 % for little."""
    return f"{share:.0%}".replace("%", " %") if share >= 0.01 or not share else "< 1 %"


def count_text(count: int) -> str:
    """950, 12.3k, 4.56M: three digits of a large number."""
    amount, unit = float(count), ""
    for unit in ("", "k", "M", "G"):
        if amount < 999.5 or unit == "G":
            break
        amount /= 1000
    return f"{amount:.3g}{unit}" if amount < 1000 else f"{amount:,.0f}{unit}"


def seconds_text(seconds: float) -> str:
    """0.8 s, 12 s, 3:05, 1:02:09"""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def metric_text(name: str, value: float) -> str:
    """98.9 % for shares, four digits for the rest."""
    if name in SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:#.4g}".rstrip(".")
