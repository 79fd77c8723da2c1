"""The batch-first door, and the probe beside a running training."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError, ShapeError
from engine.plan.predict import Predictor
from engine.plan.probe import Probe
from tests.engine.plan.networks import classifier, compiled, graph, node, xor


@pytest.fixture
def plan():
    return compiled(classifier(), batch=700, dtype=np.float32)


@pytest.fixture
def predictor(plan):
    return Predictor(classifier(), plan.parameters.to_dict())


def test_predictions_are_batch_first_and_those_of_the_plan(plan, predictor):
    plan.forward()
    found = predictor.predict({"x": plan.inputs["x"].T})

    assert list(found) == ["out"]
    np.testing.assert_allclose(found["out"], plan.outputs["out"].T, rtol=1e-5)


def test_one_example_and_none_are_predicted_too(predictor):
    assert predictor.predict({"x": np.zeros((1, 4))})["out"].shape == (1, 3)
    assert predictor.predict({"x": np.zeros((0, 4))})["out"].shape == (0, 3)


def test_a_missing_input_is_named(predictor):
    with pytest.raises(ShapeError) as caught:
        predictor.predict({"y": np.zeros((1, 4))})

    assert str(caught.value) == "The model needs an input named 'x', got y. Its inputs: x."


def test_an_input_of_another_shape_is_refused(predictor):
    with pytest.raises(ShapeError) as caught:
        predictor.predict({"x": np.zeros((2, 5))})

    assert str(caught.value) == (
        "The input 'x' needs an array of shape (N, 4), got (2, 5). "
        "Examples go along the first axis."
    )


@pytest.mark.parametrize("kind", ["U1", "complex64", "O"])
def test_an_input_of_anything_but_numbers_is_refused(predictor, kind):
    with pytest.raises(ShapeError, match=r"The input 'x' needs numbers, got .*\. Give integers or"):
        predictor.predict({"x": np.zeros((2, 4)).astype(kind)})


@pytest.mark.parametrize("kind", ["int8", "bool", "float64"])
def test_numbers_of_any_kind_give_the_same(predictor, kind):
    some = np.array([[0, 1, 1, 0], [1, 1, 0, 0]])

    np.testing.assert_array_equal(
        predictor.predict({"x": some.astype(kind)})["out"],
        predictor.predict({"x": some.astype("float32")})["out"],
    )


def test_inputs_of_different_lengths_are_refused():
    predictor = Predictor(xor(), {})

    with pytest.raises(ShapeError) as caught:
        predictor.predict({"x1": np.zeros((2, 1)), "x2": np.zeros((3, 1))})

    assert str(caught.value) == (
        "All inputs need the same number of examples, got [2, 3]. Cut them to one length."
    )


def test_a_network_that_cannot_run_has_no_predictor():
    with pytest.raises(CompileError):
        Predictor(graph([node("x", "input")]), {})


def test_outputs_bear_the_names_of_output_nodes():
    drawn = classifier()
    drawn.add_node(node("named", "output"))
    drawn.connect(type(drawn.wires[0])("out", "named"))
    drawn.rename("named", "digit")

    found = Predictor(drawn, {}).predict({"x": np.zeros((2, 4))})

    assert list(found) == ["digit"]


def test_a_probe_reads_every_node_with_the_weights_it_is_given():
    plan = compiled(xor(), batch=9, dtype=np.float32)
    probe = Probe(xor(), batch=9)
    plan.forward()

    found = probe.run(plan.parameters, plan.inputs)

    assert set(found) == {"x1", "x2", "h1", "h2", "y"}
    for node_id, array in found.items():
        np.testing.assert_array_equal(array, plan.values[node_id][0].array)
    assert not np.shares_memory(probe.parameters.vector, plan.parameters.vector)
