"""Networks that draw random numbers go on from a checkpoint as if nothing had happened."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.graph.model import Graph, Node, Wire
from engine.project.templates import open_template
from engine.training.settings import ObjectiveSettings, TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import ToyData, node
from tests.engine.training.test_trainer import assert_same_state, through_a_file

STEPS = 4


@pytest.mark.parametrize("template_id", ["vae", "denoising_autoencoder", "gan_ring", "transfer"])
def test_a_run_that_is_interrupted_ends_with_the_same_bits(template_id):
    project = open_template(template_id)
    dataset = prepare(project.data)
    settings = project.training.replaced(epochs=2)

    assert_interruption_changes_nothing(
        lambda kept=None: Trainer(project.graph, dataset, settings, checkpoint=kept), stop=3
    )


def assert_interruption_changes_nothing(trainer, stop):
    """stop: so many steps behind the first epoch."""
    whole, first = trainer(), trainer()
    whole.run()
    for _ in range(first.steps_per_epoch + stop):
        first.step()
    second = trainer(through_a_file(first.checkpoint()))
    second.run()

    assert second.steps_done == whole.steps_done
    assert_same_state(second, whole)


def everything():
    """All that draws or remembers while training, before two losses that learn in turns.

    Pictures are flipped, shifted, turned and cut; their rows are a sequence for an LSTM with
    both kinds of dropout and a memory between batches. Its steps pass a loop with a neuron
    that reads itself. Beside them noise passes a layer and an instance of it.
    """
    layers = {
        "x": ("input", {"shape": [1, STEPS, STEPS]}),
        "flip": ("random_flip", {}),
        "shift": ("random_shift", {}),
        "turn": ("random_rotation", {}),
        "cut": ("cut_out", {"size": 1}),
        "blur": ("gaussian_noise", {}),
        "rows": ("reshape", {"shape": [STEPS, STEPS]}),
        "lstm": (
            "lstm",
            {
                "units": 3,
                "dropout": 0.2,
                "recurrent_dropout": 0.3,
                "stateful": True,
                "returns": "sequence",
            },
        ),
        "wet": ("dropout", {"rate": 0.2}),
        "both": ("concat", {}),
        "loop": ("dense", {"units": 2, "activation": "tanh"}),
        "z": ("noise", {"shape": [STEPS, 2]}),
        "drawn": ("dense", {"units": 2, "activation": "tanh"}),
        "sum": ("add", {}),
        "flat": ("flatten", {}),
        "norm": ("batch_norm", {}),
        "mean": ("dense", {"units": 2, "activation": "linear"}),
        "spread": ("dense", {"units": 2, "activation": "linear"}),
        "code": ("sampling", {}),
        "y": ("dense", {"units": 1, "activation": "linear"}),
        "loss": ("loss", {"loss": "squared_error"}),
        "kl": ("loss", {"loss": "value", "weight": 0.01}),
    }
    nodes = [node(name, kind, **given) for name, (kind, given) in layers.items()]
    drawn = next(one for one in nodes if one.id == "drawn")
    nodes.append(Node("again", drawn.layer, same_as="drawn"))
    ways = ["x flip shift turn cut blur rows lstm wet both loop sum flat norm mean", "norm spread"]
    ways += ["z drawn again sum", "code y"]
    wires = [
        Wire(*pair) for way in ways for pair in zip(way.split(), way.split()[1:], strict=False)
    ]
    wires += [
        Wire("loop", "both", delay=1),
        Wire("mean", "code", target_port="mean"),
        Wire("spread", "code", target_port="log_variance"),
        Wire("y", "loss", target_port="prediction"),
        Wire("code", "kl", "kl", "prediction"),
    ]
    return Graph(nodes, wires)


@pytest.mark.parametrize("stop", [0, 1, 2])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_whatever_draws_or_remembers_goes_on_with_the_same_bits(stop, accumulate):
    rng = np.random.default_rng(0)
    rows = np.arange(22)
    x = rng.standard_normal((22, 1, STEPS, STEPS)).astype(np.float32)
    data = ToyData(x, x.mean(axis=(1, 2, 3))[:, None], (), "values", {"train": rows})
    objectives = (
        ObjectiveSettings(losses=["loss"], trains=["y", "mean", "loop", "drawn"], steps=2),
        ObjectiveSettings(losses=["loss", "kl"], trains=["lstm", "norm", "spread"]),
    )
    settings = TrainingSettings(
        epochs=4, batch_size=8, objectives=objectives, accumulate=accumulate, patience=3
    )

    assert_interruption_changes_nothing(
        lambda kept=None: Trainer(everything(), data, settings, checkpoint=kept), stop
    )
