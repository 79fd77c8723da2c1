"""How many examples go through at a time in an epoch."""

from __future__ import annotations

from engine.errors import DataError
from engine.training.settings import TrainingSettings


def batch_sizes(examples: int, batch: int) -> tuple[int, ...]:
    """The sizes of plan that an epoch needs: full batches, and a smaller one at the end.

    Raises DataError if there are no examples.
    """
    if examples == 0:
        raise DataError(
            "The training part of the data is empty. Give less to validation and test, "
            "or load more rows."
        )
    full = min(batch, examples)
    rest = examples % full
    return (full, rest) if rest else (full,)


def smallest_batch(examples: int, settings: TrainingSettings) -> int | None:
    """The fewest examples that go through at a time; None where there are none."""
    return min(batch_sizes(examples, settings.examples_at_once)) if examples else None
