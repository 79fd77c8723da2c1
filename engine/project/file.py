"""Opening and saving `name.glassbox`.

A project file is a ZIP:

    project.json            graph, data source, settings; opens alone too
    weights.safetensors     one array per parameter, named `node/parameter`
    runs/<id>/...           see `runs.py`

Reading is three steps: parse to plain values, upgrade version by version,
build. What cannot be built is kept as it stands and written back. Nothing in
a file is ever run: kinds are looked up in closed registries.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from engine.atomic import write_atomically
from engine.data.settings import DataSettings
from engine.errors import GlassboxError, GraphError, ProjectError
from engine.fields import Plain
from engine.graph.serialize import build_graph, graph_to_plain
from engine.project.archive import (
    PROJECT,
    Parts,
    pack_arrays,
    read_parts,
    unpack_arrays,
    write_parts,
)
from engine.project.project import Project, Unread
from engine.project.runs import read_runs, run_parts
from engine.project.schema import FORMAT, VERSION, ProjectRecord
from engine.project.text import readable_json
from engine.project.upgrade import upgraded
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from engine.plan.parameters import Weights

WEIGHTS = "weights.safetensors"

Built = TypeVar("Built")


def open_project(path: str | Path) -> tuple[Project, list[str]]:
    """The project in a file, and a note for each thing in it that was not understood.

    Raises
        NewerProjectError: it comes from a newer version of the program.
        ProjectError: it cannot be read or is something else.
    """
    name = Path(path).name
    parts = read_parts(path)
    try:
        plain = json.loads(parts.pop(PROJECT))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ProjectError(
            f"{name!r} cannot be opened: its {PROJECT} is no longer valid JSON ({error}). "
            "Correct it there, or open an older copy."
        ) from error
    return _built(_record(upgraded(plain, name), name), parts, name)


def project_from_plain(plain: object, name: str) -> tuple[Project, list[str]]:
    """The project in the values of a `project.json` alone, with notes. Raises ProjectError."""
    return _built(_record(upgraded(plain, name), name), {}, name)


def _record(plain: dict[str, Any], name: str) -> ProjectRecord:
    try:
        return msgspec.convert(plain, ProjectRecord)
    except msgspec.ValidationError as error:
        # msgspec says what was expected, what came and at which path.
        raise ProjectError(
            f"{name!r} cannot be opened: in its {PROJECT}, {_lower(str(error))}. Correct it there."
        ) from error


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _built(record: ProjectRecord, parts: Parts, name: str) -> tuple[Project, list[str]]:
    try:
        graph, notes = build_graph(record.graph)
    except GraphError as error:
        raise ProjectError(f"{name!r} cannot be opened: {_lower(str(error))}") from error
    project = Project(graph=graph, view=record.view)
    kept: dict[str, Plain] = {}

    def section(title: str, plain: Any, build: Callable[[Any], Built]) -> Built | None:
        if plain is None:
            return None
        try:
            return build(plain)
        except GlassboxError as error:
            kept[title] = plain
            notes.append(f"The {title} settings are kept, and cannot be used: {error}")
            return None

    project.data = section("data", record.data, lambda plain: DataSettings(**plain))
    training = section("training", record.training, lambda plain: TrainingSettings(**plain))
    project.training = training or TrainingSettings()
    if record.encoding is not None:
        from engine.data.encoding import Encoding

        project.encoding = section("encoding", record.encoding, Encoding.from_plain)
    if WEIGHTS in parts:
        project.weights = _weights(parts, notes)
    project.runs = read_runs(parts, notes)
    project.unread = Unread(kept, parts)
    return project, notes


def _weights(parts: Parts, notes: list[str]) -> Weights:
    try:
        arrays = unpack_arrays(parts[WEIGHTS])
        weights = {_node_and_parameter(key): array for key, array in arrays.items()}
    except ValueError as error:
        notes.append(f"The weights are damaged and were left out ({error}). Train again.")
        weights = {}
    del parts[WEIGHTS]
    return weights


def _node_and_parameter(key: str) -> tuple[str, str]:
    node, slash, parameter = key.rpartition("/")
    if not slash:
        raise ValueError(f"an array is named {key!r}, not node/parameter")
    return node, parameter


def project_to_plain(project: Project) -> dict[str, Plain]:
    """What `project.json` holds."""
    kept = project.unread.sections
    data = project.data.to_plain() if project.data else kept.get("data")
    is_untouched = project.training == TrainingSettings()
    training = kept["training"] if "training" in kept and is_untouched else None
    plain: dict[str, Plain] = {
        "format": FORMAT,
        "version": VERSION,
        "graph": graph_to_plain(project.graph),
        "data": data,
        "training": training or project.training.to_plain(),
    }
    encoding = project.encoding.to_plain() if project.encoding else kept.get("encoding")
    if encoding is not None:
        plain["encoding"] = encoding
    if project.view:
        plain["view"] = project.view
    return plain


def project_parts(project: Project) -> Parts:
    """What the archive holds."""
    parts = {PROJECT: readable_json(project_to_plain(project)).encode()}
    if project.weights:
        parts[WEIGHTS] = pack_arrays(
            {f"{node}/{name}": array for (node, name), array in project.weights.items()}
        )
    for run in project.runs:
        parts |= run_parts(run)
    return parts | {n: part for n, part in project.unread.parts.items() if n not in parts}


def save_project(project: Project, path: str | Path) -> None:
    """Write the project; on any failure the file that was there stays whole.

    Raises ProjectError.
    """
    parts = project_parts(project)
    write_atomically(path, lambda file: write_parts(file, parts))
