"""Writes the file and vouches for it, in a thread beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject

from engine.data.dataset import Dataset
from engine.data.encoding import Encoding
from engine.graph.model import Graph
from engine.interop.batch import example_batch
from engine.interop.verify import Verification, verify_onnx
from engine.plan.parameters import Weights
from gui.training.latest import Latest, Report


@dataclass(frozen=True)
class Request:
    """What to export, independent of further edits and of training that goes on."""

    path: Path
    graph: Graph
    weights: Weights
    encoding: Encoding | None
    dataset: Dataset | None


@dataclass(frozen=True)
class Exported:
    """A file that was written, and what its verification found."""

    path: Path
    size: int
    from_data: bool
    verification: Verification


class Exporter(Latest):
    """One export at a time. What it has finished is an `Exported`."""

    def __init__(self, parent: QObject | None = None) -> None:
        fault = QCoreApplication.translate(
            "Exporter",
            "The export stopped because of a fault in the program ({}). Please report this.",
        )
        super().__init__(fault, parent)

    def export(self, request: Request) -> None:
        """Begin. A file that is written already stays, even if the export is given up."""
        self.start(lambda report: exported(request, report))


def exported(request: Request, report: Report) -> Exported:
    """Write the file, then run both sides on the same batch. Raises GlassboxError."""
    from engine.interop.onnx_export import export_onnx  # onnx takes a while to import

    report(0.1)
    batch, is_data = example_batch(request.graph, request.dataset, np.random.default_rng(0))
    encoding = request.encoding.to_plain() if request.encoding else None
    export_onnx(request.graph, request.weights, request.path, encoding, request.path.stem)
    report(0.6)
    found = verify_onnx(request.path, request.graph, request.weights, batch)
    report(1.0)
    return Exported(request.path, request.path.stat().st_size, is_data, found)
