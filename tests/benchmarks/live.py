"""Training with the window open, beside training without one; and how soon the window answers.

The digits project trains in a thread of its own, by turns alone and beside the real
window, in which every live view can be seen: the canvas with its pictures, and all tabs
(a second window shows those that are behind others). Turns are short and alternate, so
that what else the machine does hits both alike.

Latency is how late a timer of the window's event loop fires.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_LEAST = 0.85
"""Of the throughput without a window."""
AT_MOST_MS = 50.0
"""The 99th percentile of the latency."""

TURNS = 10
ALONE_S = 0.6
BESIDE_S = 1.2
SETTLING_S = 0.4
"""After the start of a turn, in which buttons, bars and charts change their looks."""
BEAT_MS = 20
"""Not more often: each beat takes Python's lock from the trainer for a moment."""
ENDLESS = 1_000_000


@dataclass(frozen=True)
class Result:
    """ratio: throughput beside the window over that alone, the median over the turns.

    share: of the time, what the window's thread took. refreshes: per second.
    """

    ratio: float
    latency_ms: float
    worst_ms: float
    share: float
    refreshes: float
    steps_per_second: float


def rows() -> list[dict[str, Any]]:
    """What the table of all benchmarks shows."""
    result = measure()
    return [
        {
            "name": "live-throughput",
            "title": "Training digits beside the window, over training alone",
            "ratio": result.ratio,
            "target": AT_LEAST,
            "passed": result.ratio >= AT_LEAST,
            "note": f"{result.steps_per_second:,.0f} steps/s alone; the window takes "
            f"{result.share:.1%} of the time for {result.refreshes:.1f} refreshes a second",
        },
        {
            "name": "live-latency",
            "title": "Latency of the window's events while training, 99th percentile",
            "milliseconds": result.latency_ms,
            "target": AT_MOST_MS,
            "passed": result.latency_ms <= AT_MOST_MS,
            "note": f"at worst {result.worst_ms:.0f} ms",
        },
    ]


def measure(turns: int = TURNS) -> Result:
    """Train by turns alone and beside the window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui.app import make_application, make_window
    from gui.garbage import Garbage
    from gui.settings import SettingsFile
    from gui.theme import theme

    app = make_application()
    theme.choose(app, "dark")
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(SettingsFile(Path(folder, "settings.json")))
    Garbage(app).begin()
    bench = _Bench(app, window)
    try:
        return bench.run(turns)
    finally:
        bench.close()


class _Bench:
    """A window with the digits project in it, and a trainer of the same project without one."""

    def __init__(self, app: Any, window: Any) -> None:
        from PySide6.QtWidgets import QVBoxLayout, QWidget

        from engine.project.templates import open_template
        from engine.training.trainer import Trainer
        from gui.dashboard import GradientsPanel, WeightsPanel

        self.app, self.window = app, window
        project = open_template("digits")
        project.training = project.training.replaced(epochs=ENDLESS)
        completed: list[bool] = []
        window.completed.connect(lambda: completed.append(True))
        window.files.show_project(project, None)
        window.resize(1600, 1000)
        window.show()
        self._until(lambda: bool(completed))
        window.open_workspace("train")
        window.canvas.fit()
        self.controller = window.controller
        self.controller.set_speed("full")
        self.others = QWidget()
        column = QVBoxLayout(self.others)
        for panel in (GradientsPanel, WeightsPanel):
            column.addWidget(panel(window.document, window.controller))
        self.others.resize(1060, 600)
        self.others.show()
        self._until(lambda: window.document.dataset is not None)
        self.alone = Trainer(
            window.document.graph, window.document.dataset, window.document.training
        )

    def run(self, turns: int) -> Result:
        self._beside(1.0), self._alone()  # the first frames make their fonts and pictures
        alone, ratios, late, shares, refreshes = [self._alone()], [], [], [], []
        for _ in range(turns):
            rate, lateness, share, count = self._beside(BESIDE_S)
            alone.append(self._alone())
            ratios.append(2 * rate / (alone[-1] + alone[-2]))
            late += lateness
            shares.append(share)
            refreshes.append(count)
        return Result(
            ratio=statistics.median(ratios),
            latency_ms=statistics.quantiles(late, n=100)[98],
            worst_ms=max(late),
            share=statistics.mean(shares),
            refreshes=statistics.mean(refreshes),
            steps_per_second=statistics.median(alone),
        )

    def _alone(self) -> float:
        """Steps per second while nothing else runs in the process."""
        from engine.training.control import Control

        control, trainer = Control(), self.alone
        thread = threading.Thread(target=trainer.run, args=(control,))
        began, first = time.perf_counter(), trainer.steps_done
        thread.start()
        time.sleep(ALONE_S)
        control.pause()
        thread.join()
        return (trainer.steps_done - first) / (time.perf_counter() - began)

    def _beside(self, seconds: float) -> tuple[float, list[float], float, float]:
        """Steps per second, each event's lateness in ms, the window's share, refreshes a second."""
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        from gui.training.controller import State

        controller, loop, late = self.controller, QEventLoop(), []
        expected = time.perf_counter()

        def beat() -> None:
            nonlocal expected
            now = time.perf_counter()
            late.append(1000 * max(0.0, now - expected))
            expected = now + BEAT_MS / 1000

        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)
        timer.timeout.connect(beat)
        controller.train()
        self._until(lambda: controller.state is State.RUNNING and controller.telemetry is not None)
        settled = time.perf_counter() + SETTLING_S
        self._until(lambda: time.perf_counter() > settled)
        first, refreshed = controller.telemetry.step, controller.bridge.refreshes
        began, worked = time.perf_counter(), time.thread_time()
        expected = began + BEAT_MS / 1000
        timer.start()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
        timer.stop()
        passed, worked = time.perf_counter() - began, time.thread_time() - worked
        steps = controller.telemetry.step - first
        count = controller.bridge.refreshes - refreshed
        controller.pause()
        self._until(lambda: controller.state is State.PAUSED)
        return steps / passed, late, worked / passed, count / passed

    def _until(self, done: Any) -> None:
        while not done():
            self.app.processEvents()
            time.sleep(0.001)

    def close(self) -> None:
        """Take the windows down now: at the end of the process Python is half gone before them."""
        import shiboken6

        from gui.app import dispose

        shiboken6.delete(self.others)
        dispose(self.window)


if __name__ == "__main__":
    for row in rows():
        print(row)
