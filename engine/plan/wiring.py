"""The values between the units of a plan: where they lie, and where their gradients add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.graph.infer import Inference
from engine.graph.model import Graph, Wire
from engine.layers.reroute import Reroute
from engine.layers.terminal import Input
from engine.plan.buffers import Block, memory
from engine.plan.layout import Unit
from engine.plan.lifetimes import share_gradients
from engine.plan.memory import Take
from engine.plan.steps import Step, bound
from engine.workspace import Array, Value


@dataclass(frozen=True, slots=True)
class Source:
    """What arrives over a wire: a block, or one row of it."""

    block: Block
    row: int | None = None

    def rows(self) -> range:
        return range(self.block.rows) if self.row is None else range(self.row, self.row + 1)


@dataclass(slots=True)
class Arrival:
    """One use of a source by a unit.

    direct: this use is the first to write its part of the source's gradient.
        Later ones write to memory of their own, which is then added.
    """

    source: Source
    wants_gradient: bool
    direct: bool = True

    def value(self, take: Take) -> Value:
        """What the unit sees: the source, with a gradient to write to where one is wanted.

        take: gives memory for one that is added to another at the end of the unit's turn.
        """
        value = self.source.block.part(self.source.row)
        if not self.wants_gradient or value.gradient is None:
            value.gradient = value.gradient_with_row = None
        elif not self.direct:
            *shape, batch = value.gradient.shape
            dtype = value.gradient.dtype
            value.gradient, value.gradient_with_row = memory(tuple(shape), batch, dtype, take)
        return value

    def accumulation(self, written: Array | None) -> list[Step]:
        """Steps that add what was written elsewhere into the source's gradient."""
        total = self.source.block.gradient_of(self.source.row)
        if written is None or self.direct or total is None:
            return []
        return [bound(np.add, (total, written.reshape(total.shape)), total)]


@dataclass
class Wiring:
    """The blocks of a plan and who writes which gradient first."""

    blocks: dict[tuple[str, str], Source]
    cleared: list[tuple[Block, slice]] = field(default_factory=list)

    def source(self, wire: Wire) -> Source:
        return self.blocks[wire.source, wire.source_port]

    def order_gradients(self, arrivals: Iterable[Iterable[Arrival]]) -> None:
        """Decide which arrival writes first.

        arrivals: of every unit, in forward order. The backward pass runs from
        the last unit to the first: whoever comes first there writes straight
        into the source's gradient, if all of its rows are still unwritten.
        """
        written: dict[int, set[Part]] = {}
        blocks: dict[int, Block] = {id(s.block): s.block for s in self.blocks.values()}
        # Of large images there are too many rows to look at each; nobody reads them apart.
        parted = {id(s.block) for s in self.blocks.values() if s.row is not None}
        for unit_arrivals in reversed(list(arrivals)):
            for arrival in unit_arrivals:
                if not arrival.wants_gradient:
                    continue
                block = arrival.source.block
                parts = _parts(block, arrival.source.rows() if id(block) in parted else None)
                done = written.setdefault(id(block), set())
                arrival.direct = done.isdisjoint(parts)
                if not arrival.direct:
                    self._clear(block, [part for part in parts if part not in done])
                done.update(parts)
        for key, block in blocks.items():
            parts = _parts(block, range(block.rows) if key in parted else None)
            done = written.get(key, set())
            if len(done) < len(parts):
                self._clear(block, [part for part in parts if part not in done])

    def _clear(self, block: Block, parts: list[Part]) -> None:
        if block.whole.gradient is not None:
            self.cleared += [(block, slice(*part)) for part in parts]

    def clearing_steps(self) -> list[Step]:
        """Steps that zero, ahead of the backward pass, what nobody writes first."""
        steps = []
        for block, rows in self.cleared:
            gradient = block.gradient_rows
            if gradient is not None:
                steps.append(bound(gradient[rows].fill, (0,)))
        return steps


def lay_out(
    graph: Graph,
    inference: Inference,
    plan_units: Iterable[Unit],
    needs_gradient: set[str],
    batch: int,
    dtype: np.dtype[Any],
    take: Take,
) -> Wiring:
    """Memory for the output of every node, and for its gradient.

    Neurons that run together share a block, and so do inputs of one number
    each: then the rows that a group reads lie side by side. What leaves a reroute
    point is what arrives there.
    """
    found: dict[tuple[str, str], Source] = {}
    plan_units = list(plan_units)
    singles = tuple(
        node_id
        for unit in plan_units
        for node_id in unit.nodes
        if isinstance(graph.node(node_id).layer, Input) and inference[node_id].outputs == ((1,),)
    )
    shared = [unit.nodes for unit in plan_units if unit.grouped] + ([singles] if singles else [])
    for nodes in shared:
        block = Block((len(nodes),), batch, dtype, take)
        if any(node_id in needs_gradient for node_id in nodes):
            # Of its own: some of its rows may be cleared ahead.
            block.give_gradient(take(block.whole.with_ones.shape, dtype))
        for row, node_id in enumerate(nodes):
            port = graph.node(node_id).layer.output_ports[0].name
            found[node_id, port] = Source(block, row if len(nodes) > 1 else None)
    for unit in plan_units:
        for node_id in unit.nodes:
            ports = graph.node(node_id).layer.output_ports
            for out_port, shape in zip(ports, inference[node_id].outputs or (), strict=True):
                if isinstance(graph.node(node_id).layer, Reroute):
                    (wire,) = graph.incoming(node_id)
                    found[node_id, out_port.name] = found[wire.source, wire.source_port]
                elif (node_id, out_port.name) not in found:
                    found[node_id, out_port.name] = Source(Block(shape, batch, dtype, take))
    shared_out = {n: source.block for n, source in found.items() if n[0] in needs_gradient}
    share_gradients(graph, plan_units, shared_out, needs_gradient, take)
    return Wiring(found)


Part = tuple[int, int]
"""Rows of a block: the first, and the one behind the last."""


def _parts(block: Block, rows: range | None) -> list[Part]:
    """Each of some rows by itself; None: all of the block as one."""
    return [(0, block.rows)] if rows is None else [(row, row + 1) for row in rows]


Arrivals = Mapping[str, tuple[Arrival, ...]]
"""What arrives at a unit, by input port."""
