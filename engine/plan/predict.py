"""Predict: the batch-first door of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import ShapeError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode, model_inputs, model_outputs
from engine.plan.parameters import Parameters, Weights
from engine.plan.plan import Plan
from engine.randomness import NodeStreams
from engine.workspace import Array

CHUNK = 256
"""Examples predicted at a time, at most."""


class Predictor:
    """A trained network: arrays in, arrays out, examples on the first axis.

    Holds copies of the weights. Plans are made for the batch sizes asked for
    and kept. Sources of noise draw on from call to call, from the seed. Use a predictor
    from one thread at a time.
    """

    def __init__(
        self,
        graph: Graph,
        weights: Mapping[tuple[str, str], Array] | Weights,
        dtype: np.dtype[Any] | type = np.float32,
        seed: int = 0,
    ) -> None:
        """Raises CompileError if the graph cannot run, ShapeError if the weights don't fit."""
        self._graph = graph.copy()
        self._inference = infer(self._graph)
        self._parameters = Parameters(self._graph, self._inference, dtype)
        self._parameters.load(weights)
        self._plans: dict[int, Plan] = {}
        self._taken: dict[str, int] = {}
        self._streams = NodeStreams(seed)
        self.inputs = dict(model_inputs(self._graph))
        self.outputs = tuple(output.name for output in model_outputs(self._graph))
        self._plan(1)  # finds at once what keeps the graph from running

    def _plan(self, batch: int) -> Plan:
        if batch not in self._plans:
            if len(self._plans) > 8:  # sizes that don't come back
                self._plans.clear()
            self._plans[batch] = compile_plan(
                self._graph,
                self._inference,
                self._parameters,
                batch,
                Mode.PREDICT,
                self._streams,
            )
        return self._plans[batch]

    def predict(self, inputs: Mapping[str, Array], count: int = 1) -> dict[str, Array]:
        """Outputs by name, (N, *shape), from inputs by name, (N, *shape).

        count: N for a network without inputs, such as one that makes examples from noise.

        Raises ShapeError if an input is missing, of another shape, or no array of numbers.
        """
        count = self._checked(inputs, count)
        outputs = self._plan(1).outputs
        found = {
            name: np.empty((count, *outputs[name].shape[:-1]), self._parameters.dtype)
            for name in self.outputs
        }
        self._taken = {}
        for start in range(0, count, CHUNK):
            here = slice(start, min(start + CHUNK, count))
            plan = self._plan(here.stop - here.start)
            for name, node_id in self.inputs.items():
                plan.inputs[node_id][...] = np.moveaxis(np.asarray(inputs[name])[here], 0, -1)
            plan.forward()
            for name in self.outputs:
                found[name][here] = np.moveaxis(plan.outputs[name], -1, 0)
            for node_id, steps in plan.steps_taken().items():
                self._taken[node_id] = max(steps, self._taken.get(node_id, 0))
        return found

    def steps_taken(self) -> dict[str, int]:
        """By node of a loop that settles: the most steps that the last `predict` needed for it."""
        return dict(self._taken)

    def _checked(self, inputs: Mapping[str, Array], count: int) -> int:
        """The number of examples."""
        known = ", ".join(self.inputs) or "none"
        counts = set()
        for name, node_id in self.inputs.items():
            if name not in inputs:
                raise ShapeError(
                    f"The model needs an input named {name!r}, got "
                    f"{', '.join(inputs) or 'none'}. Its inputs: {known}."
                )
            shape = self._plan(1).inputs[node_id].shape[:-1]
            kind = np.asarray(inputs[name]).dtype
            if kind.kind not in "biuf":
                raise ShapeError(
                    f"The input {name!r} needs numbers, got {kind}. Give integers or real numbers."
                )
            given = np.shape(inputs[name])
            if given[1:] != shape:
                raise ShapeError(
                    f"The input {name!r} needs an array of shape (N, {', '.join(map(str, shape))}),"
                    f" got {given}. Examples go along the first axis."
                )
            counts.add(given[0])
        if len(counts) > 1:
            raise ShapeError(
                f"All inputs need the same number of examples, got {sorted(counts)}. "
                "Cut them to one length."
            )
        return counts.pop() if counts else count
