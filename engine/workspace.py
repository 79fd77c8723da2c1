"""What a computation sees of a plan while it is bound: arrays, and where to put its steps.

Layers, activations and losses compute here. Their settings objects hold no
array; a plan hands the arrays to `bind` in a `Workspace`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.initializers import Initializer

Array = NDArray[Any]
AddStep = Callable[..., None]
"""`Workspace.forward` or `Workspace.backward`."""

AddSteps = Callable[[Iterable[tuple[Any, ...]]], None]
"""`Workspace.forward_all` or `Workspace.backward_all`."""


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One trained array of a layer.

    fan_in, fan_out: how many values one unit reads and feeds, for the initialiser.
    beside: name of a matrix (U, D) of which this vector (U,) is stored as one
        more column, so that one product serves both (see `Workspace.joined`).
        Kernels (U, C, K_h, K_w) are such a matrix too, with D = C K_h K_w.
    """

    name: str
    shape: Shape
    initializer: Initializer
    fan_in: int = 1
    fan_out: int = 1
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class StateSpec:
    """One array of a layer that runs along with training, such as a running mean.

    Every plan may read it, only one that trains changes it. start: what its numbers begin as.
    """

    name: str
    shape: Shape
    start: float = 0.0


@dataclass(slots=True)
class Logits:
    """What went into the softmax or sigmoid that made a value, kept for the loss.

    values: z for a sigmoid; z minus its column maximum for a softmax, (K, N). In a
        sequence the same for each step, (T, K, N).
    total: the softmax's sum of exponentials, (1, N) or (T, 1, N); None for a sigmoid.
    """

    values: Array
    total: Array | None = None


@dataclass(slots=True)
class Value:
    """What travels along wires in a plan: an array (*shape, N) and its gradient.

    with_ones: the same memory as (size + 1, N) with a last row of ones, so that
        W x + b is one product.
    gradient: dL/d(array), or None where nothing needs it. A layer overwrites
        its inputs' gradients; where a value has several readers each gets a
        gradient of its own and the plan adds them up. A layer may spoil its
        output's gradient in passing.
    gradient_with_row: the gradient's memory as (size + 1, N) where there is a
        last row to spare, so that the product with a joined matrix needs no
        strided view; None where there is none.
    logits: set by the layer whose last step was a softmax or sigmoid.
    mask: which steps of a sequence (T, D, N) are real, (T, N): 1, or 0 for what only
        fills up a short sequence. None where all are. Forward steps fill it.
    columns: the numbers of a sequence (T, D, N) as (D + 1, T N), with a last row of ones, for
        whoever reads them so; None unless the layer that made it has them. Not to be written to.
    """

    array: Array
    with_ones: Array
    gradient: Array | None = None
    logits: Logits | None = None
    gradient_with_row: Array | None = None
    mask: Array | None = None
    columns: Array | None = None


class Workspace(ABC):
    """The arrays and the lists of steps of one node while it is bound to a plan.

    Steps are functions bound to their arrays. They write with `out=` and
    allocate nothing. Forward steps run in graph order; backward steps run
    layer by layer in reverse graph order, each layer's in the order given here.

    training: gradients are wanted, and layers that behave differently while
        training (dropout) do so.
    fused: the loss behind this layer differentiates through its activation:
        output.gradient arrives as dL/dz, the activation has no backward, and
        it keeps its logits. On a loss: it is the one that does so. Said in
        every plan that has a loss, training or not.
    frozen: its parameters are not trained, and what it normalises with runs no further.
    weights: for a loss: how much each position counts, (*positions, N); None where all count
        alike. It writes their sum to `weight_sum` and the reciprocal of their mean to
        `per_weight`, (1,), which is None where its targets are weighed already.
    factor: for a loss: what its gradient is multiplied by in the newest batch, (); None where
        that is always 1.
    """

    inputs: Mapping[str, tuple[Value, ...]]
    outputs: tuple[Value, ...]
    batch: int
    dtype: np.dtype[Any]
    training: bool
    fused: bool
    frozen: bool = False
    weights: Array | None = None
    weight_sum: Array | None = None
    per_weight: Array | None = None
    factor: Array | None = None

    @property
    def input(self) -> Value:
        """The first value that arrives, for a layer with one input."""
        return next(value for arriving in self.inputs.values() for value in arriving)

    @property
    def output(self) -> Value:
        return self.outputs[0]

    def scalar(self, value: float) -> Array:
        """A number for a step. Ufuncs take an array without axes faster than a NumPy scalar."""
        return np.array(value, dtype=self.dtype)

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
    def state(self, name: str) -> Array:
        """An array of the layer's state. Change it only while training."""

    @abstractmethod
    def memory(self, name: str, rows: int) -> Array | None:
        """(rows, N) that a batch finds as the batch before it left it; None unless training.

        Zero at the start of each epoch. A smaller batch has the first columns of it.
        """

    @abstractmethod
    def buffer(self, *shape: int, dtype: Any = None) -> Array:
        """Memory of exactly this shape (say `batch` where it is meant), holding anything."""

    @abstractmethod
    def cleared(self, *shape: int) -> Array:
        """The same, full of zeros. To fill a `buffer` would touch all of it, which takes longer."""

    @abstractmethod
    def scratch(self, *shape: int, dtype: Any = None) -> Array:
        """As `buffer`, but shared with other nodes, which saves memory.

        What a layer writes there it may read in the same pass alone, forward or backward.
        """

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """For a `with` block: scratch memory taken in it is free for others after it.

        They write there in later steps, so that nothing in it is to be read after those of
        the block.
        """

    @abstractmethod
    def lanes(self, cost: float) -> AbstractContextManager[Sequence[Workspace]]:
        """For a `with` block: workspaces whose steps run at the same time, between the steps
        added before the block and those after it.

        What one lane writes no other may read or write. Scratch memory of a lane is its own.
        cost: in multiply-adds, of all together. A small one is worth one lane alone, which is
        this workspace.
        """

    @abstractmethod
    def constant(self, values: ArrayLike, *shape: int) -> Array:
        """Numbers broadcast to a shape, which nobody may write to: other nodes have the same.

        Written out, since a ufunc that repeats what it reads buffers it.
        """

    @abstractmethod
    def forward(
        self, function: Callable[..., object], *args: Any, out: Any = None, **others: Any
    ) -> None:
        """Call this in every forward pass."""

    @abstractmethod
    def backward(
        self, function: Callable[..., object], *args: Any, out: Any = None, **others: Any
    ) -> None:
        """Call this in every backward pass."""

    @abstractmethod
    def forward_all(self, calls: Iterable[tuple[Any, ...]]) -> None:
        """Call these in every forward pass: functions, each with its arguments, made ready."""

    @abstractmethod
    def backward_all(self, calls: Iterable[tuple[Any, ...]]) -> None:
        """Call these in every backward pass: functions, each with its arguments, made ready."""

    @property
    @abstractmethod
    def target(self) -> Array:
        """For a loss: what the prediction should have been, (*target shape, N)."""

    @property
    @abstractmethod
    def loss(self) -> Array:
        """For a loss: where to write the mean loss of the batch, (1,)."""


Way = Callable[[Workspace], AddStep]
"""Which steps of a workspace are added: `FORWARD` or `BACKWARD`."""

FORWARD: Way = attrgetter("forward")
BACKWARD: Way = attrgetter("backward")


def shares(lanes: Sequence[Workspace], count: int) -> Iterator[tuple[Workspace, slice]]:
    """Each lane with its run of `count` things; fewer lanes than there are, if things are few."""
    used = lanes[:count]
    bounds = [count * number // len(used) for number in range(len(used) + 1)] if used else [0]
    for lane, start, stop in zip(used, bounds[:-1], bounds[1:], strict=True):
        yield lane, slice(start, stop)
