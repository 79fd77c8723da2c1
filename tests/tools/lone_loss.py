"""One loss alone, with or without the activation that it differentiates through."""

from __future__ import annotations

import numpy as np

from engine.layers.activation import Activation
from tests.tools.lone import LoneWorkspace, run, value_of


class LoneLoss:
    """A loss bound to a prediction.

    Unfused, `prediction` is filled by the caller. Fused, `z` is, and the
    activation of that kind makes the prediction; the gradient is dL/dz.
    """

    def __init__(self, loss, shape, *, batch=4, dtype=np.float64, through=None, training=True):
        self.value = value_of(shape, batch, dtype, gradient=training)
        self.steps = []
        fused = through is not None
        self.z = None
        if fused:
            before = LoneWorkspace(batch, dtype, training=training, fused=True)
            before.outputs = (self.value,)
            layer = Activation(function=through)
            entering = value_of(shape, batch, dtype, gradient=training)
            self.z = entering.array
            before.inputs = {"in": (entering,)}
            layer.bind(before)
            self.steps += before.forward_steps
            self.before = before
        self.work = LoneWorkspace(batch, dtype, training=training, fused=fused)
        self.work.inputs = {"prediction": (self.value,)}
        self.work._target = np.zeros((*loss.target_shape(shape), batch), dtype)
        loss.bind(self.work)
        self.steps += self.work.forward_steps

    @property
    def prediction(self):
        return self.value.array

    @property
    def target(self):
        return self.work.target

    @property
    def gradient(self):
        return self.value.gradient

    def forward(self) -> float:
        run(self.steps)
        return float(self.work.loss[0])

    def backward(self):
        run(self.work.backward_steps)
        return self.gradient.copy()


def random_target(loss, shape, batch, rng):
    """A target as the loss asks for."""
    if loss.target == "classes":
        return np.eye(shape[0])[:, rng.integers(shape[0], size=batch)]
    if loss.target == "binary":
        return rng.integers(2, size=(*shape, batch)).astype(float)
    return rng.standard_normal((*shape, batch))
