"""Masks come back by import: what heeded padding in a file heeds the same padding here."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graph.model import Graph, Node, Wire
from engine.interop.onnx_export import export_onnx
from engine.interop.onnx_import import import_onnx
from engine.layers import LAYERS
from engine.plan.predict import Predictor
from tests.tools.onnx_models import kinds, model_of, random_weights

STEPS, TOKENS, WIDTH = 5, 3, 4

RECURRENT = [
    (kind, {"units": 3, "returns": returns, "direction": direction})
    for kind in ("simple_rnn", "gru", "lstm")
    for returns in ("sequence", "last")
    for direction in ("forward", "bidirectional")
]
HEEDING = [
    *RECURRENT,
    ("global_average_pool", {"over": "steps"}),
    ("global_max_pool", {"over": "steps"}),
    ("multi_head_attention", {"heads": 2}),
    ("multi_head_attention", {"heads": 2, "causal": True, "bias": False}),
]


def network(*nodes, wires):
    """A graph of (id, kind, settings), wired by (source, target) or (source, target, port)."""
    graph = Graph([Node(name, LAYERS.get(kind)(**own)) for name, kind, own in nodes])
    for source, target, *port in wires:
        graph.connect(Wire(source, target, target_port=port[0] if port else "in"))
    return graph


def masking(source, steps=STEPS):
    """Nodes that begin a network with a masked sequence, (steps, WIDTH)."""
    if source == "tokens":
        table = {"tokens": TOKENS, "width": WIDTH, "padding": 0}
        return ("input_1", "input", {"shape": [steps]}), ("masked", "embedding", table)
    shape = [steps, WIDTH]
    return ("input_1", "input", {"shape": shape}), ("masked", "mask", {"value": 1.0})


def padded(shape, seed):
    """Examples of a few whole numbers, so that there is much padding; the first is all padding."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(0, TOKENS, (12, *shape)).astype(np.float32)
    if len(shape) == 2:
        whole[rng.random(whole.shape[:2]) < 0.4] = 1
        whole[0] = 1
    else:
        whole[0] = 0
    return whole


def assert_comes_back(graph, tmp_path):
    weights = random_weights(graph)
    export_onnx(graph, weights, tmp_path / "m.onnx")
    found = import_onnx(tmp_path / "m.onnx")
    names = [node.id for node in graph.nodes if node.layer.kind == "input"]
    batch = {n: padded(graph.node(n).layer.shape, seed) for seed, n in enumerate(names)}
    (before,) = Predictor(graph, weights).predict(batch).values()
    assert found.notes == ()
    (after,) = Predictor(found.graph, found.weights).predict(batch).values()

    np.testing.assert_allclose(after, before, atol=1e-5)
    return found


@pytest.mark.parametrize("source", ["tokens", "features"])
@pytest.mark.parametrize(("kind", "own"), HEEDING)
def test_a_layer_that_heeds_padding_comes_back_as_itself(source, kind, own, tmp_path):
    graph = network(
        *masking(source),
        ("heeding", kind, own),
        ("output_1", "output", {}),
        wires=[("input_1", "masked"), ("masked", "heeding"), ("heeding", "output_1")],
    )
    found = assert_comes_back(graph, tmp_path)

    assert kinds(found) == [node.layer.kind for node in graph.nodes]


@pytest.mark.parametrize("kind", ["simple_rnn", "gru", "lstm"])
def test_a_first_state_stays_where_no_step_is_real(kind, tmp_path):
    graph = network(
        *masking("tokens"),
        ("input_2", "input", {"shape": [3]}),
        ("heeding", kind, {"units": 3}),
        ("output_1", "output", {}),
        wires=[
            ("input_1", "masked"),
            ("masked", "heeding"),
            ("input_2", "heeding", "hidden"),
            *([("input_2", "heeding", "cell")] if kind == "lstm" else []),
            ("heeding", "output_1"),
        ],
    )

    assert kind in kinds(assert_comes_back(graph, tmp_path))


def test_a_mask_goes_through_layers_that_pass_it_on(tmp_path):
    graph = network(
        *masking("tokens"),
        ("first", "lstm", {"units": 3, "returns": "sequence"}),
        ("dense_1", "dense", {"units": WIDTH, "activation": "tanh"}),
        ("add_1", "add", {}),
        ("second", "gru", {"units": 2}),
        ("output_1", "output", {}),
        wires=[
            ("input_1", "masked"),
            ("masked", "first"),
            ("first", "dense_1"),
            ("masked", "add_1"),
            ("dense_1", "add_1"),
            ("add_1", "second"),
            ("second", "output_1"),
        ],
    )

    assert_comes_back(graph, tmp_path)


def test_a_step_of_several_sequences_is_real_where_it_is_in_each(tmp_path):
    table = {"tokens": TOKENS, "width": WIDTH, "padding": 2}
    graph = network(
        *masking("tokens"),
        ("input_2", "input", {"shape": [STEPS]}),
        ("other", "embedding", table),
        ("add_1", "add", {}),
        ("heeding", "gru", {"units": 2}),
        ("output_1", "output", {}),
        wires=[
            ("input_1", "masked"),
            ("input_2", "other"),
            ("masked", "add_1"),
            ("other", "add_1"),
            ("add_1", "heeding"),
            ("heeding", "output_1"),
        ],
    )

    assert_comes_back(graph, tmp_path)


def test_attention_asks_the_real_steps_of_another_sequence(tmp_path):
    graph = network(
        *masking("tokens"),
        ("input_2", "input", {"shape": [3, WIDTH]}),
        ("heeding", "multi_head_attention", {"heads": 2}),
        ("output_1", "output", {}),
        wires=[
            ("input_1", "masked"),
            ("masked", "heeding", "context"),
            ("input_2", "heeding"),
            ("heeding", "output_1"),
        ],
    )

    assert_comes_back(graph, tmp_path)


SAME_STEPS = [
    ("dense", {"units": WIDTH, "activation": "tanh"}),
    ("dense", {"units": WIDTH, "activation": "softmax"}),
    ("gru", {"units": WIDTH, "returns": "sequence", "reset_after": False}),
    ("lstm", {"units": WIDTH // 2, "returns": "sequence", "direction": "bidirectional"}),
    ("simple_rnn", {"units": WIDTH, "returns": "sequence", "direction": "reverse"}),
    ("multi_head_attention", {"heads": 2, "causal": True}),
    ("activation", {"function": "softmax"}),
    ("activation", {"function": {"kind": "prelu", "per_channel": True}}),
    ("layer_norm", {"over": "last"}),
    ("positional_encoding", {}),
    ("mask", {"value": 0.0}),
    ("dropout", {}),
]
ENDS = [
    ("global_average_pool", {"over": "steps"}),
    ("global_max_pool", {"over": "steps"}),
    ("gru", {"units": 3}),
    ("flatten", {}),
]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    source=st.sampled_from(["tokens", "features"]),
    steps=st.integers(1, STEPS),
    between=st.lists(st.sampled_from(SAME_STEPS), max_size=4),
    end=st.sampled_from(ENDS),
)
def test_any_chain_behind_a_mask_comes_back(source, steps, between, end, tmp_path_factory):
    layers = [*masking(source, steps), *between, end, ("output", {})]
    layers = [layer[1:] if len(layer) == 3 else layer for layer in layers]
    nodes = [(f"n{place}", *layer) for place, layer in enumerate(layers)]
    names = [name for name, *_ in nodes]

    assert_comes_back(network(*nodes, wires=pairwise(names)), tmp_path_factory.mktemp("model"))


TOKEN_MASK = [
    ("Cast", ["x"], ["tokens"], {"to": 7}),
    ("Gather", ["table", "tokens"], ["rows"], {"axis": 0}),
    ("Equal", ["tokens", "padding"], ["absent"], {}),
    ("Not", ["absent"], ["real"], {}),
    ("Cast", ["real"], ["mask"], {"to": 1}),
]
TABLE = {"table": np.eye(3, 4, dtype=np.float32), "padding": np.int64(0)}


def test_a_mask_of_other_steps_than_those_that_arrive_is_not_taken_for_theirs(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            *TOKEN_MASK,
            ("Unsqueeze", ["mask", "two"], ["column"], {}),
            ("ReduceSum", ["column", "one"], ["number"], {}),
            ("Max", ["number", "least"], ["count"], {}),
            ("Div", ["column", "count"], ["shares"], {}),
            ("Mul", ["other", "shares"], ["weighed"], {}),
            ("ReduceSum", ["weighed", "one"], ["sums"], {"keepdims": 0}),
            ("ReduceMean", ["rows"], ["means"], {"axes": [1], "keepdims": 0}),
            ("Add", ["sums", "means"], ["y"], {}),
        ],
        TABLE | {"one": np.array([1]), "two": np.array([2]), "least": np.float32(1)},
        {"x": ("batch", 5), "other": ("batch", 5, 4)},
    )

    (note,) = import_onnx(path).notes
    assert note == (
        "ReduceSum_2 is kept as a placeholder and cannot run: it does not leave out the padding "
        "that its layer would."
    )


def test_a_mean_of_all_steps_is_not_taken_for_one_of_the_real_ones(tmp_path):
    path = model_of(
        tmp_path / "m.onnx",
        [
            TOKEN_MASK[0],
            *TOKEN_MASK[2:],
            TOKEN_MASK[1],
            ("ReduceMean", ["rows"], ["means"], {"axes": [1], "keepdims": 0}),
            ("MatMul", ["mask", "w"], ["z"], {}),
            ("Add", ["means", "z"], ["y"], {}),
        ],
        TABLE | {"w": np.ones((5, 4), np.float32)},
        {"x": ("batch", 5)},
    )

    notes = import_onnx(path).notes
    assert (
        "ReduceMean_1 is kept as a placeholder and cannot run: it does not leave out the padding "
        "that its layer would." in notes
    )
