"""What stands for a node whose kind this version does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from engine.errors import ExportError, ShapeError
from engine.fields import Plain
from engine.layers.base import ArrivingShapes, Layer, Port, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


FOREIGN = "onnx."
"""Begins the kinds of operators of an imported model that no layer stands for."""


class Placeholder(Layer):
    """Keeps the kind, settings and wires of an unknown node, so that a file loses nothing.

    It has no place in the palette and cannot run. Its kind and ports are those
    of the node it stands for.
    """

    kind: ClassVar[str] = "placeholder"
    label = "Unknown layer"
    summary = "Stands for a layer that this version does not know."
    category = "core"

    def __init__(
        self,
        kind: str,
        settings: Mapping[str, Plain] | None = None,
        input_ports: tuple[str, ...] = ("in",),
        output_ports: tuple[str, ...] = ("out",),
        reason: str = "",
    ) -> None:
        """The ports are those that the file's wires name.

        reason: why the node could not be built, where its kind is known.
        """
        super().__init__()
        self.__dict__.update(
            kind=kind,
            settings=dict(settings or {}),
            input_ports=tuple(Port(name, many=True, required=False) for name in input_ports),
            output_ports=tuple(Port(name) for name in output_ports),
            reason=reason or _unknown(kind),
        )

    def __hash__(self) -> int:
        return hash((type(self), self.kind, self.input_ports, self.output_ports))

    def __repr__(self) -> str:
        return f"Placeholder({self.kind!r})"

    def replaced(self, **settings: object) -> Placeholder:
        """Raises FieldError for any setting: what they mean is not known."""
        for name in settings:
            self.field(name)
        return self

    def to_plain(self) -> dict[str, Plain]:
        settings: dict[str, Plain] = self.__dict__["settings"]
        return dict(settings)

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        raise ShapeError(self.reason)

    def bind(self, work: Workspace) -> None:
        raise ShapeError(self.reason)

    def onnx(self, graph: OnnxGraph) -> None:
        raise ExportError(self.reason)

    @property
    def reason(self) -> str:
        """Why it cannot run, and what to do, in a sentence or two."""
        reason: str = self.__dict__["reason"]
        return reason

    def title(self) -> str:
        return f"Unknown: {self.kind}"


def _unknown(kind: str) -> str:
    if kind.startswith(FOREIGN):
        operator = kind.removeprefix(FOREIGN)
        return f"The ONNX operator {operator} has no layer. Put another layer in its place."
    return (
        f"This version of Glassbox does not know the layer {kind!r}. "
        "Open the file with a newer version, or put another layer in its place."
    )
