"""From the trainer to the window: the newest telemetry, as often as the window can afford.

Nothing is queued. A refresh tells the views to look at what is there now; what
the trainer reported in between is never shown. The bridge keeps two limits while
training: at most 30 refreshes a second, and at most a tenth of the time for all
that the window's thread does, paints that Qt schedules by itself included.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gui.training.gate import Gate

FASTEST = 1 / 30
SLOWEST = 1.0
BUDGET = 0.07
"""Share of the time for the window. Well below the tenth that is allowed, since each frame also
leaves the processor's caches cold for the trainer."""

WATCHING = 0.4
"""The same where training is slowed down to be watched: then the trainer mostly waits anyway."""


class Bridge(QObject):
    """Refreshes the views within a budget while training runs.

    gate: shut for the length of each refresh and the paint after it.
    clock, own_time: seconds that passed, and seconds this thread worked.

    Emits
        refreshed(): look at the telemetry now.
    """

    refreshed = Signal()

    def __init__(
        self,
        gate: Gate,
        budget: float = BUDGET,
        clock: Callable[[], float] = time.perf_counter,
        own_time: Callable[[], float] = time.thread_time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.gate = gate
        self.budget = budget
        self.refreshes = 0
        self.share = 0.0
        self._clock = clock
        self._own_time = own_time
        self._held = 0.0
        self._began = self._worked = 0.0
        self._frame_began = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(0)
        self._painted.timeout.connect(self._end_frame)

    @property
    def active(self) -> bool:
        return self._timer.isActive() or self._painted.isActive()

    def start(self) -> None:
        """Keep refreshing until `stop`."""
        self._began, self._worked, self._held = self._clock(), self._own_time(), 0.0
        self._timer.start(round(1000 * FASTEST))

    def stop(self) -> None:
        """Refresh no more. The gate stays open."""
        self._timer.stop()
        self._painted.stop()
        self.gate.open()

    def _tick(self) -> None:
        wait = self.seconds_to_wait()
        if wait > 0:
            self._timer.start(max(1, round(1000 * wait)))
        else:
            self._begin_frame()

    def seconds_to_wait(self) -> float:
        """How long until the next refresh keeps both limits, given what the last one cost.

        The cost is what this thread worked since that refresh began, or how long the
        gate was shut, whichever is more: on a busy machine a frame takes longer than it works.
        """
        passed = self._clock() - self._began
        cost = max(self._own_time() - self._worked, self._held)
        self.share = cost / passed if passed > 0 else 0.0
        budget = self.budget if self.gate.steps_per_second is None else WATCHING
        return min(SLOWEST, max(FASTEST, cost / budget)) - passed

    def _begin_frame(self) -> None:
        self._began, self._worked, self._held = self._clock(), self._own_time(), 0.0
        self.gate.close()
        self.refreshes += 1
        # A timer of no length fires after the events that the views post to be painted.
        self._painted.start()
        self.refreshed.emit()

    def _end_frame(self) -> None:
        self.gate.open()
        self._held = self._clock() - self._began
        self._timer.start(round(1000 * FASTEST))
