"""What a layer is: one class that declares everything the program knows about it.

A `Layer` object holds settings only. Its arrays belong to a plan, which hands
them to `Layer.bind` in a `Workspace`; so one graph can be drawn, trained and
evaluated at the same time.

Inside a plan examples are the last axis: a value of shape (D,) is an array
(D, N), an image (C, H, W, N), and a dense layer is y = W x + b.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Declared
from engine.registry import Registry
from engine.shapes import Shape
from engine.workspace import Array, Logits, ParameterSpec, StateSpec, Value, Workspace

if TYPE_CHECKING:
    from engine.activations.base import Activation
    from engine.interop.onnx_graph import OnnxGraph

__all__ = [
    "LAYERS",
    "Array",
    "ArrivingShapes",
    "Example",
    "Layer",
    "Logits",
    "Masking",
    "PaletteEntry",
    "ParameterSpec",
    "Port",
    "StateSpec",
    "Value",
    "Workspace",
    "features_of",
    "size_of",
]


Masking = Literal["stops", "passes", "ends", "makes"]
"""What becomes of the mask of a sequence (see `Value.mask`) at a layer.

stops: nothing is known of it from here on; padding counts as data. passes: what leaves has
the same steps, of which the same are real. ends: it is heeded, and no steps leave. makes:
the layer says itself which steps are real.
"""


@dataclass(frozen=True)
class Port:
    """Where values enter or leave a node.

    many: an input port that takes any number of wires, in the order of wiring.
    required: an input port that must be wired before the graph can run.
    masks: whether a layer that passes masks on passes those that arrive here.
    """

    name: str
    many: bool = False
    required: bool = True
    masks: bool = True


@dataclass(frozen=True, slots=True)
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
class Example:
    """Settings and arriving shapes that a layer works with: its test cases and its help.

    port: where all shapes arrive. ports: where each arrives, for a layer with several ports.
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    arriving: tuple[Shape, ...] = ((3,),)
    port: str = "in"
    ports: tuple[str, ...] = ()

    @property
    def by_port(self) -> dict[str, tuple[Shape, ...]]:
        """What arrives at each port."""
        if not self.ports:
            return {self.port: self.arriving}
        return {port: (shape,) for port, shape in zip(self.ports, self.arriving, strict=True)}


@dataclass(frozen=True)
class PaletteEntry:
    """One thing to drag onto the canvas: a kind with some settings already made.

    listed: whether it stands in lists; else only who searches for it finds it.
    """

    kind: str
    label: str
    summary: str
    synonyms: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    listed: bool = True


class Layer(Declared):
    """One kind of node that computes something.

    Class attributes, beside those of `Declared`
        category: ends, core, neuron, convolution, recurrent, regularising, merging or loss.
        formula: what it computes, as one line of text.
        source: the paper or standard it follows.
        arranges: whether all that leaves are numbers that arrive at its first port, so that a
            function of each may be applied before or behind it.
    """

    category: ClassVar[str]
    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""
    input_ports: ClassVar[tuple[Port, ...]] = (Port("in"),)
    output_ports: ClassVar[tuple[Port, ...]] = (Port("out"),)
    examples: ClassVar[tuple[Example, ...]] = ()
    arranges: ClassVar[bool] = False

    @property
    def masking(self) -> Masking:
        """What becomes of the mask of a sequence that arrives."""
        return "stops"

    @property
    def signed(self) -> bool:
        """Whether it gives numbers on both sides of 0 whatever arrives, by no activation of its
        own: probabilities and amounts are none of them."""
        return False

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        """The shape of each output. Raises ShapeError, with the remedy, if the inputs don't fit."""
        raise NotImplementedError  # every layer has its own rule

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        """The arrays that training changes. Called only with shapes that `infer` accepts."""
        return ()

    def state(self, arriving: ArrivingShapes) -> tuple[StateSpec, ...]:
        """The arrays that run along with training. Their names differ from the parameters'."""
        return ()

    def bind(self, work: Workspace) -> None:
        """Add the forward steps and, if `work.training`, the backward steps to a plan."""
        raise NotImplementedError  # every layer has its own steps

    def onnx(self, graph: OnnxGraph) -> None:
        """Write this layer as ONNX nodes. Raises ExportError where ONNX has no such thing."""
        raise NotImplementedError  # every layer has its own mapping

    def final_activation(self) -> Activation | None:
        """The activation that makes the output, which a loss may differentiate through."""
        return None

    def without_activation(self) -> Layer:
        """A layer that ends with an activation, without it: it gives what goes into that."""
        return self.replaced(activation="linear")

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
