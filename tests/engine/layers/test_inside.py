"""What is told of the inside of a layer is what the plan computes with."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.model import Graph, Node, Wire
from engine.layers.attention import MultiHeadAttention
from engine.layers.embedding import Embedding
from engine.layers.gru import GRU
from engine.layers.inside import answers, gates
from engine.layers.lstm import LSTM
from engine.layers.simple_rnn import SimpleRNN
from engine.layers.terminal import Input, Output
from engine.plan.probe import Probe

BOTH = [LSTM, GRU, SimpleRNN]


def probed(layer, shape, before=None, batch=3):
    """A probe of one layer with its values on random inputs, the layer's weights among them."""
    nodes = [Node("x", Input(shape=shape)), Node("layer", layer), Node("y", Output())]
    if before is not None:
        nodes.append(Node("before", before))
    graph = Graph(nodes)
    source = "before" if before is not None else "x"
    if before is not None:
        graph.connect(Wire("x", "before"))
    graph.connect(Wire(source, "layer"))
    graph.connect(Wire("layer", "y"))
    probe = Probe(graph, batch, dtype=np.float64)
    probe.parameters.initialize(1)
    rng = np.random.default_rng(2)
    for (_, name), array in probe.parameters.weights().items():
        if "bias" in name:
            array[...] = rng.normal(size=array.shape)
    x = rng.normal(size=(*shape, batch))
    if before is not None:
        x = rng.integers(0, before.tokens, size=(*shape, batch)).astype(np.float64)
        x[shape[0] // 2 :, 0] = 0  # the first sequence is short
    values = probe.run(inputs={"x": x})
    weights = {n: a for (i, n), a in probe.parameters.weights().items() if i == "layer"}
    return probe, values, weights


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_the_last_gate_of_a_recurrent_layer_gives_what_it_puts_out(kind, direction):
    layer = kind(units=4, returns="sequence", direction=direction)
    _, values, weights = probed(layer, (5, 3))
    for number in range(3):
        found = gates(layer, weights, values["x"][..., number])
        np.testing.assert_allclose(found["shows"], values["layer"][..., number], atol=1e-12)


def test_a_gru_that_resets_before_the_product_tells_the_same_as_it_puts_out():
    layer = GRU(units=4, returns="sequence", reset_after=False)
    _, values, weights = probed(layer, (5, 3))
    found = gates(layer, weights, values["x"][..., 1])
    np.testing.assert_allclose(found["shows"], values["layer"][..., 1], atol=1e-12)


def test_of_a_layer_that_reads_both_ways_the_way_forwards_is_told():
    layer = LSTM(units=4, returns="sequence", direction="bidirectional")
    _, values, weights = probed(layer, (5, 3))
    found = gates(layer, weights, values["x"][..., 1])

    np.testing.assert_allclose(found["shows"], values["layer"][:, :4, 1], atol=1e-12)


def test_gates_open_and_close_between_0_and_1():
    layer = LSTM(units=6, returns="sequence")
    _, values, weights = probed(layer, (7, 2))
    found = gates(layer, weights, 5 * values["x"][..., 0])

    assert list(found) == ["input", "forget", "output", "candidate", "memory", "shows"]
    for name in ("input", "forget", "output"):
        assert 0 <= found[name].min() < 0.5 < found[name].max() <= 1
    assert found["candidate"].min() < 0


@pytest.mark.parametrize("kind", BOTH)
def test_padding_changes_no_gate_of_the_steps_before(kind):
    layer = kind(units=3, returns="sequence")
    probe, values, weights = probed(layer, (6,), Embedding(tokens=5, width=2, padding=0))
    real = probe.masks["before"][:, 0]
    found = gates(layer, weights, values["before"][..., 0], real=real)

    assert 0 in real
    np.testing.assert_allclose(found["shows"], values["layer"][..., 0], atol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_puts_out_what_its_answers_mix(causal):
    layer = MultiHeadAttention(heads=2, causal=causal)
    probe, values, weights = probed(layer, (6,), Embedding(tokens=5, width=4, padding=0))
    for number in range(3):
        x, real = values["before"][..., number], probe.masks["before"][:, number]
        found = answers(layer, weights, x, real=real)
        value = (x @ weights["value"].T + weights["value_bias"]).reshape(6, 2, 2)
        mixed = np.einsum("hts,shd->thd", found, value).reshape(6, 4)
        result = mixed @ weights["output"].T + weights["output_bias"]
        np.testing.assert_allclose(result, values["layer"][..., number], atol=1e-12)
        if causal:
            assert not np.triu(found, 1).any()


def test_what_is_not_asked_gets_no_answer():
    layer = MultiHeadAttention(heads=1)
    _, values, weights = probed(layer, (3, 2))
    found = answers(layer, weights, values["x"][..., 0], real=np.zeros(3))

    assert not found.any()
