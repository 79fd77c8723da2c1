"""Text that a network writes: it reads on what it has said itself, token by token."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.writing import Writer
from gui.theme import mono_font, theme
from gui.training.latest import Latest
from gui.widgets import ChoiceField, HintLabel, PlainButton, SectionLabel, TextLabel

LENGTH = 240
"""Tokens written at a time."""
LONG = re.compile(r"\S{40}")
"""So much without a gap may be broken into two lines."""
PLAIN = {"␣": " ", "↵": "\n"}
TEMPERATURES = {"0": 0.0, "0.5": 0.5, "1": 1.0}


class WritingView(QWidget):
    """The start of an example in a quiet colour, and what the network writes after it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fault = QCoreApplication.translate(
            "WritingView", "Nothing could be written because of a fault in the program ({})."
        )
        self.job = Latest(fault, self)
        self.job.finished.connect(self._show_written)
        self.job.failed.connect(lambda sentence, _details: self._say(sentence))
        self._writer: Writer | None = None
        self._dataset: Dataset | None = None
        self._start: list[str] = []
        self._seed = 0
        self.written: list[str] = []
        self.text = QLabel("", self)
        self.text.setFont(mono_font(12.5))
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.daring = ChoiceField(
            {
                "0": self.tr("The likeliest each time"),
                "0.5": self.tr("With some chance"),
                "1": self.tr("As likely as it says"),
            },
            parent=self,
        )
        self.daring.set_value("0.5")
        self.daring.setAccessibleName(self.tr("How the next one is chosen"))
        self.daring.setToolTip(self.tr("The temperature at which each next one is drawn: 0, ½, 1."))
        self.daring.committed.connect(lambda _value: self.write())
        self.again = PlainButton(self.tr("Write something else"), "pencil-simple", self)
        self.again.clicked.connect(self._write_else)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(HintLabel(self.tr("Each next one"), self))
        line.addWidget(self.daring)
        line.addWidget(self.again)
        line.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(SectionLabel(self.tr("What the network writes"), self))
        explained = self.tr(
            "It is given the start of an example, in grey, and reads on what it has said itself."
        )
        rows.addWidget(TextLabel(explained, self))
        rows.addLayout(line)
        rows.addWidget(self.text)
        theme.changed.connect(self._redraw)

    def show_writer(self, writer: Writer, dataset: Dataset) -> None:
        """Write with a network that was judged on this data."""
        self._writer, self._dataset = writer, dataset
        self.write()

    def write(self) -> None:
        """Write, from the start of an example that the seed chooses."""
        writer, dataset = self._writer, self._dataset
        if writer is None or dataset is None:
            return
        part = dataset.test if len(dataset.test) else dataset.train
        self._start = start = dataset.words(int(part[self._seed % len(part)]))
        seed, temperature = self._seed, TEMPERATURES[self.daring.value]
        self.job.start(lambda _report: writer.write(start, LENGTH, temperature, seed))

    def _write_else(self) -> None:
        self._seed += 1
        self.write()

    def _show_written(self, written: list[str]) -> None:
        self.written = written
        self._redraw()

    def _say(self, sentence: str) -> None:
        self.written = []
        self.text.setText(escape(sentence))

    def _redraw(self) -> None:
        """Both parts in the colours of the theme."""
        if not self.written:
            return
        tokens = theme.tokens
        between = "" if all(len(word) <= 1 for word in self._start) else " "
        parts = []
        for words, token in ((self._start, tokens.muted), (self.written, tokens.text)):
            shown = between.join(PLAIN.get(word, word) for word in words if word)
            lines = (
                escape(LONG.sub("\\g<0>\u200b", shown))
                .replace("  ", " &nbsp;")
                .replace("\n", "<br>")
            )
            parts.append(f'<span style="color:{QColor(token).name()}">{lines}</span>')
        self.text.setText(between.join(parts))
