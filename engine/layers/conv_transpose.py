"""The transposed convolution: a convolution run backwards, which makes images larger."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.activations import Activation
from engine.errors import ShapeError
from engine.fields import Sizes, Variant
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Workspace,
)
from engine.layers.conv import (
    ACTIVATION,
    BIAS,
    BIAS_INITIALIZER,
    FILTERS,
    GROUPS,
    INITIALIZER,
    dilation_field,
    kernel_field,
    share_out,
)
from engine.layers.conv_steps import parted
from engine.layers.images import channels_and_lengths, kernel_in_words
from engine.layers.padding import PADDINGS, Padding
from engine.layers.patches import Columns, Window, in_groups, reach, surrounded, taps
from engine.layers.spread import SpreadProduct, with_margins
from engine.shapes import Shape
from engine.workspace import FORWARD

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class ConvTranspose2D(Layer):
    """Paint the kernels, weighed by each pixel, onto a larger image: y = f(Wᵀ ⋆ x + b).

    Shapes: x (C, H, W, N) -> y (O, H_out, W_out, N); W (C, O / groups, K_h, K_w), b (O,).
    H_out is (H - 1) stride + dilation (K_h - 1) + 1 + output padding - padding, and W_out
    alike; with padding Same it is H stride. Without bias and activation it is what carries a
    gradient back through a Conv2D of the same settings.
    """

    kind = "conv_transpose2d"
    label = "ConvTranspose2D"
    summary = "Paints small patterns onto a larger image: a convolution run backwards."
    synonyms = (
        *("deconvolution", "transposed convolution", "fractionally strided convolution"),
        *("upsample", "decoder", "generator", "cnn"),
    )
    category = "convolution"
    formula = "y = f(Wᵀ ⋆ x + b)"
    source = "Zeiler, Krishnan, Taylor and Fergus, Deconvolutional networks, 2010"
    examples = (
        Example({"filters": 2}, ((1, 3, 3),)),
        Example({"filters": 3, "stride": 1, "padding": "valid"}, ((2, 2, 3),)),
        Example(
            {
                "filters": 2,
                "kernel": [3, 2],
                "output_padding": [1, 0],
                "padding": {"kind": "explicit", "amounts": [1, 0, 0, 1]},
                "activation": "tanh",
            },
            ((2, 3, 3),),
        ),
        Example({"filters": 4, "groups": 2, "kernel": 2, "bias": False}, ((2, 3, 2),)),
        Example({"filters": 2, "kernel": 1, "activation": "gelu"}, ((2, 2, 3),)),
        Example({"filters": 1, "dilation": 2, "kernel": 2, "activation": "softplus"}, ((2, 3, 2),)),
    )

    filters = FILTERS
    kernel = kernel_field(3, axes=2)
    activation = ACTIVATION
    stride = Sizes(
        (2, 2),
        axes=range(2, 3),
        help="How far apart the pixels are painted: how many times larger the image gets.",
    )
    padding: Variant[Padding] = Variant(
        "same", PADDINGS, help="What is taken off around the result, as a Conv2D would add it."
    )
    output_padding = Sizes(
        (0, 0),
        axes=range(2, 3),
        minimum=0,
        advanced=True,
        help="Rows and columns added behind, where several sizes would fit.",
    )
    bias = BIAS
    dilation = dilation_field(axes=2)
    groups = GROUPS
    initializer = INITIALIZER
    bias_initializer = BIAS_INITIALIZER

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels, _ = channels_and_lengths(self, arriving.one, 2)
        share_out(self, channels, self.filters, self.groups)
        return ((self.filters, *(window.length for window in self.windows(arriving.one))),)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """How a kernel would move over the result and visit as many places as there are pixels."""
        _, lengths = channels_and_lengths(self, shape, 2)
        for axis in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if axis[0] >= max(axis[1:]):
                raise ShapeError(
                    f"{self.label} has an output padding of {axis[0]}, which must be smaller than "
                    f"its stride or its dilation, {max(axis[1:])}. Use less, or a larger stride."
                )
        reaches = [reach(k, d) for k, d in zip(self.kernel, self.dilation, strict=True)]
        removed = self.padding.removed(self.label, reaches, self.stride, self.output_padding)
        whole = tuple(
            (length - 1) * stride + span + extra
            for length, stride, span, extra in zip(
                lengths, self.stride, reaches, self.output_padding, strict=True
            )
        )
        left = [size - sum(sides) for size, sides in zip(whole, removed, strict=True)]
        if min(left) < 1:
            raise ShapeError(
                f"{self.label} makes {shapes.text(whole)}, and its padding takes all of that off. "
                "Choose less padding or a larger kernel."
            )
        settings = zip(left, self.kernel, self.stride, self.dilation, removed, lengths, strict=True)
        return tuple(Window(*axis) for axis in settings)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        channels, area = arriving.one[0], math.prod(self.kernel)
        each = self.filters // self.groups
        fans = channels // self.groups * area, each * area
        weight = ParameterSpec("weight", (channels, each, *self.kernel), self.initializer, *fans)
        bias = ParameterSpec("bias", (self.filters,), self.bias_initializer, *fans)
        return (weight, *((bias,) if self.bias else ()), *self.activation.parameters(self.filters))

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        windows = self.windows(x.array.shape[:-1])
        places = with_margins(work, x.array, windows)
        # A loss that differentiates through the activation reads z as well.
        apart = self.activation.needs_input or work.fused
        z = work.buffer(*y.array.shape) if apart else y.array
        weight = work.parameter("weight")
        kernel = weight.reshape(self.groups, len(weight) // self.groups, *weight.shape[1:])
        bias = work.parameter("bias") if self.bias else None
        places.fill_in_lanes(work, FORWARD, x.array)
        SpreadProduct(work, places, kernel, z, windows, bias).bind(FORWARD)
        self.activation.forward(work, z, y.array)
        if work.training and y.gradient is not None:
            self.activation.backward(work, z, y.array, y.gradient)
            self._bind_products(work, y.gradient, windows)

    def _bind_products(self, work: Workspace, slopes: Array, windows: tuple[Window, ...]) -> None:
        x, weight = work.input, parted(work.parameter("weight"), self.groups)
        margins = [(before, max(0, after)) for before, after in (w.added for w in windows)]
        padded = surrounded(work, slopes, margins)
        padded.fill(work.backward, slopes)
        columns = Columns(work, taps(padded.whole, windows), self.groups)
        found = work.parameter_gradient("weight")
        total = None if found is None else parted(found, self.groups)
        part = work.buffer(*weight.shape) if len(columns.tiles) > 1 else total
        for tile in columns.tiles:
            columns.gather(work.backward, tile)
            if total is not None and part is not None:
                # (G, C / G, P) @ (G, P, D) -> (G, C / G, D), with D = O / G K_h K_w
                values, turned = in_groups(x.array, self.groups, tile), columns.matrix(tile)
                is_first = tile.start == 0
                out = total if is_first else part
                work.backward(np.matmul, values, turned.transpose(0, 2, 1), out=out)
                if not is_first:
                    work.backward(np.add, total, part, out=total)
            if x.gradient is not None:
                # (G, C / G, D) @ (G, D, P) -> (G, C / G, P)
                out = in_groups(x.gradient, self.groups, tile)
                work.backward(np.matmul, weight, columns.matrix(tile), out=out)
        bias_gradient = work.parameter_gradient("bias") if self.bias else None
        if bias_gradient is not None:
            work.backward(np.add.reduce, slopes.reshape(len(slopes), -1), axis=1, out=bias_gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        windows = self.windows(graph.shapes[0])
        # What is taken off behind and what output padding adds there make up for each other.
        behind = [w.added[1] - extra for w, extra in zip(windows, self.output_padding, strict=True)]
        missing = [max(0, -net) for net in behind]
        # Runtimes add less than a stride: more is added by hand, before the bias.
        by_hand = any(m >= stride for m, stride in zip(missing, self.stride, strict=True))
        bias = [graph.parameter("bias")] if self.bias and not by_hand else []
        sums = graph.node(
            "ConvTranspose",
            [graph.inputs[0], graph.parameter("weight"), *bias],
            kernel_shape=list(self.kernel),
            strides=list(self.stride),
            dilations=list(self.dilation),
            pads=[w.added[0] for w in windows] + [max(0, net) for net in behind],
            output_padding=[0, 0] if by_hand else missing,
            group=self.groups,
        )
        if by_hand:
            pads = graph.constant(np.array([0] * 6 + missing, np.int64), "pads")
            sums = graph.node("Pad", [sums, pads])
            if self.bias:
                shape = (self.filters, 1, 1)
                sums = graph.node("Add", [sums, graph.parameter("bias", shape)])
        graph.result(self.activation.onnx(graph, sums, places=2))

    def final_activation(self) -> Activation:
        return self.activation

    def line(self) -> str:
        stride = "" if set(self.stride) == {1} else f"stride {kernel_in_words(self.stride)}"
        parts = (str(self.filters), kernel_in_words(self.kernel), stride, self.padding.line())
        return " · ".join(filter(None, (*parts, self.activation.label.lower())))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return shapes.size(arriving.one) * self.filters // self.groups * math.prod(self.kernel)
