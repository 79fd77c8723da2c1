"""Operators with weights: products, convolutions and normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.interop.onnx_attention import attention
from engine.interop.onnx_building import Building, UnsupportedError, Value
from engine.interop.onnx_file import Operator
from engine.interop.onnx_pooling import explicit, padding
from engine.layers.base import Array


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
    over = {rank - 1: "last_two", rank: "last", 1: "all"}.get(axis) if axis else None
    if over is None:
        raise UnsupportedError("it normalises some axes together, neither all nor the last ones")
    scale = building.fixed(operator.inputs[1], "scale")
    shift = building.constant(operator.input(2))
    shape = value.known[axis - 1 :]
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
