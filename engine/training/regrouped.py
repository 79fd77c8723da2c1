"""A checkpoint of a network whose neurons were collapsed, or a layer of it expanded."""

from __future__ import annotations

from collections.abc import Sequence

from engine.graph.regroup import Moved, carried
from engine.plan.parameters import Weights
from engine.training.checkpoints import Checkpoint
from engine.workspace import Array


def regrouped(checkpoint: Checkpoint, moves: Sequence[Moved]) -> Checkpoint:
    """The checkpoint with which the changed network goes on as the old one would have.

    Weights, the optimiser's slots, gathered gradients and the best weights so far: whatever
    is kept for each parameter moves with it.
    """
    moved = {of_one.before.node for of_one in moves}
    arrays: dict[str, Array] = {}
    by_prefix: dict[str, Weights] = {}
    for key, array in checkpoint.arrays.items():
        prefix, _, name = key.rpartition("/")
        owner = next((node_id for node_id in moved if prefix.endswith(f"/{node_id}")), None)
        if owner is None:
            arrays[key] = array
        else:
            by_prefix.setdefault(prefix.removesuffix(f"/{owner}"), {})[owner, name] = array
    for prefix, of_nodes in by_prefix.items():
        for (node_id, name), array in carried(moves, of_nodes).items():
            arrays[f"{prefix}/{node_id}/{name}"] = array
    return Checkpoint(arrays, checkpoint.plain)
