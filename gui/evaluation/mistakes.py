"""The worst mistakes: pictures with what they are and what they were taken for, or rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.report import Mistake
from gui.theme import mono_font, theme, ui_font
from gui.widgets.pictures import picture

PICTURE = 72
TILE = QSize(88, 112)
ROW = 26
NARROWEST = 84
"""Pixels of a column; as many features are shown as fit."""

AROUND = 10
"""Tokens that are shown on each side of one that was taken for another."""


class MistakeGallery(QWidget):
    """Mistakes, worst first: pictures side by side, or rows with their features."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._mistakes: tuple[Mistake, ...] = ()
        self._dataset: Dataset | None = None
        self._classes: tuple[str, ...] = ()
        self._pictures: list[QImage] = []
        theme.changed.connect(self._redraw)

    def show_mistakes(
        self, mistakes: Sequence[Mistake], dataset: Dataset, classes: tuple[str, ...]
    ) -> None:
        """classes: names of what was predicted; empty for values, such as a reconstruction's."""
        self._mistakes, self._dataset = tuple(mistakes), dataset
        self._classes = classes
        self._redraw()
        self.setAccessibleDescription("\n".join(self.sentence(m) for m in mistakes))
        self.updateGeometry()
        self.update()

    def _redraw(self) -> None:
        """Make the pictures in the colours of the theme."""
        dataset = self._dataset
        shape = dataset.image_shape if dataset else None
        self._pictures = (
            [
                picture(
                    dataset.features[m.row], shape, theme.tokens, photograph=dataset.photographs
                )
                for m in self._mistakes
            ]
            if dataset and shape
            else []
        )
        self.update()

    def name(self, value: float) -> str:
        """A class by its name, a value as a number."""
        return self._classes[int(value)] if self._classes else f"{value:.4g}"

    def sentence(self, mistake: Mistake) -> str:
        where = str(mistake.row)
        if mistake.step is not None:
            where = self.tr("{0}, step {1}").format(mistake.row, mistake.step + 1)
        text = self.tr("Example {0}: {1}, taken for {2}").format(
            where, self.name(mistake.actual), self.name(mistake.predicted)
        )
        if mistake.confidence is not None:
            text = self.tr("{0} with a confidence of {1} %").format(
                text, f"{100 * mistake.confidence:.0f}"
            )
        if self._dataset is not None and self._dataset.tokens:
            text = f"{text}\n{self._text(mistake)}"
        return text

    # Layout

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._pictures:
            per_row = max(1, width // TILE.width())
            return -(-len(self._mistakes) // per_row) * TILE.height()
        return ROW * (len(self._mistakes) + 1)

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(480))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 40)

    def _tile(self, number: int) -> QRect:
        per_row = max(1, self.width() // TILE.width())
        corner = QPoint(number % per_row * TILE.width(), number // per_row * TILE.height())
        return QRect(corner, TILE)

    def mistake_at(self, point: QPoint) -> Mistake | None:
        if self._pictures:
            found = [i for i in range(len(self._mistakes)) if self._tile(i).contains(point)]
            return self._mistakes[found[0]] if found else None
        number = point.y() // ROW - 1
        return self._mistakes[number] if 0 <= number < len(self._mistakes) else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pictures:
            for number in range(len(self._mistakes)):
                self._paint_picture(painter, number)
        else:
            self._paint_table(painter)

    def _paint_picture(self, painter: QPainter, number: int) -> None:
        tokens, mistake, image = theme.tokens, self._mistakes[number], self._pictures[number]
        tile = self._tile(number)
        scale = PICTURE / max(image.width(), image.height())
        size = QSize(round(image.width() * scale), round(image.height() * scale))
        target = QRect(tile.topLeft(), size)
        painter.drawImage(target, image)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(target.adjusted(0, 0, -1, -1))
        painter.setFont(ui_font(12.5, 600))
        painter.setPen(QColor(tokens.text))
        line = QRect(tile.left(), tile.top() + PICTURE + 3, TILE.width() - 10, 16)
        text = f"{self.name(mistake.actual)} → {self.name(mistake.predicted)}"
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)
        if mistake.confidence is not None:
            painter.setFont(mono_font(11))
            painter.setPen(QColor(tokens.muted))
            below = line.translated(0, 16)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{100 * mistake.confidence:.0f} %")

    def _columns(self) -> tuple[list[str], list[list[str]]]:
        """The heads and the cells of the table."""
        assert self._dataset is not None
        texts = bool(self._dataset.tokens)
        numbers = [mistake.row for mistake in self._mistakes]
        raw = self._dataset.in_raw_units(np.array(numbers, np.intp)).reshape(len(numbers), -1)
        room = max(0, self.width() // NARROWEST - 4)
        names = () if texts else self._dataset.signature.feature_names[:room]
        in_steps = any(mistake.step is not None for mistake in self._mistakes)
        heads = [self.tr("Row"), self.tr("True"), self.tr("Predicted")]
        if in_steps:
            heads[0] = self.tr("Row, step")
        confident = any(mistake.confidence is not None for mistake in self._mistakes)
        heads.append(self.tr("Confidence") if confident else self.tr("Off by"))
        cells = []
        for mistake, values in zip(self._mistakes, raw, strict=True):
            last = (
                f"{mistake.size:.4g}"
                if mistake.confidence is None
                else f"{100 * mistake.confidence:.0f} %"
            )
            step = "" if mistake.step is None else f", {mistake.step + 1}"
            known = [
                f"{mistake.row}{step}",
                self.name(mistake.actual),
                self.name(mistake.predicted),
                last,
            ]
            features = [f"{value:.4g}" for value in values[: len(names)]]
            cells.append([*known, *([self._text(mistake)] if texts else features)])
        return [*heads, *([self.tr("Text")] if texts else names)], cells

    def _text(self, mistake: Mistake) -> str:
        """The tokens of an example; of a step those around it, itself between brackets."""
        assert self._dataset is not None
        words = self._dataset.words(mistake.row)
        between = "" if all(len(word) <= 1 for word in words) else " "
        if mistake.step is None:
            return between.join(word for word in words if word)
        at = mistake.step
        before = between.join(words[max(0, at - AROUND) : at])
        after = between.join(words[at + 1 : at + 1 + AROUND])
        return f"{before}[{words[at]}]{after}"

    def _paint_table(self, painter: QPainter) -> None:
        if self._dataset is None or not self._mistakes:
            return
        tokens = theme.tokens
        heads, cells = self._columns()
        texts = bool(self._dataset.tokens)
        width = self.width() / len(heads)
        if texts:
            width = min(width, NARROWEST)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for line, cells_of_line in enumerate([heads, *cells]):
            painter.setFont(ui_font(12, 500) if line == 0 else mono_font(12))
            for column, text in enumerate(cells_of_line):
                strong = 0 < column < 3
                token = tokens.second if line == 0 or not strong else tokens.text
                painter.setPen(QColor(token))
                area = QRect(round(column * width), line * ROW, round(width) - 8, ROW)
                is_text = texts and column == len(heads) - 1
                if is_text:  # it takes the room that is left
                    area = QRect(area.left() + 16, area.top(), self.width() - area.left() - 16, ROW)
                shown = painter.fontMetrics().elidedText(
                    text, Qt.TextElideMode.ElideRight, area.width()
                )
                painter.drawText(area, left if is_text else right, shown)
            painter.setPen(QColor(tokens.hairline if line else tokens.border))
            painter.drawLine(0, (line + 1) * ROW - 1, self.width(), (line + 1) * ROW - 1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            mistake = self.mistake_at(event.pos())
            if mistake is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.sentence(mistake), self)
            return True
        return super().event(event)
