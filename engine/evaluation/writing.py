"""Text from a network that foretells the next token: what it says is read on as its own input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import ShapeError
from engine.graph.model import Graph
from engine.plan.parameters import Weights
from engine.plan.predict import Predictor
from engine.workspace import Array

LEAST = 1e-12


def writes(dataset: Dataset) -> bool:
    """Whether the target is the token that follows, so that it can be read on."""
    classes = dataset.signature.classes
    return dataset.ahead == 1 and bool(classes) and set(classes) <= set(dataset.tokens)


class Writer:
    """Continues a text token by token with a network that was trained to foretell the next one."""

    def __init__(
        self, graph: Graph, weights: Mapping[tuple[str, str], Array] | Weights, dataset: Dataset
    ) -> None:
        """Raises what `Predictor` raises, and ShapeError unless it is one input to one output."""
        self._predictor = Predictor(graph, weights)
        if len(self._predictor.inputs) != 1 or len(self._predictor.outputs) != 1:
            raise ShapeError(
                "Writing needs a network with one input and one output, got "
                f"{len(self._predictor.inputs)} and {len(self._predictor.outputs)}. "
                "Take the others away."
            )
        self._input = next(iter(self._predictor.inputs))
        self._numbers = {token: number for number, token in enumerate(dataset.tokens)}
        self._classes = dataset.signature.classes
        self._steps = int(np.prod(dataset.signature.feature_shape))

    def write(
        self, start: Sequence[str], count: int, temperature: float = 1.0, seed: int = 0
    ) -> list[str]:
        """`count` tokens that follow a start of as many tokens as the network reads, or more.

        temperature: 0 takes the likeliest token each time; else each is drawn with a chance in
        proportion to p^(1/temperature).
        Raises ShapeError for a start that is too short.
        """
        if len(start) < self._steps:
            raise ShapeError(
                f"The network reads {self._steps} tokens at a time, got {len(start)}. "
                "Give it a longer start."
            )
        rng = np.random.default_rng(seed)
        text, written = [*start], []
        for _ in range(count):
            window = [self._numbers[token] for token in text[-self._steps :]]
            scores = next(iter(self._predictor.predict({self._input: np.array([window])}).values()))
            # (1, K) or (1, T, K) -> (K,): of a prediction for every step the last one counts.
            chosen = _choice(scores.reshape(-1, len(self._classes))[-1], temperature, rng)
            written.append(self._classes[chosen])
            text.append(written[-1])
        return written


def _choice(scores: Array, temperature: float, rng: np.random.Generator) -> int:
    """scores: probabilities, or logits, (K,)."""
    if temperature <= 0:
        return int(scores.argmax())
    scores = scores.astype(np.float64)
    is_shares = scores.min() >= 0 and abs(scores.sum() - 1) < 1e-3
    logits = np.log(np.maximum(scores, LEAST)) if is_shares else scores
    powers = np.exp((logits - logits.max()) / temperature)
    return int(rng.choice(len(powers), p=powers / powers.sum()))
