"""Layer, group and instance normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Choice, Integer
from engine.layers.base import LAYERS, Example, Masking
from engine.layers.example_norm import ExampleNorm, Layout
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class LayerNorm(ExampleNorm):
    """Give the numbers of each example mean 0 and variance 1, then scale and shift each of them.

    y = γ (x - μ) / √(σ² + ε) + β, with μ and σ², divided by the number of values, over the
    whole example, or over some of its axes at each place of the others: `last` for a sequence
    (T, D) of D features, `last_two` for the places of an image, `first` for its channels. γ and
    β have the shape of what is normalised together.

    Shapes: x (*shape, N) -> y (*shape, N).
    """

    kind = "layer_norm"
    label = "LayerNorm"
    summary = "Gives each example mean 0 and variance 1, whatever else is in the batch."
    synonyms = ("layer normalisation", "layer normalization", "ln", "transformer")
    formula = "y = γ (x - μ) / √(σ² + ε) + β"
    source = "Ba, Kiros and Hinton, Layer normalization, 2016; PyTorch, torch.nn.LayerNorm"
    examples = (
        Example({}, ((5,),)),
        Example({}, ((2, 3, 4),)),
        Example({"over": "last"}, ((4, 3),)),
        Example({"over": "first", "epsilon": 0.01}, ((3, 2, 2),)),
        Example({"over": "last", "affine": False}, ((2, 2, 3),)),
        Example({"over": "last_two"}, ((2, 3, 2),)),
    )

    over = Choice(
        "all",
        {
            "all": "All axes",
            "last": "The last axis",
            "last_two": "The last two axes",
            "first": "The first axis",
        },
        help="Which axes are normalised together: all, the last (the features of a sequence), "
        "the last two (the places of an image), or the first (its channels).",
    )

    @property
    def masking(self) -> Masking:
        return "passes" if self.over == "last" else "stops"

    def scaled_shape(self, shape: Shape) -> Shape:
        parts = {"all": shape, "last": shape[-1:], "last_two": shape[-2:], "first": shape[:1]}
        return parts[self.over]

    def layout(self, shape: Shape) -> Layout:
        within = shapes.size(self.scaled_shape(shape))
        others = shapes.size(shape) // within
        before, behind = (1, others) if self.over == "first" else (others, 1)
        return Layout(before, within, behind, (before, within, behind))

    def onnx(self, graph: OnnxGraph) -> None:
        x, shape = graph.inputs[0], graph.shapes[0]
        together = self.scaled_shape(shape)
        learned, axis = self.onnx_learned(graph, together), -len(together)
        turned = self.over == "first" and len(shape) > 1
        if turned:
            axes = list(range(len(shape) + 1))
            to_last, back = [0, *axes[2:], 1], [0, axes[-1], *axes[1:-1]]
            x = graph.node("Transpose", [x], perm=to_last)
        y = graph.node("LayerNormalization", [x, *learned], axis=axis, epsilon=self.epsilon)
        graph.result(graph.node("Transpose", [y], perm=back) if turned else y)


class ChannelNorm(ExampleNorm):
    """What normalisations within channels share: the first axis is channels."""

    def scaled_layout(self, shape: Shape) -> tuple[int, int, int]:
        return 1, shape[0], shapes.size(shape[1:])


@LAYERS.register
class GroupNorm(ChannelNorm):
    """Normalise groups of channels of each example, then scale and shift each channel.

    y = γ (x - μ) / √(σ² + ε) + β, with μ and σ², divided by the number of values, over the
    C / G channels of a group and all their places. One group normalises the whole example;
    as many as channels, each by itself.

    Shapes: x (C, *places, N) -> y (C, *places, N); γ, β (C,).
    """

    kind = "group_norm"
    label = "GroupNorm"
    summary = (
        "Gives groups of channels of each example mean 0 and variance 1; any batch size will do."
    )
    synonyms = ("group normalisation", "group normalization", "gn")
    formula = "y = γ (x - μ) / √(σ² + ε) + β"
    source = "Wu and He, Group normalization, 2018; PyTorch, torch.nn.GroupNorm"
    examples = (
        Example({"groups": 2}, ((4, 3, 2),)),
        Example({"groups": 3, "affine": False}, ((12,),)),
        Example({"groups": 1}, ((3, 5),)),
        Example({"groups": 2}, ((2, 3, 40),)),
    )

    groups = Integer(8, minimum=1, maximum=100_000, help="Into how many groups the channels go.")

    def check(self, shape: Shape) -> None:
        super().check(shape)
        if shape[0] % self.groups:
            raise ShapeError(
                f"{self.label} cannot part {shape[0]} channels into {self.groups} equal groups. "
                f"Choose a number of groups that divides {shape[0]}."
            )

    def layout(self, shape: Shape) -> Layout:
        within = shapes.size(shape) // self.groups
        return Layout(self.groups, within, 1, self.scaled_layout(shape))

    def onnx(self, graph: OnnxGraph) -> None:
        # GroupNormalization is newer than the files that are written here.
        shape, group = graph.shapes[0], (self.groups,)
        by_group = graph.constant(np.array([0, self.groups, -1], np.int64), "groups")
        grouped = graph.node("Reshape", [graph.inputs[0], by_group])
        plain = [graph.constant(np.full(group, number), "plain") for number in (1.0, 0.0)]
        y = graph.node("InstanceNormalization", [grouped, *plain], epsilon=self.epsilon)
        y = graph.node("Reshape", [y, graph.constant(np.array([-1, *shape], np.int64), "shape")])
        if self.affine:
            column = (-1,) + (1,) * (len(shape) - 1)
            y = graph.node("Mul", [y, graph.parameter("scale", column)])
            y = graph.node("Add", [y, graph.parameter("shift", column)])
        graph.result(y)

    def line(self) -> str:
        return "1 group" if self.groups == 1 else f"{self.groups} groups"


@LAYERS.register
class InstanceNorm(ChannelNorm):
    """Normalise each channel of each example over its places, then scale and shift it.

    y = γ (x - μ) / √(σ² + ε) + β, with μ and σ², divided by the number of values, over the
    places of one channel. There are no running statistics: it does the same, trained or not.

    Shapes: x (C, *places, N) -> y (C, *places, N); γ, β (C,).
    """

    kind = "instance_norm"
    label = "InstanceNorm"
    summary = "Gives each channel of each image mean 0 and variance 1: its contrast is taken away."
    synonyms = ("instance normalisation", "instance normalization", "contrast", "style")
    formula = "y = γ (x - μ) / √(σ² + ε) + β"
    source = "Ulyanov et al., Instance normalization, 2016; PyTorch, torch.nn.InstanceNorm2d"
    examples = (
        Example({}, ((2, 3, 2),)),
        Example({"affine": False}, ((3, 4),)),
        Example({}, ((1, 2, 2),)),
    )

    def layout(self, shape: Shape) -> Layout:
        return Layout(shape[0], shapes.size(shape[1:]), 1, self.scaled_layout(shape))

    def onnx(self, graph: OnnxGraph) -> None:
        learned = self.onnx_learned(graph, graph.shapes[0][:1])
        graph.result(
            graph.node("InstanceNormalization", [graph.inputs[0], *learned], epsilon=self.epsilon)
        )
