"""Runs: what is kept of each training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.graph.model import Graph
from engine.training.checkpoints import Checkpoint, curves_of
from engine.training.settings import TrainingSettings
from engine.training.telemetry import Curve


@dataclass(frozen=True, eq=False)
class Run:
    """One training of one graph.

    id: unique within the project: `run_1`, `run_2`, ...
    started: when, as ISO 8601 text; empty if unknown.
    metrics: of each part, at the end: `{"validation": {"loss": 0.1, "accuracy": 0.97}}`.
    """

    id: str
    name: str
    settings: TrainingSettings
    graph: Graph
    checkpoint: Checkpoint
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    started: str = ""
    seconds: float = 0.0

    @property
    def epochs(self) -> int:
        """Epochs that are complete."""
        return self.checkpoint.epoch

    @property
    def curves(self) -> dict[str, Curve]:
        """What was recorded, by name, as in `Telemetry`."""
        plain = self.checkpoint.plain.get("curves")
        return curves_of(self.checkpoint.arrays, plain) if isinstance(plain, dict) else {}

    def renamed(self, name: str) -> Run:
        return replace(self, name=name)


def fresh_run_id(taken: Mapping[str, object] | set[str]) -> str:
    """An unused id for a new run."""
    number = 1
    while f"run_{number}" in taken:
        number += 1
    return f"run_{number}"
