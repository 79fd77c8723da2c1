"""Fields that hold declarations of their own: one kind out of a registry, or a list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from engine.errors import UnknownKindError
from engine.fields.declared import Declared
from engine.fields.field import Field, Plain

if TYPE_CHECKING:
    from engine.registry import Registry

D = TypeVar("D", bound=Declared)


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
