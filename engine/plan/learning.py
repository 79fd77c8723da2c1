"""Which parameters a plan trains, and where their gradients go."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import numpy as np

from engine.plan.layout import Unit
from engine.plan.memory import zeros
from engine.plan.parameters import Parameters
from engine.plan.steps import Step, bound
from engine.workspace import Array


class Learning:
    """Where the nodes of one plan write the gradients of their parameters.

    Of several nodes that share parameters the first to write, which is the last to
    compute, writes straight into the gradient of the parameters. Each other one
    writes beside it, and then adds that.
    """

    def __init__(
        self, parameters: Parameters, units: Iterable[Unit], writers: Container[str]
    ) -> None:
        """units: in the order in which they compute. writers: nodes that get a gradient."""
        self._parameters = parameters
        self._gradients: dict[str, Array] = {}
        self._written: set[str] = set()
        self._beside: dict[str, Array] = {}
        self._cleared: set[str] = set()
        self._adding: set[Unit] = set()
        for unit in reversed(list(units)):
            if unit.grouped:
                self._place_group(unit, writers)
                continue
            for node_id in unit.nodes:
                if node_id in writers:
                    self._gradients[node_id] = self._place(node_id)

    def _place_group(self, unit: Unit, writers: Container[str]) -> None:
        """Neurons that run together all write straight into the sum, or all add to it."""
        owners = {node_id: self._parameters.owner(node_id) for node_id in unit.nodes}
        trained = {node_id: owner for node_id, owner in owners.items() if node_id in writers}
        if not self._written.isdisjoint(trained.values()):
            self._adding.add(unit)
            self._cleared |= set(trained.values()) - self._written
        self._written |= set(trained.values())
        for node_id in trained:
            self._gradients[node_id] = self._parameters.gradient_of(node_id)

    def adds(self, unit: Unit) -> bool:
        """Whether neurons that run together add to a sum that others have written before."""
        return unit in self._adding

    def _place(self, node_id: str) -> Array:
        total, owner = self._parameters.gradient_of(node_id), self._parameters.owner(node_id)
        if owner not in self._written:
            self._written.add(owner)
            return total
        if owner not in self._beside:
            # One is enough: what a node has written is added before the next begins.
            self._beside[owner] = zeros(total.size, total.dtype)
        return self._beside[owner]

    def gradient(self, node_id: str) -> Array | None:
        """Where a node writes the gradient of its part of the vector; None: it is not trained."""
        return self._gradients.get(node_id)

    def adding(self, node_id: str) -> list[Step]:
        """The step that adds what a node wrote beside the sum."""
        beside = self._beside.get(self._parameters.owner(node_id))
        if beside is None or self._gradients.get(node_id) is not beside:
            return []
        total = self._parameters.gradient_of(node_id)
        return [bound(np.add, (total, beside), total)]

    def clearing(self, trained: Iterable[str]) -> Iterator[Step]:
        """Steps that zero the gradients of trained parameters which nobody writes first."""
        for owner in dict.fromkeys(self._parameters.owner(node_id) for node_id in trained):
            if owner not in self._written or owner in self._cleared:
                yield bound(self._parameters.gradient_of(owner).fill, (0,))
