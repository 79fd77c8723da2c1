"""A source of random numbers, from which a generator makes examples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.fields import Choice, Sizes
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

EDGE = math.sqrt(3)
"""Uniform numbers between minus this and this have a variance of 1, like normal ones."""


@LAYERS.register
class Noise(Layer):
    """Give random numbers, drawn anew in every forward pass: in training and in prediction alike.

    Both distributions have mean 0 and variance 1: a standard normal, or uniform
    between -√3 and √3. In an exported model this is one more input, which takes such
    numbers: what comes out can then be repeated and checked.

    Shapes: -> z (*shape, N).
    """

    kind = "noise"
    label = "Noise"
    summary = "Gives fresh random numbers in every pass: what a generator makes examples from."
    synonyms = (
        "random",
        "noise vector",
        "latent",
        "generator",
        "gan",
        "normal",
        "uniform",
        "source",
    )
    category = "ends"
    formula = "z, each number from a standard normal or uniform"
    source = "Goodfellow et al., Generative adversarial nets, 2014"
    input_ports = ()
    examples = (
        Example({"shape": [3]}, ()),
        Example({"shape": [1, 2, 2], "distribution": "uniform"}, ()),
    )

    shape = Sizes((2,), help="Numbers for one example: (D,), or (C, H, W) for an image.")
    distribution = Choice(
        "normal",
        {"normal": "Normal", "uniform": "Uniform"},
        help="How likely each number is: a bell around 0, or alike from -1.73 to 1.73.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (self.shape,)

    def bind(self, work: Workspace) -> None:
        array = work.output.array
        if self.distribution == "normal":
            work.forward(work.rng.standard_normal, dtype=work.dtype, out=array)
            return
        work.forward(work.rng.random, dtype=work.dtype, out=array)
        work.forward(np.multiply, array, work.scalar(2 * EDGE), out=array)
        work.forward(np.subtract, array, work.scalar(EDGE), out=array)

    def drawn(self, count: int, rng: np.random.Generator) -> Array:
        """Such numbers for `count` examples, batch first: what an exported model takes."""
        size = (count, *self.shape)
        if self.distribution == "normal":
            return rng.standard_normal(size, np.float32)
        return rng.uniform(-EDGE, EDGE, size).astype(np.float32)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.inputs[0])  # the exporter hands over the name of the model's input

    def line(self) -> str:
        return f"{shapes.text(self.shape)} · {self.distribution}"
