"""Noise in exported models: it comes in from outside, so that results can be repeated."""

from __future__ import annotations

from engine.graph.model import Graph
from engine.layers.noise_source import Noise
from engine.layers.terminal import Input
from engine.plan.extent import model_inputs


def with_noise_from_outside(graph: Graph) -> Graph:
    """The same network with an Input in place of every source of noise, of its shape."""
    found = graph.copy()
    for node in graph.nodes:
        if isinstance(node.layer, Noise):
            found.replace_layer(node.id, Input(shape=node.layer.shape))
    return found


def noise_inputs(graph: Graph) -> dict[str, Noise]:
    """Of a graph before `with_noise_from_outside`: the sources, by their name as inputs."""
    return {
        name: layer
        for name, node_id in model_inputs(with_noise_from_outside(graph))
        if isinstance(layer := graph.node(node_id).layer, Noise)
    }
