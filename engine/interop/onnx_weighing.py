"""Operators with weights: products, convolutions, pooling and normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.interop.onnx_attention import attention
from engine.interop.onnx_building import Building, UnsupportedError, Value
from engine.interop.onnx_file import Operator
from engine.layers.base import Array
from engine.layers.padding import Same
from engine.layers.patches import reach

LOWEST = -1e30
"""Padding with numbers below this one counts for nothing in a maximum."""


def gemm(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0], ("", "rf"))
    given = operator.attributes
    if given.get("transA"):
        raise UnsupportedError("it turns the examples over")
    weight = given.get("alpha", 1.0) * building.fixed(operator.inputs[1], "weight")
    weight = weight if given.get("transB") else weight.T
    bias = None
    if operator.input(2):
        bias = given.get("beta", 1.0) * building.fixed(operator.inputs[2], "bias")
    building.give(operator, dense(building, value, weight, bias))


def matmul(building: Building, operator: Operator) -> None:
    weight = building.constant(operator.inputs[1])
    if weight is None:
        if attention(building, operator):
            return
        a, b = (building.value(name) for name in operator.inputs)
        building.give(operator, building.layer("matmul", {"a": [a], "b": [b]}))
        return
    value, bias, last = building.value(operator.inputs[0], ("", "rf", "tnf")), None, operator
    follower = building.follower(operator.outputs[0], "Add")
    if follower is not None and weight.ndim == 2:
        for name in follower.inputs:
            found = building.constant(name)
            if found is not None and found.size == found.shape[-1] == weight.shape[1]:
                bias, last = found, follower
                building.swallow(follower)
    building.give(last, dense(building, value, weight.T, bias))


def dense(building: Building, value: Value, weight: Array, bias: Array | None) -> Value:
    """weight: (U, D)."""
    if weight.ndim != 2:
        raise UnsupportedError("its weight is not a matrix")
    if not value.layout and value.shape is not None and len(value.shape) > 2:
        raise UnsupportedError("what arrives has more than two axes")
    weights = {"weight": weight}
    if bias is not None:
        weights["bias"] = np.broadcast_to(bias.reshape(-1), (len(weight),))
    return building.layer(
        "dense",
        [value],
        weights,
        layout=value.layout,
        units=len(weight),
        activation="linear",
        bias=bias is not None,
    )


def conv(building: Building, operator: Operator) -> None:
    value, given = building.value(operator.inputs[0]), operator.attributes
    weight = building.fixed(operator.inputs[1], "weight")
    axes, groups = weight.ndim - 2, int(given.get("group", 1))
    if axes not in (1, 2):
        raise UnsupportedError(f"kernels of {axes} axes have no layer")
    weights = {"weight": weight}
    if operator.input(2):
        weights["bias"] = building.fixed(operator.inputs[2], "bias")
    kernel, filters = weight.shape[2:], len(weight)
    settings: dict[str, Any] = {
        "kernel": kernel,
        "stride": given.get("strides", [1] * axes),
        "dilation": given.get("dilations", [1] * axes),
        "activation": "linear",
        "bias": "bias" in weights,
    }
    settings["padding"] = padding(operator, value, kernel)
    if axes == 2 and groups > 1 and weight.shape[1] == 1 and filters % groups == 0:
        settings["multiplier"] = filters // groups
        kind = "depthwise_conv2d"
    else:
        settings |= {"filters": filters, "groups": groups}
        kind = f"conv{axes}d"
    building.give(operator, building.layer(kind, [value], weights, **settings))


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


def conv_transpose(building: Building, operator: Operator) -> None:
    value, given = building.value(operator.inputs[0]), operator.attributes
    weight = building.fixed(operator.inputs[1], "weight")
    if weight.ndim != 4:
        raise UnsupportedError("only images have a transposed convolution here")
    if "output_shape" in given:
        raise UnsupportedError("it asks for a size of its result instead of a padding")
    automatic, pads = given.get("auto_pad", "NOTSET"), given.get("pads", [0] * 4)
    if automatic == "SAME_LOWER":
        raise UnsupportedError("padding of kind SAME_LOWER has no counterpart")
    sides = list(zip(pads[:2], pads[2:], strict=True))
    named = {"VALID": "valid", "SAME_UPPER": "same"}.get(automatic)
    weights = {"weight": weight}
    if operator.input(2):
        weights["bias"] = building.fixed(operator.inputs[2], "bias")
    groups = int(given.get("group", 1))
    made = building.layer(
        "conv_transpose2d",
        [value],
        weights,
        filters=weight.shape[1] * groups,
        groups=groups,
        kernel=weight.shape[2:],
        stride=given.get("strides", [1, 1]),
        dilation=given.get("dilations", [1, 1]),
        output_padding=given.get("output_padding", [0, 0]),
        padding=named or (explicit(sides) if any(pads) else "valid"),
        activation="linear",
        bias="bias" in weights,
    )
    building.give(operator, made)


def pool(building: Building, operator: Operator) -> None:
    """The largest or the mean of each window."""
    value, given = building.value(operator.inputs[0]), operator.attributes
    if len([name for name in operator.outputs if name]) > 1:
        raise UnsupportedError("it gives the places of the largest values too")
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
        settings["dilation"] = dilation
        kind = f"max_pool{len(kernel)}d"
    else:
        if set(dilation) != {1}:
            raise UnsupportedError("windows with gaps have no average here")
        settings["count_padding"] = bool(given.get("count_include_pad", 0))
        kind = f"average_pool{len(kernel)}d"
    building.give(operator, building.layer(kind, [value], **settings))


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
    made = building.layer("zero_pad", [value], amounts=amounts(sides[2:]))
    building.give(operator, made)


def batch_norm(building: Building, operator: Operator) -> None:
    names = ("scale", "shift", "running_mean", "running_variance")
    weights = {
        name: building.fixed(given, name.replace("_", " "))
        for name, given in zip(names, operator.inputs[1:5], strict=True)
    }
    made = building.layer(
        "batch_norm",
        [building.value(operator.inputs[0])],
        weights,
        epsilon=_epsilon(operator),
        momentum=round(1 - operator.attributes.get("momentum", 0.9), 7),
    )
    building.give(operator, made)


def _epsilon(operator: Operator) -> float:
    """As it was written: float32 makes 9.999999747e-06 of 1e-05."""
    return float(f"{operator.attributes.get('epsilon', 1e-5):.6g}")


def layer_norm(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0])
    rank = len(value.known)
    axis = operator.attributes.get("axis", -1) % (rank + 1)
    if axis not in (1, rank):
        raise UnsupportedError("it normalises some axes together, neither all nor the last alone")
    over = "all" if axis == 1 else "last"
    scale = building.fixed(operator.inputs[1], "scale")
    shift = building.constant(operator.input(2))
    shape = value.known if over == "all" else value.known[-1:]
    weights = {
        "scale": np.broadcast_to(scale, shape),
        "shift": np.zeros(shape) if shift is None else np.broadcast_to(shift, shape),
    }
    made = building.layer("layer_norm", [value], weights, over=over, epsilon=_epsilon(operator))
    building.give(operator, made)


def instance_norm(building: Building, operator: Operator) -> None:
    value = building.value(operator.inputs[0])
    weights = {
        "scale": building.fixed(operator.inputs[1], "scale"),
        "shift": building.fixed(operator.inputs[2], "shift"),
    }
    made = building.layer("instance_norm", [value], weights, epsilon=_epsilon(operator))
    building.give(operator, made)


def group_norm(building: Building, operator: Operator) -> None:
    """The operator of newer files."""
    value, groups = building.value(operator.inputs[0]), int(operator.attributes["num_groups"])
    channels = value.known[0]

    def of_channels(name: str, what: str) -> Array:
        found = building.fixed(name, what)  # once one number for each group
        return found if len(found) == channels else np.repeat(found, channels // groups)

    weights = {
        "scale": of_channels(operator.inputs[1], "scale"),
        "shift": of_channels(operator.inputs[2], "shift"),
    }
    made = building.layer("group_norm", [value], weights, groups=groups, epsilon=_epsilon(operator))
    building.give(operator, made)


def grouped_norm(building: Building, operator: Operator, value: Value, groups: int) -> bool:
    """Whether a Reshape begins the spelled-out form: groups, InstanceNormalization, back."""
    inner = building.follower(operator.outputs[0], "InstanceNormalization")
    back = inner and building.follower(inner.outputs[0], "Reshape")
    if inner is None or back is None or value.shape is None:
        return False
    ones, zeros = (building.constant(name) for name in inner.inputs[1:3])
    if ones is None or zeros is None or np.any(ones != 1) or np.any(zeros != 0):
        return False
    sizes, last, weights = building.constant(back.inputs[1]), back, {}
    shape = building.file.shapes.get(back.outputs[0], value.shape)
    if shape != value.shape or (sizes is not None and len(sizes) != len(shape) + 1):
        return False
    channels, swallowed = value.shape[0], [inner, back]
    for kind, name in (("Mul", "scale"), ("Add", "shift")):
        follower = building.follower(last.outputs[0], kind)
        arrays = [] if follower is None else [building.constant(n) for n in follower.inputs]
        found = next((a for a in arrays if a is not None and a.size == channels), None)
        if follower is not None and found is not None:
            weights[name] = found.reshape(-1)
            swallowed.append(follower)
            last = follower
    affine = bool(weights)
    if affine:
        weights.setdefault("scale", np.ones(channels))
        weights.setdefault("shift", np.zeros(channels))
    made = building.layer(
        "group_norm", [value], weights, groups=groups, affine=affine, epsilon=_epsilon(inner)
    )
    building.swallow(*swallowed)
    building.give(last, made)
    return True
