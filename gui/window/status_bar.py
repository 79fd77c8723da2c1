"""The bottom row: what is wrong, how large the network is, how far the training is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.theme import theme
from gui.widgets import HintLabel, Panel, QuietButton

if TYPE_CHECKING:
    from engine.training.telemetry import Progress


class StatusBar(Panel):
    """Emits
    problems_clicked: the count of problems was clicked.
    zoom_clicked: the zoom was clicked.
    """

    problems_clicked = Signal()
    zoom_clicked = Signal()

    HEIGHT = 26

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(self.HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(24)
        self._problems = StatusButton(self.tr("Show the problems"))
        self._problems.clicked.connect(self.problems_clicked)
        self._parameters = _text()
        self._data = _text()
        self._training = _text()
        self._bar = ProgressLine()
        self._left = _text()
        self._left.setMinimumWidth(64)
        self._zoom = StatusButton(self.tr("Zoom to 100 %"))
        self._zoom.clicked.connect(self.zoom_clicked)
        row.addWidget(self._problems)
        row.addWidget(self._parameters)
        row.addWidget(self._data)
        row.addWidget(self._training)
        row.addStretch(1)
        row.addWidget(self._bar)
        row.addWidget(self._left)
        row.addWidget(self._zoom)
        self._bar.hide()
        self.set_problems(0, 0)
        self.set_zoom(1.0)

    def set_problems(self, errors: int, doubts: int) -> None:
        """How much is wrong, and how much is only doubtful."""
        count = errors + doubts
        self._problems.setText(
            self.tr("no problems")
            if not count
            else self.tr("1 problem")
            if count == 1
            else self.tr("{count} problems").format(count=count)
        )
        self._problems.set_severity("bad" if errors else "warning" if doubts else "ok")

    def set_parameters(self, count: int) -> None:
        text = self.tr("1 parameter") if count == 1 else self.tr("{count} parameters")
        self._parameters.setText(text.format(count=f"{count:,}"))

    def set_data(self, text: str) -> None:
        """The data set and how it is split: `digits 1,437 / 180 / 180`."""
        self._data.setText(text)
        self._data.setToolTip(self.tr("Rows to train on / to watch over training / for the test"))

    def set_training(
        self,
        progress: Progress | None,
        window_share: float | None = None,
        under_way: bool = True,
    ) -> None:
        """Where the training is; None where there is none.

        window_share: of the time that goes into painting, 0 to 1.
        under_way: whether there is something left to do, and the bar to show it.
        """
        self._bar.setVisible(progress is not None and under_way)
        if progress is None:
            self._training.setText("")
            self._left.setText("")
            return
        parts = [
            self.tr("epoch {epoch} / {epochs}").format(
                epoch=int(progress.epoch), epochs=progress.epochs
            )
        ]
        if progress.examples_per_second:
            rate = f"{progress.examples_per_second:,.0f}"
            parts.append(self.tr("{rate} examples/s").format(rate=rate))
        if window_share is not None:
            parts.append(self.tr("window {share} %").format(share=round(window_share * 100)))
        self._training.setText(" · ".join(parts))
        steps = progress.epochs * progress.steps_per_epoch
        self._bar.set_share(progress.step / steps if steps else 0.0)
        left = progress.seconds_left if under_way else None
        self._left.setText(
            self.tr("{time} left").format(time=clock_text(left)) if left is not None else ""
        )

    def set_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{round(zoom * 100)} %")


class StatusButton(QuietButton):
    """A part of the bar that can be clicked; with a severity it has a dot and its colour."""

    def __init__(self, tooltip: str) -> None:
        super().__init__()
        self.setToolTip(tooltip)
        self._severity = ""

    def set_severity(self, severity: str) -> None:
        if severity != self._severity:
            self._severity = severity
            self.setProperty("severity", severity)
            self.style().unpolish(self)
            self.style().polish(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._severity:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(theme.tokens, self._severity)))
            painter.drawEllipse(QRectF(6, self.height() / 2 - 4, 8, 8))


def _text() -> QLabel:
    label = HintLabel()
    label.set_token("second")
    return label


class ProgressLine(QWidget):
    """How much is done, as a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(180, 12))
        self.setAccessibleName(self.tr("Progress of the training"))
        self._share = 0.0

    def set_share(self, share: float) -> None:
        share = max(0.0, min(1.0, share))
        # Only a change that moves a pixel is worth a paint.
        if round(share * self.width()) != round(self._share * self.width()):
            self.update()
        self._share = share

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        line = QRectF(0, self.height() / 2 - 3, self.width(), 6)
        painter.setBrush(QColor(theme.tokens.border))
        painter.drawRoundedRect(line, 3, 3)
        if self._share > 0:
            line.setWidth(max(6.0, line.width() * self._share))
            painter.setBrush(QColor(theme.tokens.accent))
            painter.drawRoundedRect(line, 3, 3)


def clock_text(seconds: float) -> str:
    """Seconds as people read them on a clock: 0:08, 12:30, 1:05:00."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"
