"""Health of a run, node by node: the norm of the gradient, and how far an update goes."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from engine.plan.parameters import Parameters
from engine.workspace import Array


class Statistics:
    """Norms of each trained node's part of the flat vectors, in three passes over them.

    Call `before` ahead of an update and `after` behind it.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        trained = [n for n in parameters.nodes if parameters.rate(n) is not None]
        # A node without numbers would take its neighbour's sum.
        self.nodes = tuple(n for n in trained if _length(parameters.slice(n)))
        self._starts = np.array([parameters.slice(n).start for n in self.nodes], np.intp)
        # What is not trained lies behind all that is.
        self._end = max((parameters.slice(n).stop for n in self.nodes), default=0)
        self._previous = np.zeros_like(parameters.vector[: self._end])
        self._squares = np.zeros_like(self._previous)
        self._sums = np.zeros((3, len(self.nodes)), parameters.dtype)

    def before(self) -> None:
        """Remember the gradient's norms and the parameters."""
        now = self._parameters.vector[: self._end]
        np.copyto(self._previous, now)
        self._norms(self._parameters.gradient[: self._end], self._sums[0])
        self._norms(now, self._sums[1])

    def after(self, trained: Container[str] | None = None) -> dict[str, float]:
        """`gradient/<node>`: norm. `update/<node>`: norm of the change over that of the weights.

        trained: only of these nodes.
        """
        now = self._parameters.vector[: self._end]
        change = np.subtract(now, self._previous, out=self._previous)
        self._norms(change, self._sums[2])
        gradients, weights, changes = self._sums.tolist()
        found = {f"gradient/{n}": norm for n, norm in zip(self.nodes, gradients, strict=True)}
        for node_id, weight, moved in zip(self.nodes, weights, changes, strict=True):
            found[f"update/{node_id}"] = moved / weight if weight else 0.0
        if trained is None:
            return found
        return {name: v for name, v in found.items() if name.partition("/")[2] in trained}

    def _norms(self, vector: Array, out: Array) -> None:
        if len(self.nodes):
            np.multiply(vector, vector, out=self._squares)
            np.add.reduceat(self._squares, self._starts, out=out)
            np.sqrt(out, out=out)


def _length(part: slice) -> int:
    return int(part.stop - part.start)
