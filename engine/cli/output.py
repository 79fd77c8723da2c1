"""What commands print: text for people, or one JSON object on the last line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TextIO


class Output:
    """Where a command's results, notes and progress go.

    Results go to `out`, everything else to `errors`, so that results can be piped.
    as_json: print one JSON object instead of text.
    """

    def __init__(self, out: TextIO, errors: TextIO, as_json: bool) -> None:
        self._out = out
        self._errors = errors
        self._as_json = as_json
        self._bar = ""

    def say(self, line: str = "") -> None:
        """A line of the result, for people."""
        if not self._as_json:
            print(line, file=self._out)

    def note(self, sentence: str) -> None:
        """Something that the user should know beside the result."""
        self.clear_bar()
        print(sentence, file=self._errors)

    def finish(self, result: Mapping[str, Any]) -> None:
        """The result as a whole, for programs."""
        if self._as_json:
            print(json.dumps(finite(result), ensure_ascii=False), file=self._out)
        self._out.flush()

    # The progress bar: one line that is written over, and only where someone can watch it.

    def bar(self, line: str) -> None:
        if self._errors.isatty():
            blank = " " * (len(self._bar) - len(line))
            print(f"\r{line}{blank}", end="", file=self._errors, flush=True)
            self._bar = line

    def clear_bar(self) -> None:
        if self._bar:
            print(f"\r{' ' * len(self._bar)}\r", end="", file=self._errors, flush=True)
            self._bar = ""

    def keep_bar(self) -> None:
        """Leave the bar as it stands and go on below it."""
        if self._bar:
            print(file=self._errors, flush=True)
            self._bar = ""


def finite(value: Any) -> Any:
    """JSON has no word for a number that is not one: it becomes null."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def bar_of(share: float, width: int = 24) -> str:
    """`▓▓▓▓▓▓░░░░`"""
    full = round(min(max(share, 0.0), 1.0) * width)
    return "▓" * full + "░" * (width - full)


def minutes(seconds: float) -> str:
    """`0:08`, `1:02:03`"""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    lead = f"{hours}:{rest // 60:02}" if hours else f"{rest // 60}"
    return f"{lead}:{rest % 60:02}"


def metrics_line(part: str, metrics: Mapping[str, float]) -> str:
    """`test         loss 0.0931   accuracy 97.8 %`"""
    shown = [
        f"{name} {100 * value:.1f} %" if name == "accuracy" else f"{name} {value:.4g}"
        for name, value in metrics.items()
    ]
    return f"{part:<12}" + "   ".join(f"{text:<14}" for text in shown).rstrip()
