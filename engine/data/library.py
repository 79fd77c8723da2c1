"""Text and code of Python's own standard library as data: real, and there wherever Python is."""

from __future__ import annotations

import ast
import importlib.util
import io
import keyword
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.data.base import SOURCES, Progress, Source, no_progress
from engine.data.table import Array, Column, Table
from engine.errors import DataError
from engine.fields import Integer

PADDING, UNKNOWN = 0, 1
"""Tokens for what fills up a short sequence, and for a word outside of the vocabulary."""


def source_files(module: str) -> tuple[Path, ...]:
    """The files of a module or package of the standard library, which is not run.

    Raises DataError if they are not there.
    """
    found = importlib.util.find_spec(module)
    folders = found.submodule_search_locations if found else None
    if folders:
        files = tuple(sorted(path for folder in folders for path in Path(folder).glob("*.py")))
    else:
        files = (Path(found.origin),) if found and found.origin else ()
    files = tuple(path for path in files if path.is_file())
    if not files:
        raise DataError(
            f"The text is a file of Python, {module}.py, which is not installed. "
            "Choose another text, or another data set."
        )
    return files


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def padded(rows: Sequence[Sequence[int]], steps: int, filler: int) -> Array:
    """Sequences of unequal length, cut or filled up to one, int64 (N, steps)."""
    found = np.full((len(rows), steps), filler, np.int64)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row[:steps]
    return found


@SOURCES.register
class CodeTokens(Source):
    """Lines of Python code, character by character, and what each character is a part of.

    A character is a token from 1 to 96, the printable ones of ASCII in order and one for all
    others; 0 fills up short lines, which have no target there.
    """

    kind = "code_tokens"
    label = "Python code"
    summary = "Lines of Python's own code: which part of the language is each character?"
    synonyms = ("tagging", "sequence labelling", "syntax", "recurrent", "bidirectional")
    group = "real"
    examples = ({"lines": 200},)

    lines = Integer(1200, minimum=100, maximum=10_000, help="How many lines to read, at most.")
    steps = Integer(
        40, minimum=4, maximum=200, help="Characters of a line; longer lines are left out."
    )

    def load(self, progress: Progress | None = None) -> Table:
        progress = progress or no_progress
        found: dict[str, list[int]] = {}
        for place, module in enumerate(MODULES):
            for path in source_files(module):
                found |= _tagged_lines(path, self.steps)
            progress((place + 1) / len(MODULES))
        texts = list(found)
        spread = np.linspace(0, len(texts) - 1, min(self.lines, len(texts))).astype(int)
        texts = [texts[place] for place in spread]
        codes = padded([[_code(c) for c in text] for text in texts], self.steps, PADDING)
        tags = padded([found[text] for text in texts], self.steps, -1)
        return Table(
            (
                Column("code", "number", codes.astype(np.float64), CHARACTERS),
                Column("part", "category", tags, PARTS),
            ),
            target="part",
            notes=(f"{len(texts):,} different lines of up to {self.steps} characters.",),
        )


MODULES = ("heapq", "bisect", "textwrap", "string", "shutil", "argparse", "calendar", "fractions")
PARTS = ("space", "keyword", "name", "number", "text", "operator", "comment")
CHARACTERS = ("", *map(chr, range(ord(" "), ord("~") + 1)), "�")
_KINDS = {
    tokenize.NUMBER: "number",
    tokenize.STRING: "text",
    tokenize.OP: "operator",
    tokenize.COMMENT: "comment",
}


def _code(character: str) -> int:
    return ord(character) - 31 if " " <= character <= "~" else 96


def _tagged_lines(path: Path, steps: int) -> dict[str, list[int]]:
    """Each line of code without its indentation, and the part of each character of it.

    Lines of text over several lines are left out: nothing in them says that they are text.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    tags = [[0] * len(line) for line in lines]
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        (first, start), (last, end) = token.start, token.end
        if first != last:
            inside.update(range(first - 1, last))
        elif token.type in (tokenize.NAME, *_KINDS):
            part = "keyword" if keyword.iskeyword(token.string) else "name"
            tags[first - 1][start:end] = [PARTS.index(_KINDS.get(token.type, part))] * (end - start)
    found = {}
    for place, line in enumerate(lines):
        code = line.strip()
        indent = len(line) - len(line.lstrip())
        if place not in inside and 4 <= len(code) <= steps:
            found[code] = tags[place][indent : indent + len(code)]
    return found


@SOURCES.register
class Sentences(Source):
    """Sentences of the documentation in Python's packages, word by word, and whose each is.

    A word is a token: its place among the most frequent words, from 2; 1 is any other word,
    and 0 fills up short sentences.
    """

    kind = "sentences"
    label = "Sentences"
    summary = "Sentences of Python's documentation: which package is each about?"
    synonyms = ("text classification", "words", "attention", "topic", "sequence")
    group = "real"

    words = Integer(800, minimum=10, maximum=20_000, help="How many different words are known.")
    steps = Integer(24, minimum=4, maximum=100, help="Words of a sentence; the rest is cut off.")

    def load(self, progress: Progress | None = None) -> Table:
        progress = progress or no_progress
        texts: list[list[str]] = []
        topics: list[int] = []
        for topic, module in enumerate(PACKAGES.values()):
            for sentence in dict.fromkeys(_sentences(module)):
                texts.append(sentence.split())
                topics.append(topic)
            progress((topic + 1) / len(PACKAGES))
        often = Counter(word for text in texts for word in text).most_common(self.words)
        places = {word: place for place, (word, _) in enumerate(often, start=2)}
        tokens = [[places.get(word, UNKNOWN) for word in text] for text in texts]
        codes = padded(tokens, self.steps, PADDING).astype(np.float64)
        return Table(
            (
                Column("words", "number", codes, ("", "…", *places)),
                Column("package", "category", np.array(topics, np.int64), tuple(PACKAGES)),
            ),
            target="package",
            notes=(f"{len(texts):,} sentences with {len(places):,} different known words.",),
        )


PACKAGES = {
    "asyncio": "asyncio",
    "email": "email",
    "unittest": "unittest",
    "decimal": "_pydecimal",
}


def _sentences(module: str) -> Iterator[str]:
    """Words of the documentation in lower case, a sentence at a time."""
    for path in source_files(module):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", ast.get_docstring(node) or ""):
                    words = re.findall(r"[a-z]+", part.lower())
                    if len(words) >= 4:
                        yield " ".join(words)
