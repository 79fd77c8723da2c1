"""Announcements without Qt: who listens is called, in the order of connecting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Event = TypeVar("Event")


class Signal(Generic[Event]):
    """A list of listeners to one type of event.

    Events are frozen dataclasses, named in the past tense and defined beside
    what emits them.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], object]] = []

    def connect(self, listener: Callable[[Event], object]) -> None:
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[[Event], object]) -> None:
        """Stop calling `listener`. Raises ValueError if it was not connected."""
        self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        # A listener may disconnect itself while it is called.
        for listener in tuple(self._listeners):
            listener(event)

    @contextmanager
    def connected(self, listener: Callable[[Event], object]) -> Iterator[None]:
        """Listen for the length of a `with` block."""
        self.connect(listener)
        try:
            yield
        finally:
            self.disconnect(listener)
