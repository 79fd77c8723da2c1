"""The base of everything that is declared by its fields."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from engine.errors import FieldError
from engine.fields.field import Field, Plain


class Declared:
    """Base of everything that is declared by its fields. Immutable; equal if all fields are.

    Class attributes
        kind: stable name in files.
        label: name for people.
        summary: one sentence for the palette and the help page.
        synonyms: other names by which people look for it.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    summary: ClassVar[str] = ""
    synonyms: ClassVar[tuple[str, ...]] = ()
    _fields: ClassVar[dict[str, Field[Any]]] = {}

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        cls._fields = {**cls._fields, **own}

    def __init__(self, /, **settings: object) -> None:
        """Raises FieldError for an unknown field or a value that its field refuses."""
        for name in settings:
            if name not in self._fields:
                near = difflib.get_close_matches(name, self._fields, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise FieldError(f"{self.label} has no setting named {name!r}.{hint}")
        for name, field in self._fields.items():
            value = field.default
            if name in settings:
                value = self._checked(field, settings[name])
            self.__dict__[name] = value

    def _checked(self, field: Field[Any], value: object) -> object:
        try:
            return field.accepted(value)
        except ValueError:
            raise FieldError(
                f"{self.label}.{field.name} must be {field.expects()}, got {value!r}."
            ) from None

    @classmethod
    def fields(cls) -> tuple[Field[Any], ...]:
        """The fields, inherited first, in the order of the class body."""
        return tuple(cls._fields.values())

    @classmethod
    def field(cls, name: str) -> Field[Any]:
        """Raises FieldError if there is none of that name."""
        try:
            return cls._fields[name]
        except KeyError:
            raise FieldError(f"{cls.label} has no setting named {name!r}.") from None

    def replaced(self, /, **settings: object) -> Self:
        """A copy with some settings changed. Raises FieldError."""
        return type(self)(**{**self.__dict__, **settings})

    def to_plain(self) -> dict[str, Plain]:
        """All settings as plain JSON values, without the kind."""
        return {f.name: f.to_plain(getattr(self, f.name)) for f in self.fields()}

    def __iter__(self) -> Iterator[tuple[Field[Any], Any]]:
        """Pairs of field and value."""
        return iter([(f, getattr(self, f.name)) for f in self.fields()])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        settings = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in self.fields())
        return f"{type(self).__name__}({settings})"
