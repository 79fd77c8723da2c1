"""Closed lists of kinds: what a name in a project file may stand for.

A registry maps a stable kind name to the class that declares it. Names never
are import paths, so that a file cannot make the program run foreign code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from engine.errors import UnknownKindError

if TYPE_CHECKING:
    from engine.fields import Declared

Registered = TypeVar("Registered", bound="Declared")


class Registry(Generic[Registered]):
    """The classes of one concept, in the order in which they were registered.

    Use `register` as a class decorator; nothing enters by being imported or
    subclassed, so that test doubles stay out of the palette.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._classes: dict[str, type[Registered]] = {}

    def register(self, cls: type[Registered]) -> type[Registered]:
        """Add a class under its `kind`. Raises ValueError if the kind is taken."""
        if cls.kind in self._classes:
            raise ValueError(f"The {self.noun} kind {cls.kind!r} is registered twice.")
        self._classes[cls.kind] = cls
        return cls

    def get(self, kind: str) -> type[Registered]:
        """The class of a kind. Raises UnknownKindError, with the nearest name."""
        try:
            return self._classes[kind]
        except KeyError:
            raise UnknownKindError(self._unknown(kind)) from None

    def _unknown(self, kind: str) -> str:
        near = difflib.get_close_matches(kind, self._classes, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(self._classes)}."
        return f"No {self.noun} is named {kind!r}. {hint}"

    def __iter__(self) -> Iterator[type[Registered]]:
        return iter(self._classes.values())

    def __contains__(self, item: object) -> bool:
        """Whether a kind name or a class is registered."""
        return item in self._classes or item in self._classes.values()

    def __len__(self) -> int:
        return len(self._classes)

    def kinds(self) -> tuple[str, ...]:
        return tuple(self._classes)
