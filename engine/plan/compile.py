"""Compile: a graph and its parameters become a plan for batches of one size."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Sequence
from itertools import chain
from typing import cast

import numpy as np

from engine import shapes
from engine.graph.infer import Inference
from engine.graph.model import Graph, Wire
from engine.layers.neuron import Neuron
from engine.layers.reroute import Reroute
from engine.layers.terminal import Input, Loss
from engine.plan.buffers import look_through
from engine.plan.extent import (
    Mode,
    ModelOutput,
    carries_gradient,
    needing_gradient,
    nodes_for,
)
from engine.plan.fusing import fuse
from engine.plan.garbage import collected_later
from engine.plan.layout import Unit
from engine.plan.learning import Learning
from engine.plan.lifetimes import looks_through
from engine.plan.masks import pass_mask
from engine.plan.memory import Scratch, Store
from engine.plan.neurons import NeuronGroup
from engine.plan.parameters import Parameters
from engine.plan.plan import InputRows, Plan
from engine.plan.settle import Settled
from engine.plan.steps import Step
from engine.plan.switches import switched
from engine.plan.threads import threads_for
from engine.plan.unroll import straight
from engine.plan.wiring import Arrival, Arrivals, Source, Wiring, lay_out
from engine.plan.workspace import NodeWorkspace
from engine.randomness import NodeStreams
from engine.workspace import Array, Value


@collected_later()
def compile_plan(
    graph: Graph,
    inference: Inference,
    parameters: Parameters,
    batch: int,
    mode: Mode,
    streams: NodeStreams | None = None,
    weighted: bool = False,
    losses: Collection[str] | None = None,
    trained: Collection[str] | None = None,
    gathered: bool = False,
) -> Plan:
    """A plan that runs `batch` examples at a time.

    inference: the shapes of this very graph. streams: what layers draw random
    numbers from; plans that share them, and the parameters, may take turns.
    weighted: some examples, or parts of their targets, count more than others.
    losses: the ids of those to work out; None for all. Only what they depend on runs.
    trained: the nodes whose parameters get a gradient, if they learn; None for all.
    gathered: several batches make one update, of which each loss takes its share by
        `Plan.loss_factors`.

    Raises CompileError, naming the first node that cannot run.
    """
    streams = streams or NodeStreams(0)
    made = straight(graph, inference, iterates=mode is not Mode.TRAIN)
    parameters.lend(made.copies)
    compilation = _Compilation(
        *(made.graph, made.inference, parameters, batch, mode, streams, weighted, losses, trained),
        gathered,
    )
    plan = compilation.plan(made.outputs(graph))
    if made.last:
        plan.values = made.values(graph, inference, plan.values)
    return plan


class _Compilation:
    def __init__(
        self,
        graph: Graph,
        inference: Inference,
        parameters: Parameters,
        batch: int,
        mode: Mode,
        streams: NodeStreams,
        weighted: bool,
        losses: Collection[str] | None,
        trained: Collection[str] | None,
        gathered: bool,
    ) -> None:
        self.drawn, inference = switched(graph, inference)
        included = nodes_for(self.drawn, inference, mode, losses)
        fused = fuse(self.drawn, inference, included, parameters.rate)
        parameters.lend(fused.copies)
        self.graph, self.inference = graph, inference = fused.graph, fused.inference
        self.included, self.units = fused.included, fused.units
        self.fused = {end for wire in fused.wires for end in (wire.source, wire.target)}
        self.parameters = parameters
        self.batch = batch
        self.mode = mode
        self.streams = streams
        self.scratch, self.store = Scratch(), Store()
        self.weighted = weighted
        self.training = mode is Mode.TRAIN
        self.trained = self._trained(trained)
        learning = {n for n in self.included if self._learns(n)}
        self.needs_gradient = needing_gradient(graph, self.included, learning)
        self.learning = Learning(parameters, self.units, learning & self.needs_gradient)
        self.wiring: Wiring = lay_out(
            graph,
            inference,
            self.units,
            self.needs_gradient,
            batch,
            parameters.dtype,
            self.store.zeros,
        )
        self.loss_places = {node_id: place for place, node_id in enumerate(fused.losses)}
        self.losses = np.zeros(len(fused.losses), parameters.dtype)
        self.loss_factors: Array | None = None
        if gathered and len(fused.losses) > 1:
            self.loss_factors = np.ones(len(fused.losses), parameters.dtype)
        self.targets: dict[str, Array] = {}
        self.weights: dict[str, Array] = {}
        self.positions: dict[str, int] = {}
        self.counted: dict[str, Array] = {}
        self.weight_sums: dict[str, Array] = {}
        self.settling: list[Settled] = []

    def plan(self, outputs: Sequence[ModelOutput]) -> Plan:
        # What leaves a reroute point is what arrives there, so it has nothing to do.
        running = (unit for unit in self.units if not self._is_point(unit.nodes[0]))
        waiting = deque((unit, self._arrivals(unit)) for unit in running)
        self.wiring.order_gradients(
            [a for of_port in arrivals.values() for a in of_port] for _, arrivals in waiting
        )
        forward: list[Step] = []
        backward: list[list[Step]] = []
        while waiting:  # so that nothing is kept of a node but its steps
            unit, arrivals = waiting.popleft()
            bind = self._bind_group if self._is_product(unit) else self._bind
            work = bind(unit, arrivals)
            forward += work.forward_steps
            backward.append(work.backward_steps)
        backward.append(list(self.learning.clearing(self.trained)))
        backward.append(self.wiring.clearing_steps() if self.training else [])
        self.store.settle()
        return Plan(
            mode=self.mode,
            batch=self.batch,
            parameters=self.parameters,
            inputs={n: self._value(n).array for n in self.included if self._is_input(n)},
            input_rows=self._input_rows(),
            targets=self.targets,
            weights=self.weights,
            counted=self.counted,
            positions=self.positions,
            weight_sums=self.weight_sums,
            outputs=self._outputs(outputs),
            values={n: self._values(n) for n in self.included if n in self.drawn},
            losses=tuple(self.loss_places),
            loss_values=self.losses,
            loss_shares=self._loss_shares(),
            loss_factors=self.loss_factors,
            forward_steps=forward,
            backward_steps=chain.from_iterable(reversed(backward)),
            threads=threads_for(self.inference, self.included, self.batch),
            settling=tuple(self.settling),
        )

    def _trained(self, wanted: Collection[str] | None) -> dict[str, None]:
        """The nodes whose own parameters this plan trains, in the order of the parameters."""
        parameters = self.parameters
        chosen = None if wanted is None else {parameters.owner(node_id) for node_id in wanted}
        return {
            node_id: None
            for node_id in (parameters.nodes if self.training else ())
            if parameters.rate(node_id) is not None and (chosen is None or node_id in chosen)
        }

    def _learns(self, node_id: str) -> bool:
        """Whether a node uses parameters that this plan trains."""
        has_some = bool(self.inference[node_id].parameters)
        return has_some and self.parameters.owner(node_id) in self.trained

    def _loss_shares(self) -> Array:
        layers = [cast(Loss, self.graph.node(node_id).layer) for node_id in self.loss_places]
        return np.array([layer.weight for layer in layers], self.losses.dtype)

    # What arrives

    def _arrivals(self, unit: Unit) -> Arrivals:
        """Of one node: its wires by port. Of a group: the blocks it reads, each once."""
        node_id = unit.nodes[0]
        if unit.grouped:
            first = self.wiring.source(self.graph.incoming(node_id)[0]).block
            blocks = self._group(unit).blocks if self._is_product(unit) else [first]
            learns = not self.needs_gradient.isdisjoint(unit.nodes)
            return {
                "in": tuple(
                    Arrival(Source(block), learns and block.whole.gradient is not None)
                    for block in blocks
                )
            }
        return {
            port.name: tuple(
                self._arrival(wire) for wire in self.graph.incoming(node_id, port.name)
            )
            for port in self.graph.node(node_id).layer.input_ports
        }

    def _arrival(self, wire: Wire) -> Arrival:
        source = self.wiring.source(wire)
        wanted = (
            source.block.whole.gradient is not None
            and wire.source in self.needs_gradient
            and carries_gradient(self.graph, wire)
            and (wire.target in self.needs_gradient or wire.target in self.loss_places)
        )
        return Arrival(source, wants_gradient=wanted)

    def _group(self, unit: Unit) -> NeuronGroup:
        layer = cast(Neuron, self.graph.node(unit.nodes[0]).layer)
        sources = tuple(
            tuple(self.wiring.source(wire) for wire in self.graph.incoming(node_id))
            for node_id in unit.nodes
        )
        return NeuronGroup(unit.nodes, layer, sources)

    # Binding

    def _bind_group(self, unit: Unit, arrivals: Arrivals) -> NodeWorkspace:
        node_id = unit.nodes[0]
        self.scratch.begin()
        port = self.graph.node(node_id).layer.output_ports[0].name
        block = self.wiring.blocks[node_id, port].block
        work = self._workspace(node_id, {}, (block.whole,), node_id in self.fused)
        self._group(unit).bind(work, arrivals["in"], self.learning.adds(unit))
        return work

    def _bind(self, unit: Unit, arrivals: Arrivals) -> NodeWorkspace:
        node_id = unit.nodes[0]
        layer = self.graph.node(node_id).layer
        self.scratch.begin()
        # Behind a layer that is looked through, what it got is written in the turn of another.
        take = self.store.zeros if looks_through(layer) else self.scratch.take
        inputs = {
            port: tuple(arrival.value(take) for arrival in some) for port, some in arrivals.items()
        }
        outputs = tuple(
            self.wiring.blocks[node_id, port.name].block.whole for port in layer.output_ports
        )
        if isinstance(layer, Input):
            # Inputs of one number share a block; filling it is the caller's part.
            outputs = ()
        work = self._workspace(node_id, inputs, outputs, node_id in self.fused)
        if isinstance(layer, Loss):
            self._give_target(work, layer, inputs)
        if looks_through(layer):
            look_through(work.input, work.output)
        elif isinstance(layer, Settled):
            layer.run_in(work, self._one_step(layer))
        elif not isinstance(layer, Input):
            layer.bind(work)
        if work.weights is not None:
            self.counted[node_id] = work.weights
        if work.weight_sum is not None:
            self.weight_sums[node_id] = work.weight_sum
        pass_mask(layer, work)
        for port, some in arrivals.items():
            for arrival, value in zip(some, inputs[port], strict=True):
                work.backward_steps += arrival.accumulation(value.gradient)
        work.backward_steps += self.learning.adding(node_id)
        return work

    def _one_step(self, loop: Settled) -> Plan:
        """The plan of one step of a loop."""
        plan = compile_plan(
            loop.step, loop.shapes, self.parameters, self.batch, Mode.PROBE, self.streams
        )
        self.settling.append(loop)
        return plan

    def _workspace(
        self,
        node_id: str,
        inputs: dict[str, tuple[Value, ...]],
        outputs: tuple[Value, ...],
        fused: bool,
    ) -> NodeWorkspace:
        return NodeWorkspace(
            node_id,
            inputs,
            outputs,
            self.parameters,
            self.batch,
            self.training,
            fused,
            self.streams,
            self.scratch,
            self.store,
            self.learning.gradient(node_id),
        )

    def _give_target(
        self, work: NodeWorkspace, layer: Loss, inputs: dict[str, tuple[Value, ...]]
    ) -> None:
        place = self.loss_places[work.node_id]
        prediction = inputs["prediction"][0].array.shape[:-1]
        positions = layer.loss.positions(prediction)
        self.positions[work.node_id] = shapes.size(positions)
        wired = inputs.get("target", ())
        target = weights = None
        if wired:
            target = wired[0].array
        elif layer.loss.target != "none":
            target = np.zeros((*layer.loss.target_shape(prediction), self.batch), self.losses.dtype)
            self.targets[work.node_id] = target
        if self.weighted:
            weights = np.ones((*positions, self.batch), self.losses.dtype)
            self.weights[work.node_id] = weights
        work.give(target, self.losses[place : place + 1], weights)
        if self.loss_factors is not None:
            work.factor = self.loss_factors[place : place + 1].reshape(())

    # What the plan shows

    def _is_product(self, unit: Unit) -> bool:
        return unit.grouped and isinstance(self.graph.node(unit.nodes[0]).layer, Neuron)

    def _is_point(self, node_id: str) -> bool:
        return isinstance(self.graph.node(node_id).layer, Reroute)

    def _is_input(self, node_id: str) -> bool:
        return isinstance(self.graph.node(node_id).layer, Input)

    def _values(self, node_id: str) -> tuple[Value, ...]:
        ports = self.graph.node(node_id).layer.output_ports
        sources = [self.wiring.blocks[node_id, port.name] for port in ports]
        return tuple(source.block.part(source.row) for source in sources)

    def _value(self, node_id: str) -> Value:
        return self._values(node_id)[0]

    def _outputs(self, wanted: Sequence[ModelOutput]) -> dict[str, Array]:
        """What is worked out of the model's outputs, by name."""
        found = {}
        for output in wanted:
            source = self.wiring.blocks.get(output.end(self.graph) or ("", ""))
            if source is not None:
                found[output.name] = source.block.part(source.row).array
        return found

    def _input_rows(self) -> tuple[InputRows, ...]:
        blocks: dict[int, list[str]] = {}
        for node_id in self.included:
            if self._is_input(node_id):
                block = self._source(node_id).block
                blocks.setdefault(id(block), []).append(node_id)
        return tuple(self._rows(node_ids) for node_ids in blocks.values())

    def _rows(self, node_ids: Sequence[str]) -> InputRows:
        # A shared block was laid out in the order of units, not of nodes.
        in_order = sorted(node_ids, key=lambda n: self._source(n).row or 0)
        block = self._source(in_order[0]).block
        rows = block.whole.with_ones[:-1]
        return InputRows(tuple(in_order), rows.reshape(math.prod(rows.shape[:-1]), self.batch))

    def _source(self, node_id: str) -> Source:
        port = self.graph.node(node_id).layer.output_ports[0].name
        return self.wiring.blocks[node_id, port]
