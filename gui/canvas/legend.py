"""The legends at the bottom left of the canvas: what colours and signs mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.canvas.items.ink import ink, pen
from gui.canvas.items.marks import paint_health
from gui.canvas.values import KINDS, draw_port, value_color, value_word
from gui.theme import theme, ui_font

MARGIN = 16
HEIGHT = 28
RISEN = 42
"""How much higher it stands where something else has taken the room beside it."""
SPACE = 16
"""Between one entry and the next."""
INSIDE = 10


class Legend(QWidget):
    """One line over the canvas, which the pointer never runs into.

    titles: words before the entries, each with a colour token.
    entries: what each sign means, by the key that `paint_sign` knows it by.
    """

    titles: Sequence[tuple[str, str]] = ()
    sign = 16
    """The room of a sign before its word."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bold, self._plain = ui_font(12, 600), ui_font(12)
        self.entries: Sequence[tuple[str, str]] = ()
        self._taken = 0
        host.installEventFilter(self)
        theme.changed.connect(self._repaint)
        self.hide()

    def set_entries(self, entries: Sequence[tuple[str, str]]) -> None:
        self.entries = entries
        words = [(self._bold, title) for title, _ in self.titles]
        words += [(self._plain, word) for _, word in entries]
        wide = sum(_width(font, word) + SPACE for font, word in words) + self.sign * len(entries)
        self.setFixedSize(wide - SPACE + 2 * INSIDE + 2, HEIGHT)
        self.setAccessibleName(", ".join(word for _, word in words))
        self.place()
        self.update()

    def paint_sign(self, painter: QPainter, at: QPointF, key: str) -> None:
        """Paint what stands for an entry, with its left edge at a point."""
        raise NotImplementedError  # each legend has its own signs

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def set_taken(self, width: int) -> None:
        """Pixels at the right of the bottom edge that something else stands on."""
        self._taken = width
        self.place()

    @property
    def risen(self) -> bool:
        """Whether at the lower edge it would touch what stands at the right."""
        room = self._host.width() - self._taken
        return bool(self._taken) and MARGIN + self.width() + MARGIN > room

    def place(self) -> None:
        """At the bottom left; higher where something has taken the room beside it."""
        bottom = self._host.height() - MARGIN - (RISEN if self.risen else 0)
        self.move(MARGIN, bottom - HEIGHT)

    def set_shown(self, shown: bool) -> None:
        if shown != (not self.isHidden()):
            self.place()
            self.setVisible(shown)

    def _repaint(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(tokens.hairline))
        painter.setBrush(ink(tokens.canvas, 225))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        left = INSIDE
        for title, token in self.titles:
            left = self._write(painter, self._bold, title, left, getattr(tokens, token))
        for key, word in self.entries:
            self.paint_sign(painter, QPointF(left, HEIGHT / 2), key)
            left = self._write(painter, self._plain, word, left + self.sign, tokens.second)
        painter.end()

    def _write(self, painter: QPainter, font: QFont, word: str, left: int, color: str) -> int:
        wide = _width(font, word)
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(QRect(left, 0, wide + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, word)
        return left + wide + SPACE


class HealthLegend(Legend):
    """What the signs of the X-ray mean."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.titles = ((self.tr("X-ray"), "second"), (self.tr("gradient norm"), "accent"))
        self.set_entries(
            (
                ("ok", self.tr("healthy")),
                ("warning", self.tr("small")),
                ("bad", self.tr("dead or exploding")),
            )
        )

    def paint_sign(self, painter: QPainter, at: QPointF, key: str) -> None:
        paint_health(painter, at + QPointF(5, 0), key)


class ValueLegend(Legend):
    """What the colours of wires and the shapes of their ports mean: those that there are."""

    sign = 30

    def show_kinds(self, kinds: set[str]) -> None:
        present = [(kind, value_word(kind)) for kind in KINDS if kind in kinds]
        if present != list(self.entries):
            self.set_entries(present)

    def paint_sign(self, painter: QPainter, at: QPointF, key: str) -> None:
        color = value_color(key)
        painter.setPen(pen(color, 1.5))
        painter.drawLine(at, at + QPointF(22, 0))
        painter.setPen(pen(color, 2))
        painter.setBrush(ink(theme.tokens.canvas))
        draw_port(painter, key, at + QPointF(11, 0), 4.0)


class Legends:
    """Which of the legends is to be seen: that of the X-ray, else that of the wires.

    One kind of value alone needs no explanation.
    """

    def __init__(self, host: QWidget, wanted: bool) -> None:
        self.health = HealthLegend(host)
        self.values = ValueLegend(host)
        self._wanted = wanted
        self._kinds: set[str] = set()

    def set_wanted(self, wanted: bool) -> None:
        """Whether the user wants to be told about wires."""
        self._wanted = wanted
        self._choose()

    def set_taken(self, width: int) -> None:
        """Pixels at the right of the bottom edge that something else stands on."""
        for legend in (self.health, self.values):
            legend.set_taken(width)

    @property
    def risen(self) -> int:
        """How many pixels higher than the lower edge the one that is shown stands."""
        shown = (each for each in (self.health, self.values) if not each.isHidden())
        return RISEN if any(each.risen for each in shown) else 0

    def show_health(self, shown: bool) -> None:
        self.health.set_shown(shown)
        self._choose()

    def show_kinds(self, kinds: set[str]) -> None:
        """The kinds of value that travel along the wires now."""
        if kinds != self._kinds:
            self._kinds = kinds
            self.values.show_kinds(kinds)
            self._choose()

    def _choose(self) -> None:
        several = self._wanted and len(self._kinds) > 1
        self.values.set_shown(several and self.health.isHidden())


def _width(font: QFont, word: str) -> int:
    return QFontMetrics(font).horizontalAdvance(word)
