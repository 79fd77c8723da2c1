"""Masks on their way through a plan, a check and an exported file."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.check import GraphEditor, check
from engine.graph.infer import infer
from engine.graph.masks import masked_nodes
from engine.graph.model import Graph, Wire
from engine.interop.onnx_export import export_onnx
from engine.interop.verify import verify_onnx
from engine.plan.extent import Mode
from engine.plan.predict import Predictor
from tests.engine.plan.networks import chain, compiled, graph, node
from tests.tools.allocation import most_allocated

STEPS = 6


def reader(*middle, steps=STEPS):
    """Tokens, of which 0 is padding, through some layers into a prediction."""
    return chain(
        node("x", "input", shape=[steps]),
        node("words", "embedding", tokens=9, width=4, padding=0),
        *middle,
        node("y", "dense", units=2, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    )


EACH_STEP = (
    node("place", "positional_encoding"),
    node("wide", "dense", units=6, activation="gelu"),
    node("drop", "dropout", rate=0.2),
    node("noise", "gaussian_noise"),
    node("norm", "layer_norm", over="last"),
    node("asks", "multi_head_attention", heads=2),
    node("point", "reroute"),
    node("soft", "activation", function="softmax"),
    node("gates", "lstm", units=5, returns="sequence", direction="bidirectional"),
)
ENDS = {
    "lstm": node("end", "lstm", units=3, direction="bidirectional"),
    "gru": node("end", "gru", units=3, direction="reverse"),
    "simple_rnn": node("end", "simple_rnn", units=3),
    "average": node("end", "global_average_pool", over="steps"),
    "maximum": node("end", "global_max_pool", over="steps"),
}
each_end = pytest.mark.parametrize("end", ENDS)


def sentences(batch=5, seed=3):
    """Tokens (N, T): some sentences end early, one has a hole, one has no words."""
    tokens = np.random.default_rng(seed).integers(1, 9, (batch, STEPS)).astype(np.float32)
    tokens[0, 4:] = 0
    tokens[1, 1:] = 0
    tokens[2, 2] = 0
    tokens[3] = 0
    return tokens


def test_a_mask_goes_through_layers_that_do_the_same_at_every_step_and_ends_with_the_steps():
    drawn = reader(*EACH_STEP, ENDS["lstm"])
    plan = compiled(drawn)
    plan.inputs["x"][...] = sentences(6).T
    plan.forward()
    expected = plan.inputs["x"] != 0

    for name in ("words", *(layer.id for layer in EACH_STEP)):
        np.testing.assert_array_equal(plan.values[name][0].mask, expected, err_msg=name)
    assert plan.values["end"][0].mask is None


def padding_hints(drawn):
    problems = check(drawn, infer(drawn), None, data_chosen=True)
    return [p for p in problems if p.node == "stops" and "padding" in p.message]


@pytest.mark.parametrize(
    "stops",
    [
        node("stops", "flatten"),
        node("stops", "reshape", shape=[-1]),
        node("stops", "layer_norm"),
        node("stops", "transpose"),
        node("stops", "global_average_pool"),
    ],
    ids=lambda node: node.layer.kind,
)
def test_where_steps_are_mixed_the_mask_stops_and_a_hint_says_so(stops):
    drawn = reader(stops, node("flat", "flatten"))
    plan = compiled(drawn)
    (hint,) = padding_hints(drawn)

    assert plan.values["words"][0].mask is not None
    assert plan.values["stops"][0].mask is None
    assert hint.severity == "hint"
    assert hint.message == (
        f"The padding of short sequences counts as data from {drawn.node('stops').title} on, "
        "which does not tell it from real steps."
    )
    assert hint.remedy == (
        "Let a recurrent layer give its last step, or pool over the steps, before it."
    )


@pytest.mark.parametrize(
    ("stops", "label"),
    [
        (node("stops", "layer_norm"), "Set over to: the last axis"),
        (node("stops", "global_max_pool"), "Set over to: the steps of a sequence"),
    ],
    ids=["layer_norm", "global_max_pool"],
)
def test_a_layer_that_could_heed_the_mask_is_told_how(stops, label):
    drawn = reader(
        stops, ENDS["lstm"] if stops.layer.kind == "layer_norm" else node("f", "flatten")
    )
    (hint,) = padding_hints(drawn)
    hint.fix.apply(GraphEditor(drawn))

    assert hint.fix.label == label
    assert check(drawn, infer(drawn), None, data_chosen=True) == []


@each_end
def test_a_network_that_heeds_its_masks_gets_no_hint(end):
    drawn = reader(*EACH_STEP, ENDS[end])

    assert check(drawn, infer(drawn), None, data_chosen=True) == []


@each_end
def test_what_the_check_knows_of_masks_is_what_the_plan_does(end):
    drawn = reader(*EACH_STEP, ENDS[end])
    plan = compiled(drawn)

    assert masked_nodes(drawn, infer(drawn)) == {
        name for name, values in plan.values.items() if any(v.mask is not None for v in values)
    }


@pytest.mark.parametrize(("switch", "kept"), [("bypassed", True), ("muted", False)])
def test_a_layer_that_is_bypassed_hands_the_mask_on_and_a_muted_one_has_none(switch, kept):
    drawn = reader(node("mixes", "layer_norm"), node("flat", "global_average_pool", over="steps"))
    drawn.set_switch("mixes", switch)
    plan = compiled(drawn)

    assert (plan.values["mixes"][0].mask is not None) is kept
    assert ("mixes" in masked_nodes(drawn, infer(drawn))) is kept
    messages = [problem.message for problem in check(drawn, infer(drawn), None, data_chosen=True)]
    assert not any("padding" in message for message in messages)


@pytest.mark.parametrize(("returns", "masked"), [("sequence", True), ("last", False)])
def test_steps_of_a_drawn_loop_keep_the_mask_and_its_last_one_has_a_hint(returns, masked):
    drawn = Graph(
        [
            node("x", "input", shape=[STEPS]),
            node("words", "embedding", tokens=9, width=4, padding=0),
            node("before", "start", returns=returns),
            node("both", "concat", axis=0),
            node("h", "dense", units=3, activation="tanh"),
            node("end", "lstm", units=2) if masked else node("end", "dense", units=2),
            node("loss", "loss", loss="squared_error"),
        ],
        [
            Wire("x", "words"),
            Wire("words", "both"),
            Wire("h", "before", delay=1),
            Wire("before", "both"),
            Wire("both", "h"),
            Wire("h", "end"),
            Wire("end", "loss", target_port="prediction"),
        ],
    )
    told = {problem.node for problem in check(drawn, infer(drawn), None, data_chosen=True)}

    loop = {"before", "both", "h"} if masked else set()
    assert masked_nodes(drawn, infer(drawn)) == {"words", *loop}
    assert told == (set() if masked else {"both"})


def test_without_padding_there_is_no_mask():
    drawn = chain(
        node("x", "input", shape=[STEPS]),
        node("words", "embedding", tokens=9, width=4),
        node("flat", "flatten"),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )

    assert masked_nodes(drawn, infer(drawn)) == frozenset()
    assert check(drawn, infer(drawn), None, data_chosen=True) == []


@each_end
def test_a_padded_sentence_is_judged_as_the_sentence_alone(end):
    middle = [layer for layer in EACH_STEP if layer.id != "noise"]
    padded, short = reader(*middle, ENDS[end]), reader(*middle, ENDS[end], steps=4)
    weights = compiled(padded).parameters.to_dict()
    tokens = sentences()[:1]
    (whole,) = Predictor(padded, weights, np.float64).predict({"x": tokens}).values()
    (alone,) = Predictor(short, weights, np.float64).predict({"x": tokens[:, :4]}).values()

    np.testing.assert_allclose(whole, alone, rtol=1e-10)


@each_end
def test_an_exported_file_heeds_the_masks(end, tmp_path):
    drawn = reader(*EACH_STEP, ENDS[end])
    weights = compiled(drawn, dtype=np.float32).parameters.to_dict()
    path = tmp_path / "model.onnx"
    export_onnx(drawn, weights, path)
    found = verify_onnx(path, drawn, weights, {"x": sentences()})

    assert found.ok, found.message


def joined(kind):
    """Two sequences, each with padding of its own, joined step by step."""
    return graph(
        [
            node("a", "input", shape=[STEPS, 2]),
            node("b", "input", shape=[STEPS, 2]),
            node("known_a", "mask"),
            node("known_b", "mask", value=-1),
            node("both", kind),
            node("end", "gru", units=2),
            node("loss", "loss", loss="squared_error"),
        ],
        "a>known_a",
        "b>known_b",
        "known_a>both",
        f"known_b>both{'.minus' if kind == 'subtract' else ''}",
        "both>end",
        "end>loss.prediction",
    )


@pytest.mark.parametrize("kind", ["add", "multiply", "average", "maximum", "subtract"])
def test_of_two_sequences_joined_a_step_is_real_where_it_is_in_both(kind, tmp_path):
    drawn = joined(kind)
    plan = compiled(drawn, batch=3, mode=Mode.PREDICT, dtype=np.float32)
    a, b = plan.inputs["a"], plan.inputs["b"]
    a[4:, :, 0], b[1, :, 1], b[:, :, 2] = 0, -1, -1
    plan.forward()
    expected = np.ones((STEPS, 3))
    expected[4:, 0] = expected[1, 1] = expected[:, 2] = 0

    np.testing.assert_array_equal(plan.values["both"][0].mask, expected)
    weights = plan.parameters.to_dict()
    export_onnx(drawn, weights, tmp_path / "model.onnx")
    batch = {name: np.moveaxis(array, -1, 0).copy() for name, array in plan.inputs.items()}
    found = verify_onnx(tmp_path / "model.onnx", drawn, weights, batch)
    assert found.ok, found.message


def test_attention_heeds_the_padding_of_its_context_and_hands_on_that_of_its_questions():
    drawn = graph(
        [
            node("a", "input", shape=[3, 4]),
            node("b", "input", shape=[5, 2]),
            node("known", "mask"),
            node("asks", "multi_head_attention", heads=2),
            node("end", "lstm", units=2),
            node("loss", "loss", loss="squared_error"),
        ],
        "b>known",
        "a>asks",
        "known>asks.context",
        "asks>end",
        "end>loss.prediction",
    )
    plan = compiled(drawn, batch=2)
    plan.inputs["b"][2:] = 0
    plan.forward()
    before = plan.values["asks"][0].array.copy()
    plan.parameters.of("asks")["key"][...] *= -3  # matters among real steps
    plan.forward()

    assert plan.values["asks"][0].mask is None
    assert "asks" not in masked_nodes(drawn, infer(drawn))
    assert not np.array_equal(before, plan.values["asks"][0].array)


@pytest.mark.parametrize("batch", [60, 600])
def test_a_large_vocabulary_allocates_no_array(batch):
    """NumPy's adding at places keeps an iterator of some 5 kB while it runs, whatever the size."""
    drawn = chain(
        node("x", "input", shape=[STEPS]),
        node("words", "embedding", tokens=2000, width=8, padding=0),
        node("end", "global_average_pool", over="steps"),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )
    plan = compiled(drawn, batch=batch, dtype=np.float32)

    def step():
        plan.forward()
        plan.backward()

    assert most_allocated(step) < 8192
