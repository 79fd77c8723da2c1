"""Nodes on the system's clipboard, as readable JSON that can be mailed and pasted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QClipboard

from engine.graph.fragment import cut, from_json, to_json
from gui.document.document import Document


def copy(
    document: Document, ids: Iterable[str], clipboard: QClipboard, weights: bool = False
) -> None:
    """Put nodes and the wires at them on the clipboard, with what they have learned if wanted."""
    carried = document.weights if weights else None
    clipboard.setText(to_json(cut(document.graph, ids, carried, incoming=True)))


def paste(
    document: Document,
    clipboard: QClipboard,
    at: tuple[float, float] | None = None,
    wired: bool = False,
) -> tuple[str, ...]:
    """Add what is on the clipboard; the new ids.

    at: where the top left corner of the whole goes; None moves it a little off
        where it was copied.
    wired: keep the wires that led to it from nodes that are here.

    Raises FragmentError if the clipboard holds anything else.
    """
    fragment = from_json(clipboard.text())
    offset = (32.0, 32.0)
    if at is not None:
        left, top = fragment.corner
        offset = (at[0] - left, at[1] - top)
    return document.paste(fragment, offset, wired=wired)
