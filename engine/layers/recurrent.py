"""What all recurrent layers declare: they read a sequence step by step and keep a state."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.fields import Boolean, Choice, Integer, Real, Variant
from engine.initializers import INITIALIZERS, Initializer
from engine.layers.base import (
    Array,
    ArrivingShapes,
    Layer,
    Masking,
    ParameterSpec,
    Port,
    Workspace,
)
from engine.layers.cell import Cell, Stacking
from engine.layers.reading import Names, Reading
from engine.layers.recurrence import Pass
from engine.layers.recurrent_onnx import RealSteps
from engine.layers.through_time import ThroughTime
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


_REVERSED = {"forward": (False,), "reverse": (True,), "bidirectional": (False, True)}


def sequence_of(layer: Layer, shape: Shape) -> tuple[int, int]:
    """T and D of a shape (T, D). Raises ShapeError, asking for a Reshape, for any other."""
    if len(shape) != 2:
        raise ShapeError(
            f"{layer.label} needs a sequence (T, D), got {shape}. Put a Reshape before it."
        )
    return shape[0], shape[1]


class Recurrent(Layer):
    """The settings of every recurrent layer, and all but what its cell computes.

    Weights are stored as in ONNX, gates stacked: W (G H, D), R (G H, H). As there and in
    PyTorch there are two biases, of which the second matters only to a GRU.

    Steps that a mask leaves out are as if they were not there: what is remembered stays, the
    output at them is 0, the last step is the last real one, and each sequence is read backwards
    from its own end, as PyTorch does with packed sequences (Keras puts out the step before
    again). A mask may have holes; a sequence without real steps ends as it began.

    While training, dropout draws once for each sequence, the same for all gates and steps, as
    in Keras and in Gal and Ghahramani, 2016. Dropping of memory is for the products alone: a
    GRU still keeps z h_{t-1} of the whole h. PyTorch's dropout is another, between layers.

    A truncated way back is cut between steps k - 1 and k, 2 k - 1 and 2 k, ..., in the order
    of reading. With a memory between batches, none of its gradient crosses them.

    Class attributes, beside those of `Layer`
        operator: its name in ONNX.
        states: the ports at which what it starts from may arrive, in ONNX's order.
    """

    category = "recurrent"
    operator: ClassVar[str]
    states: ClassVar[tuple[str, ...]] = ("hidden",)
    input_ports: ClassVar[tuple[Port, ...]] = (Port("in"), Port("hidden", required=False))

    units = Integer(
        32, minimum=1, maximum=100_000, help="How many numbers it remembers from step to step."
    )
    returns = Choice(
        "last",
        {"last": "The last step", "sequence": "Every step"},
        help="What comes out: one row for the whole sequence, or one row for each step.",
    )
    direction = Choice(
        "forward",
        {"forward": "Forwards", "reverse": "Backwards", "bidirectional": "Both ways"},
        help="From which end it reads. Both ways reads twice and puts both results side by side.",
    )
    bias = Boolean(True, help="Whether each sum has numbers of its own added.", advanced=True)
    dropout = Real(
        0.0,
        minimum=0,
        below=1,
        advanced=True,
        label="Input dropout",
        help="While training, this share of the inputs is not read, the same at every step.",
    )
    recurrent_dropout = Real(
        0.0,
        minimum=0,
        below=1,
        advanced=True,
        label="State dropout",
        help="While training, this share of what is remembered is not read, the same at every "
        "step.",
    )
    truncate = Integer(
        0,
        minimum=0,
        maximum=1_000_000,
        advanced=True,
        label="Learn back over",
        help="How many steps back the gradient reaches before it is cut; 0: all of them.",
    )
    stateful = Boolean(
        False,
        advanced=True,
        label="Keep the state",
        help="While training, each sequence goes on from the one at the same place of the batch "
        "before; every epoch begins anew. Needs examples in order, not shuffled.",
    )
    initializer: Variant[Initializer] = Variant(
        "glorot_uniform",
        INITIALIZERS,
        label="Weights start as",
        advanced=True,
        help="What the weights on the inputs are before training.",
    )
    recurrent_initializer: Variant[Initializer] = Variant(
        "orthogonal",
        INITIALIZERS,
        label="Memory starts as",
        advanced=True,
        help="What the weights on the step before are before training.",
    )

    @property
    def directions(self) -> int:
        return len(_REVERSED[self.direction])

    @property
    def signed(self) -> bool:
        return True

    @property
    @abstractmethod
    def stacking(self) -> Stacking:
        """Where the gates stand in the sums of a cell."""

    @abstractmethod
    def cell(self, work: Workspace, sums: Array, steps: int, goes_back: bool) -> Cell:
        """The cell of all directions, with their sums (kept, B, S, H, N)."""

    def bias_initializer(self) -> Initializer:
        """What the first bias is before training; the second is zero."""
        return INITIALIZERS.get("zeros")()

    def onnx_settings(self) -> dict[str, Any]:
        """Attributes of the ONNX operator beside size and direction."""
        return {}

    @property
    def masking(self) -> Masking:
        return "passes" if self.returns == "sequence" else "ends"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        steps, _ = sequence_of(self, arriving.at("in")[0])
        self._check_stateful(arriving)
        width = self.units * self.directions
        for port in self.states:
            for shape in arriving.at(port):
                if shape != (width,):
                    raise ShapeError(
                        f"{self.label} starts from {width} numbers at its {port} port, "
                        f"got {shapes.text(shape)}. Put a Dense of {width} units before it."
                    )
        wired = [port for port in self.states if arriving.at(port)]
        if wired and len(wired) < len(self.states):
            (missing,) = set(self.states) - set(wired)
            raise ShapeError(
                f"{self.label} has its {wired[0]} port wired and nothing at {missing}. "
                "Wire both, or none."
            )
        return ((steps, width) if self.returns == "sequence" else (width,),)

    def _check_stateful(self, arriving: ArrivingShapes) -> None:
        """Raises ShapeError where a memory between batches would have no meaning."""
        if not self.stateful:
            return
        if self.direction == "bidirectional":
            raise ShapeError(
                f"{self.label} cannot remember between batches and read both ways, since the way "
                "back would begin with what comes later. Let it read forwards."
            )
        wired = [port for port in self.states if arriving.at(port)]
        if wired:
            raise ShapeError(
                f"{self.label} remembers between batches, and its {wired[0]} port is wired as "
                "well. Remove that wire, or let it forget between batches."
            )

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        _, features = sequence_of(self, arriving.at("in")[0])
        rows, zeros = len(self.stacking.of_weight) * self.units, INITIALIZERS.get("zeros")()
        specs: list[ParameterSpec] = []
        for number in range(self.directions):
            n, units = Names.of(number), self.units
            specs += [
                ParameterSpec(n.weight, (rows, features), self.initializer, features, units),
                ParameterSpec(n.recurrent, (rows, units), self.recurrent_initializer, units, units),
            ]
            if self.bias:
                first, both = self.bias_initializer(), (features, units)
                specs += [
                    ParameterSpec(n.bias, (rows,), first, *both, beside=n.weight),
                    ParameterSpec(n.recurrent_bias, (rows,), zeros, *both, beside=n.recurrent),
                ]
        return tuple(specs)

    def bind(self, work: Workspace) -> None:
        reading = Reading(
            _REVERSED[self.direction],
            self.states,
            bias=self.bias,
            every_step=self.returns == "sequence",
            dropout=self.dropout,
            recurrent_dropout=self.recurrent_dropout,
            truncate=self.truncate,
            stateful=self.stateful,
        )
        way = Pass(work, self.cell, self.stacking, self.units, reading)
        way.bind()
        if way.goes_back:
            ThroughTime(way).bind()

    def onnx(self, graph: OnnxGraph) -> None:
        sides = [Names.of(number) for number in range(self.directions)]

        def stacked(hint: str, *of_each: tuple[str, ...]) -> str:
            parts = [np.concatenate([graph.weight(name) for name in names]) for names in of_each]
            return graph.constant(np.stack(parts), hint)

        x, mask = graph.inputs[0], graph.masks[0]
        real = RealSteps(graph, mask, graph.shapes[0][0]) if mask else None
        inputs = [
            graph.node("Transpose", [real.in_front(x) if real else x], perm=[1, 0, 2]),
            stacked("W", *((n.weight,) for n in sides)),
            stacked("R", *((n.recurrent,) for n in sides)),
            stacked("B", *((n.bias, n.recurrent_bias) for n in sides)) if self.bias else "",
        ]
        states = [self._onnx_state(graph, name) for name in graph.inputs[1:]]
        every, last = graph.node_with_outputs(
            self.operator,
            [*inputs, real.lengths if real else "", *states],
            2,
            hidden_size=self.units,
            direction=self.direction,
            **self.onnx_settings(),
        )
        width = self.units * self.directions
        if self.returns == "sequence":  # (T, directions, N, H)
            turned = graph.node("Transpose", [every], perm=[2, 0, 1, 3])
            sizes = [0, graph.shapes[0][0], width]
        else:  # (directions, N, H)
            turned = graph.node("Transpose", [last], perm=[1, 0, 2])
            sizes = [0, width]
        shape = graph.constant(np.array(sizes, dtype=np.int64), "shape")
        found = graph.node("Reshape", [turned, shape])
        if real and self.returns == "sequence":
            found = real.back(found)
        elif real and states:
            found = real.or_first(found, graph.inputs[1])
        graph.result(found)

    def _onnx_state(self, graph: OnnxGraph, name: str) -> str:
        """A state (N, directions H) as (directions, N, H)."""
        sizes = graph.constant(np.array([0, self.directions, self.units], dtype=np.int64), "shape")
        return graph.node("Transpose", [graph.node("Reshape", [name, sizes])], perm=[1, 0, 2])

    def line(self) -> str:
        sides = {"forward": "", "reverse": " · backwards", "bidirectional": " · both ways"}
        every = " · every step" if self.returns == "sequence" else ""
        return f"{self.units}{sides[self.direction]}{every}"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        steps, features = sequence_of(self, arriving.at("in")[0])
        gates = len(self.stacking.of_weight) * self.directions
        return steps * gates * self.units * (features + self.units)
