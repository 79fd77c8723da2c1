"""Which example of the data is seen in the nodes, and the buttons that choose another."""

from __future__ import annotations

from functools import partial
from random import Random

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from engine.data.dataset import Dataset
from gui.theme import theme, ui_font
from gui.training.shown import ShownExample
from gui.widgets import IconButton, TextLabel

MARGIN = 16
LONGEST = 24
"""Letters of a target that are told."""


class ExampleBar(QFrame):
    """Floats at the bottom right of the canvas: `Example 3 of 180 · digit 4`, and steps from it."""

    def __init__(self, example: ShownExample, host: QWidget, rng: Random) -> None:
        super().__init__(host)
        self._example, self._host, self._rng = example, host, rng
        self.setObjectName("exampleBar")
        self.setAccessibleName(self.tr("Example that is shown"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 4, 2)
        row.setSpacing(2)
        self.words = TextLabel("", self, token="second")
        self.words.setWordWrap(False)
        self.words.setFont(ui_font(12))
        row.addWidget(self.words)
        row.addSpacing(6)
        self.buttons = {
            "before": IconButton("caret-left", self.tr("Example before"), self),
            "after": IconButton("caret-right", self.tr("Example after"), self),
            "random": IconButton("shuffle", self.tr("Any example"), self),
        }
        for name, handler in (
            ("before", partial(self.step, -1)),
            ("after", partial(self.step, 1)),
            ("random", self.any),
        ):
            self.buttons[name].clicked.connect(handler)
            row.addWidget(self.buttons[name])
        host.installEventFilter(self)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        host = self._host
        self.move(host.width() - self.width() - MARGIN, host.height() - self.height() - MARGIN)

    def step(self, by: int, _checked: bool = False) -> None:
        """Look at another example, counted round."""
        if len(self._example.part):
            self._example.show(self._example.place + by)

    def any(self, _checked: bool = False) -> None:
        """Look at any other example."""
        count = len(self._example.part)
        if count > 1:
            self.step(1 + self._rng.randrange(count - 1))

    def show_example(self, dataset: Dataset | None, is_seen: bool) -> None:
        """Say which example is seen; hide where none is."""
        part, place = self._example.part, self._example.place
        if dataset is None or not is_seen or not len(part):
            self.hide()
            return
        number = self.tr("Example {0} of {1}").format(f"{place + 1:,}", f"{len(part):,}")
        row = int(part[place])
        told = (number, given_text(dataset, row), target_text(dataset, row))
        words = " · ".join(text for text in told if text)
        if words != self.words.text():
            self.words.setText(words)
            self.adjustSize()
            self.place()
        self.show()

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#exampleBar {{ background: {tokens.surface}; border: 1px solid {tokens.hairline};"
            " border-radius: 7px; }"
        )


def given_text(dataset: Dataset, row: int) -> str:
    """The beginning of an example that is read token by token; empty where it is not."""
    if not dataset.tokens:
        return ""
    words = [word for word in dataset.words(row) if word]
    text = ("" if all(len(word) <= 1 for word in words) else " ").join(words)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def target_text(dataset: Dataset, row: int) -> str:
    """What is to be answered for an example: `digit 4`; empty where that is no short word."""
    signature, target = dataset.signature, dataset.targets[row]
    if np.size(target) != 1:
        return ""
    value, name = np.reshape(target, -1)[0], ", ".join(signature.target_names)
    if signature.classes:
        word = signature.classes[int(value)] if value >= 0 else "?"
    else:
        decoded = float(np.reshape(dataset.decode(np.reshape(target, (1, -1))), -1)[0])
        word = f"{decoded:.4g}".replace("-", "−")
    text = f"{name} {word}"
    return text if len(text) <= LONGEST else word[:LONGEST]
