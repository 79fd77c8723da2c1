"""Operators that are activations, and the small groups of operators that spell one out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS, Activation
from engine.interop.onnx_building import Building, UnsupportedError, Value
from engine.interop.onnx_file import Operator
from engine.layers.base import Array
from engine.layers.conv import Convolution
from engine.layers.conv_transpose import ConvTranspose2D
from engine.layers.dense import Dense

PLAIN = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSwish": "hard_swish",
    "Mish": "mish",
}
LAYOUTS = ("", "rf", "tnf")


def activation(building: Building, operator: Operator) -> None:
    """A function of one value, with or without settings."""
    if operator.kind == "Sigmoid" and _gate(building, operator, "silu"):
        return
    if operator.kind == "Softplus" and _mish(building, operator):
        return
    give_function(building, operator, operator.inputs[0], _function(operator))


def prelu(building: Building, operator: Operator) -> None:
    """A slope for all values, or one for each place along one axis."""
    name, slopes = operator.inputs[0], building.fixed(operator.inputs[1], "slope")
    wide = [place for place, length in enumerate(slopes.shape) if length > 1]
    kind = ACTIVATIONS.get("prelu")
    if len(wide) != 1 and np.ptp(slopes) == 0:
        one = slopes.reshape(-1)[:1]
        give_function(building, operator, name, kind(start=float(one[0])), weights={"leak": one})
        return
    value = building.value(name, LAYOUTS)
    lengths = {"rf": (0, *value.known[-1:]), "tnf": (value.known[0], 0, value.known[-1])}
    sizes = lengths.get(value.layout, (0, *value.known))  # of the file's axes, 0 for the batch
    axis = wide[0] - slopes.ndim + len(sizes)
    if len(wide) > 1 or axis < 0 or slopes.size != sizes[axis]:
        raise UnsupportedError("its slopes differ along other axes than one beside the batch")
    weights = {"leak": slopes.reshape(-1)}
    give_function(building, operator, name, kind(per_channel=True), axis, weights)


def give_function(
    building: Building,
    last: Operator,
    name: str,
    function: Activation,
    axis: int | None = None,
    weights: Mapping[str, Array] | None = None,
) -> None:
    """Put a function behind a value: into the layer that makes it, if it is free, else a node.

    axis: of the file, along which the function tells numbers apart, if it does.
    """
    value = building.value(name, LAYOUTS)
    node = building.graph.node(value.node)
    free = isinstance(node.layer, Dense | Convolution | ConvTranspose2D) and not value.shared
    if isinstance(node.layer, Dense | Convolution | ConvTranspose2D) and free:
        along = axis is None or axis == _own_axis(node.layer, value)
        if node.layer.activation.kind == "linear" and along:
            building.replace_layer(node.id, node.layer.replaced(activation=function), weights)
            building.give(last, Value(value.node, value.shape, layout=value.layout))
            return
    if axis is not None:
        _along(building, last, value, function, axis, weights)
        return
    made = building.layer("activation", [value], weights, layout=value.layout, function=function)
    building.give(last, made)


def _own_axis(layer: Any, value: Value) -> int:
    """The axis of the file along which a layer's softmax runs."""
    return len(value.known) if isinstance(layer, Dense) and value.layout != "rf" else 1


def _along(
    building: Building,
    last: Operator,
    value: Value,
    function: Activation,
    axis: int,
    weights: Mapping[str, Array] | None,
) -> None:
    rank = len(value.known)
    if value.layout == "rf" and axis == 1:
        axis = rank
    elif value.layout and axis != rank:
        raise UnsupportedError("the batch is not the first axis of what arrives")
    if axis == (rank if rank < 3 else 1):
        made = building.layer(
            "activation", [value], weights, layout=value.layout, function=function
        )
    elif rank == 2:
        turned = building.layer("permute", [value], order=[1, 0])
        done = building.layer("activation", [turned], weights, function=function)
        made = building.layer("permute", [done], order=[1, 0])
    else:
        raise UnsupportedError(
            f"it runs along axis {axis}, and here it runs along the features alone"
        )
    building.give(last, made)


def softmax(building: Building, operator: Operator) -> None:
    kind = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}[operator.kind]
    value = building.value(operator.inputs[0], LAYOUTS)
    count = 2 if value.layout == "rf" else len(value.known) + 1
    before_13 = building.file.version < 13
    axis = int(operator.attributes.get("axis", 1 if before_13 else -1)) % count
    if before_13 and axis != count - 1:
        raise UnsupportedError("in files before version 13 it runs over several axes together")
    give_function(building, operator, operator.inputs[0], ACTIVATIONS.get(kind)(), axis)


def gelu(building: Building, operator: Operator) -> None:
    """The operator of newer files."""
    if operator.attributes.get("approximate", "none") != "none":
        raise UnsupportedError("the tanh approximation of GELU is not known here")
    give_function(building, operator, operator.inputs[0], ACTIVATIONS.get("gelu")())


def _function(operator: Operator) -> Activation:
    kind, given = operator.kind, operator.attributes
    if kind in PLAIN:
        return ACTIVATIONS.get(PLAIN[kind])()
    if kind == "LeakyRelu":
        return ACTIVATIONS.get("leaky_relu")(leak=round(given.get("alpha", 0.01), 7))
    if kind == "Elu":
        return ACTIVATIONS.get("elu")(alpha=round(given.get("alpha", 1.0), 7))
    if kind == "HardSigmoid":
        alpha, beta = round(given.get("alpha", 0.2), 7), round(given.get("beta", 0.5), 7)
        exact = 1 / 6 if alpha == round(1 / 6, 7) else alpha
        return ACTIVATIONS.get("hard_sigmoid")(alpha=exact, beta=beta)
    selu = math.isclose(given.get("alpha", 1.67326), 1.67326, rel_tol=1e-5) and math.isclose(
        given.get("gamma", 1.0507), 1.0507, rel_tol=1e-5
    )
    if not selu:
        raise UnsupportedError("its numbers are not those of SELU")
    return ACTIVATIONS.get("selu")()


def _other(operator: Operator, name: str) -> str:
    """The other one of two inputs."""
    first, second = operator.inputs
    return second if first == name else first


def _gate(building: Building, operator: Operator, kind: str, source: str = "") -> bool:
    """x times this operator's result."""
    source = source or operator.inputs[0]
    product = building.follower(operator.outputs[0], "Mul")
    if product is None or _other(product, operator.outputs[0]) != source:
        return False
    first = next(each for each in building.readers(source) if each is not product)
    _give_group(building, source, kind, [first, product])
    building.swallow(product)
    return True


def _give_group(building: Building, source: str, kind: str, group: list[Operator]) -> None:
    """Put a function that a group of operators spells out behind a value.

    It may become the own one of the layer there if nothing else reads that value.
    """
    last, inside = group[-1], {operator.outputs[0] for operator in group}
    readers = {reader.outputs[0] for reader in building.readers(source)}
    name = source
    if readers <= inside and source not in building.file.outputs:
        name = f"{source} of {last.name}"
        building.values[name] = building.value(source, LAYOUTS, sole=True)
        building.sole.add(name)
    give_function(building, last, name, ACTIVATIONS.get(kind)())


def _mish(building: Building, operator: Operator) -> bool:
    bent = building.follower(operator.outputs[0], "Tanh")
    if bent is None or not _gate(building, bent, "mish", operator.inputs[0]):
        return False
    building.swallow(bent)
    return True


def erf_gelu(building: Building, operator: Operator) -> bool:
    """Whether an operator begins x (1 + erf(x / sqrt 2)) / 2, which is then one function."""
    source = next((name for name in operator.inputs if building.constant(name) is None), "")
    number = next((c for n in operator.inputs if (c := building.constant(n)) is not None), None)
    if not source or number is None or number.size != 1:
        return False
    scale = float(number.flat[0]) if operator.kind == "Mul" else 1 / float(number.flat[0])
    bell = building.follower(operator.outputs[0], "Erf")
    if bell is None or not math.isclose(scale, math.sqrt(0.5), rel_tol=1e-5):
        return False
    last, group = building.follower(bell.outputs[0], "Add"), [bell]
    if last is None or not _is_number(building, _other(last, bell.outputs[0]), 1.0):
        return False
    left = {"x", "half"}
    while left:
        group.append(last)
        product = building.follower(last.outputs[0], "Mul")
        if product is None:
            return False
        factor = _other(product, last.outputs[0])
        if factor == source and "x" in left:
            left.remove("x")
        elif _is_number(building, factor, 0.5) and "half" in left:
            left.remove("half")
        elif half := _halved(building, factor, source):
            group.append(half)
            left.clear()
        else:
            return False
        last = product
    building.swallow(*group, last)
    _give_group(building, source, "gelu", [operator, *group, last])
    return True


def _halved(building: Building, name: str, source: str) -> Operator | None:
    """The operator that makes half of the source, if a value is that."""
    for reader in building.readers(source):
        if reader.kind == "Mul" and reader.outputs[0] == name:
            return reader if _is_number(building, _other(reader, source), 0.5) else None
    return None


def _is_number(building: Building, name: str, number: float) -> bool:
    found = building.constant(name)
    return found is not None and found.size == 1 and math.isclose(float(found.flat[0]), number)


def softsign(building: Building, operator: Operator) -> None:
    """|x| that begins x / (1 + |x|)."""
    source, more = operator.inputs[0], building.follower(operator.outputs[0], "Add")
    last = more and building.follower(more.outputs[0], "Div")
    if more is None or last is None or last.inputs != (source, more.outputs[0]):
        raise UnsupportedError("no layer makes numbers positive")
    if not _is_number(building, _other(more, operator.outputs[0]), 1.0):
        raise UnsupportedError("no layer makes numbers positive")
    _give_group(building, source, "softsign", [operator, last])
    building.swallow(more, last)


def step(building: Building, operator: Operator) -> None:
    """GreaterOrEqual 0, then 1 or 0."""
    choice = building.follower(operator.outputs[0], "Where")
    numbers = [] if choice is None else [_is_number(building, choice.inputs[1], 1.0)]
    if choice is None or not all(
        [
            *numbers,
            _is_number(building, choice.inputs[2], 0.0),
            _is_number(building, operator.inputs[1], 0.0),
        ]
    ):
        raise UnsupportedError("comparisons have no layer")
    building.swallow(choice)
    give_function(building, choice, operator.inputs[0], ACTIVATIONS.get("step")())
