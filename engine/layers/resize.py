"""Layers that make images and sequences larger or smaller without learning anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ShapeError
from engine.fields import Choice, Sizes
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace
from engine.layers.images import any_image, as_image
from engine.layers.padding import Sides, sides
from engine.shapes import Shape, size

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

AMOUNTS_HELP = "One number for every side, one for each axis, or two for each: before and after."


@LAYERS.register
class UpSample(Layer):
    """Make an image larger: repeat each pixel, or draw straight lines between their centres.

    Shapes: x (C, H, W, N) -> y (C, factor H, factor W, N), or (C, T, N) -> (C, factor T, N).
    Beyond the outermost centres the outermost pixels are repeated (PyTorch's
    align_corners=False, ONNX's half_pixel).
    """

    kind = "up_sample"
    label = "UpSample"
    summary = "Makes an image or a sequence larger by repeating values or drawing lines between."
    synonyms = (
        "upsampling",
        "resize",
        "interpolate",
        "nearest",
        "bilinear",
        "unpooling",
        "decoder",
    )
    category = "convolution"
    formula = "y_ij = x at (i, j) / factor"
    source = "PyTorch, torch.nn.Upsample; ONNX, Resize"
    examples = (
        Example({}, ((2, 2, 3),)),
        Example({"factor": [3, 1]}, ((1, 2, 2),)),
        Example({"mode": "bilinear"}, ((2, 2, 3),)),
        Example({"mode": "bilinear", "factor": [2, 3]}, ((1, 3, 1),)),
        Example({"factor": [3]}, ((2, 4),)),
        Example({"mode": "bilinear"}, ((2, 3),)),
    )

    factor = Sizes(
        (2,), axes=range(1, 3), help="How many times larger: one number, or one for each axis."
    )
    mode = Choice(
        "nearest",
        {"nearest": "Nearest", "bilinear": "Bilinear"},
        help="Whether values are repeated or straight lines are drawn between them.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels, lengths = any_image(self, arriving.one)
        factors = self._factors(lengths)
        return ((channels, *(n * f for n, f in zip(lengths, factors, strict=True))),)

    def _factors(self, lengths: Shape) -> tuple[int, ...]:
        if len(self.factor) == 1:
            return self.factor * len(lengths)
        if len(self.factor) != len(lengths):
            raise ShapeError(
                f"{self.label} has {len(self.factor)} factors, and what arrives is a sequence. "
                "Give one factor."
            )
        return self.factor

    def bind(self, work: Workspace) -> None:
        factors = self._factors(work.input.array.shape[1:-1])
        down, right = (*factors, 1) if len(factors) == 1 else factors
        if self.mode == "nearest":
            _bind_repeats(work, down, right)
        else:
            _bind_lines(work, down, right)

    def onnx(self, graph: OnnxGraph) -> None:
        factors = self._factors(graph.shapes[0][1:])
        scales = graph.constant(np.array([1, 1, *factors], np.float32), "scales")
        is_nearest = self.mode == "nearest"
        transformation = "asymmetric" if is_nearest else "half_pixel"
        nearest = {"nearest_mode": "floor"} if is_nearest else {}
        graph.result(
            graph.node(
                "Resize",
                [graph.inputs[0], "", scales],
                mode="nearest" if is_nearest else "linear",
                coordinate_transformation_mode=transformation,
                **nearest,
            )
        )

    def line(self) -> str:
        factors = "×" + ",".join(map(str, self.factor))
        return factors if self.mode == "nearest" else f"{factors} · bilinear"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size(self.infer(arriving)[0])


def _bind_repeats(work: Workspace, down: int, right: int) -> None:
    x, y = work.input, work.output
    channels, height, width, batch = as_image(x.array).shape
    apart = (channels, height, down, width, right, batch)
    image = as_image(x.array)
    work.forward(np.copyto, y.array.reshape(apart), image[:, :, None, :, None])
    if work.training and x.gradient is not None and y.gradient is not None:
        total = as_image(x.gradient)
        work.backward(np.add.reduce, y.gradient.reshape(apart), axis=(2, 4), out=total)


def _bind_lines(work: Workspace, down: int, right: int) -> None:
    x, y = work.input, work.output
    channels, height, width, batch = as_image(x.array).shape
    rows, columns = _lines(work, height, down), _lines(work, width, right)
    high, wide = len(rows), len(columns)
    middle = work.buffer(channels * height, wide, batch)
    flat = middle.reshape(channels, height, wide * batch)
    # (W_out, W) @ (C H, W, N), then (H_out, H) @ (C, H, W_out N)
    work.forward(np.matmul, columns, x.array.reshape(channels * height, width, batch), out=middle)
    work.forward(np.matmul, rows, flat, out=y.array.reshape(channels, high, wide * batch))
    if work.training and x.gradient is not None and y.gradient is not None:
        slopes = y.gradient.reshape(channels, high, wide * batch)
        total = x.gradient.reshape(channels * height, width, batch)
        work.backward(np.matmul, rows.T, slopes, out=flat)
        work.backward(np.matmul, columns.T, middle, out=total)


def _lines(work: Workspace, length: int, factor: int) -> Array:
    """The matrix (factor L, L) that draws lines between the centres of L values."""
    places = (np.arange(length * factor) + 0.5) / factor - 0.5
    places = np.clip(places, 0, length - 1)
    before = np.minimum(places.astype(int), max(0, length - 2))
    share = places - before
    matrix = work.buffer(length * factor, length)
    matrix[...] = 0
    every = np.arange(length * factor)
    matrix[every, before] = 1 - share
    if length > 1:
        matrix[every, before + 1] = share
    return matrix


class _Margins(Layer):
    """What adding and taking off margins have in common."""

    category = "convolution"
    amounts: Sizes

    def sides(self, shape: Shape) -> tuple[Sides, ...]:
        """(before, after) for each axis beside the channels."""
        _, lengths = any_image(self, shape)
        return sides(self.label, self.amounts, len(lengths))

    def within(self, array: Array) -> Array:
        """A larger image without its margins, a view."""
        margins = self.sides(array.shape[:-1])
        lengths = array.shape[1:-1]
        return array[:, *(slice(b, n - a) for (b, a), n in zip(margins, lengths, strict=True))]

    def line(self) -> str:
        return ",".join(map(str, self.amounts))


@LAYERS.register
class ZeroPad(_Margins):
    """Surround an image with zeros.

    Shapes: x (C, H, W, N) -> y (C, H + top + bottom, W + left + right, N), or
    (C, T, N) -> (C, T + before + after, N).
    """

    kind = "zero_pad"
    label = "ZeroPad"
    summary = "Surrounds an image with zeros, or puts them at the ends of a sequence."
    synonyms = ("padding", "pad", "margin", "border", "zeropadding")
    formula = "y = x inside, 0 around it"
    source = "PyTorch, torch.nn.ZeroPad2d; ONNX, Pad"
    examples = (
        Example({}, ((2, 2, 3),)),
        Example({"amounts": [1, 2]}, ((1, 3, 2),)),
        Example({"amounts": [0, 1, 2, 0]}, ((2, 2, 2),)),
        Example({"amounts": [2, 0]}, ((2, 3),)),
    )

    amounts = Sizes((1,), axes=range(1, 5), minimum=0, help=AMOUNTS_HELP)

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        margins = self.sides(arriving.one)
        channels, *lengths = arriving.one
        return ((channels, *(n + sum(s) for n, s in zip(lengths, margins, strict=True))),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        work.forward(y.array.fill, 0)
        work.forward(np.copyto, self.within(y.array), x.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.copyto, x.gradient, self.within(y.gradient))

    def onnx(self, graph: OnnxGraph) -> None:
        before, after = zip(*self.sides(graph.shapes[0]), strict=True)
        pads = graph.constant(np.array([0, 0, *before, 0, 0, *after], np.int64), "pads")
        graph.result(graph.node("Pad", [graph.inputs[0], pads]))


@LAYERS.register
class Crop(_Margins):
    """Cut the margins off an image.

    Shapes: x (C, H, W, N) -> y (C, H - top - bottom, W - left - right, N), or
    (C, T, N) -> (C, T - before - after, N).
    """

    kind = "crop"
    label = "Crop"
    summary = "Cuts the margins off an image, or the ends off a sequence."
    synonyms = ("cropping", "cut", "trim", "margin")
    formula = "y = x without its margins"
    source = "Keras, Cropping2D; ONNX, Slice"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({"amounts": [1, 0]}, ((1, 3, 2),)),
        Example({"amounts": [0, 1, 2, 0]}, ((2, 2, 3),)),
        Example({"amounts": [2, 0]}, ((2, 3),)),
    )

    amounts = Sizes((1,), axes=range(1, 5), minimum=0, help=AMOUNTS_HELP)

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        margins = self.sides(arriving.one)
        channels, *lengths = arriving.one
        left = tuple(n - sum(s) for n, s in zip(lengths, margins, strict=True))
        if min(left) < 1:
            short = left.index(min(left))
            raise ShapeError(
                f"{self.label} cuts {sum(margins[short])} off an axis of {lengths[short]}, and "
                "nothing is left. Cut off less."
            )
        return ((channels, *left),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        work.forward(np.copyto, y.array, self.within(x.array))
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(x.gradient.fill, 0)
            work.backward(np.copyto, self.within(x.gradient), y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        shape = graph.shapes[0]
        margins = self.sides(shape)
        ends = [n - after for n, (_, after) in zip(shape[1:], margins, strict=True)]
        bounds = (
            ([before for before, _ in margins], "starts"),
            (ends, "ends"),
            (list(range(2, len(shape) + 1)), "axes"),
        )
        given = [graph.constant(np.array(values, np.int64), hint) for values, hint in bounds]
        graph.result(graph.node("Slice", [graph.inputs[0], *given]))
