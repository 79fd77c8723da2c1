"""LSTM, GRU and RNN, whose sequences have their steps before the batch in a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.interop.onnx_building import Building, UnsupportedError, Value
from engine.interop.onnx_file import Operator
from engine.interop.onnx_masks import check_padding
from engine.layers.base import Array
from engine.layers.reading import Names

KINDS = {"LSTM": "lstm", "GRU": "gru", "RNN": "simple_rnn"}
USUAL = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}


def recurrent(building: Building, operator: Operator) -> None:
    value, given = building.value(operator.inputs[0], ("tnf", "pnf")), operator.attributes
    direction = given.get("direction", "forward")
    sides = 2 if direction == "bidirectional" else 1
    settings: dict[str, Any] = _settings(operator, sides)
    w, r = (building.fixed(operator.inputs[place], "weight") for place in (1, 2))
    b = building.constant(operator.input(3))
    weights: dict[str, Array] = {}
    for number in range(sides):
        names = Names.of(number)
        weights |= {names.weight: w[number], names.recurrent: r[number]}
        if b is not None:
            weights[names.bias], weights[names.recurrent_bias] = np.split(b[number], 2)
    _check_lengths(building, operator, value)
    if operator.input(7):
        raise UnsupportedError("its gates see what the cell remembers")
    arriving = {"in": [value], **_starts(building, operator)}
    used = [bool(name and building.readers(name)) for name in operator.outputs]
    used += [False] * (3 - len(used))
    if used[2] or (used[0] and used[1]):
        raise UnsupportedError("more is read of it than every step or the last one")
    made = building.layer(
        KINDS[operator.kind],
        arriving,
        weights,
        layout=value.layout[0] + "dnh" if used[0] else "dnh",
        units=r.shape[2],
        returns="sequence" if used[0] else "last",
        direction=direction,
        bias=b is not None,
        **settings,
    )
    building.give(operator, made, 0 if used[0] else 1)


def _check_lengths(building: Building, operator: Operator, value: Value) -> None:
    """Raises UnsupportedError unless it reads every step, or the real ones put in front."""
    name = operator.input(4)
    found = building.meanings.get(name)
    if value.layout == "pnf" and found is not None and found.what == "lengths":
        check_padding(building, value, found.origins)
        return
    lengths = building.constant(name)
    if value.layout == "pnf" or (name and (lengths is None or np.any(lengths != value.known[0]))):
        raise UnsupportedError("its sequences end early, each at a step of its own")
    check_padding(building, value)


def _settings(operator: Operator, sides: int) -> dict[str, Any]:
    """What one kind has beside the others. Raises UnsupportedError for what no layer does."""
    given, usual = operator.attributes, USUAL[operator.kind]
    if given.get("layout") or given.get("clip") or given.get("input_forget"):
        raise UnsupportedError("it has settings that its layer does not have")
    activations = given.get("activations", usual * sides)
    if operator.kind == "RNN" and activations == ["Relu"] * sides:
        return {"activation": "relu"}
    if activations != usual * sides:
        raise UnsupportedError(f"its functions are {', '.join(activations)}")
    if operator.kind == "GRU":
        return {"reset_after": bool(given.get("linear_before_reset", 0))}
    return {}


def _starts(building: Building, operator: Operator) -> dict[str, list[Value]]:
    """What it starts from, by port; nothing where that is zero."""
    found = {}
    for port, place in (("hidden", 5), ("cell", 6)):
        name = operator.input(place)
        number = building.constant(name)
        if number is None and name in building.repeated:
            number = building.repeated[name]
        if not name or (number is not None and not np.any(number)):
            continue
        if number is not None:
            raise UnsupportedError("it starts from fixed numbers that are not zero")
        value = building.value(name, ("tnf",))  # (directions, N, H): a matrix here
        found[port] = [building.layer("flatten", [value])]
    return found
