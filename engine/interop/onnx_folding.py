"""What a file computes from constants and shapes alone, computed while it is read.

The size of the batch counts as 0, which in the shape of a Reshape means "as it is".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.interop.onnx_building import Building
from engine.interop.onnx_file import Operator
from engine.layers.base import Array

LARGEST = 1 << 24
"""Numbers that a folded array may have: a small file must not fill the memory."""


def fold(building: Building, operator: Operator) -> bool:
    """Compute an operator whose inputs are fixed. Returns whether it could be done."""
    name = operator.outputs[0]
    if operator.kind == "Shape":
        value = building.values.get(operator.inputs[0])
        if value is not None and (value.shape is None or value.layout not in ("", "npf")):
            return False
        if value is not None and value.shape is not None:
            sizes = np.array([0, *value.shape], np.int64)
            start, end = operator.attributes.get("start", 0), operator.attributes.get("end")
            building.constants[name] = sizes[start:end]
            return True
    arrays = [building.constant(each) for each in operator.inputs if each]
    if operator.kind not in _FOLDED or any(array is None for array in arrays):
        return False
    given = [array for array in arrays if array is not None]
    try:
        if operator.kind == "Expand" and given[1][0] == 0:
            building.repeated[name] = _expanded(given[0], given[1][1:])
        else:
            building.constants[name] = _FOLDED[operator.kind](operator, given)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return True


def _expanded(array: Array, sizes: Array) -> Array:
    _check_size(sizes)
    return np.broadcast_to(array, np.broadcast_shapes(array.shape, tuple(int(n) for n in sizes)))


def _check_size(sizes: Array) -> None:
    if math.prod(int(n) for n in sizes) > LARGEST:
        raise ValueError("too large")


def _constant(operator: Operator, arrays: list[Array]) -> Array:
    (value,) = operator.attributes.values()
    return np.asarray(value, np.float32) if isinstance(value, float) else np.asarray(value)


def _filled(operator: Operator, arrays: list[Array]) -> Array:
    _check_size(arrays[0])
    value = np.asarray(operator.attributes.get("value", np.float32(0)))
    return np.full(tuple(int(n) for n in arrays[0]), value.flat[0], value.dtype)


def _axes(operator: Operator, arrays: list[Array]) -> tuple[int, ...] | None:
    given = arrays[1] if len(arrays) > 1 else operator.attributes.get("axes")
    return None if given is None else tuple(int(n) for n in np.atleast_1d(given))


def _unsqueezed(operator: Operator, arrays: list[Array]) -> Array:
    return np.expand_dims(arrays[0], _axes(operator, arrays) or 0)


def _sliced(operator: Operator, arrays: list[Array]) -> Array:
    array, starts, ends, *more = arrays
    axes = more[0] if more else range(len(starts))
    steps = more[1] if len(more) > 1 else [1] * len(starts)
    where = [slice(None)] * array.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        where[axis] = slice(int(start), int(end), int(step))
    return array[tuple(where)]


def _cast(operator: Operator, arrays: list[Array]) -> Array:
    is_whole = operator.attributes["to"] in (2, 3, 4, 5, 6, 7, 12, 13)
    return arrays[0].astype(np.int64 if is_whole else np.float32)


def _quotient(operator: Operator, arrays: list[Array]) -> Array:
    whole = all(array.dtype.kind in "iu" for array in arrays)
    found: Array = np.floor_divide(*arrays) if whole else np.divide(*arrays)
    return found


_FOLDED: Mapping[str, Callable[[Operator, list[Array]], Array]] = {
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Identity": lambda o, a: a[0],
    "Cast": _cast,
    "Concat": lambda o, a: np.concatenate(a, o.attributes["axis"]),
    "Gather": lambda o, a: np.take(a[0], a[1], o.attributes.get("axis", 0)),
    "Unsqueeze": _unsqueezed,
    "Squeeze": lambda o, a: np.squeeze(a[0], _axes(o, a)),
    "Slice": _sliced,
    "Expand": lambda o, a: _expanded(a[0], a[1]),
    "Reshape": lambda o, a: a[0].reshape(tuple(int(n) for n in a[1])),
    "Transpose": lambda o, a: np.transpose(a[0], o.attributes.get("perm")),
    "Add": lambda o, a: np.add(*a),
    "Sub": lambda o, a: np.subtract(*a),
    "Mul": lambda o, a: np.multiply(*a),
    "Div": _quotient,
    "Neg": lambda o, a: np.negative(a[0]),
    "Sqrt": lambda o, a: np.sqrt(a[0]),
}
