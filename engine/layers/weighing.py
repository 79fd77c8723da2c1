"""The settings of layers that weigh what arrives: how they start, and what follows the sums."""

from __future__ import annotations

from engine.activations import ACTIVATIONS, Activation
from engine.fields import Variant
from engine.initializers import INITIALIZERS, Initializer


def activation_field(default: str, help: str = "") -> Variant[Activation]:
    """What is applied to the sums."""
    return Variant(default, ACTIVATIONS, help=help or "What is applied to each weighted sum.")


def initializer_field(default: str) -> Variant[Initializer]:
    """How weights start."""
    return Variant(
        default,
        INITIALIZERS,
        label="Weights start as",
        advanced=True,
        help="What the weights are before training.",
    )


def bias_initializer_field() -> Variant[Initializer]:
    """How biases start."""
    return Variant(
        "zeros",
        INITIALIZERS,
        label="Biases start as",
        advanced=True,
        help="What the biases are before training.",
    )
