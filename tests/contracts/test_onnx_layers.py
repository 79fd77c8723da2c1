"""ONNX's own examples of operators, computed by the layers and activations that are exported so.

What an example needs and no layer here has is left out: kernels in three dimensions, whole
numbers, peepholes, other normalised axes. How many are computed stands in `COMPUTED`.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.layers import LAYERS
from tests.tools.lone import LoneLayer
from tests.tools.onnx_vectors import vectors


def examples_last(array):
    return np.moveaxis(array, 0, -1)


def computed(kind, settings, inputs, weights=None, *, training=False, state=None, arriving=None):
    """The first output, examples first again. inputs: arrays with the examples first.

    arriving: shapes by port, where these are not the required ones in order.
    """
    arrays = [examples_last(array) for array in inputs]
    layer = LAYERS.get(kind)(**settings)
    ports = [port for port in layer.input_ports if port.required]
    if arriving is None and ports[0].many:
        arriving = {ports[0].name: tuple(array.shape[:-1] for array in arrays)}
    elif arriving is None:
        arriving = {p.name: (a.shape[:-1],) for p, a in zip(ports, arrays, strict=True)}
    lone = LoneLayer(
        layer, arriving, batch=arrays[0].shape[-1], dtype=np.float32, training=training
    )
    for mine, given in zip(lone.inputs, arrays, strict=True):
        mine[...] = given
    for name, array in lone.parameters.items():
        array[...] = (weights or {})[name].reshape(array.shape)
    for name, array in (state or {}).items():
        lone.state[name][...] = array
    return np.moveaxis(lone.forward()[0], -1, 0)


def words(value, default):
    return default if value is None else value.decode()


def pads(attributes, lengths, kernel, stride, dilation):
    """Explicit amounts, before and after for each axis."""
    auto = words(attributes.get("auto_pad"), "NOTSET")
    if auto.startswith("SAME"):
        amounts = []
        for length, k, s, d in zip(lengths, kernel, stride, dilation, strict=True):
            total = max(0, (math.ceil(length / s) - 1) * s + d * (k - 1) + 1 - length)
            less = total // 2
            amounts += [less, total - less] if auto == "SAME_UPPER" else [total - less, less]
        return amounts
    given = attributes.get("pads", [0] * 2 * len(lengths))
    half = len(given) // 2
    return [given[place + side * half] for place in range(half) for side in (0, 1)]


def moving(vector, kernel):
    """Kernel, stride, dilation and padding as our layers name them."""
    axes, attributes = len(kernel), vector.attributes
    stride = attributes.get("strides", [1] * axes)
    dilation = attributes.get("dilations", [1] * axes)
    amounts = pads(attributes, vector.inputs[0].shape[2:], kernel, stride, dilation)
    padding = {"kind": "explicit", "amounts": amounts}
    return {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}


def conv(vector):
    x, weight = vector.inputs
    settings = moving(vector, list(weight.shape[2:]))
    settings |= {"filters": len(weight), "activation": "linear", "bias": False}
    return computed("conv2d", settings, [x], {"weight": weight})


def conv_transpose(vector):
    x, weight = vector.inputs
    attributes, kernel = vector.attributes, list(weight.shape[2:])
    if len(kernel) != 2:
        return None
    settings = moving(vector, kernel)
    extra = attributes.get("output_padding", [0, 0])
    if "output_shape" in attributes:
        whole = [
            (n - 1) * s + k for n, s, k in zip(x.shape[2:], settings["stride"], kernel, strict=True)
        ]
        extra = [o - w for o, w in zip(attributes["output_shape"], whole, strict=True)]
    if "auto_pad" in attributes:
        settings["padding"] = "same"
    groups = attributes.get("group", 1)
    settings |= {"filters": weight.shape[1] * groups, "groups": groups, "output_padding": extra}
    settings |= {"activation": "linear", "bias": False}
    return computed("conv_transpose2d", settings, [x], {"weight": weight})


def pool(vector):
    (x,), attributes = vector.inputs, vector.attributes
    kernel = attributes["kernel_shape"]
    if len(kernel) > 2 or x.dtype != np.float32:
        return None
    settings = moving(vector, kernel) | {"ceil_mode": bool(attributes.get("ceil_mode", 0))}
    if vector.operator == "AveragePool":
        settings["count_padding"] = bool(attributes.get("count_include_pad", 0))
        if max(settings.pop("dilation")) > 1:
            return None
    name = {"MaxPool": "max_pool", "AveragePool": "average_pool"}[vector.operator]
    return computed(f"{name}{len(kernel)}d", settings, [x])


def global_pool(vector):
    kind = {"GlobalAveragePool": "global_average_pool", "GlobalMaxPool": "global_max_pool"}
    return computed(kind[vector.operator], {}, vector.inputs)[..., None, None]


def batch_norm(vector):
    x, scale, shift, mean, variance = vector.inputs
    return computed(
        "batch_norm",
        {"epsilon": vector.attributes.get("epsilon", 1e-5)},
        [x],
        {"scale": scale, "shift": shift},
        training=bool(vector.attributes.get("training_mode", 0)),
        state={"running_mean": mean, "running_variance": variance},
    )


def layer_norm(vector):
    x, scale, shift = vector.inputs
    axis = vector.attributes.get("axis", -1) % x.ndim
    over = {1: "all", x.ndim - 1: "last"}.get(axis)
    if over is None:
        return None
    settings = {"epsilon": vector.attributes.get("epsilon", 1e-5), "over": over}
    return computed("layer_norm", settings, [x], {"scale": scale, "shift": shift})


def group_norm(vector):
    x, scale, shift = vector.inputs
    settings = {"epsilon": vector.attributes.get("epsilon", 1e-5)}
    if vector.operator == "InstanceNormalization":
        return computed("instance_norm", settings, [x], {"scale": scale, "shift": shift})
    settings["groups"] = vector.attributes["num_groups"]
    return computed("group_norm", settings, [x], {"scale": scale, "shift": shift})


def recurrent(vector):
    x, weight, recurrent, *others = vector.inputs
    batch_first = vector.attributes.get("layout", 0) == 1
    sequences = x if batch_first else np.moveaxis(x, 1, 0)
    if len(others) > 1:
        return None  # peepholes, or lengths
    weights, names = {}, ("", "_reverse")
    for place, name in enumerate(names[: len(weight)]):
        weights |= {f"weight{name}": weight[place], f"recurrent{name}": recurrent[place]}
        if others:
            first, second = np.split(others[0][place], 2)
            weights |= {f"bias{name}": first, f"recurrent_bias{name}": second}
    kind = {"LSTM": "lstm", "GRU": "gru", "RNN": "simple_rnn"}[vector.operator]
    direction = words(vector.attributes.get("direction"), "forward")
    settings = {"units": vector.attributes["hidden_size"], "direction": direction}
    settings |= {"returns": "last", "bias": bool(others)}
    if kind == "gru":
        settings["reset_after"] = bool(vector.attributes.get("linear_before_reset", 0))
    last = computed(kind, settings, [sequences], weights)  # (N, directions H)
    parted = last.reshape(len(last), len(weight), -1)
    return parted if batch_first else np.moveaxis(parted, 1, 0)


def up_sample(vector):
    scales = next((a for a in vector.inputs[1:] if a.dtype == np.float32 and a.size), None)
    mode = words(vector.attributes.get("mode"), "nearest")
    plain = not set(vector.attributes) - {"mode", "axes"} and mode in ("nearest", "linear")
    if scales is None or not plain or (scales < 1).any():
        return None
    factors = [int(scale) for scale in scales[-2:]]
    if vector.attributes.get("axes") == (3, 2) or list(vector.attributes.get("axes", ())) == [3, 2]:
        factors.reverse()
    settings = {"factor": factors, "mode": "bilinear" if mode == "linear" else mode}
    return computed("up_sample", settings, [vector.inputs[0]])


def merged(vector):
    kind = {"Sum": "add", "Mean": "average", "Max": "maximum", "Mul": "multiply"}[vector.operator]
    if any(array.dtype != np.float32 or array.ndim != 1 for array in vector.inputs):
        return None
    return computed(kind, {}, [array[:, None] for array in vector.inputs])[:, 0]


def concat(vector):
    axis = vector.attributes["axis"] % vector.inputs[0].ndim
    return computed("concat", {"axis": axis - 1}, vector.inputs) if axis else None


NAMES = {"Relu": "relu", "Elu": "elu", "Selu": "selu", "Sigmoid": "sigmoid", "Tanh": "tanh"}
NAMES |= {"Softsign": "softsign", "Softplus": "softplus", "Mish": "mish", "Gelu": "gelu"}
NAMES |= {"HardSwish": "hard_swish", "LeakyRelu": "leaky_relu", "Swish": "silu"}
NAMES |= {"Softmax": "softmax", "LogSoftmax": "log_softmax"}
SETTINGS = {"LeakyRelu": "leak", "Elu": "alpha"}


def activation(vector):
    (x,), attributes, operator = vector.inputs, dict(vector.attributes), vector.operator
    x = x.astype(np.float32)
    settings = {}
    if operator in SETTINGS:
        settings[SETTINGS[operator]] = attributes.pop("alpha", {"LeakyRelu": 0.01}.get(operator, 1))
    if operator == "Swish":
        attributes = {}
    axis = attributes.pop("axis", -1) if operator.endswith("oftmax") else 0
    if attributes:
        return None  # other constants than ours
    over = np.moveaxis(x, axis, 0)
    flat = over.reshape(len(over), -1)
    a = activated(ACTIVATIONS.get(NAMES[operator])(**settings), flat)
    return np.moveaxis(a.reshape(over.shape), 0, axis)


def activated(function, z):
    """(D, N), with the examples last."""
    return computed("activation", {"function": function}, [z.T]).T


def prelu(vector):
    """Each number of an example is a feature with a slope of its own."""
    x, slopes = np.broadcast_arrays(*vector.inputs)
    function = ACTIVATIONS.get("prelu")(per_channel=True)
    weights = {"leak": slopes.reshape(-1)}
    z = x.reshape(1, -1)
    return computed("activation", {"function": function}, [z], weights).reshape(x.shape)


def hard_sigmoid(vector):
    (x,), attributes = vector.inputs, vector.attributes
    function = ACTIVATIONS.get("hard_sigmoid")(**{"alpha": 0.2, **attributes})
    return activated(function, x.reshape(1, -1).astype(np.float32)).reshape(x.shape)


def attention(vector):
    """ONNX projects nothing. Key and value lie side by side in our context."""
    attributes, arrays = vector.attributes, vector.inputs
    plain = set(attributes) <= {"is_causal", "q_num_heads", "kv_num_heads"}
    if not plain or len(arrays) != 3 or any(array.dtype != np.float32 for array in arrays):
        return None
    in_heads = arrays[0].ndim == 4  # (N, heads, T, d), else (N, T, heads d)
    if in_heads:
        counts = [array.shape[1] for array in arrays]
        arrays = [np.concatenate(np.moveaxis(array, 1, 0), axis=-1) for array in arrays]
    else:
        counts = [attributes["q_num_heads"], attributes["kv_num_heads"]]
    query, key, value = arrays
    width = query.shape[-1]
    if len(set(counts)) > 1 or {key.shape[-1], value.shape[-1]} != {width}:
        return None  # heads that share keys, or values of another size
    one, none = np.eye(width), np.zeros((width, width))
    weights = {"query": one, "output": one, "key": np.hstack([one, none])}
    weights["value"] = np.hstack([none, one])
    settings = {"heads": counts[0], "causal": bool(attributes.get("is_causal", 0)), "bias": False}
    context = np.concatenate([key, value], axis=-1)
    shapes = {"in": (query.shape[1:],), "context": (context.shape[1:],)}
    mixed = computed("multi_head_attention", settings, [query, context], weights, arriving=shapes)
    return np.stack(np.split(mixed, counts[0], axis=-1), axis=1) if in_heads else mixed


COMPUTED = {
    ("conv", "Conv"): (conv, 6),
    ("convtranspose", "ConvTranspose"): (conv_transpose, 9),
    ("maxpool", "MaxPool"): (pool, 14),
    ("averagepool", "AveragePool"): (pool, 13),
    ("globalaveragepool", "GlobalAveragePool"): (global_pool, 2),
    ("globalmaxpool", "GlobalMaxPool"): (global_pool, 2),
    ("batch_normalization", "BatchNormalization"): (batch_norm, 4),
    ("layernormalization", "LayerNormalization"): (layer_norm, 11),
    ("groupnormalization", "GroupNormalization"): (group_norm, 2),
    ("instance_normalization", "InstanceNormalization"): (group_norm, 2),
    ("lstm", "LSTM"): (recurrent, 5),
    ("gru", "GRU"): (recurrent, 6),
    ("rnn", "RNN"): (recurrent, 6),
    ("resize", "Resize"): (up_sample, 4),
    ("sum", "Sum"): (merged, 3),
    ("mean", "Mean"): (merged, 3),
    ("max", "Max"): (merged, 4),
    ("mul", "Mul"): (merged, 1),
    ("concat", "Concat"): (concat, 6),
    ("attention", "Attention"): (attention, 6),
    ("prelu", "PRelu"): (prelu, 2),
    ("hardsigmoid", "HardSigmoid"): (hard_sigmoid, 3),
    **{(operator.lower(), operator): (activation, count) for operator, count in (
        ("Relu", 1), ("Elu", 3), ("Selu", 1), ("Sigmoid", 2), ("Tanh", 2), ("Softsign", 2),
        ("Softplus", 2), ("Mish", 1), ("Gelu", 2), ("HardSwish", 1), ("LeakyRelu", 3),
        ("Swish", 1), ("Softmax", 7), ("LogSoftmax", 7),
    )},
}  # fmt: skip
"""Module and operator in ONNX: who computes it here, and of how many examples."""


@pytest.mark.parametrize(("module", "operator"), COMPUTED, ids=lambda name: name)
def test_the_examples_of_onnx_come_out(module, operator):
    compute, expected = COMPUTED[module, operator]
    done = 0
    for vector in vectors(module, operator):
        ours = compute(vector)
        if ours is None:
            continue
        theirs = next((y for y in vector.outputs if y.shape == ours.shape), vector.outputs[0])
        assert ours.shape == theirs.shape, vector.name
        rounded = np.array_equal(theirs, np.round(theirs, 4))  # as one is in print
        tolerance = 1e-4 if rounded else 2e-6
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=tolerance, err_msg=vector.name)
        done += 1

    assert done == expected
