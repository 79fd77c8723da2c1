"""Running a part of a network: codes in, examples out."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError, ShapeError
from engine.evaluation.generate import Passage, Place, code_of, generate, generates
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.plan.initial import initial_weights
from engine.plan.predict import Predictor


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def vae():
    """Four numbers to a code of two and back."""
    return Graph(
        [
            Node("x", layer("input", shape=(4,))),
            Node("mean", layer("dense", units=2, activation="linear")),
            Node("spread", layer("dense", units=2, activation="linear")),
            Node("code", layer("sampling")),
            Node("hidden", layer("dense", units=3, activation="tanh")),
            Node("back", layer("dense", units=4, activation="sigmoid")),
            Node("error", layer("loss", loss="squared_error")),
            Node("kl", layer("loss", loss="value")),
            Node("seen", layer("output"), "picture"),
        ],
        [
            Wire("x", "mean"),
            Wire("x", "spread"),
            Wire("mean", "code", target_port="mean"),
            Wire("spread", "code", target_port="log_variance"),
            Wire("code", "hidden"),
            Wire("hidden", "back"),
            Wire("back", "error", target_port="prediction"),
            Wire("x", "error", target_port="target"),
            Wire("code", "kl", "kl", "prediction"),
            Wire("back", "seen"),
        ],
    )


def generator():
    """Noise to two numbers."""
    return Graph(
        [
            Node("z", layer("noise", shape=(3,))),
            Node("made", layer("dense", units=2, activation="tanh")),
            Node("y", layer("output")),
        ],
        [Wire("z", "made"), Wire("made", "y")],
    )


@pytest.fixture
def weights():
    return initial_weights(infer(vae()), seed=3)


def by_hand(weights, codes):
    hidden = np.tanh(codes @ weights["hidden", "weight"].T + weights["hidden", "bias"])
    return 1 / (1 + np.exp(-(hidden @ weights["back", "weight"].T + weights["back", "bias"])))


def test_a_code_is_decoded_as_worked_out_by_hand(weights):
    codes = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    passage = Passage(vae(), weights, start=Place("code"))

    assert passage.shape == (2,)
    assert passage.outputs == ("picture",)
    np.testing.assert_allclose(passage.one(codes), by_hand(weights, codes), rtol=1e-5)


def test_encoding_then_decoding_is_predicting(weights):
    x = np.random.default_rng(1).standard_normal((300, 4)).astype(np.float32)
    codes = Passage(vae(), weights, end=Place("code")).one(x)
    again = Passage(vae(), weights, start=Place("code")).one(codes)

    np.testing.assert_allclose(codes, x @ weights["mean", "weight"].T + weights["mean", "bias"],
                               rtol=1e-4, atol=1e-6)  # fmt: skip
    np.testing.assert_array_equal(again, Predictor(vae(), weights).predict({"x": x})["picture"])


def test_a_passage_leads_from_any_place_to_any_other(weights):
    hidden = np.random.default_rng(2).standard_normal((4, 2)).astype(np.float32)
    passage = Passage(vae(), weights, start=Place("code"), end=Place("hidden"))
    expected = np.tanh(hidden @ weights["hidden", "weight"].T + weights["hidden", "bias"])

    np.testing.assert_allclose(passage.one(hidden), expected, rtol=1e-5)


def test_a_second_output_port_is_a_place_of_its_own(weights):
    divergence = Passage(vae(), weights, end=Place("code", "kl")).one(np.zeros((2, 4), np.float32))

    assert divergence.shape == (2, 1)
    assert (divergence >= 0).all()


def test_a_code_that_only_its_divergence_leads_on_from_is_no_place_to_begin():
    graph = vae()
    for node_id in ("seen", "error"):
        graph.remove_node(node_id)

    assert code_of(graph) is None
    assert not generates(graph)


def test_a_network_without_output_nodes_makes_what_its_code_leads_to(weights):
    graph = vae()
    graph.remove_node("seen")

    made = generate(graph, weights, 3)
    found = Predictor(graph, weights).predict({"x": np.zeros((2, 4))})

    assert {name: array.shape for name, array in made.items()} == {"back": (3, 4)}
    assert {name: array.shape for name, array in found.items()} == {"back": (2, 4), "code": (2, 1)}


def test_what_goes_past_the_place_comes_from_the_networks_own_inputs():
    graph = Graph(
        [
            Node("x", layer("input", shape=(2,))),
            Node("code", layer("dense", units=2)),
            Node("sum", layer("add")),
            Node("y", layer("output")),
        ],
        [Wire("x", "code"), Wire("code", "sum"), Wire("x", "sum"), Wire("sum", "y")],
    )
    passage = Passage(graph, initial_weights(infer(graph), seed=0), start=Place("code"))
    x, code = np.float32([[1, 2]]), np.float32([[10, 20]])

    np.testing.assert_array_equal(passage.run(code, {"x": x})["y"], [[11, 22]])
    with pytest.raises(ShapeError, match="needs an input named 'x'"):
        passage.run(code)


def test_codes_of_another_shape_are_refused(weights):
    with pytest.raises(ShapeError, match=r"needs an array of shape \(N, 2\), got \(5, 3\)"):
        Passage(vae(), weights, start=Place("code")).run(np.zeros((5, 3)))


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (
            Place("seen"),
            None,
            "picture gives nothing out at 'out'. Its outputs: none.",
        ),
        (
            Place("code", "kl"),
            None,
            "Nothing that is asked for depends on Sampling. Choose another place to begin at.",
        ),
        (
            Place("back"),
            Place("hidden"),
            "Nothing that is asked for depends on Dense. Choose another place to begin at.",
        ),
    ],
)
def test_places_between_which_nothing_leads_are_refused(weights, start, end, sentence):
    with pytest.raises(CompileError) as refusal:
        Passage(vae(), weights, start, end)
    assert str(refusal.value) == sentence


def test_new_examples_of_an_autoencoder_come_from_standard_normal_codes(weights):
    codes = np.random.default_rng(7).standard_normal((6, 2), np.float32)

    assert code_of(vae()) == Place("code")
    np.testing.assert_allclose(
        generate(vae(), weights, 6, seed=7)["picture"], by_hand(weights, codes), rtol=1e-5
    )


def test_new_examples_of_a_generator_come_from_noise_and_the_seed_decides():
    weights = initial_weights(infer(generator()), seed=3)
    first, again, other = (generate(generator(), weights, 700, seed=s)["y"] for s in (1, 1, 2))

    assert first.shape == (700, 2)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first, axis=0)) == 700  # chunks don't repeat each other


def test_a_predictor_goes_on_drawing_from_call_to_call():
    predictor = Predictor(generator(), initial_weights(infer(generator()), seed=3))

    assert not np.array_equal(predictor.predict({}, 3)["y"], predictor.predict({}, 3)["y"])


def test_a_network_without_noise_makes_nothing_from_nothing():
    graph = Graph([Node("x", layer("input")), Node("y", layer("output"))], [Wire("x", "y")])

    assert not generates(graph)
    with pytest.raises(CompileError, match="makes its outputs from examples and not from noise"):
        generate(graph, {}, 3)
