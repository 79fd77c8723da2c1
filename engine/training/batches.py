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
    """One batch of an epoch: the plan of its size, and the steps that fill it.

    weighing: the same examples in a plan that only says how much they count for each loss,
        where several losses count unequally in the batches of one update.
    """

    plan: Plan
    loading: tuple[Step, ...]
    weighing: Batch | None = None


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
        weighing: Sequence[Feed] = (),
        carried: bool = False,
    ) -> None:
        """feeds: for full batches, and for the last, smaller one where there is one.

        carried: each place of a batch goes on from the one before it, so that rows that follow
            each other come to the same place, each place having a stretch of the rows of its own.
        weighing: as many, if the batches of an update are to be weighed (see `Batch`).
        """
        self._rows = np.asarray(rows, np.intp)
        if carried and not shuffle:
            self._rows = _side_by_side(self._rows, batch)
        self._order = self._rows.copy()
        self._seed = seed
        self._shuffle = shuffle
        self.batches: list[Batch] = []
        by_size, scales = ({feed.plan.batch: feed for feed in some} for some in (feeds, weighing))
        for start in range(0, len(rows), batch):
            chosen = self._order[start : start + batch]
            scale = scales.get(len(chosen))
            weighed = None if scale is None else Batch(scale.plan, tuple(scale.loading(chosen)))
            feed = by_size[len(chosen)]
            self.batches.append(Batch(feed.plan, tuple(feed.loading(chosen)), weighed))

    def begin(self, epoch: int) -> None:
        """Put the examples into the order of an epoch, which all batches then follow."""
        if self._shuffle:
            permutation = stream(self._seed, "shuffle", epoch).permutation(len(self._rows))
            np.take(self._rows, permutation, out=self._order, mode="clip")


def _side_by_side(rows: Rows, batch: int) -> Rows:
    """The rows so that, `batch` of them at a time, each column reads on where it stood."""
    stretches = np.array_split(rows, min(batch, len(rows)))  # the first ones may be longer by one
    longest = len(stretches[0])
    return np.array([part[k] for k in range(longest) for part in stretches if k < len(part)])


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
    gathered = settings.batches_per_update(-(-len(rows) // sizes[0])) > 1
    plans = [
        compile_plan(
            *(graph, inference, parameters, size, Mode.TRAIN, streams),
            weighted=examples.weighted,
            losses=losses,
            trained=trained,
            gathered=gathered,
        )
        for size in sizes
    ]
    weighing = [
        compile_plan(
            *(graph, inference, parameters, plan.batch, Mode.EVALUATE),
            weighted=examples.weighted,
            losses=losses,
        )
        for plan in plans
        if plan.loss_factors is not None
    ]
    feeds, scales = ([Feed(plan, examples) for plan in some] for some in (plans, weighing))
    carried = any(getattr(node.layer, "stateful", False) for node in graph.nodes)
    return Epochs(rows, feeds, sizes[0], settings.seed, settings.shuffle, scales, carried)
