"""The networks that are timed: for the engine, and the same for PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

from engine.layers.base import Layer
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.pool_max import MaxPool2D
from engine.layers.reshape import Flatten
from engine.shapes import Shape


class Network(Protocol):
    """A classifier, as both sides know it.

    shape: of one example. classes: how many numbers come out.
    """

    @property
    def shape(self) -> Shape: ...
    @property
    def classes(self) -> int: ...

    def layers(self) -> Sequence[Layer]:
        """From after the input to before the loss, with the last activation."""
        ...

    def modules(self) -> Sequence[Any]:
        """The same in PyTorch, without the last activation."""
        ...


def last_layer(classes: int) -> Layer:
    return Dense(units=classes, activation="sigmoid" if classes == 1 else "softmax")


@dataclass(frozen=True)
class Perceptron:
    """Dense layers. sizes: from inputs to outputs. hidden: the activation between them."""

    sizes: tuple[int, ...]
    hidden: str = "relu"

    @property
    def shape(self) -> Shape:
        return self.sizes[:1]

    @property
    def classes(self) -> int:
        return self.sizes[-1]

    def layers(self) -> Sequence[Layer]:
        hidden = [Dense(units=units, activation=self.hidden) for units in self.sizes[1:-1]]
        return [*hidden, last_layer(self.classes)]

    def modules(self) -> Sequence[Any]:
        import torch

        between = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[self.hidden]
        made: list[Any] = []
        for inputs, units in pairwise(self.sizes):
            made += [torch.nn.Linear(inputs, units), between()]
        return made[:-1]


@dataclass(frozen=True)
class Convolutional:
    """Convolutions with ReLU that keep the size, some with a max pool behind, then dense layers.

    filters: of each convolution. pooled: which of them have a pool behind.
    """

    shape: Shape
    filters: tuple[int, ...]
    kernel: int
    pooled: tuple[bool, ...]
    units: tuple[int, ...] = ()
    classes: int = 10

    def layers(self) -> Sequence[Layer]:
        made: list[Layer] = []
        for filters, is_pooled in zip(self.filters, self.pooled, strict=True):
            made.append(Conv2D(filters=filters, kernel=self.kernel))
            made += [MaxPool2D()] if is_pooled else []
        hidden = [Dense(units=units) for units in self.units]
        return [*made, Flatten(), *hidden, last_layer(self.classes)]

    def modules(self) -> Sequence[Any]:
        from torch import nn

        made: list[Any] = []
        channels, height, width = self.shape
        for filters, is_pooled in zip(self.filters, self.pooled, strict=True):
            made += [nn.Conv2d(channels, filters, self.kernel, padding=self.kernel // 2), nn.ReLU()]
            channels = filters
            if is_pooled:
                made.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
        made.append(nn.Flatten())
        features = channels * height * width
        for units in self.units:
            made += [nn.Linear(features, units), nn.ReLU()]
            features = units
        return [*made, nn.Linear(features, self.classes)]


@dataclass(frozen=True)
class Sequential:
    """A recurrent layer whose last step a dense layer judges.

    shape: (T, D). gates: of which kind, LSTM or GRU. units: of the recurrent layer.
    """

    shape: Shape
    gates: Literal["LSTM", "GRU"]
    units: int
    classes: int = 10

    def layers(self) -> Sequence[Layer]:
        kind = {"LSTM": LSTM, "GRU": GRU}[self.gates]
        return [kind(units=self.units), last_layer(self.classes)]

    def modules(self) -> Sequence[Any]:
        from torch import nn

        kind = getattr(nn, self.gates)

        class LastStep(nn.Module):  # type: ignore[misc]  # mypy does not read PyTorch
            def __init__(self, features: int, units: int) -> None:
                super().__init__()
                self.steps = kind(features, units, batch_first=True)

            @property
            def weight(self) -> Any:
                return self.steps.weight_ih_l0

            def forward(self, x: Any) -> Any:
                return self.steps(x)[0][:, -1]

        return [LastStep(self.shape[1], self.units), nn.Linear(self.units, self.classes)]
