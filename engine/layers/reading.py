"""How a recurrent layer goes through a sequence, and what its parameters are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The names of one direction's parameters."""

    weight: str = "weight"
    recurrent: str = "recurrent"
    bias: str = "bias"
    recurrent_bias: str = "recurrent_bias"

    @classmethod
    def of(cls, number: int) -> Names:
        """Of the first direction, or of the second."""
        names = ("weight", "recurrent", "bias", "recurrent_bias")
        return cls() if number == 0 else cls(*(f"{name}_reverse" for name in names))


@dataclass(frozen=True)
class Reading:
    """How a recurrent layer goes through a sequence.

    reversed: for each direction whether it reads from the end.
    states: the names of what is remembered, h first.
    dropout, recurrent_dropout: the shares of x and of h that each product misses.
    truncate: the way back is cut after so many steps; 0 for never.
    stateful: whether a batch begins with what the batch before remembered.
    """

    reversed: tuple[bool, ...]
    states: tuple[str, ...]
    bias: bool
    every_step: bool
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    truncate: int = 0
    stateful: bool = False
