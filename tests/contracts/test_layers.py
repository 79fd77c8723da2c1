"""What every layer must keep, checked over all that are registered, example by example."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.graph.model import Graph, Node
from engine.graph.serialize import graph_from_plain, graph_to_plain
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run
from tests.tools.onnx_layer import outputs_in_onnxruntime
from tests.tools.witness import NOT_WITNESSED, assert_agrees
from tests.tools.witness import layer as witness_layer

RANDOM = {
    *("dropout", "spatial_dropout", "gaussian_noise", "sampling", "noise"),
    *("random_flip", "random_shift", "random_rotation", "cut_out"),
}
OTHER_WHILE_TRAINING = RANDOM | {"batch_norm"}


def each(keep=lambda kind, layer: True):
    """Parametrize over the examples of all layers that `keep` wants; losses have a battery."""
    cases = [
        pytest.param(kind, example, id=f"{kind.kind}-{number}")
        for kind in LAYERS
        for number, example in enumerate(kind.examples)
        if kind.kind != "loss" and keep(kind, kind(**example.settings))
    ]
    return pytest.mark.parametrize(("kind", "example"), cases)


def computes(kind, layer):
    return bool(kind.input_ports and kind.output_ports)


def has_true_gradient(kind, layer):
    return computes(kind, layer) and not surrogate_of(layer)


def surrogate_of(layer):
    activation = layer.final_activation()
    return activation.surrogate if activation is not None else ""


each_example = each()
each_computing = each(computes)
each_differentiable = each(has_true_gradient)
each_deterministic = each(lambda kind, layer: kind.kind not in RANDOM)
each_witnessed = each(lambda kind, layer: kind.kind not in NOT_WITNESSED)


def lone_of(kind, example, **keywords):
    return LoneLayer(kind(**example.settings), example.by_port, **keywords)


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.kind)
def test_a_layer_has_examples_a_formula_and_a_docstring_with_shapes(kind):
    assert kind.examples
    assert kind.formula
    assert kind.category in {
        "ends", "core", "neuron", "convolution", "recurrent", "regularising", "merging", "loss",
    }  # fmt: skip
    assert "Shapes: " in inspect.getdoc(kind)


@each_example
def test_outputs_have_the_inferred_shapes_and_all_parameters_the_declared_ones(kind, example):
    layer = kind(**example.settings)
    arriving = ArrivingShapes(example.by_port)
    outputs = layer.infer(arriving)

    assert len(outputs) == len(layer.output_ports)
    assert all(isinstance(n, int) and n > 0 for shape in outputs for n in shape)
    assert len({spec.name for spec in layer.parameters(arriving)}) == len(
        layer.parameters(arriving)
    )
    assert layer.multiply_adds(arriving) >= 0


@each(lambda kind, layer: kind.arranges)
def test_a_layer_that_arranges_gives_numbers_that_arrive_at_its_first_port(kind, example):
    lone = lone_of(kind, example)
    before = lone.forward()
    for array in lone.inputs:
        array[...] = np.cos(array)

    assert [port.name for port in kind.output_ports] == ["out"]
    for array, plain in zip(lone.forward(), before, strict=True):
        np.testing.assert_array_equal(array, np.cos(plain))


def ends_with_one_for_each_number(kind, layer):
    function = layer.final_activation()
    return function is not None and function.elementwise and not function.parameters(1)


@each(ends_with_one_for_each_number)
def test_a_layer_without_its_activation_gives_what_goes_into_it(kind, example):
    lone = lone_of(kind, example)
    layer = lone.layer
    other = LoneLayer(layer.without_activation(), example.by_port)
    for name, array in other.parameters.items():
        array[...] = lone.parameters[name]
    for mine, given in zip(other.inputs, lone.inputs, strict=True):
        mine[...] = given
    (sums,), (found,) = other.forward(), lone.forward()
    expected = layer.final_activation().value(sums)

    assert [port.name for port in kind.output_ports] == ["out"]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def needs_a_batch(kind, example):
    """Whether one example alone is refused while training."""
    return kind.kind == "batch_norm" and len(example.arriving[0]) == 1


@each_computing
@pytest.mark.parametrize("batch", [1, 4])
def test_every_output_and_every_gradient_is_written(kind, example, batch):
    lone = lone_of(kind, example, batch=2 if needs_a_batch(kind, example) else batch)
    outputs = lone.forward()
    lone.backward(lone.upstream())

    assert all(np.isfinite(array).all() for array in outputs)
    assert all(np.isfinite(array).all() for array in lone.input_gradients)
    assert all(np.isfinite(array).all() for array in lone.parameter_gradients.values())
    for value in lone.work.outputs:
        np.testing.assert_array_equal(value.with_ones[-1], 1)


@each_differentiable
def test_gradients_agree_with_central_differences(kind, example):
    layer_gradients(lone_of(kind, example))


@each_differentiable
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gradients_agree_along_random_directions(kind, example, seed):
    layer_gradients(lone_of(kind, example, seed=seed, batch=5), projected=True)


@pytest.mark.witness
@each_witnessed
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_and_gradients_agree_with_torch(kind, example, dtype, torch):
    lone = lone_of(kind, example, dtype=dtype, batch=4)
    inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
    parameters = {
        name: torch.tensor(array.copy(), requires_grad=True)
        for name, array in lone.parameters.items()
    }
    ours, upstream = lone.forward(), lone.upstream()
    lone.backward(upstream)
    theirs = witness_layer(torch, lone.layer, inputs, parameters)

    for mine, other in zip(ours, theirs, strict=True):
        assert_agrees(mine, other.detach(), dtype=dtype)
    if surrogate_of(lone.layer):
        return  # torch has the true derivative, which is zero
    torch.autograd.backward(theirs, [torch.tensor(u.astype(dtype)) for u in upstream])
    for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
        assert_agrees(gradient, tensor.grad, dtype=dtype)
    for name, tensor in parameters.items():
        assert_agrees(lone.parameter_gradients[name], tensor.grad, dtype=dtype)


@each_computing
def test_onnxruntime_computes_the_same(kind, example):
    lone = lone_of(kind, example, dtype=np.float32, training=False)
    ours = lone.forward()
    theirs = outputs_in_onnxruntime(lone)

    assert len(theirs) == len(ours)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)


@each_example
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_allocates_nothing_and_keeps_the_precision(kind, example, dtype):
    lone = lone_of(kind, example, dtype=dtype, batch=600)
    for value in lone.work.outputs:
        value.gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
    assert all(array.dtype == dtype for array in lone.outputs + lone.input_gradients)


@each_deterministic
def test_permuting_the_examples_permutes_the_outputs_and_leaves_the_weights_gradients(
    kind, example
):
    lone = lone_of(kind, example, batch=4)
    order = np.array([2, 0, 3, 1])
    upstream = lone.upstream()
    before = lone.forward()
    lone.backward(upstream)
    input_gradients = [g.copy() for g in lone.input_gradients]
    parameter_gradients = {n: g.copy() for n, g in lone.parameter_gradients.items()}
    for array in lone.inputs:
        array[...] = array[..., order]
    after = lone.forward()
    lone.backward([u[..., order] for u in upstream])

    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(a[..., order], b, rtol=1e-12, atol=1e-15)
    for a, b in zip(input_gradients, lone.input_gradients, strict=True):
        np.testing.assert_allclose(a[..., order], b, rtol=1e-12, atol=1e-15)
    for name, gradient in lone.parameter_gradients.items():
        np.testing.assert_allclose(parameter_gradients[name], gradient, rtol=1e-12, atol=1e-14)


@each_example
def test_running_without_training_gives_the_same_values_and_touches_no_input(kind, example):
    training, resting = lone_of(kind, example), lone_of(kind, example, training=False)
    for ours, theirs in zip(training.inputs, resting.inputs, strict=True):
        theirs[...] = ours
    for name, array in resting.parameters.items():
        array[...] = training.parameters[name]
    inputs = [array.copy() for array in resting.inputs]
    outputs = resting.forward()

    assert not resting.work.backward_steps
    for before, after in zip(inputs, resting.inputs, strict=True):
        np.testing.assert_array_equal(before, after)
    if kind.kind not in OTHER_WHILE_TRAINING:
        for ours, theirs in zip(training.forward(), outputs, strict=True):
            np.testing.assert_array_equal(ours, theirs)


@each_example
def test_a_frozen_layer_still_passes_the_gradient_on(kind, example):
    free, frozen = lone_of(kind, example), lone_of(kind, example, trained=False)
    upstream = free.upstream()
    for lone in (free, frozen):
        lone.forward()
        lone.backward(upstream)

    for ours, theirs in zip(free.input_gradients, frozen.input_gradients, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@each_example
def test_a_layer_whose_inputs_need_no_gradient_still_learns(kind, example):
    whole, first = lone_of(kind, example), lone_of(kind, example, wants_input_gradient=False)
    upstream = whole.upstream()
    for lone in (whole, first):
        lone.forward()
        lone.backward(upstream)

    for name, gradient in whole.parameter_gradients.items():
        np.testing.assert_array_equal(gradient, first.parameter_gradients[name])


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.kind)
def test_a_graph_with_every_example_is_the_same_after_being_written_and_read(kind):
    layers = [kind(**example.settings) for example in kind.examples]
    graph = Graph(
        Node(f"{kind.kind}_{number}", layer, name=f"My {number}", position=(number, -8))
        for number, layer in enumerate(layers)
    )
    text = json.dumps(graph_to_plain(graph), allow_nan=False)
    again, notes = graph_from_plain(json.loads(text))

    assert notes == []
    assert again.nodes == graph.nodes


WRONG_SHAPES = [
    (
        "spatial_dropout",
        {},
        [(4,)],
        "SpatialDropout needs channels with places, such as (C, H, W), got (4,). "
        "Use Dropout instead.",
    ),
    (
        "multiply",
        {},
        [(3,), (4,)],
        "Multiply needs values of one shape, got 3 and 4. "
        "Make them the same, with a Dense or a Reshape.",
    ),
    (
        "slice",
        {"axis": 1},
        [(4,)],
        "Slice needs an axis 1, and values of 4 have none. Set the axis to at most 0.",
    ),
    (
        "slice",
        {"start": 3, "length": 2},
        [(4,)],
        "Slice cannot keep places 3 to 4 of an axis of 4. "
        "Choose another start or a smaller length.",
    ),
    (
        "split",
        {"size": 4},
        [(4,)],
        "Split cannot take 4 of an axis of 4 and leave something. "
        "Choose a smaller size, or remove it.",
    ),
    (
        "transpose",
        {},
        [(4,)],
        "Transpose needs an axis 1, and values of 4 have none. Set the axis to at most 0.",
    ),
    (
        "permute",
        {"order": [0, 0]},
        [(2, 3)],
        "Permute needs an order that names each axis of 2×3 once, got 0, 0. "
        "Use each number from 0 to 1 once.",
    ),
    (
        "batch_norm",
        {},
        [()],
        "BatchNorm needs values with at least one axis, got (). Put a Reshape before it.",
    ),
    (
        "layer_norm",
        {},
        [()],
        "LayerNorm needs values with at least one axis, got (). Put a Reshape before it.",
    ),
    (
        "layer_norm",
        {"over": "last"},
        [(5, 1)],
        "LayerNorm needs two or more numbers to normalise together, and in values of 5×1 has "
        "one at a time. Remove it: alone, each would become 0.",
    ),
    (
        "instance_norm",
        {},
        [(4,)],
        "InstanceNorm needs two or more numbers to normalise together, and in values of 4 has "
        "one at a time. Remove it: alone, each would become 0.",
    ),
    (
        "group_norm",
        {"groups": 3},
        [(8, 2, 2)],
        "GroupNorm cannot part 8 channels into 3 equal groups. "
        "Choose a number of groups that divides 8.",
    ),
    (
        "dense",
        {},
        [(8, 4, 3)],
        "Dense needs rows of features (D,), got (8, 4, 3). Put a Flatten before it.",
    ),
    (
        "neuron",
        {},
        [(2,), (4, 4)],
        "Neuron needs rows of features (D,), got (4, 4). Put a Flatten before it.",
    ),
    (
        "activation",
        {},
        [()],
        "Activation needs values with at least one axis, got (). Put a Reshape before it.",
    ),
    (
        "reshape",
        {"shape": [5, -1]},
        [(3, 4)],
        "Reshape cannot make 5×? of 3×4: that has 12 numbers. "
        "Choose a shape whose sizes multiply to 12.",
    ),
    (
        "reshape",
        {"shape": [2, 5]},
        [(12,)],
        "Reshape cannot make 2×5 of 12: that has 12 numbers. "
        "Choose a shape whose sizes multiply to 12.",
    ),
    (
        "concat",
        {"axis": 1},
        [(3,), (4,)],
        "Concat has no axis 1 to join along in values of 3. Set the axis to at most 0.",
    ),
    (
        "concat",
        {},
        [(3, 2), (4, 5)],
        "Concat needs values that agree in all axes but axis 0, got 3×2 and 4×5. "
        "Put a Reshape or a Flatten before one of them.",
    ),
    (
        "add",
        {},
        [(3,), (4,)],
        "Add needs values of one shape, got 3 and 4. "
        "Put a Dense of 3 units before the second, or join them with Concat.",
    ),
    (
        "add",
        {},
        [(3, 2), (3, 4)],
        "Add needs values of one shape, got 3×2 and 3×4. "
        "Make them the same, or join them with Concat.",
    ),
]


@pytest.mark.parametrize(("kind", "settings", "arriving", "sentence"), WRONG_SHAPES)
def test_wrong_shapes_are_refused_with_the_remedy(kind, settings, arriving, sentence):
    layer = LAYERS.get(kind)(**settings)

    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes.of(*arriving))
    assert str(refusal.value) == sentence
