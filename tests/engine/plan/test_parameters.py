"""One flat vector, and every weight a view into it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from engine.plan.parameters import Parameters
from tests.engine.plan.networks import classifier, graph, node, xor


@pytest.fixture
def parameters():
    drawn = classifier()
    return Parameters(drawn, infer(drawn))


def test_a_weight_and_its_bias_are_views_into_one_block_of_the_vector(parameters):
    parameters.vector[:] = np.arange(parameters.size)

    hidden = parameters.of("hidden")

    assert parameters.size == 5 * (4 + 1) + 3 * (5 + 1)
    np.testing.assert_array_equal(hidden["weight"][1], [5, 6, 7, 8])
    np.testing.assert_array_equal(hidden["bias"], [4, 9, 14, 19, 24])
    assert all(np.shares_memory(view, parameters.vector) for view in hidden.values())


def test_the_vector_starts_at_a_cache_line(parameters):
    assert parameters.vector.ctypes.data % 64 == 0
    assert parameters.gradient.ctypes.data % 64 == 0


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(parameters):
    parameters.initialize(3)
    first = parameters.vector.copy()
    parameters.initialize(4)
    second = parameters.vector.copy()
    parameters.initialize(3)

    np.testing.assert_array_equal(parameters.vector, first)
    assert not np.array_equal(first, second)


def test_the_weights_of_a_node_do_not_depend_on_the_other_nodes(parameters):
    parameters.initialize(3)
    alone = graph([node("x", "input", shape=[4]), node("hidden", "dense", units=5)], "x>hidden")
    others = Parameters(alone, infer(alone))
    others.initialize(3)

    np.testing.assert_array_equal(others.of("hidden")["weight"], parameters.of("hidden")["weight"])


def test_what_to_dict_gives_can_be_loaded_again(parameters):
    parameters.initialize(3)
    kept = parameters.to_dict()
    parameters.initialize(4)
    parameters.load(kept)

    assert set(kept) == {
        ("hidden", "weight"),
        ("hidden", "bias"),
        ("out", "weight"),
        ("out", "bias"),
    }
    for key, view in parameters.views(parameters.vector).items():
        np.testing.assert_array_equal(view, kept[key])


def test_a_weight_of_another_shape_is_refused(parameters):
    with pytest.raises(ShapeError) as caught:
        parameters.load({("hidden", "weight"): np.zeros((5, 3))})

    assert str(caught.value) == (
        "The weight of hidden needs an array of shape (5, 4), got (5, 3). "
        "Train again after changing the network."
    )


def test_weights_of_nodes_that_are_not_there_are_ignored(parameters):
    before = parameters.vector.copy()
    parameters.load({("gone", "weight"): np.zeros(3)})

    np.testing.assert_array_equal(parameters.vector, before)


def test_neurons_of_one_depth_lie_side_by_side():
    drawn = xor()
    parameters = Parameters(drawn, infer(drawn))

    assert parameters.slice("h1").stop == parameters.slice("h2").start
    assert parameters.nodes == ("h1", "h2", "y")


@pytest.mark.parametrize("drawn", [classifier(), xor()], ids=["layers", "neurons"])
def test_initial_weights_are_those_that_a_training_starts_with(drawn):
    inference = infer(drawn)
    parameters = Parameters(drawn, inference)
    parameters.initialize(7)
    expected = parameters.to_dict()
    found = initial_weights(inference, seed=7)

    assert found.keys() == expected.keys()
    for key, array in expected.items():
        np.testing.assert_array_equal(found[key], array)
