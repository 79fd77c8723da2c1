"""The settings of a training: what optimiser, how long, in what order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.fields import Boolean, Choice, Declared, Integer, Real, Text, Texts, Variant, Variants
from engine.optimizers import OPTIMIZERS
from engine.registry import Registry

OBJECTIVES: Registry[ObjectiveSettings] = Registry("objective")


@OBJECTIVES.register
class ObjectiveSettings(Declared):
    """What one optimiser trains for the sake of some losses, and how often its turn comes.

    Objectives take turns: `steps` updates of the first, then of the second, and so on, then
    the first again. Each update takes the next batch. A generator and its discriminator are two.
    """

    kind = "objective"
    label = "Objective"
    summary = "Some losses, the nodes that learn from them, and an optimiser of their own."

    name = Text("", help="What it is called in curves and lists.")
    losses = Texts((), suggests="losses", help="The losses whose sum it makes small.")
    trains = Texts((), suggests="parameters", help="The nodes whose weights it changes.")
    steps = Integer(
        1,
        minimum=1,
        maximum=10_000,
        label="Updates",
        help="Updates in a row before the next one has its turn.",
    )
    optimizer = Variant(
        "adam",
        OPTIMIZERS,
        label="Optimiser",
        help="The rule that turns gradients into changes of the weights.",
    )


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
        help="Examples whose gradients are averaged for one change of the weights; it has no "
        "effect where they change after every example.",
    )
    shuffle = Boolean(True, help="Put the examples into a new order in every epoch.", advanced=True)
    seed = Integer(
        0,
        minimum=0,
        maximum=2**32 - 1,
        help="Where random numbers start: the same seed gives the same run, bit for bit.",
        advanced=True,
    )
    update = Choice(
        "batch",
        {"batch": "Every batch", "example": "Every example", "epoch": "All examples"},
        label="Update after",
        help="When the weights change: mini-batch, stochastic or full-batch gradient descent. All "
        "examples still pass through in batches, and their gradients are averaged.",
        advanced=True,
    )
    accumulate = Integer(
        1,
        minimum=1,
        maximum=65_536,
        help="Batches whose gradients are averaged for one change: large batches in little memory.",
        advanced=True,
    )
    clip_norm = Real(
        0.0,
        minimum=0,
        help="Gradients that are longer than this, all together, are shortened to it; 0 is never.",
        advanced=True,
    )
    clip_value = Real(
        0.0,
        minimum=0,
        help="Every gradient is held between minus this and this; 0 is never.",
        advanced=True,
    )
    l1 = Real(
        0.0,
        minimum=0,
        label="L1 penalty",
        help="Adds this times |w| of all weights to what is minimised: makes many of them zero.",
        advanced=True,
    )
    l2 = Real(
        0.0,
        minimum=0,
        label="L2 penalty",
        help="Adds half of this times w² of all weights to what is minimised: keeps them small.",
        advanced=True,
    )
    patience = Integer(
        0,
        minimum=0,
        maximum=1_000_000,
        label="Stop early after",
        help="Epochs without a lower validation loss after which training stops; the best weights "
        "come back. 0 trains all epochs.",
        advanced=True,
    )

    objectives: Variants[ObjectiveSettings] = Variants(
        (),
        OBJECTIVES,
        help="Who trains what, in turns. None: one optimiser makes the sum of all losses small.",
        advanced=True,
    )

    def without(self, node_ids: Collection[str]) -> TrainingSettings:
        """The same for a graph without some nodes, which no objective then names."""
        return self.renamed(dict.fromkeys(node_ids, ()))

    def renamed(self, others: Mapping[str, Sequence[str]]) -> TrainingSettings:
        """The same for a graph with other nodes in the place of some, also in the objectives.

        others: by the id of each node that went, the ids of those that came for it.
        """

        def now(names: Sequence[str]) -> list[str]:
            return list(dict.fromkeys(new for old in names for new in others.get(old, (old,))))

        objectives = [
            one.replaced(losses=now(one.losses), trains=now(one.trains)) for one in self.objectives
        ]
        return self.replaced(objectives=objectives)

    @property
    def examples_at_once(self) -> int:
        """How many examples go through the network together."""
        return 1 if self.update == "example" else self.batch_size

    def batches_per_update(self, batches_per_epoch: int) -> int:
        """How many batches change the weights once."""
        return batches_per_epoch if self.update == "epoch" else self.accumulate


def titles(objectives: Sequence[ObjectiveSettings]) -> list[str]:
    """What each is called: its name where nothing else is called that, or its number.

    Losses are called by the ids of their nodes, as their curves are.
    """
    losses = {node_id for one in objectives for node_id in one.losses}
    names = [one.name.strip().replace("/", " ") for one in objectives]
    return [
        name if name and names.count(name) == 1 and name not in losses else f"number {number}"
        for number, name in enumerate(names, start=1)
    ]


def schedule_of(objectives: Sequence[ObjectiveSettings]) -> list[str]:
    """A sentence for each objective: what it makes small, by what, and how often."""
    return [
        f"{title}: {one.steps} {'update' if one.steps == 1 else 'updates'} a round by "
        f"{one.optimizer.label}, of {', '.join(one.trains) or 'nothing'}, "
        f"for {' + '.join(one.losses) or 'nothing'}"
        for title, one in zip(titles(objectives), objectives, strict=True)
    ]
