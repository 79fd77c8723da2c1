"""What the gallery offers, and the picture of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from engine.errors import GlassboxError
from engine.project.file import open_project
from engine.project.project import Project
from engine.project.templates import TEMPLATES
from gui.canvas.scene import GraphScene
from gui.document.document import Document
from gui.gallery.sketch import sketch

RECENT = "recent"


@dataclass(frozen=True)
class Entry:
    """A network to begin with: a template, or a file. family: the template's, or "recent"."""

    key: str
    title: str
    summary: str
    family: str
    project: Callable[[], Project]

    @property
    def path(self) -> Path | None:
        """The file; None for a template, whose id is the key."""
        return Path(self.key) if self.family == RECENT else None


def entries(recent: Iterable[str]) -> list[Entry]:
    """All templates, and after them the files that are there."""
    ready = [Entry(t.id, t.title, t.summary, t.family, t.open) for t in TEMPLATES]
    files = [Path(text) for text in recent if Path(text).exists()]
    return ready + [
        Entry(str(path), path.stem, str(path.parent), RECENT, partial(_read, path))
        for path in files
    ]


def _read(path: Path) -> Project:
    return open_project(path)[0]


def picture(entry: Entry, room: QSize, ratio: float) -> QImage:
    """The network of an entry, sketched; blank if it cannot be read."""
    try:
        document = Document(entry.project())
    except GlassboxError:
        document = Document()
    scene = GraphScene(document)
    try:
        return sketch(scene, room, ratio)
    finally:
        shiboken6.delete(scene)
        shiboken6.delete(document)
