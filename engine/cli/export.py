"""`export`: write a trained network for other programs, and vouch for what was written."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import numpy as np

from engine.cli.output import Output
from engine.cli.train import opened
from engine.data.dataset import prepare
from engine.errors import DataError, ProjectError
from engine.interop.batch import example_batch
from engine.interop.onnx_export import export_onnx
from engine.interop.verify import verify_onnx


def export(asked: Namespace, output: Output) -> int:
    """Exit code 1 if the file cannot be vouched for."""
    project = opened(asked.file, output)
    if not project.weights:
        raise ProjectError("The project is not trained yet. Train it before it is exported.")
    dataset = None
    if project.data is not None:
        try:
            dataset = prepare(project.data)
        except DataError as error:
            output.note(f"The data cannot be read, so random numbers stand in for it: {error}")
    encoding = project.encoding or (dataset.encoding if dataset else None)
    export_onnx(
        project.graph,
        project.weights,
        asked.output,
        encoding.to_plain() if encoding else None,
        Path(asked.file).stem,
    )
    batch, _ = example_batch(project.graph, dataset, np.random.default_rng(0))
    found = verify_onnx(asked.output, project.graph, project.weights, batch)
    output.say(f"Wrote {asked.output}.")
    if scaling := encoding.target.scaling if encoding else "":
        output.note(f"The model gives the numbers of the network: {scaling}.")
    output.say(f"Largest difference: {found.max_abs_difference:.1e}")
    (output.say if found.ok else output.note)(found.message)
    output.finish(
        {
            "path": asked.output,
            "max_abs_difference": found.max_abs_difference,
            "verified_with": found.verified_with,
            "ok": found.ok,
            "message": found.message,
        }
    )
    return 0 if found.ok else 1
