"""What a screen reader says about the canvas: the selected node, in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from engine import shapes
from engine.graph.groups import members
from gui.document.document import Document

translate = QCoreApplication.translate


def describe(document: Document, ids: Sequence[str]) -> str:
    """What is selected: `Dense, 64 · relu, wired from Input to Dense 2, output 64`."""
    graph = document.graph
    if not ids:
        return translate("Spoken", "Nothing selected, {} nodes").format(len(graph))
    selected = translate("Spoken", "{} selected")
    if len(ids) > 1:
        return selected.format(document.called(ids))
    (key,) = ids
    if document.is_annotation(key):
        annotation = graph.drawing.annotation(key)
        is_frame = annotation.kind == "frame"
        kind = translate("Spoken", "frame") if is_frame else translate("Spoken", "note")
        return selected.format(f"{kind} “{annotation.text}”")
    if key not in graph:
        words = translate("Spoken", "{0}, a group of {1} nodes")
        return words.format(document.called([key]), len(members(graph, [key])))
    node, found = graph.node(key), document.inference.get(key)
    parts = [node.title, node.layer.line()]
    if node.name and node.name != node.layer.title():
        parts.insert(1, node.layer.title())
    sources = [graph.node(wire.source).title for wire in graph.incoming(key)]
    targets = [graph.node(wire.target).title for wire in graph.outgoing(key)]
    wired = []
    if sources:
        wired.append(translate("Spoken", "from {}").format(_listed(sources)))
    if targets:
        wired.append(translate("Spoken", "to {}").format(_listed(targets)))
    if wired:
        parts.append(translate("Spoken", "wired {}").format(" ".join(wired)))
    else:
        parts.append(translate("Spoken", "not wired"))
    if found is not None and found.outputs:
        parts.append(translate("Spoken", "output {}").format(shapes.text(found.outputs[0])))
    troubles = [problem.message for problem in document.problems if problem.node == key]
    return ", ".join(part for part in [*parts, *troubles] if part)


def _listed(titles: list[str]) -> str:
    if len(titles) > 4:
        return translate("Spoken", "{} nodes").format(len(titles))
    return ", ".join(titles)
