"""An ONNX file as operators and arrays: what it holds, before anybody asks what it means.

Nothing in a file is ever run, and nothing outside the folder of the file is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ModelImportError
from engine.layers.base import Array
from engine.shapes import Shape


@dataclass(frozen=True)
class Operator:
    """One node of the file. An empty input name stands for an optional input left out.

    name: the file's own, or the kind with a number. attributes: numbers, texts, lists and arrays.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def input(self, place: int) -> str:
        """The name at a place; empty where it is left out."""
        return self.inputs[place] if place < len(self.inputs) else ""


@dataclass(frozen=True)
class OnnxFile:
    """A model taken apart.

    operators: those that the outputs depend on, each after what it reads.
    constants: the arrays of the file by name.
    inputs: name to the shape of one example. batch: the size that the file fixes, if it does.
    shapes: name to the shape of one example, of values where ONNX itself can tell it.
    version: of the set of operators.
    """

    operators: tuple[Operator, ...]
    constants: dict[str, Array]
    inputs: dict[str, Shape]
    outputs: tuple[str, ...]
    batch: int | None
    shapes: dict[str, Shape]
    version: int


def read_onnx(path: str | Path) -> OnnxFile:
    """Take the model in a file apart.

    Raises ModelImportError: there is no such file, it is damaged or no ONNX model, its weights
        are in a file outside its folder, or an input has an axis of any length.
    """
    import onnx

    path = Path(path)
    try:
        model = onnx.load(str(path), load_external_data=False)
    except OSError as error:
        raise ModelImportError(
            f"{path.name!r} cannot be read ({error.strerror or error}). Check its name and folder."
        ) from error
    except Exception as error:  # protobuf's own errors share no base class
        raise _damaged(path, "its bytes are no ONNX model") from error
    if not model.graph.node or not model.graph.output:
        raise _damaged(path, "it holds no network")
    try:
        _load_external(model, path)
        return _taken_apart(model, path)
    except ModelImportError:
        raise
    except Exception as error:  # arrays whose bytes and shapes do not agree, and their like
        raise _damaged(path, str(error).strip().partition("\n")[0].rstrip(".")) from error


def _damaged(path: Path, reason: str) -> ModelImportError:
    return ModelImportError(
        f"{path.name!r} is damaged or not an ONNX model: {reason}. "
        "Export it again, or choose another file."
    )


def _load_external(model: Any, path: Path) -> None:
    """Read the arrays that the file keeps in other files, all of them in its own folder."""
    from onnx import external_data_helper as external

    folder = path.resolve().parent
    tensors = [*model.graph.initializer]
    tensors += [a.t for node in model.graph.node for a in node.attribute if a.HasField("t")]
    for tensor in filter(external.uses_external_data, tensors):
        location = external.ExternalDataInfo(tensor).location
        file = (folder / location).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise ModelImportError(
                f"{path.name!r} keeps weights in {location!r}, which is not a file in its own "
                "folder. Put that file beside the model."
            )
        external.load_external_data_for_tensor(tensor, str(folder))


def _taken_apart(model: Any, path: Path) -> OnnxFile:
    from onnx import numpy_helper

    graph = model.graph
    constants = {t.name: as_float32(numpy_helper.to_array(t)) for t in graph.initializer}
    entries = [entry for entry in graph.input if entry.name not in constants]
    inputs = {entry.name: _example_shape(entry, path) for entry in entries}
    batches = {_dims(entry)[0] for entry in entries}
    outputs = tuple(entry.name for entry in graph.output)
    operators = _needed(list(_operators(graph)), outputs)
    known = {*constants, *inputs, ""}
    for operator in operators:
        if missing := [name for name in operator.inputs if name not in known]:
            raise _damaged(path, f"{operator.name} reads {missing[0]!r}, which nothing gives")
        known.update(operator.outputs)
    if missing := [name for name in outputs if name not in known]:
        raise _damaged(path, f"nothing gives its output {missing[0]!r}")
    fixed = next(iter(batches)) if len(batches) == 1 else None
    versions = [each.version for each in model.opset_import if each.domain in ("", "ai.onnx")]
    shapes, version = _inferred(model), max(versions, default=1)
    return OnnxFile(operators, constants, inputs, outputs, fixed, shapes, version)


def as_float32(array: Array) -> Array:
    """Floats as the engine keeps them; whole numbers as they are."""
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def _dims(entry: Any) -> tuple[int | None, ...]:
    """The lengths of all axes; None for those of any length."""
    dims = entry.type.tensor_type.shape.dim
    return tuple(d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in dims)


def _example_shape(entry: Any, path: Path) -> Shape:
    dims = _dims(entry)
    if len(dims) < 2:
        raise ModelImportError(
            f"The input {entry.name!r} of {path.name!r} needs a batch and at least one more axis, "
            f"got {len(dims)} in all. Export the model with examples of one axis or more."
        )
    lengths = tuple(length for length in dims[1:] if length is not None)
    if len(lengths) < len(dims) - 1:
        names = [d.dim_param or "?" for d in entry.type.tensor_type.shape.dim]
        sizes = ", ".join(str(n or name) for n, name in zip(dims, names, strict=True))
        raise ModelImportError(
            f"The input {entry.name!r} of {path.name!r} has the shape ({sizes}), and only its "
            "first axis may have any length. Export the model with fixed sizes for the others."
        )
    return lengths


def _operators(graph: Any) -> Iterator[Operator]:
    from onnx import AttributeProto, helper, numpy_helper

    numbers: Counter[str] = Counter()
    for node in graph.node:
        attributes = {}
        for attribute in node.attribute:
            if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
                continue  # what runs in a loop or a branch has no counterpart anyway
            value = helper.get_attribute_value(attribute)
            if attribute.type == AttributeProto.TENSOR:
                value = as_float32(numpy_helper.to_array(value))
            attributes[attribute.name] = _text(value)
        numbers[node.op_type] += 1
        is_standard = node.domain in ("", "ai.onnx")
        yield Operator(
            node.op_type if is_standard else f"{node.domain}.{node.op_type}",
            node.name or f"{node.op_type}_{numbers[node.op_type]}",
            tuple(node.input),
            tuple(node.output),
            attributes,
        )


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return [_text(item) for item in value] if isinstance(value, list | tuple) else value


def _needed(operators: list[Operator], outputs: tuple[str, ...]) -> tuple[Operator, ...]:
    """Those that the outputs depend on, in the order of the file."""
    wanted, found = set(outputs), []
    for operator in reversed(operators):
        if wanted.intersection(operator.outputs):
            wanted.update(operator.inputs)
            found.append(operator)
    return tuple(reversed(found))


def _inferred(model: Any) -> dict[str, Shape]:
    """What ONNX itself can tell of the shapes between operators; nothing where it cannot."""
    import onnx

    try:
        graph = onnx.shape_inference.infer_shapes(model).graph
    except Exception:  # too large, or with operators that it does not know
        return {}
    found = {}
    for entry in (*graph.value_info, *graph.output):
        lengths = tuple(length for length in _dims(entry)[1:] if length is not None)
        if lengths and len(lengths) == len(_dims(entry)) - 1:
            found[entry.name] = lengths
    return found
