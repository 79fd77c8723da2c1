"""Convolutions: small kernels that look at every place of an image or a sequence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from engine.activations import Activation
from engine.errors import ShapeError
from engine.fields import Boolean, Integer, Sizes, Variant
from engine.initializers import Initializer
from engine.layers.base import (
    LAYERS,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Workspace,
)
from engine.layers.conv_steps import ConvolutionSteps
from engine.layers.images import (
    channels_and_lengths,
    kernel_in_words,
    moving_windows,
    on_two_axes,
)
from engine.layers.padding import PADDINGS, Padding
from engine.layers.patches import Window, reach
from engine.layers.weighing import activation_field, bias_initializer_field, initializer_field
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

# Fields that several kinds share.
FILTERS = Integer(
    16, minimum=1, maximum=100_000, help="How many kernels there are: channels that come out."
)
ACTIVATION = activation_field("relu")
PADDING: Variant[Padding] = Variant(
    "same", PADDINGS, help="What surrounds the image before the kernel moves over it."
)
BIAS = Boolean(True, help="Whether each filter adds a number of its own to its sums.")
INITIALIZER = initializer_field("he_uniform")
BIAS_INITIALIZER = bias_initializer_field()
GROUPS = Integer(
    1,
    minimum=1,
    maximum=100_000,
    advanced=True,
    help="Parts of the channels that are kept apart, each with its share of the filters.",
)


def kernel_field(default: int, axes: int) -> Sizes:
    return Sizes(
        (default,) * axes, axes=range(axes, axes + 1), help="How many values the kernel sees."
    )


def stride_field(default: int, axes: int) -> Sizes:
    return Sizes(
        (default,) * axes,
        axes=range(axes, axes + 1),
        help="How many values the kernel moves on from one place to the next.",
    )


def dilation_field(axes: int) -> Sizes:
    return Sizes(
        (1,) * axes,
        axes=range(axes, axes + 1),
        advanced=True,
        help="Distance between the values that the kernel sees; 1 is side by side.",
    )


class Convolution(Layer):
    """What all convolutions do. They are cross-correlations: no kernel is turned over.

    Class attributes, beside those of `Layer`
        axes: along how many the kernel moves.
    """

    category = "convolution"
    axes: ClassVar[int] = 2

    kernel: Sizes
    stride: Sizes
    dilation: Sizes
    activation: Variant[Activation]
    padding: Variant[Padding]
    bias: Boolean
    initializer: Variant[Initializer]
    bias_initializer: Variant[Initializer]

    def filters_of(self, channels: int) -> int:
        """How many channels come out."""
        raise NotImplementedError  # a setting of some, a multiple of the channels for others

    def groups_of(self, channels: int) -> int:
        """Into how many groups the channels are parted. Raises ShapeError if they cannot be."""
        raise NotImplementedError  # a setting of some, the channels themselves for others

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels, _ = channels_and_lengths(self, arriving.one, self.axes)
        self.groups_of(channels)
        places = (window.places for window in self.windows(arriving.one))
        return ((self.filters_of(channels), *places),)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """How the kernel moves along each axis."""
        _, lengths = channels_and_lengths(self, shape, self.axes)
        reaches = [reach(k, d) for k, d in zip(self.kernel, self.dilation, strict=True)]
        added = self.padding.added(self.label, lengths, reaches, self.stride)
        return moving_windows(self, lengths, self.kernel, self.stride, self.dilation, added)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        channels = arriving.one[0]
        filters, groups = self.filters_of(channels), self.groups_of(channels)
        area = math.prod(self.kernel)
        fans = channels // groups * area, filters // groups * area
        shape = (filters, channels // groups, *self.kernel)
        weight = ParameterSpec("weight", shape, self.initializer, *fans)
        bias = ParameterSpec("bias", (filters,), self.bias_initializer, *fans, beside="weight")
        return (weight, *((bias,) if self.bias else ()), *self.activation.parameters(filters))

    def bind(self, work: Workspace) -> None:
        shape = work.input.array.shape
        windows, groups = on_two_axes(self.windows(shape[:-1])), self.groups_of(shape[0])
        ConvolutionSteps(work, self.activation, windows, groups, self.bias).bind()

    def onnx(self, graph: OnnxGraph) -> None:
        (shape,) = graph.shapes
        windows = self.windows(shape)
        biases = [graph.parameter("bias")] if self.bias else []
        sums = graph.node(
            "Conv",
            [graph.inputs[0], graph.parameter("weight"), *biases],
            kernel_shape=list(self.kernel),
            strides=list(self.stride),
            dilations=list(self.dilation),
            pads=[w.added[0] for w in windows] + [w.added[1] for w in windows],
            group=self.groups_of(shape[0]),
        )
        graph.result(self.activation.onnx(graph, sums, self.axes))

    def final_activation(self) -> Activation:
        return self.activation

    def line(self) -> str:
        stride = "" if set(self.stride) == {1} else f"stride {kernel_in_words(self.stride)}"
        parts = (kernel_in_words(self.kernel), stride, self.padding.line())
        return " · ".join(filter(None, (*parts, self.activation.label.lower())))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        (outgoing,) = self.infer(arriving)
        seen = arriving.one[0] // self.groups_of(arriving.one[0]) * math.prod(self.kernel)
        return math.prod(outgoing) * seen


def share_out(layer: Layer, channels: int, filters: int, groups: int) -> None:
    """Raises ShapeError where groups cannot have equal shares of the channels and filters."""
    for count, what in ((channels, "channels"), (filters, "filters")):
        if count % groups:
            raise ShapeError(
                f"{layer.label} cannot share {count} {what} among {groups} groups. "
                f"Choose groups that divide {count}."
            )


class _Filters(Convolution):
    """A convolution that is told how many filters it has."""

    filters: Integer
    groups: Integer

    def filters_of(self, channels: int) -> int:
        return self.filters

    def groups_of(self, channels: int) -> int:
        share_out(self, channels, self.filters, self.groups)
        return self.groups

    def line(self) -> str:
        return f"{self.filters} · {super().line()}"


@LAYERS.register
class Conv2D(_Filters):
    """Weigh every patch of an image with the same kernels: y = f(W ⋆ x + b).

    Shapes: x (C, H, W, N) -> y (O, H_out, W_out, N); W (O, C / groups, K_h, K_w), b (O,).
    H_out is ⌊(H + padding - dilation (K_h - 1) - 1) / stride⌋ + 1, and W_out alike.
    """

    kind = "conv2d"
    label = "Conv2D"
    summary = "Looks for the same small patterns everywhere in an image."
    synonyms = ("convolution", "cnn", "convolutional", "filter", "kernel", "image")
    formula = "y = f(W ⋆ x + b)"
    source = "LeCun et al., Backpropagation applied to handwritten zip codes, 1989"
    examples = (
        Example({"filters": 2}, ((1, 4, 4),)),
        Example({"filters": 3, "padding": "valid", "activation": "tanh"}, ((2, 4, 5),)),
        Example({"filters": 2, "kernel": [2, 3], "stride": [2, 1], "bias": False}, ((2, 5, 4),)),
        Example(
            {
                "filters": 2,
                "kernel": [2, 2],
                "dilation": [2, 1],
                "padding": {"kind": "explicit", "amounts": [1, 0, 2, 1]},
                "activation": "linear",
            },
            ((1, 3, 3),),
        ),
        Example({"filters": 4, "groups": 2, "activation": "silu"}, ((4, 3, 3),)),
        Example({"filters": 3, "kernel": 1, "activation": "softmax"}, ((2, 2, 2),)),
        Example({"filters": 2, "kernel": 1, "stride": 2, "activation": "prelu"}, ((2, 3, 4),)),
        Example(
            {"filters": 3, "kernel": 1, "activation": {"kind": "prelu", "per_channel": True}},
            ((2, 3, 4),),
        ),
    )

    filters = FILTERS
    kernel = kernel_field(3, axes=2)
    activation = ACTIVATION
    stride = stride_field(1, axes=2)
    padding = PADDING
    bias = BIAS
    dilation = dilation_field(axes=2)
    groups = GROUPS
    initializer = INITIALIZER
    bias_initializer = BIAS_INITIALIZER


@LAYERS.register
class Conv1D(_Filters):
    """Weigh every stretch of a sequence with the same kernels: y = f(W ⋆ x + b).

    Shapes: x (C, T, N) -> y (O, T_out, N); W (O, C / groups, K), b (O,). Channels come
    before time, as in PyTorch and ONNX: put a Transpose before it where features come last.
    """

    kind = "conv1d"
    label = "Conv1D"
    summary = "Looks for the same short patterns everywhere in a sequence."
    synonyms = ("convolution", "cnn", "temporal", "causal", "filter", "kernel", "sequence")
    formula = "y = f(W ⋆ x + b)"
    source = "Waibel et al., Phoneme recognition using time-delay neural networks, 1989"
    axes = 1
    examples = (
        Example({"filters": 2}, ((1, 5),)),
        Example({"filters": 3, "padding": "valid", "stride": 2, "activation": "tanh"}, ((2, 7),)),
        Example(
            {
                "filters": 2,
                "kernel": 2,
                "dilation": 3,
                "padding": {"kind": "explicit", "amounts": [3, 0]},
                "bias": False,
            },
            ((2, 6),),
        ),
        Example({"filters": 4, "groups": 2, "kernel": 1, "activation": "gelu"}, ((2, 4),)),
    )

    filters = FILTERS
    kernel = kernel_field(3, axes=1)
    activation = ACTIVATION
    stride = stride_field(1, axes=1)
    padding = PADDING
    bias = BIAS
    dilation = dilation_field(axes=1)
    groups = GROUPS
    initializer = INITIALIZER
    bias_initializer = BIAS_INITIALIZER


@LAYERS.register
class DepthwiseConv2D(Convolution):
    """Weigh each channel of an image with kernels of its own: y_cm = f(W_cm ⋆ x_c + b_cm).

    Shapes: x (C, H, W, N) -> y (C M, H_out, W_out, N); W (C M, 1, K_h, K_w), b (C M,). The
    M results of one channel stand side by side.
    """

    kind = "depthwise_conv2d"
    label = "DepthwiseConv2D"
    summary = "Looks at each channel alone; with a Conv2D of kernel 1 after it, a cheap Conv2D."
    synonyms = ("depthwise convolution", "separable", "mobilenet", "cnn", "grouped")
    formula = "y_cm = f(W_cm ⋆ x_c + b_cm)"
    source = "Chollet, Xception, 2017"
    examples = (
        Example({}, ((2, 4, 4),)),
        Example({"multiplier": 2, "kernel": [3, 2], "activation": "tanh"}, ((3, 3, 4),)),
        Example({"multiplier": 3, "stride": 2, "padding": "valid", "bias": False}, ((1, 5, 5),)),
    )

    multiplier = Integer(1, minimum=1, maximum=1000, help="How many kernels each channel has.")
    kernel = kernel_field(3, axes=2)
    activation = ACTIVATION
    stride = stride_field(1, axes=2)
    padding = PADDING
    bias = BIAS
    dilation = dilation_field(axes=2)
    initializer = INITIALIZER
    bias_initializer = BIAS_INITIALIZER

    def filters_of(self, channels: int) -> int:
        return channels * self.multiplier

    def groups_of(self, channels: int) -> int:
        return channels

    def line(self) -> str:
        each = "" if self.multiplier == 1 else f"{self.multiplier} each · "
        return f"{each}{super().line()}"
