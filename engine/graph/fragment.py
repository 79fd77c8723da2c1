"""Fragments: some nodes of a graph with the wires between them, to copy, paste and send.

As text a fragment is JSON that says so in its `format`, so that a paste of
anything else is told apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import msgspec

from engine.errors import FragmentError, GlassboxError
from engine.graph.model import Graph, Node, Wire
from engine.graph.serialize import GraphRecord, build_graph, to_plain

FORMAT = "glassbox/fragment"
VERSION = 2


@dataclass(frozen=True)
class Fragment:
    """Nodes, and the wires that join them to each other, both in the order of their graph."""

    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...] = ()


def cut(graph: Graph, ids: Iterable[str]) -> Fragment:
    """The nodes of these ids and the wires between them; the graph stays as it is.

    Raises UnknownNodeError.
    """
    wanted = {graph.node(node_id).id for node_id in ids}
    return Fragment(
        tuple(node for node in graph.nodes if node.id in wanted),
        tuple(wire for wire in graph.wires if wire.source in wanted and wire.target in wanted),
    )


def paste(
    fragment: Fragment,
    fresh_id: Callable[[str, Collection[str]], str],
    offset: tuple[float, float] = (0.0, 0.0),
) -> Fragment:
    """The fragment under new ids, moved by `offset`.

    fresh_id: an unused id for a kind, given the ids already spoken for (`Graph.fresh_id`).
    """
    ids: dict[str, str] = {}
    spoken_for: set[str] = set()
    for node in fragment.nodes:
        ids[node.id] = fresh_id(node.layer.kind, spoken_for)
        spoken_for.add(ids[node.id])
    across, down = offset
    return Fragment(
        tuple(
            replace(
                node, id=ids[node.id], position=(node.position[0] + across, node.position[1] + down)
            )
            for node in fragment.nodes
        ),
        tuple(replace(w, source=ids[w.source], target=ids[w.target]) for w in fragment.wires),
    )


def to_json(fragment: Fragment) -> str:
    """The fragment as text, for the clipboard."""
    plain = {"format": FORMAT, "version": VERSION, **to_plain(fragment.nodes, fragment.wires)}
    return json.dumps(plain, indent=1, ensure_ascii=False)


class _FragmentRecord(GraphRecord, kw_only=True):
    format: str
    version: int


def from_json(text: str) -> Fragment:
    """The fragment that a text holds; nodes of unknown kinds become placeholders.

    Raises FragmentError if the text is anything else.
    """
    try:
        record = msgspec.json.decode(text, type=_FragmentRecord)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise FragmentError(
            "The text to paste is not a piece of a graph. Copy some nodes first."
        ) from error
    if record.format != FORMAT:
        raise FragmentError(
            f"The text to paste says that it is {record.format!r}, not a piece of a graph. "
            "Copy some nodes first."
        )
    if record.version > VERSION:
        raise FragmentError(
            "The nodes to paste come from a newer version of Glassbox. Update this one first."
        )
    try:
        graph, _ = build_graph(record)
    except GlassboxError as error:
        raise FragmentError(f"The nodes to paste do not fit together. {error}") from error
    return Fragment(graph.nodes, graph.wires)
