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

    def __init__(
        self,
        loss,
        shape,
        *,
        batch=4,
        dtype=np.float64,
        through=None,
        training=True,
        weights=None,
        mask=None,
    ):
        """weights: of positions, (*positions, N). mask: of steps, (T, N)."""
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
        self.value.mask = None if mask is None else np.asarray(mask, dtype)
        self.work.weights = None if weights is None else np.asarray(weights, dtype)
        loss.bind_weighed(self.work)
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
        numbers = rng.integers(shape[-1], size=(*shape[:-1], batch))
        return np.moveaxis(np.eye(shape[-1])[numbers], -1, -2)
    if loss.target == "binary":
        return rng.integers(2, size=(*shape, batch)).astype(float)
    if loss.expects == "positive":
        return rng.uniform(0.1, 3, (*shape, batch))
    return rng.standard_normal((*shape, batch))


def random_prediction(loss, shape, batch, rng):
    """A prediction as the loss expects it, away from the ends of what it may be."""
    if loss.expects == "number":
        return (1 if loss.kind == "exponential" else 3) * rng.standard_normal((*shape, batch))
    if loss.expects == "positive":
        return rng.uniform(0.1, 4, (*shape, batch))
    drawn = rng.uniform(0.05, 0.95, (*shape, batch))
    return drawn / drawn.sum(axis=-2, keepdims=True) if loss.expects == "distribution" else drawn
