"""Single neurons, wired one by one, run as one matrix product.

The product is W x + b over all rows of the blocks that the group reads. Where
every neuron is wired to all of them in the same order, W is a view of the
flat vector. Otherwise W is gathered before each product, with zeros where a
wire is missing, and its gradient is handed back the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from engine.layers.neuron import Neuron
from engine.plan.buffers import Block
from engine.plan.wiring import Arrival, Source
from engine.plan.workspace import NodeWorkspace
from engine.workspace import Array, Value


@dataclass(frozen=True)
class NeuronGroup:
    """Neurons to run together: their ids, and the rows that each reads, in order of wiring."""

    nodes: tuple[str, ...]
    layer: Neuron
    sources: tuple[tuple[Source, ...], ...]

    @property
    def blocks(self) -> list[Block]:
        """The blocks that the group reads, each once, in order of first use."""
        found = {id(s.block): s.block for sources in self.sources for s in sources}
        return list(found.values())

    def columns(self) -> list[list[int]]:
        """For each neuron, which row of the joined blocks each of its weights multiplies."""
        first_row: dict[int, int] = {}
        total = 0
        for block in self.blocks:
            first_row[id(block)] = total
            total += block.rows
        return [
            [first_row[id(s.block)] + row for s in sources for row in s.rows()]
            for sources in self.sources
        ]

    def bind(self, work: NodeWorkspace, arrivals: Sequence[Arrival], adds: bool = False) -> None:
        """Add the group's steps. work.inputs is empty; arrivals: one for each of `blocks`.

        adds: others that use the same weights have written their gradient before.
        """
        values = [arrival.value(work.store.zeros) for arrival in arrivals]
        x = values[0] if len(values) == 1 else self._joined(work, values)
        read = x.with_ones if self.layer.bias else x.with_ones[:-1]
        weights = GroupWeights(self.nodes, self.columns(), len(read), work, adds)
        output, activation = work.output, self.layer.activation
        apart = activation.needs_input or work.fused
        z = work.buffer(*output.array.shape) if apart else output.array
        weights.gather()
        work.forward(np.dot, weights.matrix, read, out=z)
        activation.forward(work, z, output.array)
        gradient = output.gradient
        if not work.training or gradient is None:
            return
        activation.backward(work, z, output.array, gradient)
        if work.gradient is not None:
            work.backward(np.dot, gradient, read.T, out=weights.gradient)
            weights.scatter()
        if x.gradient_with_row is not None:
            # The spare row takes what the bias would send back to the row of ones.
            work.backward(np.dot, weights.matrix.T, gradient, out=x.gradient_with_row[: len(read)])
        if len(values) > 1:
            self._hand_back(work, x, values)
        for value, arrival in zip(values, arrivals, strict=True):
            work.backward_steps += arrival.accumulation(value.gradient)

    @staticmethod
    def _joined(work: NodeWorkspace, values: Sequence[Value]) -> Value:
        """Several blocks as one value, copied together before each product."""
        rows = [len(value.with_ones) - 1 for value in values]
        wanted = any(value.gradient is not None for value in values)
        block = Block((sum(rows),), work.batch, work.dtype, work.store.zeros)
        if wanted:
            block.give_gradient(work.store.zeros(block.whole.with_ones.shape, work.dtype))
        joined = block.whole
        for value, place in zip(values, _places(rows), strict=True):
            work.forward(np.copyto, joined.array[place], value.with_ones[:-1])
        return joined

    @staticmethod
    def _hand_back(work: NodeWorkspace, joined: Value, values: Sequence[Value]) -> None:
        """Give each block its part of the gradient."""
        rows = [len(value.with_ones) - 1 for value in values]
        for value, place in zip(values, _places(rows), strict=True):
            if value.gradient is not None and joined.gradient is not None:
                part = joined.gradient[place].reshape(value.gradient.shape)
                work.backward(np.copyto, value.gradient, part)


def _places(rows: Sequence[int]) -> list[slice]:
    ends = list(accumulate(rows))
    return [slice(end - count, end) for end, count in zip(ends, rows, strict=True)]


class GroupWeights:
    """The matrix of a group, and where its numbers lie in the flat vector.

    matrix: (neurons, rows read), the bias in the last column.
    """

    matrix: Array
    gradient: Array

    def __init__(
        self,
        nodes: Sequence[str],
        columns: list[list[int]],
        rows: int,
        work: NodeWorkspace,
        adds: bool,
    ) -> None:
        self._work = work
        self._adds = adds
        self._parameters = parameters = work.parameters
        slices = [parameters.slice(node_id) for node_id in nodes]
        bias = len(parameters.of(nodes[0])) > 1
        if bias:
            columns = [[*of_one, rows - 1] for of_one in columns]
        side_by_side = all(a.stop == b.start for a, b in pairwise(slices))
        self._place = slice(slices[0].start, slices[-1].stop) if side_by_side else None
        self._is_view = side_by_side and all(c == list(range(rows)) for c in columns)
        if self._is_view:
            self.matrix = parameters.vector[self._place].reshape(len(nodes), rows)
            self._total = parameters.gradient[self._place].reshape(len(nodes), rows)
            self.gradient = work.buffer(len(nodes), rows) if adds else self._total
            return
        self.matrix = work.buffer(len(nodes), rows)
        self.gradient = work.buffer(len(nodes), rows)
        # In the matrix, a weight that no wire stands for reads the zero behind the vector.
        self._taken_from = np.full(self.matrix.shape, parameters.size, np.intp)
        self._handed_to: list[tuple[slice, Array]] = []
        for number, (place, of_one) in enumerate(zip(slices, columns, strict=True)):
            self._taken_from[number, of_one] = np.arange(place.start, place.stop)
            self._handed_to.append((place, np.array(of_one, np.intp) + number * rows))

    def gather(self) -> None:
        if not self._is_view:
            source, index = self._parameters.with_zero, self._taken_from
            self._work.forward(source.take, index, out=self.matrix, mode="clip")

    def scatter(self) -> None:
        if self._is_view:
            if self._adds:
                self._work.backward(np.add, self._total, self.gradient, out=self._total)
            return
        flat, places = self.gradient.reshape(-1), self._handed_to
        if self._place is not None:
            places = [(self._place, np.concatenate([index for _, index in places]))]
        for place, index in places:
            total = self._parameters.gradient[place]
            out = self._work.buffer(len(index)) if self._adds else total
            self._work.backward(flat.take, index, out=out, mode="clip")
            if self._adds:
                self._work.backward(np.add, total, out, out=total)
