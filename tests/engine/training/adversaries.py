"""A small generator and its discriminator, which judges real and generated examples."""

from __future__ import annotations

import numpy as np

from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.training.settings import ObjectiveSettings, TrainingSettings
from tests.engine.plan.networks import ToyData, node, wire

FEATURES = 2


def adversaries():
    """seed -> g1 -> g2 -> fake; real and fake each pass the same discriminator d1 -> d2.

    Of the data, the first column is what is drawn from, the rest is real.
    """
    d1, d2 = node("d1", "dense", units=5, activation="tanh"), node("d2", "dense", units=1)
    d2 = Node("d2", d2.layer.replaced(activation="sigmoid"))
    nodes = [
        node("seed", "input", shape=[1], columns=["z"]),
        node("real", "input", shape=[FEATURES], columns=["x", "y"]),
        node("g1", "dense", units=4, activation="tanh"),
        node("g2", "dense", units=FEATURES, activation="linear"),
        d1,
        d2,
        Node("d1_fake", d1.layer, same_as="d1"),
        Node("d2_fake", d2.layer, same_as="d2"),
        Node("one", LAYERS.get("constant")(value=1.0, shape=[1])),
        Node("zero", LAYERS.get("constant")(value=0.0, shape=[1])),
        node("says_real", "loss", loss="binary_cross_entropy"),
        node("says_fake", "loss", loss="binary_cross_entropy"),
        node("fooled", "loss", loss="binary_cross_entropy"),
    ]
    wires = (
        *("seed>g1", "g1>g2", "g2>d1_fake", "d1_fake>d2_fake", "real>d1", "d1>d2"),
        *("d2>says_real.prediction", "one>says_real.target"),
        *("d2_fake>says_fake.prediction", "zero>says_fake.target"),
        *("d2_fake>fooled.prediction", "one>fooled.target"),
    )
    return Graph(nodes, [wire(text) if isinstance(text, str) else Wire(*text) for text in wires])


def points(count=64, seed=0):
    """Points around a centre, each with a number to draw from."""
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.standard_normal(count), 2 + rng.standard_normal((count, 2))])
    rows = np.arange(count)
    parts = {"train": rows[:48], "validation": rows[48:]}
    return ToyData(features, features[:, :1], ("z", "x", "y"), "values", parts)


def discriminator(**settings):
    given = {"name": "discriminator", "losses": ["says_real", "says_fake"], "trains": ["d1", "d2"]}
    return ObjectiveSettings(**(given | settings))


def generator(**settings):
    given = {"name": "generator", "losses": ["fooled"], "trains": ["g1", "g2"]}
    return ObjectiveSettings(**(given | settings))


def settings(*objectives, **given):
    chosen = objectives or (discriminator(steps=2), generator())
    return TrainingSettings(**({"objectives": chosen, "batch_size": 8, "epochs": 5} | given))
