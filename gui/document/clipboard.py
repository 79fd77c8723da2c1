"""Nodes on the system's clipboard, as readable JSON that can be mailed and pasted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QClipboard

from engine.graph.fragment import cut, from_json, to_json
from gui.document.document import Document


def copy(document: Document, ids: Iterable[str], clipboard: QClipboard) -> None:
    """Put nodes and groups, and the wires among them, on the clipboard."""
    clipboard.setText(to_json(cut(document.graph, ids)))


def paste(
    document: Document, clipboard: QClipboard, at: tuple[float, float] | None = None
) -> tuple[str, ...]:
    """Add what is on the clipboard; the new ids.

    at: where the top left corner of the whole goes; None moves it a little off
        where it was copied.

    Raises FragmentError if the clipboard holds anything else.
    """
    fragment = from_json(clipboard.text())
    offset = (32.0, 32.0)
    if at is not None and fragment.nodes:
        left, top = fragment.corner
        offset = (at[0] - left, at[1] - top)
    return document.paste(fragment, offset)
