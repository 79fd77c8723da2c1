"""Fields: the typed settings of everything a user can configure.

A class derived from `Declared` lists its fields once, with bounds and one
sentence of help. Its checks, its inspector form, its entry in the project
file, its help page and its tests all come from that list:

    class Dropout(Layer):
        rate = Real(0.5, minimum=0, below=1, help="Share of values set to zero.")

    Dropout(rate=0.2).replaced(rate=2)
    # FieldError: Dropout.rate must be a number from 0 to below 1, got 2.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast, overload

from engine.errors import FieldError, UnknownKindError

if TYPE_CHECKING:
    from engine.registry import Registry

T = TypeVar("T")
D = TypeVar("D", bound="Declared")

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


class Integer(Field[int]):
    """A whole number within bounds, both included."""

    def __init__(
        self,
        default: int,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.minimum = minimum
        self.maximum = maximum

    def expects(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f"a whole number from {self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"a whole number of at least {self.minimum}"
        if self.maximum is not None:
            return f"a whole number of at most {self.maximum}"
        return "a whole number"

    def accepted(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if isinstance(value, float) and not value.is_integer():
            raise ValueError
        value = int(value)
        if self.minimum is not None and value < self.minimum:
            raise ValueError
        if self.maximum is not None and value > self.maximum:
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        below = () if self.minimum is None else (self.minimum - 1,)
        above = () if self.maximum is None else (self.maximum + 1,)
        return (*below, *above, 1.5, "three", True, None)


class Real(Field[float]):
    """A finite number within bounds.

    `minimum` and `maximum` are included; `above` and `below` are not.
    `logarithmic` says that equal steps multiply (learning rates).
    """

    def __init__(
        self,
        default: float,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        above: float | None = None,
        below: float | None = None,
        logarithmic: bool = False,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.minimum = minimum
        self.maximum = maximum
        self.above = above
        self.below = below
        self.logarithmic = logarithmic

    def expects(self) -> str:
        low = (
            f"of at least {self.minimum:g}"
            if self.minimum is not None
            else f"above {self.above:g}"
            if self.above is not None
            else ""
        )
        high = (
            f"at most {self.maximum:g}"
            if self.maximum is not None
            else f"below {self.below:g}"
            if self.below is not None
            else ""
        )
        return " ".join(filter(None, ("a number", " and ".join(filter(None, (low, high))))))

    def accepted(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        value = float(value)
        refused = (
            not math.isfinite(value)
            or (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.above is not None and value <= self.above)
            or (self.below is not None and value >= self.below)
        )
        if refused:
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        wrong: list[object] = [math.nan, math.inf, "three", True, None]
        wrong += [] if self.minimum is None else [self.minimum - 1]
        wrong += [] if self.maximum is None else [self.maximum + 1]
        wrong += [] if self.above is None else [self.above]
        wrong += [] if self.below is None else [self.below]
        return wrong


class Boolean(Field[bool]):
    """Yes or no."""

    def expects(self) -> str:
        return "true or false"

    def accepted(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return (2, "yes", None)


class Text(Field[str]):
    """A line of text. `suggests` names where an editor finds suggestions (`columns`, `file`)."""

    def __init__(
        self,
        default: str,
        *,
        suggests: str = "",
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.suggests = suggests

    def expects(self) -> str:
        return "text"

    def accepted(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return (3, None, ["a"])


class Texts(Field[tuple[str, ...]]):
    """A list of names, such as the columns of a table."""

    def __init__(
        self,
        default: Sequence[str] = (),
        *,
        suggests: str = "",
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.suggests = suggests

    def expects(self) -> str:
        return "a list of texts"

    def accepted(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise ValueError
        return tuple(value)

    def to_plain(self, value: tuple[str, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        return ("abc", [1], None)


class Choice(Field[str]):
    """One of a few words. `options` maps each word to what a user reads for it."""

    def __init__(
        self,
        default: str,
        options: Mapping[str, str],
        *,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.options = dict(options)

    def expects(self) -> str:
        return "one of " + ", ".join(self.options)

    def accepted(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return ("no such option", 3, None)


class Sizes(Field[tuple[int, ...]]):
    """A shape: whole numbers of at least 1, with any number of axes from `axes`."""

    def __init__(
        self,
        default: Sequence[int],
        *,
        axes: range = range(1, 9),
        free_axis: bool = False,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.axes = axes
        self.free_axis = free_axis

    def expects(self) -> str:
        free = ", one of which may be -1 (whatever is left)" if self.free_axis else ""
        return f"{self.axes[0]} to {self.axes[-1]} whole numbers of at least 1{free}"

    def accepted(self, value: object) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or len(value) not in self.axes:
            raise ValueError
        if any(isinstance(v, bool) or not isinstance(v, int) for v in value):
            raise ValueError
        free = sum(v == -1 for v in value)
        if free > (1 if self.free_axis else 0) or any(v < 1 and v != -1 for v in value):
            raise ValueError
        return tuple(value)

    def to_plain(self, value: tuple[int, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        return ([0], [-1, -1], [1.5], "8x8", [1] * (self.axes[-1] + 1), None)


class Variant(Field[D]):
    """A nested declaration: one kind out of a registry, with that kind's own fields.

    In a file it is the bare kind name where every field has its default,
    else `{"kind": ..., field: value}`. `label`d editors show a choice of
    kinds with the chosen kind's form under it.
    """

    def __init__(
        self,
        default: D | str,
        registry: Registry[D],
        *,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        self.registry = registry
        if isinstance(default, str):
            default = registry.get(default)()
        super().__init__(default, help=help, label=label, advanced=advanced)

    def expects(self) -> str:
        return "one of " + ", ".join(self.registry.kinds())

    def accepted(self, value: object) -> D:
        return accepted_variant(self.registry, value)

    def to_plain(self, value: D) -> Plain:
        return variant_to_plain(value)

    def wrong_examples(self) -> Sequence[object]:
        return ("no such kind", "os.system", 3, None)


class Variants(Field[tuple[D, ...]]):
    """A list of nested declarations, such as the transforms of a data set, in order."""

    def __init__(
        self,
        default: Sequence[D],
        registry: Registry[D],
        *,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.registry = registry

    def expects(self) -> str:
        return "a list, each one of " + ", ".join(self.registry.kinds())

    def accepted(self, value: object) -> tuple[D, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError
        return tuple(accepted_variant(self.registry, item) for item in value)

    def to_plain(self, value: tuple[D, ...]) -> Plain:
        return [variant_to_plain(item) for item in value]

    def wrong_examples(self) -> Sequence[object]:
        return (["no such kind"], "standardise", 3, None)


def accepted_variant(registry: Registry[D], value: object) -> D:
    """A declaration from itself, its kind name, or its mapping in a file.

    Raises ValueError, or FieldError where the kind is known and a field of it is wrong.
    """
    if isinstance(value, Declared):
        if type(value) not in registry:
            raise ValueError
        return cast(D, value)
    try:
        if isinstance(value, str):
            return registry.get(value)()
        if isinstance(value, Mapping) and isinstance(value.get("kind"), str):
            settings = {str(k): v for k, v in value.items() if k != "kind"}
            return registry.get(value["kind"])(**settings)
    except UnknownKindError as error:
        raise ValueError(str(error)) from None
    raise ValueError


def variant_to_plain(value: Declared) -> Plain:
    changed: dict[str, Plain] = {
        field.name: field.to_plain(getattr(value, field.name))
        for field in value.fields()
        if getattr(value, field.name) != field.default
    }
    return {"kind": value.kind, **changed} if changed else value.kind


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

    def __init__(self, **settings: object) -> None:
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

    def replaced(self, **settings: object) -> Self:
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
