"""Does the exported file compute what the network computes? Both sides run on the same batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ExportError
from engine.graph.model import Graph
from engine.interop.noise import with_noise_from_outside
from engine.interop.onnx_export import output_names
from engine.layers.base import Array
from engine.plan.extent import model_outputs
from engine.plan.parameters import Weights
from engine.plan.predict import Predictor
from engine.shapes import Shape

TOLERANCE = 1e-5

KINDS = {"tensor(double)": "f8", "tensor(int64)": "i8", "tensor(int32)": "i4"}
"""What onnxruntime calls the numbers of an input that are no float32."""


@dataclass(frozen=True)
class Verification:
    """What a comparison found.

    max_abs_difference: the largest difference between any two numbers; NaN where
        there is nothing to compare.
    verified_with: what ran the file: `onnxruntime 1.23.2`.
    examples: how many went through both sides.
    ok: whether the file can be vouched for. message: the finding in a sentence.
    """

    max_abs_difference: float
    verified_with: str
    examples: int
    ok: bool
    message: str


class OnnxModel:
    """An ONNX file, run by onnxruntime with its graph optimisation off.

    The optimisation has changed results before; what is verified is the file itself.
    """

    def __init__(self, path: str | Path) -> None:
        """Raises ExportError if the file is not there or no model."""
        import onnxruntime

        if not Path(path).is_file():
            raise ExportError(f"There is no file {str(path)!r}. Check its name and folder.")
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors share no base class
            raise ExportError(
                f"onnxruntime cannot load {Path(path).name!r}: {first_line(error)}. "
                "Export it again, or choose another file."
            ) from error
        self.runs_with = f"onnxruntime {onnxruntime.__version__}"

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self._session.get_inputs())

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of one example of each input; an axis of any length counts as 1."""
        return {
            entry.name: tuple(d if isinstance(d, int) else 1 for d in entry.shape[1:])
            for entry in self._session.get_inputs()
        }

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self._session.get_outputs())

    @property
    def metadata(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        return found

    def dtype(self, name: str) -> np.dtype[Any]:
        """What the input of that name takes."""
        kind = next(entry.type for entry in self._session.get_inputs() if entry.name == name)
        return np.dtype(KINDS.get(kind, "f4"))

    def predict(self, batch: Mapping[str, Array]) -> dict[str, Array]:
        """Output name to array, batch first.

        Raises ExportError if an array has another shape, or if onnxruntime refuses.
        """
        for entry in self._session.get_inputs():
            self._check_shape(entry.name, entry.shape, batch[entry.name].shape)
        feed = {name: batch[name].astype(self.dtype(name)) for name in self.inputs}
        try:
            results = self._session.run(list(self.outputs), feed)
        except Exception as error:
            raise ExportError(f"onnxruntime cannot run the model: {first_line(error)}.") from error
        return dict(zip(self.outputs, results, strict=True))

    @staticmethod
    def _check_shape(name: str, expected: Sequence[int | str | None], given: Shape) -> None:
        """Names in `expected` stand for axes of any length."""
        fits = len(given) == len(expected) and all(
            not isinstance(size, int) or size == length
            for size, length in zip(expected, given, strict=True)
        )
        if not fits:
            sizes = ", ".join("N" if not isinstance(size, int) else str(size) for size in expected)
            raise ExportError(
                f"The input {name!r} needs an array of shape ({sizes}), got {given}. "
                "Examples go along the first axis."
            )


def verify_onnx(
    path: str | Path, graph: Graph, weights: Weights, batch: Mapping[str, Array]
) -> Verification:
    """Run the file in onnxruntime and the graph in the engine, on the same batch.

    batch: input name to array, batch first, as the file takes it; noise is among its inputs.

    Never raises for a file that is wrong: the finding says so.
    """
    graph = with_noise_from_outside(graph)
    examples = len(next(iter(batch.values()), ()))
    try:
        model = OnnxModel(path)
        theirs = model.predict(batch)
    except ImportError:
        message = "Nobody can vouch for the file: onnxruntime is not installed. Install it."
        return Verification(float("nan"), "nothing", 0, False, message)
    except ExportError as error:
        message = f"Nobody can vouch for the file. {error}"
        return Verification(float("nan"), "onnxruntime", 0, False, message)
    with np.errstate(all="ignore"):  # what is not finite is found below
        ours = Predictor(graph, weights, _dtype(weights)).predict(batch)
    pairs = [
        (ours[output.name], theirs[name])
        for output, name in zip(model_outputs(graph), output_names(graph), strict=True)
    ]
    return _finding(pairs, model.runs_with, examples)


def _dtype(weights: Weights) -> np.dtype[Any]:
    return next((array.dtype for array in weights.values()), np.dtype(np.float32))


def _finding(pairs: list[tuple[Array, Array]], runs_with: str, examples: int) -> Verification:
    nowhere = float("nan")
    if not examples:
        message = "Nobody can vouch for the file: there is no example to run through it."
        return Verification(nowhere, runs_with, 0, False, message)
    for ours, theirs in pairs:
        if ours.shape != theirs.shape:
            message = (
                f"The file gives {theirs.shape} where the network gives {ours.shape}, "
                "so it does not compute the same."
            )
            return Verification(nowhere, runs_with, examples, False, message)
        if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
            message = (
                "Nobody can vouch for the file: some results are not finite numbers. "
                "Train the network anew, with a lower learning rate."
            )
            return Verification(nowhere, runs_with, examples, False, message)
    difference = max(float(np.abs(a - b).max(initial=0.0)) for a, b in pairs)
    sides = f"{runs_with} and the network differ by at most {difference:.1e} on {examples} examples"
    if difference <= TOLERANCE:
        return Verification(difference, runs_with, examples, True, f"{sides}.")
    message = f"{sides}, which is more than {TOLERANCE:g}: do not rely on the file."
    return Verification(difference, runs_with, examples, False, message)


def first_line(error: Exception) -> str:
    """The first line of a long message, without its stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")
