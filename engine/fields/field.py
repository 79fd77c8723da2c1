"""The field: one typed setting, as a descriptor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Self, TypeVar, cast, overload

T = TypeVar("T")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold."""


class Field(Generic[T]):
    """One typed setting: its default, its check, and how it is written to a file.

    A field is a descriptor; reading it from an instance gives the value.
    `label` defaults to the attribute's name in words. `advanced` fields stay
    folded in the inspector until asked for.
    """

    name: str

    def __init__(
        self, default: T, *, help: str, label: str | None = None, advanced: bool = False
    ) -> None:
        self.default = default
        self.help = help
        self._label = label
        self.advanced = advanced

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def label(self) -> str:
        return self._label or self.name.replace("_", " ").capitalize()

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        return cast(T, instance.__dict__[self.name])

    def __set__(self, instance: object, value: T) -> None:
        raise AttributeError(f"{type(instance).__name__} is immutable; use replaced().")

    def expects(self) -> str:
        """What the field accepts, to follow "must be"."""
        raise NotImplementedError  # every concrete field says its own

    def accepted(self, value: object) -> T:
        """`value` as the field keeps it. Raises ValueError if it is not acceptable."""
        raise NotImplementedError  # every concrete field has its own check

    def to_plain(self, value: T) -> Plain:
        """The value as it stands in a project file."""
        return cast(Plain, value)

    def wrong_examples(self) -> Sequence[object]:
        """Values that the field must refuse; the contract tests try each."""
        return ()
