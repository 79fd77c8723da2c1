"""Convolutions, pooling and their relatives in PyTorch: images first made batch-first.

Padding is done apart and by hand, since PyTorch's own is the same on both sides.
"""

from __future__ import annotations

import math


def layers(torch, layer, inputs, parameters, activation):
    """Functions from kind to the output with examples last, for `witness.layer`."""
    f = torch.nn.functional

    def images():
        return inputs[0].movedim(-1, 0)

    def padded(value=0.0):
        return f.pad(images(), flat_pads(added(layer, inputs[0].shape[1:-1])), value=value)

    def convolved(function, groups):
        bias = parameters.get("bias")
        z = function(
            padded(), parameters["weight"], bias, layer.stride, 0, layer.dilation, groups
        ).movedim(0, -1)
        return activation(torch, layer.activation, z, parameters)

    def highest(function):
        image = padded(-math.inf)
        return function(image, layer.kernel, layer.stride, 0, layer.dilation).movedim(0, -1)

    def averaged():
        """Sums by torch over counts by torch: of ones where something counts."""
        area = math.prod(layer.kernel)
        square = [1] * (2 - len(layer.kernel))

        def sums(image):
            flat = image.reshape(*image.shape[:2], *square, *image.shape[2:])
            pooled = f.avg_pool2d(flat, [*square, *layer.kernel], [*square, *layer.stride])
            return pooled.reshape(*pooled.shape[:2], *pooled.shape[2 + len(square) :]) * area

        lengths = inputs[0].shape[1:-1]
        counted = torch.ones(1, 1, *lengths, dtype=inputs[0].dtype)
        given, whole = asked(layer, lengths), added(layer, lengths)
        beyond = [(w[0] - g[0], w[1] - g[1]) for w, g in zip(whole, given, strict=True)]
        counted = f.pad(counted, flat_pads(given), value=float(layer.count_padding))
        counted = f.pad(counted, flat_pads(beyond))
        return (sums(padded()) / sums(counted)).movedim(0, -1)

    def painted():
        """On a canvas without margins, then cut to size; what lies outside it is zero."""
        z = f.conv_transpose2d(
            images(), parameters["weight"], None, layer.stride, 0, 0, layer.groups, layer.dilation
        )
        for axis, (start, length) in enumerate(kept(layer, inputs[0].shape[1:-1]), start=2):
            missing = max(0, start + length - z.shape[axis])
            z = f.pad(z, [0, 0, 0, missing] if axis == 2 else [0, missing])
            z = z.narrow(axis, start, length)
        z = z.movedim(0, -1)
        if layer.bias:
            z = z + parameters["bias"].reshape(-1, 1, 1, 1)
        return activation(torch, layer.activation, z, parameters)

    def resized():
        mode = layer.mode if layer.mode == "nearest" or inputs[0].ndim == 4 else "linear"
        factors = tuple(float(factor) for factor in layer.factor)
        factors = factors if len(factors) > 1 else factors * (inputs[0].ndim - 2)
        settings = {} if mode == "nearest" else {"align_corners": False}
        return f.interpolate(images(), scale_factor=factors, mode=mode, **settings).movedim(0, -1)

    def moved(sign):
        sides = by_axis(layer.amounts, inputs[0].ndim - 2)
        return f.pad(images(), [sign * side for side in flat_pads(sides)]).movedim(0, -1)

    return {
        "conv_transpose2d": painted,
        "up_sample": resized,
        "zero_pad": lambda: moved(1),
        "crop": lambda: moved(-1),
        "max_pool2d": lambda: highest(f.max_pool2d),
        "max_pool1d": lambda: highest(f.max_pool1d),
        "average_pool2d": averaged,
        "average_pool1d": averaged,
        "global_average_pool": lambda: _pooled(layer, inputs[0]).mean(1),
        "global_max_pool": lambda: _pooled(layer, inputs[0]).max(1).values,
        "conv2d": lambda: convolved(f.conv2d, layer.groups),
        "conv1d": lambda: convolved(f.conv1d, layer.groups),
        "depthwise_conv2d": lambda: convolved(f.conv2d, inputs[0].shape[0]),
    }


def _pooled(layer, x):
    """What is pooled along axis 1."""
    return x.transpose(0, 1) if layer.over == "steps" else x.flatten(1, -2)


def flat_pads(sides):
    """As `torch.nn.functional.pad` takes them: the last axis first."""
    return [side for pair in reversed(sides) for side in pair]


def added(layer, lengths):
    """(before, after) for each axis, with what rounding up adds."""
    sides = asked(layer, lengths)
    if not getattr(layer, "ceil_mode", False):
        return sides
    found = []
    dilation = getattr(layer, "dilation", [1] * len(lengths))
    reaches = [d * (k - 1) + 1 for k, d in zip(layer.kernel, dilation, strict=True)]
    for length, k, s, (before, after) in zip(lengths, reaches, layer.stride, sides, strict=True):
        # A window counts if the one before it left something over, and it starts on the image.
        starts = [p for p in range(-before, length + after, s) if p < length]
        starts = [p for p in starts if p - s + k < length + after or p == -before]
        found.append((before, max(after, starts[-1] + k - length)))
    return found


def asked(layer, lengths):
    """(before, after) for each axis."""
    padding = layer.padding
    dilation = getattr(layer, "dilation", [1] * len(lengths))
    if padding.kind == "valid":
        return [(0, 0) for _ in lengths]
    if padding.kind == "same":
        found = []
        for length, k, s, d in zip(lengths, layer.kernel, layer.stride, dilation, strict=True):
            total = max(0, (math.ceil(length / s) - 1) * s + d * (k - 1) + 1 - length)
            found.append((total // 2, total - total // 2))
        return found
    return by_axis(padding.amounts, len(lengths))


def kept(layer, lengths):
    """(start, length) of what a transposed convolution keeps of its whole result."""
    found = []
    explicit = layer.padding.kind == "explicit"
    given = by_axis(layer.padding.amounts, len(lengths)) if explicit else [(0, 0)] * len(lengths)
    for length, k, s, d, extra, (before, after) in zip(
        *(lengths, layer.kernel, layer.stride, layer.dilation, layer.output_padding, given),
        strict=True,
    ):
        span = d * (k - 1) + 1
        if layer.padding.kind == "same":
            found.append((max(0, span + extra - s) // 2, length * s))
        else:
            found.append((before, (length - 1) * s + span + extra - before - after))
    return found


def by_axis(amounts, axes):
    """One amount for all sides, one for each axis, or two for each."""
    if len(amounts) == 1:
        return [tuple(amounts) * 2] * axes
    if len(amounts) == axes:
        return [(amount, amount) for amount in amounts]
    return [tuple(amounts[2 * axis : 2 * axis + 2]) for axis in range(axes)]
