"""What a layer is: one class that declares everything the program knows about it.

A `Layer` object holds settings only. Its arrays belong to a plan, which hands
them to `Layer.bind` in a `Workspace`; so one graph can be drawn, trained and
evaluated at the same time.

Inside a plan examples are the last axis: a value of shape (D,) is an array
(D, N), an image (C, H, W, N), and a dense layer is y = W x + b.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Declared
from engine.registry import Registry
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.initializers import Initializer
    from engine.interop.onnx_graph import OnnxGraph

Array = NDArray[Any]


@dataclass(frozen=True)
class Port:
    """Where values enter or leave a node.

    many: an input port that takes any number of wires, in the order of wiring.
    required: an input port that must be wired before the graph can run.
    """

    name: str
    many: bool = False
    required: bool = True


@dataclass(frozen=True)
class ArrivingShapes:
    """The shapes that arrive at a layer, by input port, in the order of wiring."""

    by_port: Mapping[str, tuple[Shape, ...]]

    @classmethod
    def of(cls, *arriving: Shape, port: str = "in") -> ArrivingShapes:
        """Shapes that all arrive at one port."""
        return cls({port: arriving})

    @property
    def one(self) -> Shape:
        """The only shape, for a layer with one input."""
        (shape,) = (shape for arriving in self.by_port.values() for shape in arriving)
        return shape

    @property
    def all(self) -> tuple[Shape, ...]:
        return tuple(shape for arriving in self.by_port.values() for shape in arriving)

    def at(self, port: str) -> tuple[Shape, ...]:
        return self.by_port.get(port, ())


@dataclass(frozen=True)
class ParameterSpec:
    """One trained array of a layer.

    fan_in, fan_out: how many values one unit reads and feeds, for the initialiser.
    beside: name of a matrix (U, D) of which this vector (U,) is stored as one
        more column, so that one product serves both (see `Workspace.joined`).
    """

    name: str
    shape: Shape
    initializer: Initializer
    fan_in: int = 1
    fan_out: int = 1
    beside: str | None = None


@dataclass
class Logits:
    """What went into the softmax or sigmoid that made a value, kept for the loss.

    values: z for a sigmoid; z minus its column maximum for a softmax, (K, N).
    total: the softmax's sum of exponentials, (1, N); None for a sigmoid.
    """

    values: Array
    total: Array | None = None


@dataclass
class Value:
    """What travels along wires in a plan: an array (*shape, N) and its gradient.

    with_ones: the same memory as (size + 1, N) with a last row of ones, so that
        W x + b is one product.
    gradient: dL/d(array), or None where nothing needs it.
    logits: set by the layer whose last step was a softmax or sigmoid.
    """

    array: Array
    with_ones: Array
    gradient: Array | None = None
    logits: Logits | None = None


class Workspace(ABC):
    """What one layer sees of a plan while it is bound: arrays, and where to put its steps.

    Steps are functions bound to their arrays. They write with `out=` and
    allocate nothing. Forward steps run in graph order; backward steps run
    layer by layer in reverse graph order, each layer's in the order given here.

    training: gradients are wanted, and layers that behave differently while
        training (dropout) do so.
    fused: the loss behind this layer differentiates through its activation:
        output.gradient arrives as dL/dz and the activation has no backward.
        On a loss: it is the one that does so.
    """

    inputs: Mapping[str, tuple[Value, ...]]
    outputs: tuple[Value, ...]
    batch: int
    dtype: np.dtype[Any]
    training: bool
    fused: bool

    @property
    def input(self) -> Value:
        """The first value that arrives, for a layer with one input."""
        return next(value for arriving in self.inputs.values() for value in arriving)

    @property
    def output(self) -> Value:
        return self.outputs[0]

    @property
    @abstractmethod
    def rng(self) -> np.random.Generator:
        """This node's own stream of random numbers; part of a checkpoint."""

    @abstractmethod
    def parameter(self, name: str) -> Array:
        """The array of a parameter, a view into the objective's vector."""

    @abstractmethod
    def parameter_gradient(self, name: str) -> Array | None:
        """Where to write dL/d(parameter), or None where it is not trained."""

    @abstractmethod
    def joined(self, name: str) -> Array:
        """A matrix with the vector stored beside it as its last column, (U, D + 1)."""

    @abstractmethod
    def joined_gradient(self, name: str) -> Array | None:
        """Where to write the gradient of `joined`."""

    @abstractmethod
    def buffer(self, *shape: int, dtype: Any = None) -> Array:
        """Scratch memory of exactly this shape (say `batch` where it is meant)."""

    @abstractmethod
    def forward(self, function: Callable[..., object], *args: Any, **keywords: Any) -> None:
        """Call this in every forward pass."""

    @abstractmethod
    def backward(self, function: Callable[..., object], *args: Any, **keywords: Any) -> None:
        """Call this in every backward pass."""

    @property
    @abstractmethod
    def target(self) -> Array:
        """For a loss: what the prediction should have been, (*target shape, N)."""

    @property
    @abstractmethod
    def loss(self) -> Array:
        """For a loss: where to write the mean loss of the batch, (1,)."""


@dataclass(frozen=True)
class Example:
    """Settings and arriving shapes that a layer works with: its test cases and its help."""

    settings: Mapping[str, object] = field(default_factory=dict)
    arriving: tuple[Shape, ...] = ((3,),)
    port: str = "in"


@dataclass(frozen=True)
class PaletteEntry:
    """One thing to drag onto the canvas: a kind with some settings already made."""

    kind: str
    label: str
    summary: str
    synonyms: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)


class Layer(Declared):
    """One kind of node that computes something.

    Class attributes, beside those of `Declared`
        category: ends, core, neuron, convolution, recurrent, regularising, merging or loss.
        formula: what it computes, as one line of text.
        source: the paper or standard it follows.
    """

    category: ClassVar[str]
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    input_ports: ClassVar[tuple[Port, ...]] = (Port("in"),)
    output_ports: ClassVar[tuple[Port, ...]] = (Port("out"),)
    examples: ClassVar[tuple[Example, ...]] = ()

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        """The shape of each output. Raises ShapeError, with the remedy, if the inputs don't fit."""
        raise NotImplementedError  # every layer has its own rule

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        """The arrays that training changes. Called only with shapes that `infer` accepts."""
        return ()

    def bind(self, work: Workspace) -> None:
        """Add the forward steps and, if `work.training`, the backward steps to a plan."""
        raise NotImplementedError  # every layer has its own steps

    def onnx(self, graph: OnnxGraph) -> None:
        """Write this layer as ONNX nodes. Raises ExportError where ONNX has no such thing."""
        raise NotImplementedError  # every layer has its own mapping

    def line(self) -> str:
        """The one line that matters, on the node's card: `64 · relu`."""
        return ""

    def title(self) -> str:
        """The name on the card of a node that has no name of its own."""
        return self.label

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        """Cost of one example's forward pass, in multiply-adds."""
        return 0

    @classmethod
    def palette_entries(cls) -> Sequence[PaletteEntry]:
        return (PaletteEntry(cls.kind, cls.label, cls.summary, cls.synonyms),)


LAYERS: Registry[Layer] = Registry("layer")


def features_of(layer: Layer, shape: Shape) -> int:
    """D of a shape (D,). Raises ShapeError, asking for a Flatten, for any other."""
    if len(shape) != 1:
        raise ShapeError(
            f"{layer.label} needs rows of features (D,), got {shape}. Put a Flatten before it."
        )
    return shape[0]


def size_of(arriving: ArrivingShapes) -> int:
    """How many numbers arrive in all."""
    return sum(shapes.size(shape) for shape in arriving.all)
