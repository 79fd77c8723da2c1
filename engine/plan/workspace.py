"""What one layer sees of a plan while it is bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.plan.lanes import Fork, lanes_for
from engine.plan.memory import Scratch, Store
from engine.plan.parameters import Parameters
from engine.plan.steps import Step, bound
from engine.randomness import NodeStreams
from engine.workspace import Array, Value, Workspace


class NodeWorkspace(Workspace):
    """The workspace of one node, or of neurons that run together."""

    def __init__(
        self,
        node_id: str,
        inputs: Mapping[str, tuple[Value, ...]],
        outputs: tuple[Value, ...],
        parameters: Parameters,
        batch: int,
        training: bool,
        fused: bool,
        streams: NodeStreams,
        scratch: Scratch,
        store: Store,
        gradient: Array | None = None,
    ) -> None:
        """store: gives memory of its own.

        gradient: where that of the node's part of the parameters goes, if it is trained.
        """
        self.node_id = node_id
        self.inputs = inputs
        self.outputs = outputs
        self.parameters = parameters
        self.gradient = gradient
        self.frozen = parameters.rate(node_id) is None
        self.batch = batch
        self.dtype = parameters.dtype
        self.training = training
        self.fused = fused
        self.forward_steps: list[Step] = []
        self.backward_steps: list[Step] = []
        self._streams = streams
        self._scratch = scratch
        self.store = store
        self._is_lane = False
        self._target: Array | None = None
        self._loss: Array | None = None

    def give(self, target: Array | None, loss: Array, weights: Array | None) -> None:
        """For a loss: what the prediction should be, where the loss goes, and what counts how much.

        A loss may have no target, and weights only if some positions count more than others.
        """
        self._target = target
        self._loss = loss
        self.weights = weights

    @property
    def rng(self) -> np.random.Generator:
        return self._streams.of(self.node_id)

    def parameter(self, name: str) -> Array:
        return self.parameters.place(self.node_id, name).view(self._part)

    def parameter_gradient(self, name: str) -> Array | None:
        if self.gradient is None:
            return None
        return self.parameters.place(self.node_id, name).view(self.gradient)

    def joined(self, name: str) -> Array:
        return self.parameters.place(self.node_id, name).joined_view(self._part)

    def joined_gradient(self, name: str) -> Array | None:
        if self.gradient is None:
            return None
        return self.parameters.place(self.node_id, name).joined_view(self.gradient)

    @property
    def _part(self) -> Array:
        return self.parameters.vector[self.parameters.slice(self.node_id)]

    def state(self, name: str) -> Array:
        return self.parameters.state.view(self.node_id, name)

    def memory(self, name: str, rows: int) -> Array | None:
        if not self.training:
            return None
        return self.parameters.state.memory(self.node_id, name, rows, self.batch)

    def buffer(self, *shape: int, dtype: Any = None) -> Array:
        return self.store.zeros(shape, self.dtype if dtype is None else np.dtype(dtype))

    def cleared(self, *shape: int) -> Array:
        return self.store.zeros(shape, self.dtype)

    def scratch(self, *shape: int, dtype: Any = None) -> Array:
        return self._scratch.take(shape, self.dtype if dtype is None else dtype)

    def turn(self) -> AbstractContextManager[None]:
        return self._scratch.turn()

    @contextmanager
    def lanes(self, cost: float) -> Iterator[Sequence[Workspace]]:
        count = 1 if self._is_lane else lanes_for(cost)
        if count == 1:
            yield [self]
            return
        lanes = [self._lane(place) for place in range(count)]
        yield lanes
        for steps, forked in (
            (self.forward_steps, [lane.forward_steps for lane in lanes]),
            (self.backward_steps, [lane.backward_steps for lane in lanes]),
        ):
            if any(forked):
                steps.append(bound(Fork(forked), ()))

    def _lane(self, place: int) -> NodeWorkspace:
        lane = object.__new__(NodeWorkspace)  # `copy` takes five times as long
        lane.__dict__.update(self.__dict__)
        lane._is_lane = True
        lane.forward_steps, lane.backward_steps = [], []
        lane._scratch = self._scratch.beside(place)
        return lane

    def constant(self, values: ArrayLike, *shape: int) -> Array:
        return self.store.constant(values, shape, self.dtype)

    def forward(
        self, function: Callable[..., object], *args: Any, out: Any = None, **others: Any
    ) -> None:
        self.forward_steps.append(bound(function, args, out, **others))

    def backward(
        self, function: Callable[..., object], *args: Any, out: Any = None, **others: Any
    ) -> None:
        if function is np.dot and _pays_to_turn(*args[:2]):
            # BLAS is slow on a small right factor that is read across its rows.
            turned = self.scratch(*args[1].shape)
            self.backward_steps.append(bound(np.copyto, (turned, args[1])))
            args = (args[0], turned, *args[2:])
        self.backward_steps.append(bound(function, args, out, **others))

    def forward_all(self, calls: Iterable[Step]) -> None:
        self.forward_steps += calls

    def backward_all(self, calls: Iterable[Step]) -> None:
        self.backward_steps += calls

    @property
    def target(self) -> Array:
        if self._target is None:
            raise AttributeError("Only a loss that compares has a target.")
        return self._target

    @property
    def loss(self) -> Array:
        if self._loss is None:
            raise AttributeError("Only a loss has a place for the loss.")
        return self._loss


def _pays_to_turn(left: Array, right: Array) -> bool:
    """Whether copying a transposed right factor first makes (U, N) @ (N, D) faster, as measured."""
    is_transposed = right.ndim == 2 and right.T.flags.c_contiguous and min(right.shape) > 1
    return is_transposed and len(left) >= 32 and right.shape[0] <= 64 and right.shape[1] <= 128
