"""What becomes of gradients before an optimiser sees them: averaged, clipped, penalised."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.fields import Plain
from engine.losses.base import LEAST_WEIGHT
from engine.optimizers.base import CHUNK, Parts, pieces
from engine.plan.memory import zeros
from engine.plan.parameters import Parameters
from engine.training.checkpoints import load_vector, vector_arrays
from engine.training.settings import TrainingSettings
from engine.workspace import Array, ParameterSpec

CLOSE = 1e-6
"""Added to a norm before dividing by it, as PyTorch does."""


class Accumulation:
    """The gradients of some batches, averaged as if they had been one.

    batches: how many were added since the last `take`; examples: how many these count for,
    by weight; loss: their mean loss.
    Where every batch is followed by an update nothing is copied.
    """

    def __init__(self, parameters: Parameters, batches: int) -> None:
        """batches: after how many an update is due."""
        self._parameters, self._gradient = parameters, parameters.gradient
        self._most = batches
        self.sum: Array = zeros(parameters.size if batches > 1 else 0, parameters.dtype)
        self._weighted = zeros(self.sum.size, parameters.dtype)
        self._factor = np.array(1, parameters.dtype)
        self.batches, self.examples, self.loss = 0, 0.0, 0.0

    @property
    def due(self) -> bool:
        return self.batches >= self._most

    def add(self, examples: float, loss: float) -> None:
        """Take in the gradient of a batch, which is a mean over so many examples."""
        self.batches += 1
        if self._most == 1:
            self.loss = loss
            return
        if not examples:
            return  # nothing in it counts
        self.examples += examples
        self.loss += (loss - self.loss) * examples / self.examples
        self._factor[()] = examples
        np.multiply(self._gradient, self._factor, out=self._weighted)
        np.add(self.sum, self._weighted, out=self.sum)

    def take(self) -> None:
        """Write the mean of all that was added where the gradient of a batch stood; begin anew."""
        if self._most > 1:
            self._factor[()] = 1 / max(self.examples, LEAST_WEIGHT)
            np.multiply(self.sum, self._factor, out=self._gradient)
        self.clear()

    def to_plain(self) -> dict[str, Plain]:
        return {"batches": self.batches, "examples": self.examples, "loss": self.loss}

    def arrays(self) -> dict[str, Array]:
        """What was added so far, by name."""
        if not self.batches or self._most == 1:
            return {}
        return vector_arrays(self._parameters, self.sum, "gathered")

    def load(self, plain: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Go on from where `to_plain` and `arrays` were taken, unless every batch is alone."""
        if self._most > 1:
            self.batches, self.examples = int(plain["batches"]), float(plain["examples"])
            self.loss = float(plain["loss"])
            load_vector(self._parameters, self.sum, arrays, "gathered")

    def clear(self) -> None:
        """Forget what was added."""
        self.batches, self.examples, self.loss = 0, 0.0, 0.0
        if self._most > 1:
            self.sum.fill(0)


class GradientRules:
    """Clipping, then penalties, in place on the gradient of the parameters that are trained.

    By value: every number is held between -c and c. By norm: if the norm of all
    gradients together is above c they are multiplied by c / (norm + 0.000001), as
    PyTorch's `clip_grad_norm_`. Penalties add l1 sign(w) + l2 w for weights w, the
    slopes of l1 |w| + l2 w² / 2; biases and the scales of normalisations are spared.
    Raw gradients are clipped, so that a penalty is never cut.
    """

    def __init__(
        self, parameters: Parameters, settings: TrainingSettings, parts: Parts | None = None
    ) -> None:
        """parts: of the vector, those to change; None for all that is trained."""
        parts = parameters.parts() if parts is None else parts
        self._w, self._g = parameters.vector, parameters.gradient
        self._parts = [self._g[part] for part, _ in parts]
        self._pieces = [piece for piece, _ in pieces(parts, self._g.size)]
        self._clip_value, self._clip_norm = settings.clip_value, settings.clip_norm
        self._high = np.array(settings.clip_value, self._g.dtype)
        self._low = np.array(-settings.clip_value, self._g.dtype)
        self._squared, self._factor = np.zeros((), self._g.dtype), np.zeros((), self._g.dtype)
        self._penalties = [
            (shares, function)
            for shares, function in (
                (_shares(parameters, settings.l1), np.sign),
                (_shares(parameters, settings.l2), np.positive),
            )
            if shares is not None
        ]
        self._spare: Array = np.zeros(min(CHUNK, self._g.size), self._g.dtype)
        self._any = bool(self._clip_value or self._clip_norm or self._penalties)

    def apply(self) -> None:
        if not self._any:
            return
        if self._clip_value:
            for g in self._parts:
                np.minimum(g, self._high, out=g)
                np.maximum(g, self._low, out=g)
        if self._clip_norm:
            self._shorten()
        for shares, function in self._penalties:
            for piece in self._pieces:
                g, spare = self._g[piece], self._spare[: piece.stop - piece.start]
                function(self._w[piece], out=spare)
                np.multiply(spare, shares[piece], out=spare)
                np.add(g, spare, out=g)

    def _shorten(self) -> None:
        norm, unit = self._norm(), 1.0
        if not math.isfinite(norm):  # squares overflow long before the gradients do
            unit = max((_largest(g) for g in self._parts), default=0.0)
            if not math.isfinite(unit):
                return  # the next forward pass finds it and names the node
            self._multiply(1 / unit)
            norm = self._norm()
        share = min(1.0, self._clip_norm / (norm * unit + CLOSE))
        if share < 1 or unit != 1:
            self._multiply(share * unit)

    def _norm(self) -> float:
        """Of all parts together."""
        total = 0.0
        for g in self._parts:
            np.dot(g, g, out=self._squared)
            total += self._squared.item()
        return math.sqrt(total)

    def _multiply(self, factor: float) -> None:
        self._factor[()] = factor
        for g in self._parts:
            np.multiply(g, self._factor, out=g)


def _largest(g: Array) -> float:
    """Its largest absolute value."""
    return float(max(np.maximum.reduce(g).item(), -np.minimum.reduce(g).item()))


def _shares(parameters: Parameters, share: float) -> Array | None:
    """A vector with this number for every weight and 0 for every other parameter."""
    if not share:
        return None
    shares: Array = np.zeros_like(parameters.vector)
    for (node_id, name), view in parameters.views(shares).items():
        if is_weight(parameters.place(node_id, name).spec):
            view[...] = share
    return shares


def is_weight(spec: ParameterSpec) -> bool:
    """Whether a parameter multiplies inputs, so that a penalty keeps it small."""
    reads = len(spec.shape) > 1 and max(spec.fan_in, spec.fan_out) > 1
    return spec.beside is None and (spec.name == "weight" or reads)
