"""A thousand layers and more: they compile, and they learn."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.optimizers import OPTIMIZERS
from engine.training.objectives import Objective
from tests.engine.plan.networks import chain, compiled, graph, node

BLOCKS = 333


def residual(norm):
    """Three layers a block: a normalisation, a Dense, and an Add with a wire around both."""
    small = {"kind": "normal", "deviation": 0.02}
    nodes = [
        node("x", "input", shape=[6]),
        node("add0", "dense", units=8),
        node("last", norm),
        node("classes", "dense", units=3, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    ]
    wires = ["x>add0", f"add{BLOCKS}>last", "last>classes", "classes>loss.prediction"]
    for number in range(1, BLOCKS + 1):
        before, n, d, add = f"add{number - 1}", f"n{number}", f"d{number}", f"add{number}"
        nodes += [node(n, norm), node(d, "dense", units=8, initializer=small), node(add, "add")]
        wires += [f"{before}>{n}", f"{n}>{d}", f"{before}>{add}", f"{d}>{add}"]
    return graph(nodes, *wires)


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
def test_a_thousand_layers_with_residual_wires_learn(norm):
    deep = residual(norm)
    plan = compiled(deep, batch=32, dtype=np.float32)
    plan.parameters.initialize(0)
    objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")(rate=0.002))
    losses = []
    for _ in range(30):
        plan.forward()
        losses.append(plan.loss())
        plan.backward()
        objective.update(0.002, losses[-1])

    assert len(infer(deep)) > 1000
    assert np.isfinite(plan.parameters.gradient).all()
    assert plan.parameters.gradient[plan.parameters.slice("d1")].any()
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus", "gelu"])
def test_a_chain_of_a_thousand_layers_stays_finite_whatever_arrives(activation):
    nodes = [node(f"d{n}", "dense", units=4, activation=activation) for n in range(1000)]
    plan = compiled(
        chain(node("x", "input", shape=[4]), *nodes, node("loss", "loss", loss="squared_error")),
        batch=4,
        dtype=np.float32,
    )
    plan.parameters.initialize(0)
    for size in (0, 1e-30, 1, 1e4):
        plan.inputs["x"][...] = size * np.random.default_rng(0).standard_normal((4, 4))
        plan.forward()
        plan.backward()

        assert np.isfinite(plan.loss())
        assert np.isfinite(plan.parameters.gradient).all()
