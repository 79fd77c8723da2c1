"""Batches: which examples each step of an epoch sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed, Rows
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.plan.steps import Step
from engine.randomness import NodeStreams, stream
from engine.training.batch_sizes import batch_sizes
from engine.training.settings import TrainingSettings


@dataclass(frozen=True)
class Batch:
    """One batch of an epoch: the plan of its size, and the steps that fill it."""

    plan: Plan
    loading: tuple[Step, ...]


class Epochs:
    """The order of the examples, epoch by epoch, as batches ready to load.

    The order depends on seed and epoch alone, so that a run can go on in the
    middle of an epoch from the number of its step.
    """

    def __init__(
        self,
        rows: Rows,
        feeds: Sequence[Feed],
        batch: int,
        seed: int,
        shuffle: bool,
    ) -> None:
        """feeds: for full batches, and for the last, smaller one where there is one."""
        self._rows = np.asarray(rows, np.intp)
        self._order = self._rows.copy()
        self._seed = seed
        self._shuffle = shuffle
        self.batches: list[Batch] = []
        by_size = {feed.plan.batch: feed for feed in feeds}
        for start in range(0, len(rows), batch):
            chosen = self._order[start : start + batch]
            feed = by_size[len(chosen)]
            self.batches.append(Batch(feed.plan, tuple(feed.loading(chosen))))

    def begin(self, epoch: int) -> None:
        """Put the examples into the order of an epoch, which all batches then follow."""
        if self._shuffle:
            permutation = stream(self._seed, "shuffle", epoch).permutation(len(self._rows))
            np.take(self._rows, permutation, out=self._order, mode="clip")


def epochs_of(
    graph: Graph,
    inference: Inference,
    parameters: Parameters,
    streams: NodeStreams,
    examples: Examples,
    rows: Rows,
    settings: TrainingSettings,
    losses: Collection[str] | None = None,
    trained: Collection[str] | None = None,
) -> Epochs:
    """The epochs of a training: a plan for each size of batch, and the examples on their way.

    losses, trained: what to work out and what to train (see `compile_plan`); None for all.

    Raises CompileError, or DataError if there are no rows or they do not suit a loss.
    """
    sizes = batch_sizes(len(rows), settings.examples_at_once)
    plans = (
        compile_plan(
            *(graph, inference, parameters, size, Mode.TRAIN, streams),
            weighted=examples.weighted,
            losses=losses,
            trained=trained,
        )
        for size in sizes
    )
    feeds = [Feed(plan, examples) for plan in plans]
    return Epochs(rows, feeds, sizes[0], settings.seed, settings.shuffle)
