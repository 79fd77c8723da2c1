"""Operators that arrange numbers anew, join, add or pick them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.interop.onnx_activations import LAYOUTS, erf_gelu
from engine.interop.onnx_building import Building, UnsupportedError, Value, give_shape
from engine.interop.onnx_file import Operator
from engine.interop.onnx_masks import padding_token
from engine.interop.onnx_weighing import dense, grouped_norm
from engine.layers.base import Array
from engine.shapes import Shape

ANY = (*LAYOUTS, "tdnh", "ntdh", "tndh", "dnh", "ndh", "npf", "pnf", "pdnh", "npdh")


def same(building: Building, operator: Operator) -> None:
    """What only passes on: Identity, Cast, and Clip of whole numbers that a Gather reads."""
    picks = any(reader.kind == "Gather" for reader in building.readers(operator.outputs[0]))
    if operator.kind == "Clip" and not picks:
        raise UnsupportedError("no layer cuts numbers off at a limit")
    building.give(operator, building.value(operator.inputs[0], ANY))


def dropout(building: Building, operator: Operator) -> None:
    rate = building.constant(operator.input(1))
    share = operator.attributes.get("ratio", 0.5) if rate is None else float(rate.flat[0])
    value = building.value(operator.inputs[0], LAYOUTS)
    made = building.layer("dropout", [value], layout=value.layout, rate=round(share, 7))
    building.give(operator, made)


def flatten(building: Building, operator: Operator) -> None:
    if operator.attributes.get("axis", 1) != 1:
        raise UnsupportedError("it joins the batch with other axes")
    building.give(operator, building.layer("flatten", [building.value(operator.inputs[0])]))


def reshape(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0], ANY)
    target = [int(n) for n in building.fixed(operator.inputs[1], "shape")]
    if value.layout:
        building.give(operator, _put_back(value, target))
        return
    first, rest = target[0], target[1:]
    if len(rest) == 2 and rest[1] == -1 and grouped_norm(building, operator, value, rest[0]):
        return
    rest = [
        value.known[place] if n == 0 and place < len(value.known) else n
        for place, n in enumerate(rest)
    ]
    size, wanted = math.prod(value.known), math.prod(n for n in rest if n != -1)
    is_batch = first in (0, building.file.batch) or (first == -1 and -1 not in rest)
    if not is_batch or not rest:
        raise UnsupportedError("it joins the batch with other axes")
    is_rows = first == -1 and len(value.known) == 2 and rest == [value.known[1]]
    if is_rows and (wanted != size or _is_put_back(building, operator.outputs[0])):
        building.give(operator, replace(value, layout="rf"))
        return
    if wanted and (size % wanted or (-1 not in rest and size != wanted)):
        raise UnsupportedError("it joins the batch with other axes")
    give_shape(building, operator, value, tuple(size // wanted if n == -1 else n for n in rest))


def _is_put_back(building: Building, name: str) -> bool:
    """Whether rows are all that a sequence of one step has, which becomes one again."""
    while len(readers := building.readers(name)) == 1:
        (reader,) = readers
        if reader.kind == "Reshape":
            sizes = building.constant(reader.inputs[1])
            return sizes is not None and len(sizes) == 3 and sizes[1] == 1
        name = reader.outputs[0]
    return False


def _put_back(value: Value, target: list[int]) -> Value:
    """A value whose batch stood elsewhere, in the shape that it has here."""
    if value.layout == "rf" and tuple(target[1:]) == value.shape:
        return replace(value, layout="")
    joined = value.layout.replace("dh", "f")
    if "dh" in value.layout and len(target) == len(joined):
        return replace(value, layout="" if joined in ("ntf", "nf") else joined)
    raise UnsupportedError("it joins the batch with other axes")


def transpose(building: Building, operator: Operator) -> None:
    value, order = building.value(operator.inputs[0], ANY), operator.attributes.get("perm")
    if order is None:
        raise UnsupportedError("it turns the batch over")
    if not value.layout and order[0] == 0:
        axes = [axis - 1 for axis in order[1:]]
        building.give(operator, building.layer("permute", [value], order=axes))
        return
    layout = value.layout or {2: "ntf", 1: "nf"}.get(len(value.known), "")
    turned = "".join(layout[axis] for axis in order) if len(layout) == len(order) else ""
    if turned != "ntf" and turned not in ANY[2:]:
        raise UnsupportedError("the batch would not be the first axis any more")
    building.give(operator, replace(value, layout="" if turned == "ntf" else turned))


def squeeze(building: Building, operator: Operator) -> None:
    value, axes = building.value(operator.inputs[0], ANY), building.whole(operator, "axes", 1)
    if value.layout:
        layout = value.layout
        if axes != [layout.find("d")]:
            raise UnsupportedError("the batch is not the first axis of what arrives")
        left = layout.replace("d", "").replace("h", "f")
        building.give(operator, replace(value, layout="" if left in ("ntf", "nf") else left))
        return
    shape = value.known
    gone = {axis % (len(shape) + 1) - 1 for axis in axes or ()}
    kept = tuple(n for place, n in enumerate(shape) if place not in gone)
    if axes is None or not kept or -1 in gone or any(shape[place] != 1 for place in gone):
        raise UnsupportedError(
            "it must say which axes of length 1 go, and leave one beside the batch"
        )
    give_shape(building, operator, value, kept)


def unsqueeze(building: Building, operator: Operator) -> None:
    value, axes = building.value(operator.inputs[0]), building.whole(operator, "axes", 1) or []
    rank = len(value.known) + 1 + len(axes)
    places = {axis % rank for axis in axes}
    if 0 in places:
        raise UnsupportedError("the batch would not be the first axis any more")
    left = iter(value.known)
    shape = tuple(1 if place in places else next(left) for place in range(1, rank))
    give_shape(building, operator, value, shape)


def expand(building: Building, operator: Operator) -> None:
    """A row said at every step."""
    value, sizes = building.value(operator.inputs[0]), building.fixed(operator.inputs[1], "shape")
    shape = value.known
    if len(shape) != 2 or shape[0] != 1 or len(sizes) != 3 or sizes[2] not in (1, shape[1]):
        raise UnsupportedError("only a row can be repeated, at each step of a sequence")
    row = building.layer("flatten", [value])
    building.give(operator, building.layer("repeat_vector", [row], steps=int(sizes[1])))


def concat(building: Building, operator: Operator) -> None:
    axis = operator.attributes["axis"]
    values = [building.value(n) for n in operator.inputs if building.constant(n) is None]
    if len(values) < len(operator.inputs):
        raise UnsupportedError("it joins values with constants")
    axis = axis - 1 if axis > 0 else axis + len(values[0].known)
    building.give(operator, building.layer("concat", values, axis=axis))


def slices(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0])
    starts = building.whole(operator, "starts", 1) or []
    ends = building.whole(operator, "ends", 2) or []
    axes = building.whole(operator, "axes", 3) or list(range(len(starts)))
    if set(building.whole(operator, "steps", 4) or [1]) != {1}:
        raise UnsupportedError("it leaves out places in between")
    for start, end, axis in zip(starts, ends, axes, strict=True):
        place = axis % (len(value.known) + 1) - 1
        if place < 0:
            if start == 0 and end > 1 << 30:
                continue
            raise UnsupportedError("it picks some examples of the batch")
        first, last, _ = slice(start, end).indices(value.known[place])
        if (first, last) != (0, value.known[place]):
            value = picked(building, value, place, first, last - first)
    building.give(operator, value)


def picked(building: Building, value: Value, axis: int, start: int, length: int) -> Value:
    if length < 1:
        raise UnsupportedError("nothing would be left")
    return building.layer("slice", [value], axis=axis, start=start, length=length)


def split(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0])
    place = operator.attributes.get("axis", 0) % (len(value.known) + 1) - 1
    if place < 0:
        raise UnsupportedError("it parts the batch")
    count = len(operator.outputs)
    sizes = building.whole(operator, "split", 1)
    if sizes is None:
        each = -(-value.known[place] // count)
        sizes = [min(each, value.known[place] - each * number) for number in range(count)]
    start = 0
    for number, size in enumerate(sizes):
        building.give(operator, picked(building, value, place, start, size), number)
        start += size


def gather(building: Building, operator: Operator) -> None:
    """Rows of a table, or one place of an axis."""
    table, axis = building.constant(operator.inputs[0]), operator.attributes.get("axis", 0)
    if table is not None:
        if table.ndim != 2 or axis != 0:
            raise UnsupportedError("it looks numbers up in something that is no table")
        value = building.value(operator.inputs[1])
        number, origin = padding_token(building, value) or (-1, "")
        is_token = 0 <= number < len(table)
        settings = {"tokens": len(table), "width": table.shape[1]}
        if is_token:
            settings["padding"] = number
        made = building.layer("embedding", [value], {"weight": table}, **settings)
        if is_token:
            building.padding[made.node] = frozenset({origin})
        building.give(operator, made)
        return
    value = building.value(operator.inputs[0], ("", "tnf"))
    index = building.fixed(operator.inputs[1], "place")
    place = axis % (len(value.known) + 1) - 1
    if value.layout:  # the steps come first, then the batch
        place = {0: 0, 2: 1}.get(axis % 3, -1)
    if place < 0 or index.size != 1 or (value.layout and index.ndim):
        raise UnsupportedError("it picks several places, or examples of the batch")
    found = picked(building, replace(value, layout=""), place, int(index.flat[0]), 1)
    shape = value.known[:place] + value.known[place + 1 :]
    if index.ndim:
        building.give(operator, found)
    elif not shape:
        raise UnsupportedError("no axis would be left beside the batch")
    else:
        give_shape(building, operator, found, shape)


def arithmetic(building: Building, operator: Operator) -> None:
    """Add, Sub, Mul and Div, of two values or of one with a constant."""
    if operator.kind in ("Mul", "Div") and erf_gelu(building, operator):
        return
    arrays = [building.constant(name) for name in operator.inputs]
    if all(array is None for array in arrays):
        _two_values(building, operator)
        return
    place = 0 if arrays[0] is None else 1
    number = arrays[1 - place]
    if number is None:
        raise UnsupportedError("both sides are constants")
    value = building.value(operator.inputs[place])
    if operator.kind == "Div" and place == 0:
        scale, shift = 1 / number, None
    elif operator.kind == "Mul":
        scale, shift = number, None
    elif operator.kind == "Div":
        raise UnsupportedError("no layer divides by a value")
    else:
        sign = -1.0 if operator.kind == "Sub" and place == 1 else 1.0
        scale = np.array(sign)
        shift = -number if operator.kind == "Sub" and place == 0 else number
    building.give(operator, _affine(building, value, scale, shift))


def _two_values(building: Building, operator: Operator) -> None:
    values = [building.value(name) for name in operator.inputs]
    if operator.kind == "Div":
        raise UnsupportedError("no layer divides by a value")
    if operator.kind == "Sub":
        made = building.layer("subtract", {"in": values[:1], "minus": values[1:]})
        building.give(operator, made)
        return
    total = building.follower(operator.outputs[0], "ReduceSum")
    if operator.kind == "Mul" and total is not None and _adds_features(building, total, values):
        made = building.layer("dot", {"a": values[:1], "b": values[1:]})
        building.swallow(total)
        building.give(total, made)
        return
    kind = {"Add": "add", "Mul": "multiply"}[operator.kind]
    building.give(operator, building.layer(kind, values))


def _adds_features(building: Building, total: Operator, values: list[Value]) -> bool:
    """Whether a sum behind a product of rows makes it a scalar product."""
    rows = all(len(value.known) == 1 for value in values)
    kept = total.attributes.get("keepdims", 1) == 1
    return rows and kept and building.whole(total, "axes", 1) == [1]


def _affine(building: Building, value: Value, scale: Array, shift: Array | None) -> Value:
    """scale x + shift: by a Constant where one number does it, else by a layer with weights."""
    shape = value.known
    one = np.ptp(scale) == 0 and (shift is None or np.ptp(shift) == 0)
    sizes = [array.shape for array in (scale, shift) if array is not None]
    if len(np.broadcast_shapes(*sizes, (1, *shape))) != len(shape) + 1:
        raise UnsupportedError("the constant has more axes than what arrives")
    if one:
        if scale.flat[0] == -1 and shift is not None:
            number = building.uniform(shift, shape)
            return building.layer("subtract", {"in": [number], "minus": [value]})
        if shift is None:
            return building.layer("multiply", [value, building.uniform(scale, shape)])
        return building.layer("add", [value, building.uniform(shift, shape)])
    shift = np.zeros(1) if shift is None else shift
    if len(shape) == 2 and np.all(scale == 1):
        table = _spread(shift, (1, *shape))[0]
        return building.layer(
            "positional_encoding", [value], {"weight": table}, positions="learned"
        )
    if len(shape) == 1:
        diagonal = np.diag(_spread(scale, (1, *shape))[0])
        bias = _spread(shift, (1, *shape))[0]
        return dense(building, value, diagonal, bias)
    channels = (1, shape[0], *[1] * (len(shape) - 1))
    if len(shape) == 3:
        factors = _spread(scale, channels).reshape(-1, 1, 1, 1)
        bias = _spread(shift, channels).reshape(-1)
        return building.layer(
            "depthwise_conv2d",
            [value],
            {"weight": factors, "bias": bias},
            kernel=1,
            padding="valid",
            activation="linear",
        )
    raise UnsupportedError("no layer holds a constant of different numbers")


def _spread(array: Array, shape: Shape) -> Array:
    """A constant repeated to a shape. Raises UnsupportedError where it does not fit."""
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise UnsupportedError("no layer holds a constant of different numbers") from None


def merge(building: Building, operator: Operator) -> None:
    """Sum, Mean and Max of several values."""
    kind = {"Sum": "add", "Mean": "average", "Max": "maximum"}[operator.kind]
    values = [building.value(n) for n in operator.inputs if building.constant(n) is None]
    numbers = [c for n in operator.inputs if (c := building.constant(n)) is not None]
    values += [building.uniform(number, values[0].known) for number in numbers]
    building.give(operator, building.layer(kind, values))


def resize(building: Building, operator: Operator) -> None:
    """Larger by whole factors."""
    value, given = building.value(operator.inputs[0]), operator.attributes
    scales = building.constant(operator.input(2))
    if scales is None or not scales.size:
        sizes = building.fixed(operator.input(3), "size")
        scales = np.array([1.0, *(np.asarray(sizes[1:]) / value.known)])
    mode, moved = given.get("mode", "nearest"), given.get("coordinate_transformation_mode", "")
    nearest = mode == "nearest" and moved == "asymmetric" and given.get("nearest_mode") == "floor"
    linear = mode == "linear" and moved in ("half_pixel", "pytorch_half_pixel")
    if not (nearest or linear) or np.any(scales != np.round(scales)) or np.any(scales[:2] != 1):
        raise UnsupportedError(
            "it does not make images larger by whole factors, by repeating or lines"
        )
    factor = [int(n) for n in scales[2:]]
    made = building.layer(
        "up_sample", [value], factor=factor, mode="nearest" if nearest else "bilinear"
    )
    building.give(operator, made)
