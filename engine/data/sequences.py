"""Sequences: windows of what came before, and what follows each."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Callable

import numpy as np

from engine.data.base import SOURCES, Progress, Source
from engine.data.library import parsed, source_files
from engine.data.synthetic import Synthetic
from engine.data.table import Column, Table
from engine.fields import Choice, Integer, Real

SHOWN = {" ": "␣", "\n": "↵"}
"""What stands for characters that leave no ink."""


@SOURCES.register
class SineForecast(Synthetic):
    """Stretches of a noisy sine wave, each from a place of its own, and the value that follows.

    No two stretches share a value, so that no part of a split has seen another's.
    """

    kind = "sine_forecast"
    label = "Sine forecast"
    summary = "A noisy wave, cut into stretches: what value follows each?"
    synonyms = ("time series", "sequence", "wave", "recurrent", "next value")

    count = Integer(1000, minimum=10, maximum=100_000, help="How many stretches to make.")
    steps = Integer(24, minimum=1, maximum=10_000, help="How many values a stretch has.")
    period = Real(16.0, minimum=2, maximum=10_000, help="How many steps one wave takes.")

    def generate(self, rng: np.random.Generator) -> Table:
        starts = rng.uniform(0, self.period, self.count)
        times = starts[:, None] + np.arange(self.steps + 1)
        values = np.sin(2 * np.pi * times / self.period)
        values += rng.normal(0, 1, values.shape) * self.noise
        return Table(
            (
                Column("before", "number", values[:, :-1, None]),
                Column("next", "number", values[:, -1].copy()),
            ),
            target="next",
            ahead=1,
        )


@SOURCES.register
class NextCharacter(Source):
    """Windows of a text as tokens, one for each character, and the character that follows.

    A token is the place of its character in the alphabet of the text, from 0. With an answer
    at each character the windows share none, so that no part of a split has seen another's; with
    one after the last they overlap, so that only a split in one piece keeps its parts apart.
    """

    kind = "next_character"
    label = "Next character"
    summary = "A text that comes with Python: the next character from those before it."
    synonyms = ("language model", "text", "sequence", "recurrent", "char rnn")
    group = "real"

    text = Choice(
        "zen",
        {"zen": "The Zen of Python", "help": "Python's help pages"},
        help="The text to learn from.",
    )
    length = Integer(
        5000, minimum=200, maximum=300_000, help="How many characters to read, at most."
    )
    steps = Integer(16, minimum=1, maximum=150, help="How many characters the network sees.")
    answers = Choice(
        "last",
        {"last": "After the last", "each": "After each"},
        label="What follows",
        help="Ask for the character after the last one only, or after each one of the window.",
    )

    @property
    def overlap(self) -> int:
        return 0 if self.answers == "each" else self.steps

    def load(self, progress: Progress | None = None) -> Table:
        text = _TEXTS[self.text]()[: self.length]
        alphabet = sorted(set(text))
        places = {character: place for place, character in enumerate(alphabet)}
        tokens = np.array([places[character] for character in text])
        width = self.steps + 1
        windows = np.lib.stride_tricks.sliding_window_view(tokens, width)
        follow = windows[:, -1]
        if self.answers == "each":
            windows = tokens[: len(tokens) // width * width].reshape(-1, width)
            follow = windows[:, 1:]
        levels = tuple(SHOWN.get(character, character) for character in alphabet)
        return Table(
            (
                Column("before", "number", windows[:, :-1].astype(np.float64), levels),
                Column("next", "category", follow.astype(np.int64), levels),
            ),
            target="next",
            ahead=1,
            notes=(f"The text has {len(text):,} characters, {len(alphabet)} different ones.",),
        )


def _zen() -> str:
    # Importing the module prints the poem; its file holds it in ROT13.
    poem = next(n.value for n in _body("this") if isinstance(n, ast.Assign))
    return codecs.decode(ast.literal_eval(poem), "rot13")


def _help_pages() -> str:
    pages = next(n.value for n in _body("pydoc_data.topics") if isinstance(n, ast.Assign))
    return "\n".join(ast.literal_eval(pages).values())


def _body(module: str) -> list[ast.stmt]:
    return parsed(source_files(module)[0]).body


_TEXTS: dict[str, Callable[[], str]] = {"zen": _zen, "help": _help_pages}
