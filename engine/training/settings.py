"""The settings of a training: what optimiser, how long, in what order."""

from __future__ import annotations

from engine.fields import Boolean, Declared, Integer, Variant
from engine.optimizers import OPTIMIZERS


class TrainingSettings(Declared):
    """How a graph is trained. Immutable; saved with the project and with every run."""

    kind = "training"
    label = "Training"
    summary = "The optimiser, the number of epochs and the order of the examples."

    optimizer = Variant(
        "adam",
        OPTIMIZERS,
        label="Optimiser",
        help="The rule that turns gradients into changes of the weights.",
    )
    epochs = Integer(
        30, minimum=1, maximum=1_000_000, help="How often every training example is seen."
    )
    batch_size = Integer(
        32,
        minimum=1,
        maximum=65_536,
        help="Examples whose gradients are averaged for one change of the weights.",
    )
    shuffle = Boolean(True, help="Put the examples into a new order in every epoch.", advanced=True)
    seed = Integer(
        0,
        minimum=0,
        maximum=2**32 - 1,
        help="Where random numbers start: the same seed gives the same run, bit for bit.",
        advanced=True,
    )
