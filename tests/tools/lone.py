"""One layer alone: the smallest plan that can run it, for checks of that layer.

All memory that a layer gets is poisoned with NaN, so that one that reads what
it has not written is found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from copy import copy

import numpy as np

from engine import shapes
from engine.layers.base import ArrivingShapes, Layer, Value, Workspace
from engine.shapes import Shape


def poisoned(shape, dtype):
    array = np.empty(shape, dtype)
    array.fill(np.nan if array.dtype.kind == "f" else 77)
    return array


def value_of(shape: Shape, batch: int, dtype, *, gradient: bool) -> Value:
    """A value as a plan lays it out, poisoned but for its row of ones."""
    size = shapes.size(shape)
    rows = poisoned((size + 1, batch), dtype)
    rows[-1] = 1
    slopes = poisoned((size + 1, batch), dtype) if gradient else None
    return Value(
        rows[:-1].reshape(*shape, batch),
        rows,
        None if slopes is None else slopes[:-1].reshape(*shape, batch),
        gradient_with_row=slopes,
    )


class LoneWorkspace(Workspace):
    """The workspace of a layer that no plan surrounds."""

    def __init__(self, batch, dtype, *, training, fused, seed=0):
        self.batch = batch
        self.dtype = np.dtype(dtype)
        self.training = training
        self.fused = fused
        self.inputs = {}
        self.outputs = ()
        self.forward_steps = []
        self.backward_steps = []
        self.scratches = []
        self.arrays = {}
        self.gradients = {}
        self.states = {}
        self.memories = {}
        self.beside = {}
        self._rng = np.random.Generator(np.random.SFC64(seed))
        self._target = None
        self._loss = poisoned((1,), dtype)

    @property
    def rng(self):
        return self._rng

    def give_parameters(self, specs, rng, *, trained=True):
        """Random values; a vector beside a matrix shares its memory, as in a plan."""
        for spec in specs:
            columns = next((s.name for s in specs if s.beside == spec.name), None)
            if spec.beside:
                continue
            if columns is None:
                self.arrays[spec.name] = poisoned(spec.shape, self.dtype)
                self.gradients[spec.name] = poisoned(spec.shape, self.dtype)
                continue
            rows, width = spec.shape[0], shapes.size(spec.shape[1:])
            for arrays in (self.arrays, self.gradients):
                joined = poisoned((rows, width + 1), self.dtype)
                arrays[spec.name, "joined"] = joined
                arrays[spec.name] = joined[:, :-1].reshape(spec.shape)
                arrays[columns] = joined[:, -1]
        for spec in specs:
            self.arrays[spec.name][...] = rng.standard_normal(spec.shape) * 0.7
        if not trained:
            self.gradients = {}

    def give_state(self, specs):
        for spec in specs:
            self.states[spec.name] = np.full(spec.shape, spec.start, self.dtype)

    def state(self, name):
        return self.states[name]

    def memory(self, name, rows):
        if not self.training:
            return None
        return self.memories.setdefault(name, np.zeros((rows, self.batch), self.dtype))

    def parameter(self, name):
        return self.arrays[name]

    def parameter_gradient(self, name):
        return self.gradients.get(name)

    def joined(self, name):
        return self.arrays[name, "joined"]

    def joined_gradient(self, name):
        return self.gradients.get((name, "joined"))

    def buffer(self, *shape, dtype=None):
        return poisoned(shape, self.dtype if dtype is None else dtype)

    def cleared(self, *shape):
        return np.zeros(shape, self.dtype)

    def scratch(self, *shape, dtype=None):
        self.scratches.append(self.buffer(*shape, dtype=dtype))
        return self.scratches[-1]

    @contextmanager
    def turn(self):
        taken = len(self.scratches)
        before = len(self.forward_steps), len(self.backward_steps)
        yield
        # Whoever reads it after the block finds no number.
        for steps, count in zip((self.forward_steps, self.backward_steps), before, strict=True):
            for array in self.scratches[taken:] if len(steps) > count else ():
                steps.append((array.fill, (np.nan if array.dtype.kind == "f" else 77,), {}))

    @contextmanager
    def lanes(self, cost):
        """Two, however little they cost. The second runs first: none may wait for another."""
        lanes = [copy(self) for _ in range(2)]
        for lane in lanes:
            lane.forward_steps, lane.backward_steps = [], []
        yield lanes
        for lane in reversed(lanes):
            self.forward_steps += lane.forward_steps
            self.backward_steps += lane.backward_steps

    def constant(self, values, *shape):
        array = np.full(shape, values, self.dtype)
        array.flags.writeable = False
        return array

    def poison_scratch(self):
        """As if other nodes had used it between two passes of this one."""
        for array in self.scratches:
            array.fill(np.nan if array.dtype.kind == "f" else 77)

    def forward(self, function, *args, **keywords):
        self.forward_steps.append((function, args, keywords))

    def backward(self, function, *args, **keywords):
        self.backward_steps.append((function, args, keywords))

    def forward_all(self, calls):
        self.forward_steps += [(function, args, {}) for function, *args in calls]

    def backward_all(self, calls):
        self.backward_steps += [(function, args, {}) for function, *args in calls]

    @property
    def target(self):
        return self._target

    @property
    def loss(self):
        return self._loss


def run(steps) -> None:
    for function, args, keywords in steps:
        function(*args, **keywords)


class LoneLayer:
    """A layer bound to arrays of its own.

    inputs, parameters, outputs: arrays by place or name, with examples as the last axis.
    """

    def __init__(
        self,
        layer: Layer,
        arriving: Sequence[Shape] | Mapping[str, Sequence[Shape]],
        *,
        port: str = "in",
        batch: int = 3,
        dtype=np.float64,
        training: bool = True,
        trained: bool = True,
        wants_input_gradient: bool = True,
        seed: int = 0,
        masks: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """masks: of what arrives first at a port, (T, N)."""
        by_port = arriving if isinstance(arriving, Mapping) else {port: tuple(arriving)}
        self.layer = layer
        self.arriving = ArrivingShapes({name: tuple(s) for name, s in by_port.items()})
        self.rng = np.random.default_rng(seed)
        self.work = work = LoneWorkspace(batch, dtype, training=training, fused=False, seed=seed)
        self.specs = layer.parameters(self.arriving)
        work.give_parameters(self.specs, self.rng, trained=trained and training)
        work.give_state(layer.state(self.arriving))
        wants = training and wants_input_gradient
        work.inputs = {
            name: tuple(value_of(shape, batch, dtype, gradient=wants) for shape in some)
            for name, some in self.arriving.by_port.items()
        }
        for name, mask in (masks or {}).items():
            work.inputs[name][0].mask = np.array(mask, dtype)
        work.outputs = tuple(
            value_of(shape, batch, dtype, gradient=training) for shape in layer.infer(self.arriving)
        )
        layer.bind(work)
        for value in self.values:
            value.array[...] = self.rng.standard_normal(value.array.shape)
        self.random_state = work.rng.bit_generator.state

    @property
    def values(self):
        return [value for some in self.work.inputs.values() for value in some]

    @property
    def inputs(self):
        return [value.array for value in self.values]

    @property
    def input_gradients(self):
        return [value.gradient for value in self.values]

    @property
    def outputs(self):
        return [value.array for value in self.work.outputs]

    @property
    def parameters(self):
        return {spec.name: self.work.arrays[spec.name] for spec in self.specs}

    @property
    def state(self):
        return self.work.states

    @property
    def parameter_gradients(self):
        return {spec.name: self.work.gradients[spec.name] for spec in self.specs}

    def forward(self):
        """Run forwards, always with the same random numbers. Returns copies of the outputs."""
        self.work.rng.bit_generator.state = self.random_state
        self.work.poison_scratch()
        run(self.work.forward_steps)
        return [array.copy() for array in self.outputs]

    def backward(self, upstream):
        """Run backwards from dL/d(outputs)."""
        for value, gradient in zip(self.work.outputs, upstream, strict=True):
            value.gradient[...] = gradient
        self.work.poison_scratch()
        run(self.work.backward_steps)

    def upstream(self):
        """A random dL/d(output) for each output."""
        return [self.rng.standard_normal(array.shape) for array in self.outputs]
