"""What a project file of this version holds, as plain records without behaviour."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.graph.serialize import GraphRecord

FORMAT = "glassbox/project"
VERSION = 2


class ProjectRecord(msgspec.Struct, forbid_unknown_fields=True):
    """`project.json`.

    data, training: settings as `Declared.to_plain` gives them.
    encoding: fitted transforms, as `Encoding.to_plain` gives them.
    view: how the window stood (pan, zoom); nothing depends on it.
    """

    format: str
    version: int
    graph: GraphRecord
    data: dict[str, Any] | None = None
    training: dict[str, Any] = {}
    encoding: dict[str, Any] | None = None
    view: dict[str, Any] = {}
