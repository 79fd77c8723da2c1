"""What a graph announces after each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.graph.model import Node, Wire


@dataclass(frozen=True)
class NodeAdded:
    """A node was added. index: its place in the order of nodes."""

    node: Node
    index: int


@dataclass(frozen=True)
class NodeRemoved:
    """A node was removed; its wires went before."""

    node: Node
    index: int


@dataclass(frozen=True)
class NodeChanged:
    """A node's layer, name or another of its properties was replaced."""

    before: Node
    after: Node


@dataclass(frozen=True)
class NodesMoved:
    """Nodes stand elsewhere; what the graph computes is as before."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class WireAdded:
    """A wire was added. index: its place in the order of wires."""

    wire: Wire
    index: int


@dataclass(frozen=True)
class WireRemoved:
    """A wire was removed."""

    wire: Wire
    index: int
