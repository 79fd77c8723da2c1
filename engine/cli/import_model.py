"""`import`: a model from elsewhere as an editable project."""

from __future__ import annotations

from argparse import Namespace

from engine.cli.output import Output
from engine.interop.onnx_import import import_onnx, verify_import
from engine.project.file import save_project
from engine.project.project import Project


def import_model(asked: Namespace, output: Output) -> int:
    """Exit code 1 if the project computes something else than the model."""
    found = import_onnx(asked.model)
    save_project(Project(graph=found.graph, weights=found.weights), asked.output)
    output.say(f"Wrote {asked.output}.")
    for note in found.notes:
        output.note(note)
    checked = verify_import(asked.model, found)
    if checked is None:
        output.note("The project cannot run yet, so it was not compared with the model.")
    else:
        output.say(f"Largest difference: {checked.max_abs_difference:.1e}")
        (output.say if checked.ok else output.note)(checked.message)
    output.finish(
        {
            "path": asked.output,
            "max_abs_difference": checked.max_abs_difference if checked else None,
            "notes": list(found.notes),
        }
    )
    return 0 if checked is None or checked.ok else 1
