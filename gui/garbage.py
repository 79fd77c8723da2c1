"""Python's collector of cycles, run by the window's thread between two events.

Left to itself it runs wherever something is made, and destroys what it finds there: a widget
in a trainer's thread, or the very object that Qt is handing an event to. Either takes the
program with it. Between two events nobody uses what is garbage.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 100
"""Between two looks. All that a busy program makes meanwhile is searched in some milliseconds."""


class Garbage(QObject):
    """Keeps Python's own collector off, and collects in its place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.collect)

    def begin(self) -> None:
        """Collect from now on.

        What was made until now stays for good, so that the collector need not look at it again
        and again: it would hold up a frame each time.
        """
        gc.collect()
        gc.freeze()
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation of which there is enough, as Python's own collector."""
        counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, most) in enumerate(counted) if count > most]
        if due:
            gc.collect(due[-1])
