"""The operators that spell out attention with several heads, as one layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.interop.onnx_building import Building, Value
from engine.interop.onnx_file import Operator
from engine.interop.onnx_masks import NOTHING, check_padding, meaning
from engine.layers.attention import later
from engine.layers.base import Array
from engine.layers.dense import Dense
from engine.layers.reshape import Reshape
from engine.layers.slicing import Permute


@dataclass(frozen=True)
class _Heads:
    """One projection, parted into heads. source: what is projected, (steps, features)."""

    source: Value
    heads: int
    weight: Array
    bias: Array | None


def attention(building: Building, operator: Operator) -> bool:
    """Whether a product of two values is the heart of attention, which is then one layer."""
    query = _heads(building, operator.inputs[0], (1, 0, 2))
    key = _heads(building, operator.inputs[1], (1, 2, 0))
    scaled = building.follower(operator.outputs[0], "Mul")
    if query is None or key is None or scaled is None:
        return False
    width = len(query.weight)
    scale = next((c for n in scaled.inputs if (c := building.constant(n)) is not None), None)
    if scale is None or scale.size != 1:
        return False
    if not math.isclose(float(scale.flat[0]), math.sqrt(query.heads / width), rel_tol=1e-5):
        return False
    group, causal = [scaled], False
    hidden = building.follower(scaled.outputs[0], "Add")
    if hidden is not None and _hides_what_is_later(building, hidden, query, key):
        group.append(hidden)
        causal = True
        hidden = building.follower(hidden.outputs[0], "Add")
    padding = _padding(building, hidden)
    if hidden is not None and not padding:
        return False
    check_padding(building, key.source, padding)
    if hidden is None:
        shares = _shares(building, group[-1].outputs[0])
    else:
        group.append(hidden)
        shares = _shares_of_real(building, hidden.outputs[0])
    if not shares:
        return False
    group += shares
    # The mean of the values, the heads side by side again, the last projection.
    for kind in ("MatMul", "Transpose", "Reshape", "MatMul"):
        following = building.follower(group[-1].outputs[0], kind)
        if following is None:
            return False
        group.append(following)
    mixed, turned, _, projected = group[-4:]
    value = _heads(building, mixed.inputs[1], (1, 0, 2))
    output = building.constant(projected.inputs[1])
    if value is None or output is None or output.ndim != 2:
        return False
    if turned.attributes.get("perm") != [0, 2, 1, 3] or value.source.node != key.source.node:
        return False
    biases = {"query_bias": query.bias, "value_bias": value.bias, "output_bias": None}
    if ending := building.follower(projected.outputs[0], "Add"):
        found = [building.constant(name) for name in ending.inputs]
        bias = next((a for a in found if a is not None and a.shape == (width,)), None)
        if bias is not None:
            biases["output_bias"] = bias
            group.append(ending)
    # A bias of the keys adds the same to all scores of a query, which softmax takes off again.
    weights = {"query": query.weight, "key": key.weight, "value": value.weight, "output": output.T}
    has_bias = any(array is not None for array in biases.values())
    if has_bias:
        zeros = np.zeros(width, np.float32)
        weights |= {name: zeros if a is None else a for name, a in biases.items()}
    arriving = {"in": [query.source]}
    if key.source.node != query.source.node:
        arriving["context"] = [key.source]
    made = building.layer(
        "multi_head_attention",
        arriving,
        weights,
        heads=query.heads,
        causal=causal,
        bias=has_bias,
    )
    building.swallow(*group)
    building.give(group[-1], made)
    return True


def _padding(building: Building, operator: Operator | None) -> frozenset[str]:
    """What tells the padding that an operator keeps from being asked."""
    found = [] if operator is None else [meaning(building, name) for name in operator.inputs]
    told = [each.origins for each in found if each is not None and each.what == "hidden"]
    return told[0] if told else NOTHING


def _shares(building: Building, scores: str) -> list[Operator]:
    """The softmax of scores; nothing if none follows."""
    softmax = building.follower(scores, "Softmax")
    along = softmax and softmax.attributes.get("axis", -1)
    return [softmax] if softmax is not None and along in (-1, 3) else []


def _shares_of_real(building: Building, scores: str) -> list[Operator]:
    """The softmax of scores of which all may be hidden, spelled out; nothing if none follows."""
    readers = {reader.kind: reader for reader in building.readers(scores)}
    if set(readers) != {"ReduceMax", "Sub"}:
        return []
    most, apart = readers["ReduceMax"], readers["Sub"]
    least = building.follower(most.outputs[0], "Max")
    grown = building.follower(apart.outputs[0], "Exp")
    if least is None or grown is None or apart.inputs != (scores, least.outputs[0]):
        return []
    readers = {reader.kind: reader for reader in building.readers(grown.outputs[0])}
    if set(readers) != {"ReduceSum", "Div"}:
        return []
    total, shares = readers["ReduceSum"], readers["Div"]
    some = building.follower(total.outputs[0], "Max")
    if some is None or shares.inputs != (grown.outputs[0], some.outputs[0]):
        return []
    if any(building.whole(each, "axes", 1) not in ([-1], [3]) for each in (most, total)):
        return []
    return [most, least, apart, grown, total, some, shares]


def _heads(building: Building, name: str, order: tuple[int, ...]) -> _Heads | None:
    """The projection whose heads a value is, its axes in that order."""
    if name not in building.values or building.values[name].layout:
        return None
    chain = [building.values[name].node]
    for _ in range(3):
        wires = building.graph.incoming(chain[-1])
        if len(wires) != 1:
            return None
        chain.append(wires[0].source)
    turned, parted, dense = (building.graph.node(node_id).layer for node_id in chain[:3])
    if not (
        isinstance(turned, Permute) and isinstance(parted, Reshape) and isinstance(dense, Dense)
    ):
        return None
    if turned.order != order or len(parted.shape) != 3 or dense.activation.kind != "linear":
        return None
    weight = building.weights[chain[2], "weight"]
    port = building.graph.incoming(chain[2])[0].source_port
    source = Value(chain[3], (parted.shape[0], weight.shape[1]), port)
    return _Heads(source, parted.shape[1], weight, building.weights.get((chain[2], "bias")))


def _hides_what_is_later(
    building: Building, operator: Operator, query: _Heads, key: _Heads
) -> bool:
    hidden = next((c for n in operator.inputs if (c := building.constant(n)) is not None), None)
    wanted = later(query.source.known[0], key.source.known[0])
    return hidden is not None and hidden.shape == wanted.shape and np.allclose(hidden, wanted)
