"""Layers that change images a little while training, so that a network sees new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.fields import Boolean, Integer, Real
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace, size_of
from engine.layers.dropout import bind_pass
from engine.layers.images import channels_and_lengths
from engine.layers.patches import surrounded
from engine.shapes import Shape
from engine.workspace import AddStep

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

SOURCE = "Shorten and Khoshgoftaar, A survey on image data augmentation, 2019"


class Augmentation(Layer):
    """What layers do that change each image in its own random way while training."""

    category = "regularising"
    source = SOURCE
    examples: ClassVar[tuple[Example, ...]] = ()

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels_and_lengths(self, arriving.one, 2)
        return (arriving.one,)

    def changes(self) -> bool:
        """Whether these settings change anything."""
        raise NotImplementedError  # every kind has its own settings

    def bind(self, work: Workspace) -> None:
        if work.training and self.changes():
            self.bind_change(work)
        else:
            bind_pass(work)

    def bind_change(self, work: Workspace) -> None:
        """Add the steps that draw the changes and make them, and the way back."""
        raise NotImplementedError  # every kind has its own steps

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Identity", [graph.inputs[0]]))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


@LAYERS.register
class RandomFlip(Augmentation):
    """While training, mirror every second image, drawn by chance, along each chosen direction.

    Otherwise it passes everything on. Shapes: x (C, H, W, N) -> y (C, H, W, N).
    """

    kind = "random_flip"
    label = "RandomFlip"
    summary = "Mirrors images at random while training."
    synonyms = ("augmentation", "data augmentation", "mirror", "horizontal", "vertical")
    formula = "y(h, w) = x(h, W - 1 - w) with probability ½"
    examples = (
        Example({}, ((1, 3, 4),)),
        Example({"vertical": True}, ((2, 4, 3),)),
        Example({"horizontal": False}, ((2, 2, 2),)),
    )

    horizontal = Boolean(True, help="Swap left and right: right for photos, wrong for letters.")
    vertical = Boolean(False, help="Swap top and bottom.")

    def changes(self) -> bool:
        return self.horizontal or self.vertical

    def bind_change(self, work: Workspace) -> None:
        x, y = work.input, work.output
        _, high, wide, _ = x.array.shape
        down, right = np.mgrid[:high, :wide]
        steps = ((high - 1 - 2 * down) * wide, wide - 1 - 2 * right)
        places = Places(work, steps, down * wide + right)
        for drawn, wanted in zip(places.drawn, (self.vertical, self.horizontal), strict=True):
            if wanted:
                work.forward(work.rng.random, out=drawn)
                work.forward(np.rint, drawn, out=drawn)
        places.bind(work.forward)
        places.gather(work.forward, x.array, y.array)
        if x.gradient is not None and y.gradient is not None:
            # Mirrored twice is where it was.
            places.gather(work.backward, y.gradient, x.gradient)

    def line(self) -> str:
        chosen = {"left-right": self.horizontal, "up-down": self.vertical}
        return ", ".join(name for name, wanted in chosen.items() if wanted) or "off"


@LAYERS.register
class RandomShift(Augmentation):
    """While training, move each image by up to so many pixels up or down and left or right.

    What comes in from outside is one number. Otherwise it passes everything on.
    Shapes: x (C, H, W, N) -> y (C, H, W, N).
    """

    kind = "random_shift"
    label = "RandomShift"
    summary = "Moves images by a few pixels at random while training."
    synonyms = ("augmentation", "data augmentation", "translate", "translation", "jitter")
    formula = "y(h, w) = x(h + a, w + b), a and b whole numbers from -p to p"
    examples = (
        Example({}, ((1, 3, 4),)),
        Example({"pixels": 2, "fill": 0.5}, ((2, 3, 2),)),
        Example({"pixels": 0}, ((1, 2, 2),)),
    )

    pixels = Integer(1, minimum=0, maximum=512, help="How far an image moves at most.")
    fill = Real(0.0, help="The number that comes in from outside: that of the background.")

    def changes(self) -> bool:
        return self.pixels > 0

    def bind_change(self, work: Workspace) -> None:
        x, y, margin = work.input, work.output, self.pixels
        _, high, wide, _ = x.array.shape
        width = wide + 2 * margin
        down, right = np.mgrid[:high, :wide]
        ones = np.ones_like(down)
        there = Places(work, (ones * width, ones), down * width + right)
        for drawn in there.drawn:
            work.forward(work.rng.random, out=drawn)
            work.forward(np.multiply, drawn, np.array(2.0 * margin + 1), out=drawn)
            work.forward(np.floor, drawn, out=drawn)
        there.bind(work.forward)
        margins = [(margin, margin)] * 2
        padded = surrounded(work, x.array, margins, self.fill)
        padded.fill(work.forward, x.array)
        there.gather(work.forward, padded.whole, y.array)
        if x.gradient is not None and y.gradient is not None:
            start = (down + 2 * margin) * width + right + 2 * margin
            back = Places(work, (-ones * width, -ones), start, there.table)
            back.bind(work.backward)
            gradients = surrounded(work, y.gradient, margins)
            gradients.fill(work.backward, y.gradient)
            back.gather(work.backward, gradients.whole, x.gradient)

    def line(self) -> str:
        return f"± {self.pixels} px"


@LAYERS.register
class CutOut(Augmentation):
    """While training, cover a square of each image, anywhere on it, with one number.

    The square may reach over the edge. Otherwise it passes everything on.
    Shapes: x (C, H, W, N) -> y (C, H, W, N).
    """

    kind = "cut_out"
    label = "CutOut"
    summary = "Covers a square of each image at random while training."
    synonyms = ("augmentation", "data augmentation", "random erasing", "occlusion", "mask")
    formula = "y = x outside a square of so many pixels, and the fill inside"
    source = "DeVries and Taylor, Improved regularization with cutout, 2017"
    examples = (
        Example({}, ((1, 4, 4),)),
        Example({"size": 3, "fill": 0.5}, ((2, 3, 5),)),
        Example({"size": 0}, ((1, 2, 2),)),
    )

    size = Integer(2, minimum=0, maximum=1024, help="Pixels along one side of the square.")
    fill = Real(0.0, help="The number that covers the square.")

    def changes(self) -> bool:
        return self.size > 0

    def bind_change(self, work: Workspace) -> None:
        x, y = work.input, work.output
        _, *lengths, batch = x.array.shape
        grids = np.mgrid[: lengths[0], : lengths[1]]
        mask, distance, farthest = (work.buffer(grids[0].size, batch) for _ in range(3))
        outside = work.buffer(grids[0].size, batch, dtype=bool)
        middle = work.buffer(2, batch)
        middle[1] = 1
        for axis, (grid, length) in enumerate(zip(grids, lengths, strict=True)):
            # Of an even side the middle lies between two pixels.
            places = np.stack([-np.ones(grid.size), grid.ravel() + (self.size % 2 == 0) / 2], 1)
            into = distance if axis else farthest
            work.forward(work.rng.random, dtype=work.dtype, out=middle[0])
            work.forward(np.multiply, middle[0], work.scalar(length), out=middle[0])
            work.forward(np.floor, middle[0], out=middle[0])
            # (P, 2) @ (2, N) -> (P, N)
            work.forward(np.dot, places.astype(work.dtype), middle, out=into)
            work.forward(np.abs, into, out=into)
        work.forward(np.maximum, farthest, distance, out=farthest)
        work.forward(np.greater_equal, farthest, work.scalar(self.size / 2), out=outside)
        work.forward(np.copyto, mask, outside)
        masks = mask.reshape(x.array.shape[1:])
        multiply_channels(work.forward, x.array, masks, y.array)
        if self.fill:
            cover = distance.reshape(masks.shape)
            work.forward(np.subtract, work.scalar(1), mask, out=distance)
            work.forward(np.multiply, distance, work.scalar(self.fill), out=distance)
            for channel in y.array:
                work.forward(np.add, channel, cover, out=channel)
        if x.gradient is not None and y.gradient is not None:
            multiply_channels(work.backward, y.gradient, masks, x.gradient)

    def line(self) -> str:
        return f"{self.size} × {self.size} px"


class Places:
    """From which place of a source each pixel of each example comes, as a flat index (P N).

    place = start + Σ drawn step, with two numbers drawn for each example.
    """

    def __init__(
        self,
        work: Workspace,
        steps: tuple[Array, Array],
        start: Array,
        table: Array | None = None,
    ) -> None:
        """steps, start: (H, W), in pixels of the source. table: numbers drawn elsewhere."""
        batch = work.batch
        if table is None:
            table = work.buffer(4, batch, dtype=np.float64)
            table[:2] = 0
            table[2], table[3] = 1, np.arange(batch)
        self.table = table
        # Whole numbers up to 2^53 are exact in float64, and products of them are BLAS's.
        columns = [*(step.ravel() * batch for step in steps), start.ravel() * batch]
        self._weights = np.stack([*columns, np.ones(start.size)], axis=1).astype(np.float64)
        self._found = work.buffer(start.size, batch, dtype=np.float64)
        self._index = work.buffer(start.size * batch, dtype=np.intp)

    @property
    def drawn(self) -> tuple[Array, Array]:
        """Where to write the two numbers of each example, (N,)."""
        return self.table[0], self.table[1]

    def bind(self, add_step: AddStep) -> None:
        """Add the steps that work out the index from what was drawn."""
        add_step(np.dot, self._weights, self.table, out=self._found)  # (P, 4) @ (4, N) -> (P, N)
        add_step(np.copyto, self._index, self._found.reshape(-1), casting="unsafe")

    def gather(self, add_step: AddStep, source: Array, result: Array) -> None:
        """Add the step that fills (C, H, W, N) from a source of as many channels."""
        # (C, H, W, N) -> (C, P N); clip: the other modes make a copy first.
        flat, into = (array.reshape(len(array), -1) for array in (source, result))
        add_step(np.take, flat, self._index, axis=1, out=into, mode="clip")


def multiply_channels(add_step: AddStep, image: Array, factors: Array, result: Array) -> None:
    """Add the steps that multiply each channel of (C, H, W, N) by (H, W, N).

    One by one: a ufunc that repeats the factors over the channels takes memory for it.
    """
    for channel, product in zip(image, result, strict=True):
        add_step(np.multiply, channel, factors, out=product)
