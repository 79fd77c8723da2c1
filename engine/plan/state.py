"""State: what runs along with training without being trained, such as running means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import shapes
from engine.graph.infer import Inference
from engine.plan.memory import zeros
from engine.shapes import Shape
from engine.workspace import Array


class State:
    """The state of every node of a graph; instances use that of their original.

    vector: all of it, end to end; layers hold views. Plans that share it go on
    where another stopped; only those that train change it.
    memories: by (node id, name), what a batch hands to the next, (rows, N). It is no
    part of the trained network, which begins every prediction with nothing.
    """

    def __init__(self, inference: Inference, dtype: np.dtype[Any]) -> None:
        self._places: dict[tuple[str, str], tuple[slice, Shape]] = {}
        self._owners = {node_id: found.node.owner for node_id, found in inference.items()}
        starts: list[float] = []
        for node_id, found in inference.items():
            if found.node.same_as:
                continue
            for spec in found.state:
                length = shapes.size(spec.shape)
                here = slice(len(starts), len(starts) + length)
                self._places[node_id, spec.name] = here, spec.shape
                starts += [spec.start] * length
        self._starts = np.array(starts, dtype)
        self.vector: Array = zeros(len(starts), dtype)
        self.memories: dict[tuple[str, str], Array] = {}
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        np.copyto(self.vector, self._starts)
        self.forget()

    def forget(self) -> None:
        """Empty the memories: an epoch begins."""
        for memory in self.memories.values():
            memory.fill(0)

    def memory(self, node_id: str, name: str, rows: int, batch: int) -> Array:
        """A memory for a batch of this size. The first to ask must be the largest."""
        key = node_id, name
        if key not in self.memories:
            self.memories[key] = zeros((rows, batch), self.vector.dtype)
        columns = self.memories[key].shape[1]
        if batch > columns:
            raise ValueError(
                f"{node_id} remembers {columns} sequences, got a batch of {batch}. "
                "Compile the plan of the largest batch first."
            )
        return self.memories[key][:, :batch]

    def lend(self, copies: Mapping[str, str]) -> None:
        """Let further nodes use what some have."""
        self._owners.update(copies)

    def view(self, node_id: str, name: str) -> Array:
        here, shape = self._places[self._owners[node_id], name]
        return self.vector[here].reshape(shape)

    def views(self) -> dict[tuple[str, str], Array]:
        """Every array, by (node id, name)."""
        return {key: self.view(*key) for key in self._places}

    def of(self, node_id: str) -> dict[str, Array]:
        """The arrays of one node, by name; those of an instance are its original's."""
        owner = self._owners[node_id]
        return {name: self.view(n, name) for n, name in self._places if n == owner}
