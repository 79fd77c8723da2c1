"""A run that goes on after its neurons were collapsed, or its layer expanded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.regroup import collapse, expand
from engine.optimizers import OPTIMIZERS
from engine.training.regrouped import regrouped
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import classifier, clouds, corners, xor


@pytest.mark.parametrize(
    ("drawing", "change", "data"),
    [
        (classifier(), lambda g: expand(g, "hidden"), clouds()),
        (xor(), lambda g: collapse(g, ["h1", "h2"]), corners()),
    ],
)
def test_a_checkpoint_moves_to_the_changed_network_and_goes_on_alike(drawing, change, data):
    settings = TrainingSettings(
        epochs=6, batch_size=8, patience=50, optimizer=OPTIMIZERS.get("adam")(rate=0.05)
    )
    whole, first = (Trainer(drawing, data, settings) for _ in range(2))
    whole.run()
    for _ in range(whole.steps_done // 2):
        first.step()
    regrouping = change(drawing)
    changed = drawing.copy()
    regrouping.apply(changed)
    kept = first.checkpoint()
    moved = regrouped(kept, regrouping.moved)
    fresh = Trainer(changed, data, settings).checkpoint()
    assert fresh.arrays.keys() == {k for k in moved.arrays if not k.startswith("curves/")}
    second = Trainer(changed, data, settings, checkpoint=moved)
    second.run()
    expected = regrouping.carry(whole.weights())
    for key, weight in second.weights().items():
        np.testing.assert_allclose(weight, expected[key], rtol=1e-4, atol=1e-5, err_msg=key)
