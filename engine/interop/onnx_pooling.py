"""Windows that move over images and sequences: what is added around them, and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.errors import ShapeError
from engine.interop.onnx_building import Building, UnsupportedError, Value, give_shape
from engine.interop.onnx_file import Operator
from engine.interop.onnx_masks import check_padding
from engine.layers.base import LAYERS
from engine.layers.padding import Same
from engine.layers.patches import reach
from engine.layers.pool_average import AveragePool

LOWEST = -1e30
"""Padding with numbers below this one counts for nothing in a maximum."""


def padding(operator: Operator, value: Value, kernel: Sequence[int]) -> Any:
    """The padding of a convolution or pool; "same" where that comes to as much."""
    axes, given = len(kernel), operator.attributes
    automatic = given.get("auto_pad", "NOTSET")
    if automatic in ("VALID", "SAME_UPPER"):
        return "valid" if automatic == "VALID" else "same"
    strides = given.get("strides", [1] * axes)
    reaches = [reach(k, d) for k, d in zip(kernel, given.get("dilations", [1] * axes), strict=True)]
    if automatic == "SAME_LOWER":
        sides = [(b, a) for a, b in Same().added("", value.known[1:], reaches, strides)]
    else:
        pads = given.get("pads", [0] * 2 * axes)
        sides = list(zip(pads[:axes], pads[axes:], strict=True))
    if not any(map(any, sides)):
        return "valid"
    is_conv = operator.kind == "Conv" and value.shape is not None
    if is_conv and tuple(sides) == Same().added("", value.known[1:], reaches, strides):
        return "same"
    return explicit(sides)


def explicit(sides: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {"kind": "explicit", "amounts": amounts(sides)}


def amounts(sides: Sequence[tuple[int, int]]) -> list[int]:
    every = [int(n) for pair in sides for n in pair]
    return every[:1] if len(set(every)) == 1 else every


def pool(building: Building, operator: Operator) -> None:
    """The largest or the mean of each window."""
    value = building.value(operator.inputs[0])
    if len([name for name in operator.outputs if name]) > 1:
        raise UnsupportedError("it gives the places of the largest values too")
    kind, settings = _pooling(operator, value)
    building.give(operator, building.layer(kind, [value], **settings))


def _pooling(operator: Operator, value: Value) -> tuple[str, dict[str, Any]]:
    """The kind of a layer that pools what arrives, and its settings."""
    given = operator.attributes
    kernel = given["kernel_shape"]
    if len(kernel) not in (1, 2):
        raise UnsupportedError(f"windows of {len(kernel)} axes have no layer")
    settings: dict[str, Any] = {
        "kernel": kernel,
        "stride": given.get("strides", [1] * len(kernel)),
        "padding": padding(operator, value, kernel),
        "ceil_mode": bool(given.get("ceil_mode", 0)),
    }
    dilation = given.get("dilations", [1] * len(kernel))
    if operator.kind == "MaxPool":
        return f"max_pool{len(kernel)}d", settings | {"dilation": dilation}
    if set(dilation) != {1}:
        raise UnsupportedError("windows with gaps have no average here")
    counted = bool(given.get("count_include_pad", 0))
    return f"average_pool{len(kernel)}d", settings | {"count_padding": counted}


def pad(building: Building, operator: Operator) -> None:
    """Zeros around an image, or what a pool that follows adds."""
    value, mode = building.value(operator.inputs[0]), operator.attributes.get("mode", "constant")
    pads = building.whole(operator, "pads", 1) or []
    if operator.input(3):
        raise UnsupportedError("it pads some axes alone")
    half = len(pads) // 2
    sides = list(zip(pads[:half], pads[half:], strict=True))
    filled = building.constant(operator.input(2))
    number = operator.attributes.get("value", 0.0) if filled is None else float(filled.flat[0])
    if mode != "constant" or any(map(any, sides[:2])) or half < 3:
        raise UnsupportedError("only zeros around the places of an image have a layer")
    follower = building.follower(operator.outputs[0], "MaxPool")
    if number < LOWEST and follower is not None and not any(follower.attributes.get("pads", ())):
        given = {
            **follower.attributes,
            "pads": [n for side in zip(*sides[2:], strict=True) for n in side],
        }
        pool(
            building,
            Operator(follower.kind, follower.name, operator.inputs[:1], follower.outputs, given),
        )
        building.swallow(follower)
        return
    if number != 0:
        raise UnsupportedError(f"it pads with {number:g}, and the layer for it pads with zeros")
    averaging = building.follower(operator.outputs[0], "AveragePool")
    if averaging is not None and _counts_zeros(building, averaging, value, sides[2:]):
        building.swallow(averaging)
        return
    made = building.layer("zero_pad", [value], amounts=amounts(sides[2:]))
    building.give(operator, made)


def _counts_zeros(
    building: Building, averaging: Operator, value: Value, zeros: Sequence[tuple[int, int]]
) -> bool:
    """Whether averages of an image with zeros around it are those of a layer that counts these."""
    channels, *lengths = value.known
    padded = (channels, *(n + sum(sides) for n, sides in zip(lengths, zeros, strict=True)))
    kind, settings = _pooling(averaging, replace(value, shape=padded))
    apart = LAYERS.get(kind)(**settings)
    assert isinstance(apart, AveragePool)
    if apart.count_padding and any(map(any, apart.added(padded[1:]))):
        return False
    wanted = [
        (zeros[axis][0] + window.added[0], zeros[axis][1] + window.added[1])
        for axis, window in enumerate(apart.windows(padded))
    ]
    for ceil_mode in (False, True):
        layer = apart.replaced(padding=explicit(zeros), count_padding=True, ceil_mode=ceil_mode)
        try:
            found = [window.added for window in layer.windows(value.known)]
        except ShapeError:  # more zeros than a window holds
            return False
        if found == wanted:
            building.give(averaging, building.layer(layer, [value]))
            return True
    return False


def pooled(building: Building, operator: Operator) -> None:
    """One number for each channel, or for each feature of a sequence."""
    value = building.value(operator.inputs[0])
    rank = len(value.known)
    kind = "global_max_pool" if "Max" in operator.kind else "global_average_pool"
    if operator.kind.startswith("Global"):
        axes, keep = list(range(2, rank + 1)), True
    else:
        given = building.whole(operator, "axes", 1) or []
        axes, keep = [a % (rank + 1) for a in given], bool(operator.attributes.get("keepdims", 1))
    if rank == 2 and axes == [1] and not keep:
        check_padding(building, value)
        building.give(operator, building.layer(kind, [value], over="steps"))
        return
    if rank < 2 or sorted(axes) != list(range(2, rank + 1)):
        raise UnsupportedError("only the places of an image or the steps of a sequence are pooled")
    made = building.layer(kind, [value])
    follower = building.follower(operator.outputs[0], "Flatten", "Squeeze", "Reshape")
    if (
        keep
        and follower is not None
        and building.file.shapes.get(follower.outputs[0], made.shape) == made.shape
        and _gives_row(building, follower, rank)
    ):
        building.swallow(follower)
        building.give(follower, made)
    elif keep:
        give_shape(building, operator, made, (value.known[0], *[1] * (rank - 1)))
    else:
        building.give(operator, made)


def _gives_row(building: Building, follower: Operator, rank: int) -> bool:
    """Whether an operator makes (N, C) of (N, C, 1, 1)."""
    if follower.kind == "Flatten":
        return bool(follower.attributes.get("axis", 1) == 1)
    if follower.kind == "Squeeze":
        axes = building.whole(follower, "axes", 1) or []
        return sorted(a % (rank + 1) for a in axes) == list(range(2, rank + 1))
    sizes = building.constant(follower.inputs[1])
    return sizes is not None and len(sizes) == 2
