"""Checks of a gradient against differences of values, independent of how it was derived.

Both take a function of no arguments that gives a number, the arrays that it
reads, and the gradients claimed for them. Arrays are changed in passing and
put back. Tolerances are far below a thousandth: a gradient wrong by 0.1 % fails.
"""

from __future__ import annotations

import numpy as np

STEP = 1e-6
RELATIVE = 1e-5
ABSOLUTE = 1e-7


def central_differences(function, array):
    """d function / d array, one value after the other: (f(x + h) - f(x - h)) / 2h."""
    gradient = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + STEP
        above = function()
        array[index] = kept - STEP
        below = function()
        array[index] = kept
        gradient[index] = (above - below) / (2 * STEP)
    return gradient


def assert_gradients(function, arrays, gradients):
    """Each gradient agrees with central differences, value by value."""
    for name, array in arrays.items():
        expected = central_differences(function, array)
        scale = max(1.0, float(np.abs(expected).max(initial=0)))
        np.testing.assert_allclose(
            gradients[name],
            expected,
            rtol=RELATIVE,
            atol=ABSOLUTE * scale,
            err_msg=f"gradient of {name}",
        )


def assert_projected_gradients(function, arrays, gradients, rng):
    """All gradients together agree with the slope along one random direction."""
    directions = {name: rng.standard_normal(array.shape) for name, array in arrays.items()}
    kept = {name: array.copy() for name, array in arrays.items()}
    slopes = []
    for sign in (1, -1):
        for name, array in arrays.items():
            array[...] = kept[name] + sign * STEP * directions[name]
        slopes.append(function())
    for name, array in arrays.items():
        array[...] = kept[name]
    expected = (slopes[0] - slopes[1]) / (2 * STEP)
    parts = [np.sum(gradients[name] * directions[name]) for name in arrays]
    scale = max(1.0, sum(abs(part) for part in parts))
    np.testing.assert_allclose(sum(parts), expected, rtol=RELATIVE, atol=ABSOLUTE * scale)


def layer_gradients(lone, *, projected=False):
    """Check the inputs' and parameters' gradients of a `LoneLayer` from a random upstream."""
    upstream = lone.upstream()

    def objective():
        outputs = lone.forward()
        return sum(float(np.sum(o * u)) for o, u in zip(outputs, upstream, strict=True))

    objective()
    lone.backward(upstream)
    arrays = {f"input {i}": array for i, array in enumerate(lone.inputs)} | lone.parameters
    gradients = {f"input {i}": g for i, g in enumerate(lone.input_gradients)}
    gradients |= lone.parameter_gradients
    gradients = {name: gradient.copy() for name, gradient in gradients.items()}
    if projected:
        assert_projected_gradients(objective, arrays, gradients, lone.rng)
    else:
        assert_gradients(objective, arrays, gradients)
