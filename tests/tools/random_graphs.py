"""Random networks: layers, settings and wires as they come, of which those that fit stay."""

from __future__ import annotations

import random

import numpy as np

from engine import shapes
from engine.errors import ConnectError, FieldError
from engine.fields import Boolean, Choice, Integer, Real, Sizes, Variant
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS

KINDS = [kind.kind for kind in LAYERS if kind.output_ports and kind.kind != "input"]
OFTEN = [*KINDS, *["neuron"] * 5, *["dense"] * 4, *["reroute"] * 3]
"""Kinds as often as they are tried: neurons and what they read run together in many ways."""

TRIES = 12
LARGEST = 300
"""Numbers in one example of a value, at most."""


def random_graph(seed: int, layers: int = 8) -> Graph:
    """Inputs, layers on what was there before, perhaps a loop, and a loss on some ends."""
    return _Drawing(random.Random(seed)).graph(layers)


def random_layer(rng: random.Random, kind: str):
    """A layer of a kind with some settings changed; None where these are refused."""
    declared = LAYERS.get(kind)
    chosen = [field for field in declared.fields() if rng.random() < 0.5]
    try:
        return declared(**{field.name: _setting(rng, field) for field in chosen})
    except FieldError:
        return None


def _setting(rng, field):
    """A small value that the field accepts."""
    if isinstance(field, Boolean):
        return rng.random() < 0.5
    if isinstance(field, Choice):
        return rng.choice(list(field.options))
    if isinstance(field, Integer):
        low = -2 if field.minimum is None else field.minimum
        return rng.randint(low, low + 4)
    if isinstance(field, Real):
        low = next((b for b in (field.minimum, field.above) if b is not None), -1)
        high = next((b for b in (field.maximum, field.below) if b is not None), low + 2)
        return low + (high - low) * rng.uniform(0.05, 0.95)
    if isinstance(field, Sizes):
        return [field.minimum + rng.randint(0, 3) for _ in range(rng.choice(list(field.axes[:3])))]
    if isinstance(field, Variant):
        return rng.choice(field.registry.kinds())
    return field.default


class _Drawing:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.drawn = Graph()
        self.ends: list[tuple[str, str]] = []

    def graph(self, layers: int) -> Graph:
        rng = self.rng
        for number in range(rng.choice([1, 1, 2])):
            shape = [rng.randint(1, 5) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
            self.drawn.add_node(Node(f"x{number}", LAYERS.get("input")(shape=shape)))
            self.ends.append((f"x{number}", "out"))
        for number in range(rng.randint(1, layers)):
            for _ in range(TRIES):
                if self._grow(number):
                    break
        self._close_a_loop()
        free = [end for end in self.ends if not self.drawn.outgoing(*end)]
        for number, end in enumerate(rng.sample(free, min(2, len(free)))):
            self._judge(f"loss{number}", end)
        return self.drawn

    def _grow(self, number: int) -> bool:
        """Add a layer that fits, if the one that is drawn does."""
        rng, kind = self.rng, self.rng.choice(OFTEN)
        layer, node_id = random_layer(rng, kind), f"{kind}{number}"
        if layer is None:
            return False
        like = [node for node in self.drawn.nodes if node.layer == layer and not node.same_as]
        self.drawn.add_node(
            Node(
                node_id,
                layer,
                frozen=rng.random() < 0.1,
                rate=rng.choice([1.0, 1.0, 0.5]),
                same_as=rng.choice(like).id if like and rng.random() < 0.5 else "",
                switch=rng.choice(["on"] * 10 + ["bypassed", "muted"]),
            )
        )
        for port in layer.input_ports:
            if port.required or rng.random() < 0.5:
                for _ in range(rng.randint(1, 3) if port.many else 1):
                    self._wire(*rng.choice(self.ends[-4:]), node_id, port.name)
        if not self._fits():
            self.drawn.remove_node(node_id)
            return False
        self.ends += [(node_id, port.name) for port in layer.output_ports]
        return True

    def _close_a_loop(self) -> None:
        source, target = self.rng.choice(self.drawn.nodes), self.rng.choice(self.drawn.nodes)
        if self.rng.random() < 0.3 and target.layer.input_ports:
            before = len(self.drawn.wires)
            ports = source.layer.output_ports[0].name, target.layer.input_ports[0].name
            self._wire(source.id, ports[0], target.id, ports[1], delay=1)
            if len(self.drawn.wires) > before and not self._fits():
                self.drawn.disconnect(self.drawn.wires[-1])

    def _judge(self, node_id: str, end: tuple[str, str]) -> None:
        kind = self.rng.choice(["squared_error", "huber", "cosine", "categorical_cross_entropy"])
        if kind == "categorical_cross_entropy":
            self.drawn.add_node(
                Node(f"{node_id} sums", LAYERS.get("activation")(function="softmax"))
            )
            self._wire(*end, f"{node_id} sums", "in")
            end = f"{node_id} sums", "out"
        self.drawn.add_node(Node(node_id, LAYERS.get("loss")(loss=kind)))
        self._wire(*end, node_id, "prediction")
        if not self._fits():
            self.drawn.replace_layer(node_id, LAYERS.get("loss")(loss="squared_error"))

    def _wire(self, source: str, port: str, target: str, into: str, delay=0) -> None:
        try:
            self.drawn.connect(Wire(source, target, port, into, delay))
        except ConnectError:
            return

    def _fits(self) -> bool:
        """Whether nothing is refused, and nothing grows too large to be tested quickly."""
        return all(
            not found.error
            and found.outputs is not None
            and all(shapes.size(shape) <= LARGEST for shape in found.outputs)
            for found in infer(self.drawn).values()
        )


def has_true_gradient(graph: Graph) -> bool:
    """Whether all slopes are those of the values: no surrogate, nothing kept from learning."""
    for node in graph.nodes:
        settings = node.layer.__dict__
        if any(getattr(value, "surrogate", "") for value in settings.values()):
            return False
        if settings.get("truncate") or settings.get("padding", -1) in range(10):
            return False
    return True


def fill(plan, graph: Graph, seed: int) -> None:
    """Random inputs, tokens where an embedding reads them, and targets that suit each loss."""
    rng = np.random.default_rng(seed)
    tokens = {
        wire.source
        for node in graph.nodes
        if node.layer.kind == "embedding"
        for wire in graph.incoming(node.id)
    }
    for name, array in plan.inputs.items():
        is_token = name in tokens
        array[...] = rng.integers(0, 5, array.shape) if is_token else rng.normal(size=array.shape)
    for name, array in plan.targets.items():
        array[...] = rng.standard_normal(array.shape)
        if graph.node(name).layer.loss.target == "classes":
            chosen = array.argmax(axis=-2)[..., None, :]
            array[...] = np.arange(array.shape[-2])[:, None] == chosen
