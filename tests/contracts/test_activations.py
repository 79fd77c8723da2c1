"""What every activation must keep, checked over all that are registered."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.layers.activation import Activation
from tests.tools.gradients import central_differences
from tests.tools.lone import LoneLayer, LoneWorkspace, run
from tests.tools.witness import activation as witness_activation
from tests.tools.witness import assert_agrees


def each(keep):
    kinds = [kind for kind in ACTIVATIONS if keep(kind)]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.kind)


each_kind = each(lambda kind: True)
each_elementwise = each(lambda kind: kind.elementwise)
each_in_place = each(lambda kind: not kind.needs_input)
each_differentiable = each(lambda kind: not kind.surrogate)
each_surrogate = each(lambda kind: kind.surrogate)


@pytest.fixture
def z():
    """Sums on both sides of zero, 1e-3 and more away from the bends at -3, 0 and 3."""
    values = np.concatenate([np.linspace(-6.05, 6.05, 40), np.linspace(-0.9, 0.9, 8)])
    return np.random.default_rng(3).permutation(values).reshape(6, 8)


def lone_of(kind, z, dtype=np.float64, **settings):
    lone = LoneLayer(
        Activation(function=kind(**settings)), [z.shape[:-1]], batch=z.shape[-1], dtype=dtype
    )
    lone.inputs[0][...] = z
    for name, array in lone.parameters.items():
        array[...] = {"leak": 0.25}[name]
    return lone


@each_kind
def test_an_activation_has_a_formula_and_an_explanation(kind):
    assert kind.formula
    assert inspect.getdoc(kind)


@each_kind
def test_steps_agree_with_the_plain_formula(kind, z):
    (a,) = lone_of(kind, z).forward()

    np.testing.assert_allclose(a, kind().value(z), rtol=1e-12, atol=1e-14)


@each_elementwise
def test_the_backward_steps_agree_with_the_plain_slope(kind, z):
    lone = lone_of(kind, z)
    (upstream,) = lone.upstream()
    lone.forward()
    lone.backward([upstream])

    np.testing.assert_allclose(
        lone.input_gradients[0], upstream * kind().slope(z), rtol=1e-11, atol=1e-13
    )


@each_surrogate
def test_a_slope_that_is_no_derivative_is_stated(kind):
    assert kind.surrogate.startswith("da/dz := ")


@each_differentiable
def test_the_slope_is_the_derivative_of_the_value(kind, z):
    activation = kind()
    for column in range(2):
        x = z[:, column].copy()
        measured = np.empty_like(x)
        for index in range(len(x)):
            measured[index] = central_differences(lambda i=index, x=x: activation.value(x)[i], x)[
                index
            ]

        np.testing.assert_allclose(activation.slope(x), measured, rtol=1e-6, atol=1e-8)


@each_in_place
def test_working_in_place_gives_the_same(kind, z):
    apart = LoneWorkspace(8, np.float64, training=True, fused=False)
    same = LoneWorkspace(8, np.float64, training=True, fused=False)
    gradients = []
    outputs = []
    for work, in_place in ((apart, False), (same, True)):
        layer = lone_of(kind, z)
        work.outputs = layer.work.outputs
        before = z.copy()
        after = before if in_place else np.full_like(z, np.nan)
        gradient = np.linspace(-1, 1, z.size).reshape(z.shape)
        kind().forward(work, before, after)
        kind().backward(work, before, after, gradient)
        run(work.forward_steps)
        run(work.backward_steps)
        outputs.append(after)
        gradients.append(gradient)

    np.testing.assert_array_equal(outputs[0], outputs[1])
    np.testing.assert_array_equal(gradients[0], gradients[1])


@each_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [4, 600])
def test_extreme_sums_give_finite_values_and_no_warning(kind, dtype, size):
    z = np.resize([-1e4, -100, -20, 0, 20, 100, 1e4], (2, size))
    lone = lone_of(kind, z, dtype)
    (a,) = lone.forward()
    lone.backward([np.ones_like(z)])

    assert np.isfinite(a).all()
    assert np.isfinite(lone.input_gradients[0]).all()
    if kind.elementwise:
        np.testing.assert_allclose(a, kind().value(z), rtol=1e-5, atol=1e-7)


@each_kind
def test_a_fused_activation_has_no_backward_and_keeps_its_logits_if_a_loss_may_ask(kind, z):
    lone = lone_of(kind, z)
    work = LoneWorkspace(8, np.float64, training=True, fused=True)
    work.outputs, work.arrays = lone.work.outputs, lone.work.arrays
    a = z.copy() if not kind.needs_input else np.empty_like(z)
    kind().forward(work, a if not kind.needs_input else z, a)
    kind().backward(work, z, a, np.ones_like(z))

    assert not work.backward_steps
    if kind.kind in {"sigmoid", "softmax"}:
        run(work.forward_steps)
        logits = work.output.logits
        expected = z if kind.kind == "sigmoid" else z - z.max(axis=0)
        np.testing.assert_allclose(logits.values, expected, atol=1e-14)


@pytest.mark.witness
@each_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_and_slopes_agree_with_torch_over_a_wide_range(kind, dtype, torch):
    z = np.random.default_rng(1).uniform(-12, 12, (5, 400))
    lone = lone_of(kind, z, dtype)
    (ours,) = lone.forward()
    (upstream,) = lone.upstream()
    lone.backward([upstream])
    tensor = torch.tensor(lone.inputs[0].copy(), requires_grad=True)
    leak = {"leak": torch.tensor(0.25, dtype=tensor.dtype)}
    theirs = witness_activation(torch, kind(), tensor, leak)

    assert_agrees(ours, theirs.detach(), dtype=dtype)
    if not kind.surrogate:
        theirs.backward(torch.tensor(upstream.astype(dtype)))
        assert_agrees(lone.input_gradients[0], tensor.grad, dtype=dtype)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("leaky_relu", {"leak": 0.0}),
        ("leaky_relu", {"leak": 1.0}),
        ("leaky_relu", {"leak": 0.3}),
        ("elu", {"alpha": 0.4}),
        ("elu", {"alpha": 2.5}),
        ("step", {"sharpness": 4.0}),
    ],
)
def test_other_settings_keep_steps_and_formula_together(kind, settings, z):
    kind = ACTIVATIONS.get(kind)
    lone = lone_of(kind, z, **settings)
    (a,) = lone.forward()
    lone.backward([np.ones_like(z)])

    np.testing.assert_allclose(a, kind(**settings).value(z), rtol=1e-12)
    np.testing.assert_allclose(
        lone.input_gradients[0], kind(**settings).slope(z), rtol=1e-11, atol=1e-13
    )


@each_kind
def test_elementwise_kinds_change_one_output_with_one_sum_and_the_others_all(kind, z):
    before = kind().value(z)
    moved = z.copy()
    moved[0] += 0.25
    changed = kind().value(moved) != before

    assert changed[1:].any() == (not kind.elementwise)
