"""Runs in a project file: `runs/<id>/run.json` and `runs/<id>/checkpoint.safetensors`.

The JSON holds name, settings, graph, metrics and counters; the arrays are
weights, optimiser state and curves, complete enough to train on bit for bit.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from engine.errors import GlassboxError
from engine.fields import Plain
from engine.graph.serialize import GraphRecord, build_graph, graph_to_plain
from engine.project.archive import Parts, pack_arrays, unpack_arrays
from engine.project.text import readable_json
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from engine.training.history import Run

NAME = re.compile(r"runs/([^/]+)/run\.json")

# JSON has no words for these, and a training that went wrong has all of them.
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class RunRecord(msgspec.Struct, forbid_unknown_fields=True):
    """`run.json`. checkpoint: `Checkpoint.plain`."""

    name: str
    started: str
    seconds: float
    settings: dict[str, Any]
    graph: GraphRecord
    metrics: dict[str, dict[str, float | str]]
    checkpoint: dict[str, Any]


def run_parts(run: Run) -> Parts:
    """The parts of the archive that hold a run."""
    plain: dict[str, Plain] = {
        "name": run.name,
        "started": run.started,
        "seconds": run.seconds,
        "settings": run.settings.to_plain(),
        "graph": graph_to_plain(run.graph),
        "metrics": {part: dict(values) for part, values in run.metrics.items()},
        "checkpoint": run.checkpoint.plain,
    }
    folder = f"runs/{run.id}"
    return {
        f"{folder}/run.json": readable_json(_without_infinities(plain)).encode(),
        f"{folder}/checkpoint.safetensors": pack_arrays(run.checkpoint.arrays),
    }


def read_runs(parts: Parts, notes: list[str]) -> list[Run]:
    """The runs of an archive, taken out of `parts`.

    One that cannot be read stays in `parts`, and a note says so.
    """
    runs = []
    for name in [name for name in parts if NAME.fullmatch(name)]:
        run_id = name.split("/")[1]
        arrays = f"runs/{run_id}/checkpoint.safetensors"
        try:
            runs.append(_run(run_id, parts[name], parts.get(arrays)))
        except (GlassboxError, msgspec.ValidationError, ValueError) as error:
            notes.append(f"The run {run_id!r} is kept, and cannot be shown: {error}")
            continue
        except (KeyError, TypeError, AttributeError, IndexError):
            notes.append(f"The run {run_id!r} is kept, and cannot be shown: it is damaged.")
            continue
        del parts[name]
        parts.pop(arrays, None)
    return runs


def _run(run_id: str, content: bytes, arrays: bytes | None) -> Run:
    from engine.training.checkpoints import Checkpoint
    from engine.training.history import Run

    if arrays is None:
        raise ValueError("its checkpoint is missing.")
    record = msgspec.convert(json.loads(content), RunRecord)
    graph, _ = build_graph(record.graph)
    metrics = _with_infinities(record.metrics)
    run = Run(
        id=run_id,
        name=record.name,
        settings=TrainingSettings(**record.settings),
        graph=graph,
        checkpoint=Checkpoint(unpack_arrays(arrays), _with_infinities(record.checkpoint)),
        metrics={p: {n: float(v) for n, v in values.items()} for p, values in metrics.items()},
        started=record.started,
        seconds=record.seconds,
    )
    # What a window will ask for: better found damaged here than there.
    _ = run.epochs, run.curves
    return run


def _without_infinities(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _without_infinities(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_without_infinities(value) for value in plain]
    if isinstance(plain, float) and not math.isfinite(plain):
        return "NaN" if math.isnan(plain) else "Infinity" if plain > 0 else "-Infinity"
    return plain


def _with_infinities(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _with_infinities(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_with_infinities(value) for value in plain]
    return NOT_FINITE.get(plain, plain) if isinstance(plain, str) else plain
