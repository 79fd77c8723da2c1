"""Views that draw one after another while training, so that every frame stays short."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from weakref import WeakMethod

from shiboken6 import isValid


class Turns:
    """A round of views, of which each refresh lets one draw.

    All views at once make one long frame, in which the window answers nothing and the
    trainer waits; one at a time costs the same and is not noticed. Views that are gone
    drop out by themselves.
    """

    def __init__(self) -> None:
        self._round: deque[WeakMethod[Callable[[], bool]]] = deque()

    def join(self, draw: Callable[[], bool]) -> None:
        """draw: a method of a QObject. Returns whether there was anything to draw."""
        self._round.append(WeakMethod(draw))

    def next(self) -> None:
        """Let the first view draw that has something to draw, and line it up behind the others."""
        for _ in range(len(self._round)):
            turn = self._round.popleft()
            draw = turn()
            if draw is None or not isValid(draw.__self__):  # type: ignore[attr-defined]  # a method
                continue
            self._round.append(turn)
            if draw():
                return
