"""The objectives of a run, which take turns: so many updates of one, then of the next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from engine.errors import ObjectiveError
from engine.fields import Plain
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.layers.terminal import Loss
from engine.losses.base import LEAST_WEIGHT
from engine.plan.feed import Examples, Rows
from engine.plan.parameters import Parameters, Weights
from engine.plan.plan import Plan
from engine.randomness import NodeStreams
from engine.training.batches import Epochs, epochs_of
from engine.training.checkpoints import Checkpoint, load_vector, vector_arrays
from engine.training.gradients import GradientRules
from engine.training.objectives import Objective
from engine.training.settings import ObjectiveSettings, TrainingSettings, titles
from engine.training.weighing import Weighing
from engine.workspace import Array


class LossMean:
    """The mean loss of the batches since it was last asked for, and of each of several losses."""

    def __init__(self, losses: Sequence[str], shares: Array) -> None:
        """shares: by how much each loss counts in their sum, (L,)."""
        self.sum, self.examples = 0.0, 0.0
        # Each of several is a mean over what counts for it.
        self._each = np.zeros((2, len(losses)))  # Σ loss · weight, Σ weight
        self._losses, self._shares = tuple(losses), shares

    def add(self, plan: Plan, loss: float, examples: float) -> None:
        """examples: how many the batch counts for."""
        self.sum += loss * examples
        self.examples += examples
        if len(self._losses) > 1:
            losses, weights = plan.loss_parts()
            self._each += losses * weights, weights

    def take(self, name: str) -> dict[str, float]:
        """`loss/<name>/train`, or `loss/train` for none, and `loss/<node>/train`; begin anew."""
        if not self.examples:
            return {}
        whole = f"loss/{name}/train" if name else "loss/train"
        found = {whole: self.sum / self.examples}
        if len(self._losses) > 1:
            totals, weights = self._each
            means = totals / np.maximum(weights, LEAST_WEIGHT)
            found[whole] = float(np.dot(means, self._shares))
            for node_id, mean, weight in zip(self._losses, means.tolist(), weights, strict=True):
                if weight:
                    found[f"loss/{node_id}/train"] = mean
        self.sum, self.examples = 0.0, 0.0
        self._each.fill(0)
        return found

    def to_plain(self) -> dict[str, Plain]:
        pairs = zip(self._losses, self._each.T.tolist(), strict=True)
        each: dict[str, Plain] = {node_id: [*pair] for node_id, pair in pairs}
        return {"loss_sum": self.sum, "loss_count": self.examples, "loss_each": each}

    def load(self, kept: Checkpoint) -> None:
        """Go on from where `to_plain` was taken."""
        self.sum, self.examples = kept.real("loss_sum"), kept.real("loss_count")
        each = kept.mapping("loss_each")
        with kept.damage_named():
            self._each = np.array([each.get(n, (0, 0)) for n in self._losses], np.float64).T


class Turn:
    """One objective with all that it takes to train for it.

    name: of its curve; empty where it is the only one.
    steps: how many updates it makes in a row.
    batches: of an epoch, with plans of its own losses.
    weighing: sets how each loss counts in the batches of one update.
    interval: the stretch between two points of its curve in which it was last recorded.
    in_order: the epoch in whose order its batches give the examples.
    """

    def __init__(
        self,
        name: str,
        steps: int,
        objective: Objective,
        epochs: Epochs,
        rules: GradientRules,
        weighing: Weighing,
    ) -> None:
        self.name, self.steps = name, steps
        self.objective = objective
        self.epochs, self.batches = epochs, epochs.batches
        self.rules = rules
        self.weighing = weighing
        self.mean = LossMean(objective.losses, self.plan.loss_shares)
        self.interval = 0
        self.in_order: int | None = None

    def begin(self, epoch: int) -> None:
        """Put the examples of its batches into the order of an epoch."""
        self.epochs.begin(epoch)
        self.in_order = epoch

    @property
    def plan(self) -> Plan:
        return self.batches[0].plan

    def to_plain(self) -> dict[str, Plain]:
        return {
            "updates": self.objective.updates,
            "optimizer": self.objective.optimizer.kind,
            "interval": self.interval,
            **self.mean.to_plain(),
        }

    def load(self, kept: Checkpoint) -> None:
        """Go on with the curve from where `to_plain` was taken."""
        if "interval" in kept.plain:  # older files have none: then a point comes at once
            self.interval = kept.number("interval")
        self.mean.load(kept)


class Turns:
    """Who trains when. A round is all objectives in order, each for its number of updates.

    current: the one whose turn it is; each update takes the next batch.
    alone: whether there is one objective, to which every update belongs.
    """

    def __init__(self, turns: Iterable[Turn]) -> None:
        self.all = tuple(turns)
        self._round = [turn for turn in self.all for _ in range(turn.steps)]
        self.current = self._round[0]
        self.alone = len(self.all) == 1

    def __iter__(self) -> Iterator[Turn]:
        return iter(self.all)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return tuple(turn.objective for turn in self.all)

    def advance(self) -> None:
        """Find out whose turn it is, after an update or a change of their number."""
        if not self.alone:
            done = sum(turn.objective.updates for turn in self.all)
            self.current = self._round[done % len(self._round)]

    # What the run comes to

    @contextmanager
    def result_in_place(self) -> Iterator[None]:
        """For as long as a `with` block: the parameters are those to be used in the end."""
        with ExitStack() as stack:
            for objective in self.objectives:
                stack.enter_context(objective.result_in_place())
            yield

    @property
    def result(self) -> Weights:
        """Views of what is to be used in the end in place of parameters, such as averages."""
        found: Weights = {}
        for objective in self.objectives:
            found |= objective.result
        return found

    # Checkpoints

    def arrays(self, parameters: Parameters) -> dict[str, Array]:
        """Copies of the parameters to be used in the end, and of the optimisers' own vectors."""
        for objective in self.objectives:
            objective.exchange()
        found = vector_arrays(parameters, parameters.vector, "parameters")
        for number, objective in enumerate(self.objectives):
            for name, slot in objective.slots.items():
                found |= vector_arrays(parameters, slot, _place(number, name))
        for objective in reversed(self.objectives):
            objective.exchange()
        return found

    def to_plain(self) -> dict[str, Plain]:
        first, *others = (turn.to_plain() for turn in self.all)
        return {**first, "others": list(others)}

    def load(self, checkpoint: Checkpoint, parameters: Parameters, same_epochs: bool) -> None:
        """Go on from a checkpoint whose parameters are in place.

        same_epochs: its epochs have as many batches as these.
        """
        others: Any = checkpoint.plain.get("others", [])
        with checkpoint.damage_named():
            kept = [checkpoint, *(Checkpoint(checkpoint.arrays, dict(plain)) for plain in others)]
        for number, (turn, own) in enumerate(zip(self.all, kept, strict=False)):
            if same_epochs:
                turn.load(own)
            if own.text("optimizer") != turn.objective.optimizer.kind:
                continue
            turn.objective.updates = own.number("updates")
            for name, slot in turn.objective.slots.items():
                load_vector(parameters, slot, checkpoint.arrays, _place(number, name))
        for objective in reversed(self.objectives):
            objective.exchange()
        self.advance()


def _place(number: int, slot: str) -> str:
    return f"slots/{slot}" if number == 0 else f"slots_{number + 1}/{slot}"


def _check(graph: Graph, one: ObjectiveSettings, title: str) -> None:
    """Raises ObjectiveError if it has nothing to make small or to train, or what is not there."""
    remedy = "Choose them in the training settings."
    losses = [node.id for node in graph.nodes if isinstance(node.layer, Loss)]
    for wanted, known, what in (
        (one.losses, losses, "losses of the network"),
        (one.trains, [node.id for node in graph.nodes], "nodes of the network to train"),
    ):
        if not wanted:
            raise ObjectiveError(f"{title} needs {what}, got none. {remedy}")
        unknown = [node_id for node_id in wanted if node_id not in known]
        if unknown:
            near = difflib.get_close_matches(unknown[0], known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else remedy
            raise ObjectiveError(f"{title} needs {what}, got {unknown[0]!r}. {hint}")


def turns_of(
    graph: Graph,
    inference: Inference,
    parameters: Parameters,
    streams: NodeStreams,
    examples: Examples,
    rows: Rows,
    settings: TrainingSettings,
) -> Turns:
    """The turns of a training.

    Raises ObjectiveError for one that names what is not there, CompileError, or DataError if
    there are no rows or they do not suit a loss.
    """
    for each, title in zip(settings.objectives, titles(settings.objectives), strict=True):
        _check(graph, each, f"The objective {title}")
    chosen: Sequence[ObjectiveSettings | None] = settings.objectives or (None,)
    turns = []
    for one, name in zip(chosen, titles(settings.objectives) or [""], strict=True):
        losses = None if one is None else one.losses
        trained = None if one is None else one.trains
        epochs = epochs_of(
            *(graph, inference, parameters, streams, examples, rows, settings), losses, trained
        )
        objective = Objective(
            epochs.batches[0].plan.losses,
            parameters,
            settings.optimizer if one is None else one.optimizer,
            None if trained is None else frozenset(map(parameters.owner, trained)),
        )
        rules = GradientRules(parameters, settings, objective.parts)
        weighing = Weighing(epochs.batches, settings.batches_per_update(len(epochs.batches)))
        steps = 1 if one is None else one.steps
        turns.append(Turn(name, steps, objective, epochs, rules, weighing))
    return Turns(turns)
