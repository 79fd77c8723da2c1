"""`predict`: a project or an ONNX file, on arrays, on a table of raw columns, or on noise."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.cli.output import Output
from engine.cli.tables import read_arrays, read_table, write_arrays, write_table
from engine.cli.train import data_of, opened
from engine.data.base import Source
from engine.data.dataset import select, signature_of
from engine.data.encoding import Encoding
from engine.errors import DataError, ProjectError
from engine.evaluation.generate import generate
from engine.interop.onnx_export import METADATA
from engine.interop.verify import OnnxModel
from engine.layers.base import Array
from engine.layers.noise_source import Noise
from engine.plan.predict import Predictor
from engine.project.project import Project
from engine.shapes import Shape


class Model(Protocol):
    """What predicts: arrays by input name in, arrays by output name out, batch first."""

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of one example of each input."""

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Which columns each input takes; none means all."""

    @property
    def encoding(self) -> Encoding | None:
        """The way from raw columns to features, if it is known."""

    @property
    def source(self) -> Source | None:
        """What it was trained on, if it is known."""

    def predict(self, batch: Mapping[str, Array]) -> dict[str, Array]: ...

    def generate(self, count: int, seed: int) -> dict[str, Array]:
        """New examples. Raises GlassboxError if they cannot be made from noise."""


class ProjectModel:
    """A trained project."""

    def __init__(self, project: Project, output: Output) -> None:
        if not project.weights:
            raise ProjectError("The project is not trained yet. Train it before it predicts.")
        self._graph, self._weights = project.graph, project.weights
        self._predictor = Predictor(project.graph, project.weights)
        layers = {
            name: project.graph.node(node_id).layer.__dict__
            for name, node_id in self._predictor.inputs.items()
        }
        self.shapes = {name: settings["shape"] for name, settings in layers.items()}
        self.columns = {name: settings["columns"] for name, settings in layers.items()}
        self.encoding = project.encoding
        self.source = project.data.source if project.data else None
        if self.encoding is None and project.data is not None:
            self.encoding = data_of(project, output).encoding

    def predict(self, batch: Mapping[str, Array]) -> dict[str, Array]:
        return self._predictor.predict(batch)

    def generate(self, count: int, seed: int) -> dict[str, Array]:
        return generate(self._graph, self._weights, count, seed)


class ExportedModel:
    """An ONNX file; one that Glassbox wrote knows its columns and transforms."""

    def __init__(self, path: str) -> None:
        self._model = OnnxModel(path)
        plain = json.loads(self._model.metadata.get(METADATA, "{}"))
        settings = plain.get("noise", {})
        self._noise = {name: Noise(**given) for name, given in settings.items()}
        shapes = self._model.shapes
        self.shapes = {name: shapes[name] for name in shapes if name not in self._noise}
        columns = plain.get("columns", {})
        self.columns = {name: tuple(columns.get(name, ())) for name in self.shapes}
        encoding = plain.get("encoding")
        self.encoding = Encoding.from_plain(encoding) if encoding else None
        self.source = None

    def predict(self, batch: Mapping[str, Array]) -> dict[str, Array]:
        count = len(next(iter(batch.values()), ()))
        return self._model.predict(self._drawn(count, 0) | dict(batch))

    def generate(self, count: int, seed: int) -> dict[str, Array]:
        if self.shapes:
            raise ProjectError(
                f"The model makes its outputs from {', '.join(self.shapes)} and not from noise "
                "alone. Give it an --input."
            )
        return self._model.predict(self._drawn(count, seed))

    def _drawn(self, count: int, seed: int) -> dict[str, Array]:
        """Numbers for the inputs that stand for sources of noise."""
        rng = np.random.default_rng(seed)
        return {name: source.drawn(count, rng) for name, source in self._noise.items()}


def predict(asked: Namespace, output: Output) -> int:
    is_onnx = Path(asked.model).suffix.lower() == ".onnx"
    model: Model = (
        ExportedModel(asked.model) if is_onnx else ProjectModel(opened(asked.model, output), output)
    )
    if (asked.input is None) == (asked.count is None):
        raise ProjectError(
            "Predict needs either --input with a file of examples or --count with how many new "
            "ones to make. Give one of them."
        )
    if asked.count is not None:
        found = model.generate(asked.count, asked.seed)
    else:
        found = model.predict(_batch(asked.input, model, output))
    if Path(asked.output).suffix.lower() == ".csv":
        write_table(asked.output, found, model.encoding)
    else:
        write_arrays(asked.output, found)
        if scaling := model.encoding.target.scaling if model.encoding else "":
            output.note(f"The arrays are as the network gives them: {scaling}.")
    count = len(next(iter(found.values())))
    output.say(f"Wrote {count:,} predictions to {asked.output}.")
    output.finish(
        {
            "path": asked.output,
            "examples": count,
            "outputs": {name: list(array.shape) for name, array in found.items()},
        }
    )
    return 0


def _batch(file: str, model: Model, output: Output) -> dict[str, Array]:
    kind = Path(file).suffix.lower()
    if kind == ".npz":
        return _named(read_arrays(file), model)
    if kind != ".csv" and not Path(file).is_dir():
        raise DataError(
            f"The input {Path(file).name!r} must be a .npz file with an array for each input, a "
            ".csv file with raw columns, or a folder of images."
        )
    if model.encoding is None:
        raise DataError(
            "The model does not say how raw columns become its inputs. Give it a .npz file with "
            f"arrays named {', '.join(model.shapes)}."
        )
    table = read_table(file, model.encoding.image_shape, model.source)
    for note in table.notes:
        output.note(note)
    features = model.encoding.encode(table)
    signature = signature_of(model.encoding)
    return {
        name: select(signature, features, model.columns[name], shape)
        for name, shape in model.shapes.items()
    }


def _named(arrays: dict[str, Array], model: Model) -> dict[str, Array]:
    """Arrays under the names of the inputs; where there is one of each, any name will do."""
    names = tuple(model.shapes)
    if len(names) == len(arrays) == 1:
        arrays = {names[0]: next(iter(arrays.values()))}
    missing = [name for name in names if name not in arrays]
    if missing:
        raise DataError(
            f"The model needs an array named {missing[0]!r}, and the file has "
            f"{', '.join(arrays) or 'none'}. Its inputs are {', '.join(names)}."
        )
    for name in names:
        if arrays[name].dtype.kind not in "fiub":
            raise DataError(
                f"The array {name!r} must hold numbers, got {arrays[name].dtype}. "
                "Give raw columns as a .csv file."
            )
    return {name: np.asarray(arrays[name], np.float32) for name in names}
