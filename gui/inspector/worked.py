"""One example worked through one neuron: every number of z = Σ w x + b and a = f(z)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.activations import Activation
from engine.data.dataset import Dataset
from engine.errors import GlassboxError
from engine.graph.infer import infer
from engine.graph.loops import Loop, in_order
from engine.graph.model import Graph, Wire
from engine.layers.base import Array
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed
from engine.plan.parameters import Parameters


@dataclass(frozen=True)
class Worked:
    """The numbers of one example at one neuron.

    terms: pairs of x and w, in the order of wiring. bias: None if the neuron has none.
    slope: f'(z). down: dL/dz, how the loss changes with z.
    """

    terms: tuple[tuple[float, float], ...]
    bias: float | None
    z: float
    a: float
    slope: float
    down: float

    @property
    def up(self) -> float | None:
        """dL/da, from dL/dz = f'(z) dL/da; None where f'(z) is 0 and it cannot be told."""
        return self.down / self.slope if abs(self.slope) > 1e-9 else None


class WorkedExamples:
    """Runs single examples forwards and backwards through a copy of a graph, in float64.

    In the copy every node has weights of its own, which are not frozen, so that the slope at
    each can be told from those at others.
    """

    def __init__(self, graph: Graph, dataset: Dataset, seed: int) -> None:
        """seed: of the first weights, used where none are given.

        Raises GlassboxError if the graph cannot be trained on this data.
        """
        self._drawn = graph.copy()
        self._owners = {node.id: node.owner for node in graph.nodes}
        self.graph = graph.copy()
        for node in graph.nodes:
            self.graph.set_frozen(node.id, False)
            self.graph.share(node.id, "")
        self.dataset = dataset
        self.seed = seed
        inference = infer(self.graph)
        loops = [part for part in in_order(self.graph) if isinstance(part, Loop)]
        self._stepping = {node_id for loop in loops for node_id in loop.nodes} | {
            node.id for node in self.graph.nodes if inference[node.id].outputs != ((1,),)
        }
        self.parameters = Parameters(self.graph, inference, np.float64)
        self.parameters.initialize(seed)
        self._first = self.parameters.to_dict()
        self._views = self.parameters.weights()
        self._plan = compile_plan(self.graph, inference, self.parameters, 1, Mode.TRAIN)
        self._feed = Feed(self._plan, Examples(self.graph, dataset, np.dtype(np.float64)))
        self._gradients = self.parameters.views(self.parameters.gradient)

    def fits(self, graph: Graph, dataset: Dataset, seed: int) -> bool:
        same = dataset is self.dataset and seed == self.seed
        return same and graph.same_computation(self._drawn)

    def run(self, example: int, weights: Mapping[tuple[str, str], Array], node_id: str) -> Worked:
        """The numbers of one example at a neuron.

        Raises KeyError if no loss depends on the neuron, it is switched off, or it computes
        many sums an example: one a step of a sequence or of a loop.
        """
        if self.graph.node(node_id).switch != "on" or node_id in self._stepping:
            raise KeyError(node_id)
        values = self._plan.values[node_id]
        for (user, name), view in self._views.items():
            key = self._owners[user], name
            fits = key in weights and weights[key].shape == view.shape
            view[...] = (weights if fits else self._first)[key]
        self._feed.load(np.array([example]))
        with np.errstate(all="ignore"):
            self._plan.forward()
            x = np.concatenate([self._arriving(wire) for wire in self.graph.incoming(node_id)])
            a = float(values[0].array[0, 0])
            self._plan.backward()
        own = self.parameters.of(node_id)
        weight = own["weight"].ravel()
        bias = float(own["bias"][0]) if "bias" in own else None
        z = float(weight @ x) + (bias or 0.0)
        activation = self.activation(node_id)
        return Worked(
            terms=tuple(zip(x.tolist(), weight.tolist(), strict=True)),
            bias=bias,
            z=z,
            a=a,
            slope=float(activation.slope(np.array([[z]]))[0, 0]),
            down=self._down(node_id, x),
        )

    def activation(self, node_id: str) -> Activation:
        activation = self.graph.node(node_id).layer.final_activation()
        assert activation is not None  # every neuron ends with one
        return activation

    def _arriving(self, wire: Wire) -> Array:
        ports = self.graph.node(wire.source).layer.output_ports
        place = [port.name for port in ports].index(wire.source_port)
        return self._plan.values[wire.source][place].array[..., 0].reshape(-1)

    def _down(self, node_id: str, x: Array) -> float:
        """dL/dz of one example: the gradient of the bias, or that of a weight over its input."""
        if (node_id, "bias") in self._gradients:
            return float(self._gradients[node_id, "bias"][0])
        gradient = self._gradients[node_id, "weight"].ravel()
        largest = int(np.argmax(np.abs(x)))
        return float(gradient[largest] / x[largest]) if x[largest] else 0.0


def worked_examples(
    graph: Graph, dataset: Dataset | None, seed: int, before: WorkedExamples | None
) -> WorkedExamples | None:
    """What works examples through this graph: the one there is, or another, or None."""
    if dataset is None or not len(dataset):
        return None
    if before is not None and before.fits(graph, dataset, seed):
        return before
    try:
        return WorkedExamples(graph, dataset, seed)
    except GlassboxError:
        return None
