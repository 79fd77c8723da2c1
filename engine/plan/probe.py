"""Probe: read every node's values on chosen inputs, while training goes on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.graph.infer import Inference, infer
from engine.graph.model import Graph
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode, model_outputs
from engine.plan.parameters import Parameters
from engine.workspace import Array


class Probe:
    """A plan over a copy of the parameters, for a fixed number of inputs.

    Nothing is shared with a trainer: its thread may go on, or its graph may be
    edited. Use a probe from one thread at a time.

    parameters: the copy; laid out as any `Parameters` of an equal graph.
    """

    def __init__(
        self,
        graph: Graph,
        batch: int,
        inference: Inference | None = None,
        dtype: np.dtype[Any] | type = np.float32,
    ) -> None:
        """Raises CompileError if nothing of the graph can run."""
        inference = infer(graph) if inference is None else inference
        self.parameters = Parameters(graph, inference, dtype)
        self._plan = compile_plan(graph, inference, self.parameters, batch, Mode.PROBE)
        self.batch = batch
        self._first = next((output.name for output in model_outputs(graph)), None)

    @property
    def inputs(self) -> dict[str, Array]:
        """By input node, (*shape, N): fill these, or hand inputs to `run`."""
        return self._plan.inputs

    @property
    def masks(self) -> dict[str, Array]:
        """Which steps are real, (T, N), by the node that puts out the sequence, where some are not.

        As of the last `run`; the arrays are the probe's own.
        """
        firsts = ((n, values[0].mask) for n, values in self._plan.values.items() if values)
        return {node_id: mask for node_id, mask in firsts if mask is not None}

    @property
    def answer(self) -> Array | None:
        """The model's first output of the last `run`, (*shape, N); None where it has none."""
        return None if self._first is None else self._plan.outputs.get(self._first)

    @property
    def changes(self) -> dict[str, Array]:
        """By node of a loop that iterates until it settles: how far each step of the last `run`
        moved it."""
        return self._plan.changes()

    def run(
        self, parameters: Parameters | None = None, inputs: Mapping[str, Array] | None = None
    ) -> dict[str, Array]:
        """The values of every node, by id, (*shape, N).

        parameters: a trainer's, copied at once; None keeps the last.
        inputs: by input node, (*shape, N); those not given keep what they were.
        The arrays are the probe's own and hold until the next call.
        """
        if parameters is not None:
            self.parameters.take(parameters)
        for node_id, values in (inputs or {}).items():
            np.copyto(self._plan.inputs[node_id], values)
        with np.errstate(all="ignore"):
            self._plan.forward()
        return {n: values[0].array for n, values in self._plan.values.items() if values}
