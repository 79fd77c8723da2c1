"""Networks that draw random numbers go on from a checkpoint as if nothing had happened."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
from engine.training.trainer import Trainer


@pytest.mark.parametrize("template_id", ["vae", "denoising_autoencoder", "gan_ring", "transfer"])
def test_a_run_that_is_interrupted_ends_with_the_same_bits(template_id):
    project = open_template(template_id)
    dataset = prepare(project.data)
    settings = project.training.replaced(epochs=2)
    whole = Trainer(project.graph, dataset, settings)
    whole.run()
    first = Trainer(project.graph, dataset, settings)
    for _ in range(first.steps_per_epoch + 3):
        first.step()
    second = Trainer(project.graph, dataset, settings, checkpoint=first.checkpoint())
    second.run()

    assert second.steps_done == whole.steps_done
    for key, array in whole.weights().items():
        np.testing.assert_array_equal(second.weights()[key], array)
    assert second.telemetry.curves.keys() == whole.telemetry.curves.keys()
