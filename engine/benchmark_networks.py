"""The networks that are timed: for the engine, and the same for PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

from engine.graph.chain import chain
from engine.graph.model import Graph, Node, Wire
from engine.layers.attention import MultiHeadAttention
from engine.layers.base import Layer
from engine.layers.conv import Conv2D
from engine.layers.dense import Dense
from engine.layers.gru import GRU
from engine.layers.layer_norm import LayerNorm
from engine.layers.lstm import LSTM
from engine.layers.merge import Concat
from engine.layers.merge_elementwise import Add
from engine.layers.neuron import Neuron
from engine.layers.pool_max import MaxPool2D
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from engine.shapes import Shape


class Network(Protocol):
    """A classifier, as both sides know it.

    shape: of one example. classes: how many numbers come out.
    """

    @property
    def shape(self) -> Shape: ...
    @property
    def classes(self) -> int: ...

    def graph(self) -> Graph:
        """From the input to the loss."""
        ...

    def modules(self) -> Sequence[Any]:
        """The same in PyTorch, without the last activation."""
        ...


def loss_for(classes: int) -> Loss:
    return Loss(loss="binary_cross_entropy" if classes == 1 else "categorical_cross_entropy")


def in_a_row(network: Network, *layers: Layer) -> Graph:
    """Layers one after the other, from after the input to before the loss."""
    return chain(Input(shape=network.shape), *layers, loss_for(network.classes))


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

    def graph(self) -> Graph:
        hidden = [Dense(units=units, activation=self.hidden) for units in self.sizes[1:-1]]
        return in_a_row(self, *hidden, last_layer(self.classes))

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

    def graph(self) -> Graph:
        made: list[Layer] = []
        for filters, is_pooled in zip(self.filters, self.pooled, strict=True):
            made.append(Conv2D(filters=filters, kernel=self.kernel))
            made += [MaxPool2D()] if is_pooled else []
        hidden = [Dense(units=units) for units in self.units]
        return in_a_row(self, *made, Flatten(), *hidden, last_layer(self.classes))

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
    """Recurrent layers one after the other, of which a dense layer judges the last step.

    shape: (T, D). gates: of which kind, LSTM or GRU. units: of each layer, in each direction.
    """

    shape: Shape
    gates: Literal["LSTM", "GRU"]
    units: int
    classes: int = 10
    layers: int = 1
    both_ways: bool = False

    def graph(self) -> Graph:
        kind = {"LSTM": LSTM, "GRU": GRU}[self.gates]
        direction = "bidirectional" if self.both_ways else "forward"
        layers = [
            kind(units=self.units, direction=direction, returns=returns)
            for returns in ["sequence"] * (self.layers - 1) + ["last"]
        ]
        return in_a_row(self, *layers, last_layer(self.classes))

    def modules(self) -> Sequence[Any]:
        import torch
        from torch import nn

        kind, units, both_ways = getattr(nn, self.gates), self.units, self.both_ways
        settings = {"num_layers": self.layers, "bidirectional": both_ways}

        class LastStep(nn.Module):  # type: ignore[misc]  # mypy does not read PyTorch
            def __init__(self, features: int) -> None:
                super().__init__()
                self.steps = kind(features, units, batch_first=True, **settings)

            @property
            def weight(self) -> Any:
                return self.steps.weight_ih_l0

            def forward(self, x: Any) -> Any:
                every = self.steps(x)[0]
                if not both_ways:
                    return every[:, -1]
                # The way back ends at the first step.
                return torch.cat([every[:, -1, :units], every[:, 0, units:]], dim=1)

        width = units * (1 + both_ways)
        return [LastStep(self.shape[1]), nn.Linear(width, self.classes)]


@dataclass(frozen=True)
class Residual:
    """Dense layers with a wire around each: x + relu(W x + b), `depth` times."""

    shape: Shape
    depth: int
    classes: int = 10

    def graph(self) -> Graph:
        (width,) = self.shape
        nodes, wires = [Node("x", Input(shape=self.shape))], []
        before = "x"
        for number in range(self.depth):
            dense, add = f"dense_{number}", f"add_{number}"
            layer = Dense(units=width, initializer={"kind": "normal", "deviation": 0.01})
            nodes += [Node(dense, layer), Node(add, Add())]
            wires += [Wire(before, dense), Wire(before, add), Wire(dense, add)]
            before = add
        nodes += [Node("last", last_layer(self.classes)), Node("loss", loss_for(self.classes))]
        wires += [Wire(before, "last"), Wire("last", "loss", target_port="prediction")]
        return Graph(nodes, wires)

    def modules(self) -> Sequence[Any]:
        from torch import nn

        (width,) = self.shape

        class Around(nn.Module):  # type: ignore[misc]  # mypy does not read PyTorch
            def __init__(self) -> None:
                super().__init__()
                self.inside = nn.Linear(width, width)
                nn.init.normal_(self.inside.weight, std=0.01)

            def forward(self, x: Any) -> Any:
                return x + nn.functional.relu(self.inside(x))

        return [*(Around() for _ in range(self.depth)), nn.Linear(width, self.classes)]


@dataclass(frozen=True)
class Transformer:
    """Attention, then two dense layers at each step, each with a norm before and a wire around.

    shape: (T, D).
    """

    shape: Shape
    heads: int
    units: int
    classes: int = 10

    def graph(self) -> Graph:
        layers: dict[str, Layer] = {
            "x": Input(shape=self.shape),
            "norm_1": LayerNorm(over="last"),
            "attention": MultiHeadAttention(heads=self.heads),
            "add_1": Add(),
            "norm_2": LayerNorm(over="last"),
            "wide": Dense(units=self.units),
            "narrow": Dense(units=self.shape[1], activation="linear"),
            "add_2": Add(),
            "flat": Flatten(),
            "last": last_layer(self.classes),
            "loss": loss_for(self.classes),
        }
        around = [("x", "add_1"), ("add_1", "add_2")]
        wires = [
            Wire(source, target, target_port="prediction" if target == "loss" else "in")
            for source, target in [*around, *pairwise(layers)]
        ]
        return Graph([Node(name, layer) for name, layer in layers.items()], wires)

    def modules(self) -> Sequence[Any]:
        from torch import nn

        (steps, width), heads, units = self.shape, self.heads, self.units

        class Block(nn.Module):  # type: ignore[misc]  # mypy does not read PyTorch
            def __init__(self) -> None:
                super().__init__()
                self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
                self.query, self.value = nn.Linear(width, width), nn.Linear(width, width)
                self.key = nn.Linear(width, width, bias=False)  # its bias would change nothing
                self.output = nn.Linear(width, width)
                self.dense = nn.Sequential(
                    nn.Linear(width, units), nn.ReLU(), nn.Linear(units, width)
                )

            def forward(self, x: Any) -> Any:
                seen = self.norms[0](x)
                q, k, v = (
                    make(seen).unflatten(2, (heads, -1)).transpose(1, 2)
                    for make in (self.query, self.key, self.value)
                )
                found = nn.functional.scaled_dot_product_attention(q, k, v)
                x = x + self.output(found.transpose(1, 2).flatten(2))
                return x + self.dense(self.norms[1](x))

        return [Block(), nn.Flatten(), nn.Linear(steps * width, self.classes)]


@dataclass(frozen=True)
class Wired:
    """The dense layers of a perceptron, drawn neuron by neuron and wire by wire."""

    sizes: tuple[int, ...]

    @property
    def shape(self) -> Shape:
        return self.sizes[:1]

    @property
    def classes(self) -> int:
        return self.sizes[-1]

    def graph(self) -> Graph:
        nodes, wires = [Node("x", Input(shape=self.shape))], []
        before = ["x"]
        for level, count in enumerate(self.sizes[1:-1]):
            here = [f"neuron_{level}_{number}" for number in range(count)]
            nodes += [Node(name, Neuron(activation="tanh")) for name in here]
            wires += [Wire(source, name) for name in here for source in before]
            before = here
        last, loss = last_layer(self.classes), loss_for(self.classes)
        nodes += [Node("joined", Concat()), Node("last", last), Node("loss", loss)]
        wires += [Wire(source, "joined") for source in before]
        wires += [Wire("joined", "last"), Wire("last", "loss", target_port="prediction")]
        return Graph(nodes, wires)

    def modules(self) -> Sequence[Any]:
        return Perceptron(self.sizes, hidden="tanh").modules()
