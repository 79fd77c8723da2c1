"""Recurrent layers in ONNX: its operators take lengths, and Glassbox masks any steps.

The real steps are moved to the front of each sequence, whose length is then their
number, and what comes out is moved back; so a mask may have holes. The operators read
backwards from the end of each sequence, leave 0 behind it, and give 0 for the last state
of one without real steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class RealSteps:
    """The real steps of each sequence in front, for a mask (N, T) of T steps."""

    def __init__(self, graph: OnnxGraph, mask: str, steps: int) -> None:
        self._graph, self._mask = graph, mask
        self._sum_axis = graph.constant(np.array([1], np.int64), "time")
        self._last_axis = graph.constant(np.array([2], np.int64), "features")
        # T m_t - t sorts real steps before others, each in order of time.
        weighed = graph.node("Mul", [mask, graph.constant(np.array(float(steps)), "steps")])
        times = graph.constant(np.arange(steps, dtype=np.float64), "times")
        rank = graph.node("Sub", [weighed, times])
        count = graph.constant(np.array([steps], np.int64), "count")
        _, order = graph.node_with_outputs("TopK", [rank, count], 2, axis=1)
        self._order = graph.node("Unsqueeze", [order, self._last_axis])
        self._number = graph.node("ReduceSum", [mask, self._sum_axis], keepdims=1)

    @property
    def lengths(self) -> str:
        """(N,), int32."""
        number = self._graph.node("Squeeze", [self._number, self._sum_axis])
        return self._graph.node("Cast", [number], to=6)

    def in_front(self, x: str) -> str:
        """(N, T, D), the real steps first."""
        return self._graph.node("GatherElements", [x, self._everywhere(x)], axis=1)

    def back(self, y: str) -> str:
        """The steps of (N, T, D) where they came from, and 0 where they only fill up."""
        graph = self._graph
        moved = graph.node("ScatterElements", [y, self._everywhere(y), y], axis=1)
        return graph.node("Mul", [moved, graph.node("Unsqueeze", [self._mask, self._last_axis])])

    def or_first(self, last: str, first: str) -> str:
        """The last state (N, H), or the first where a sequence has no real steps."""
        graph = self._graph
        one = graph.constant(np.array(1.0), "one")
        is_any = graph.node("Min", [self._number, one])
        kept = graph.node("Mul", [first, graph.node("Sub", [one, is_any])])
        return graph.node("Add", [graph.node("Mul", [last, is_any]), kept])

    def _everywhere(self, value: str) -> str:
        """The order, for each feature of a value."""
        return self._graph.node("Expand", [self._order, self._graph.node("Shape", [value])])
