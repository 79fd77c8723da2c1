"""The project: everything a user saves together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.fields import Plain
from engine.graph.model import Graph
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from engine.data.encoding import Encoding
    from engine.data.settings import DataSettings
    from engine.plan.parameters import Weights
    from engine.training.history import Run


@dataclass
class Unread:
    """What a file held and this program does not understand: kept, and written back as it stands.

    sections: of `project.json`. parts: of the archive.
    """

    sections: dict[str, Plain] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Project:
    """A graph with its data source, training settings, weights and runs.

    data: None where no data set was chosen yet.
    encoding: how raw columns become what the network takes, fitted in the last training.
    weights: (node id, parameter name) to array; empty before the first training.
    view: how the window stood; nothing depends on it.
    """

    graph: Graph = field(default_factory=Graph)
    data: DataSettings | None = None
    training: TrainingSettings = field(default_factory=TrainingSettings)
    encoding: Encoding | None = None
    weights: Weights = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    view: dict[str, Plain] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)
