"""The built-in projects: JSON files in `resources/templates`."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from engine.errors import ProjectError
from engine.project.file import project_from_plain
from engine.project.project import Project

# Beside the package, in a checkout and where a wheel is installed alike.
FOLDER = Path(__file__).parents[2] / "resources" / "templates"

Family = Literal["playground", "vision", "table", "sequence", "memory", "generative"]
FAMILIES: tuple[Family, ...] = get_args(Family)
"""What templates are about, in order."""


@dataclass(frozen=True)
class Template:
    """A built-in project. id: the name by which commands know it. family: one of FAMILIES."""

    id: str
    title: str
    summary: str
    family: str
    plain: dict[str, Any]

    def open(self) -> Project:
        """A new project like it."""
        project, _ = project_from_plain(self.plain, self.id)
        return project


class TemplateRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A file of the folder. place: its place in the list. project: as in `project.json`."""

    id: str
    title: str
    summary: str
    place: int
    family: Family
    project: dict[str, Any]


def templates(folder: Path = FOLDER) -> tuple[Template, ...]:
    """All built-in projects, the one to begin with first."""
    records = [
        msgspec.json.decode(file.read_bytes(), type=TemplateRecord)
        for file in sorted(folder.glob("*.json"))
    ]
    records.sort(key=lambda record: record.place)
    return tuple(Template(r.id, r.title, r.summary, r.family, r.project) for r in records)


TEMPLATES = templates()


def open_template(template_id: str) -> Project:
    """A new project like a built-in one. Raises ProjectError for an unknown id."""
    known = {template.id: template for template in TEMPLATES}
    if template_id not in known:
        near = difflib.get_close_matches(template_id, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known)}."
        raise ProjectError(f"No template is named {template_id!r}. {hint}")
    return known[template_id].open()
