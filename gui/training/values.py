"""What every node puts out, with the weights as they are now: for previews and histograms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, select
from engine.errors import GlassboxError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.layers.terminal import Input
from engine.plan.parameters import Weights
from engine.plan.probe import Probe
from gui.training.shown import ShownExample
from gui.widgets.plane import Plane

if TYPE_CHECKING:
    from gui.training.controller import TrainingController

EXAMPLES = 32
"""How many examples of the data are sent through the network, at most."""

MOST_WORK = 20_000_000
"""Multiply-adds that a look may cost, some 10 ms: fewer examples of larger networks."""

MOST_NUMBERS = 2_000_000
MOST_NODES = 400
"""Of larger networks nothing is shown: each look copies all parameters, and each edit compiles."""

Array = NDArray[Any]
Outputs = dict[str, Array]
"""Node id to an array of (*shape, examples)."""


class LiveValues:
    """Values of all nodes, worked out when they are asked for and kept until `renew`.

    Of the run under way; of the document's network with its weights where there is no run;
    with the weights that training would start from where there are none.
    """

    def __init__(self, controller: TrainingController) -> None:
        self._controller = controller
        self._document = controller.document
        self._outputs: dict[int, Outputs] = {}
        self._probes: dict[int, Probe] = {}
        self._stale: set[int] = set()  # probes whose inputs are those of another example
        self._made_for: tuple[Graph, Dataset] | None = None
        self._failure = ""
        self.example = ShownExample(self._document, controller)
        self.example.changed.connect(self._look_at_another)
        self._plane: Plane | None = None
        self._cost: tuple[object, int] | None = None

    def renew(self) -> None:
        """Forget the values: the weights, the network or the data may be others now."""
        self._outputs.clear()
        self._failure = ""

    @property
    def graph(self) -> Graph:
        """The network that the values are of."""
        return self._controller.graph if self._controller.shows_run else self._document.graph

    @property
    def plane(self) -> Plane | None:
        """The plane of the two features, where the data has two."""
        self._look_at_data()
        return self._plane

    def _look_at_another(self) -> None:
        self._outputs.clear()
        for probe in self._probes.values():
            self._stale.add(id(probe))

    @property
    def rows(self) -> Array:
        """Which examples of the data set `on_examples` is about: the shown one and those after."""
        part, count = self.example.part, min(EXAMPLES, self._affordable())
        if not len(part):
            return part
        first = self.example.place
        return np.take(part, np.arange(first, first + min(count, len(part))), mode="wrap")

    @property
    def why_not(self) -> str:
        """Why there is nothing to show; empty where there is."""
        if self._document.data is None:
            return "There is no data yet to show an example of. Choose a data set."
        if self._document.dataset is None:
            return "The data is not loaded yet."
        if not self._affordable():
            return "The network is too large to send an example through at every look."
        self.on_examples()
        return self._failure

    def _affordable(self) -> int:
        """How many examples the network can be shown in a moment; 0 for a very large one."""
        if self._cost is None or self._cost[0] is not self._made_for:
            graph = self.graph
            found = {} if len(graph) > MOST_NODES else infer(graph)
            numbers = sum(node.parameter_count for node in found.values())
            work = sum(node.multiply_adds for node in found.values())
            fits = found and numbers <= MOST_NUMBERS
            self._cost = (self._made_for, MOST_WORK // max(work, 1) if fits else 0)
        return self._cost[1]

    def on_examples(self) -> Outputs:
        """What the nodes put out for a few examples; empty where nothing can run."""
        dataset = self._look_at_data()
        rows = self.rows
        if dataset is None or not len(rows):
            return {}
        return self._run(len(rows), lambda layer: dataset.inputs(layer.columns, layer.shape)[rows])

    def on_plane(self, side: int) -> Outputs:
        """What the nodes put out for a grid over the plane, (*shape, side, side), top row first."""
        dataset, plane = self._look_at_data(), self._plane
        if dataset is None or plane is None or side * side > self._affordable():
            return {}
        grid = plane.grid(side)
        outputs = self._run(
            side * side,
            lambda layer: select(dataset.signature, grid, layer.columns, layer.shape),
        )
        return {n: values.reshape(*values.shape[:-1], side, side) for n, values in outputs.items()}

    def answer_on_plane(self, side: int) -> Array | None:
        """The network's first output for the same grid, (*shape, side, side); None without one."""
        if not self.on_plane(side):
            return None
        answer = self._probes[side * side].answer
        return None if answer is None else answer.reshape(*answer.shape[:-1], side, side)

    def weights(self) -> Weights:
        """The parameters that the values were worked out with; views."""
        if not self.on_examples():
            return {}
        return self._probes[len(self.rows)].parameters.weights()

    def masks(self) -> Outputs:
        """Which steps are real, (T, examples), by the node that puts out the sequence."""
        if not self.on_examples():
            return {}
        return self._probes[len(self.rows)].masks

    def changes(self) -> Outputs:
        """By node of a loop that iterates: how far each step moved it until it had settled."""
        if not self.on_examples():
            return {}
        return self._probes[len(self.rows)].changes

    # Working them out

    def _look_at_data(self) -> Dataset | None:
        """The data set; what was made for another one, or for another network, is dropped."""
        dataset, graph = self._document.dataset, self.graph
        if dataset is None:
            self._outputs, self._plane = {}, None
            return None
        before = self._made_for
        if before is None or dataset is not before[1]:
            self._plane = Plane.of(dataset)
        if (
            before is None
            or dataset is not before[1]
            or not (graph is before[0] or graph.same_computation(before[0]))
        ):
            self._made_for = (graph.copy(), dataset)
            self._probes, self._outputs, self._stale = {}, {}, set()
        return dataset

    def _run(self, batch: int, inputs: Callable[[Input], Array]) -> Outputs:
        if batch in self._outputs:
            return self._outputs[batch]
        if self._failure:
            return {}
        try:
            outputs = self._outputs[batch] = self._probed(batch, inputs)
        except GlassboxError as error:
            self._failure = str(error)
            return {}
        return outputs

    def _probed(self, batch: int, inputs: Callable[[Input], Array]) -> Outputs:
        graph = self.graph
        probe = self._probes.get(batch)
        if probe is None or id(probe) in self._stale:
            probe = probe or Probe(graph, batch)
            self._stale.discard(id(probe))
            for node_id, array in probe.inputs.items():
                layer = graph.node(node_id).layer
                assert isinstance(layer, Input)
                np.copyto(array, np.moveaxis(inputs(layer), 0, -1))
            self._probes[batch] = probe
        parameters = self._controller.parameters
        if parameters is None or parameters.size != probe.parameters.size:
            parameters = None
            self._load(probe)
        return probe.run(parameters)

    def _load(self, probe: Probe) -> None:
        """The document's weights, or those that training would start from."""
        document = self._document
        probe.parameters.initialize(document.training.seed)
        needed = probe.parameters.weights()
        if all(
            key in document.weights and document.weights[key].shape == view.shape
            for key, view in needed.items()
        ):
            probe.parameters.load(document.weights)
