"""Layers that add up many numbers: in float32 as near to the truth, float64, as PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers import LAYERS
from tests.tools.lone import LoneLayer
from tests.tools.witness import layer as witness_layer

TIMES = 3
"""So many times PyTorch's error is still as good: roundings fall as they like."""

FLOOR = 3e-7
"""Some roundings of float32, which nobody can be blamed for."""

CASES = [
    ("layer_norm", {}, (512,), 1000),
    ("layer_norm", {}, (4096,), 1000),
    ("layer_norm", {}, (3, 128, 128), 0),
    ("layer_norm", {"over": "last_two"}, (4, 64, 64), 1000),
    ("group_norm", {"groups": 1}, (8, 100, 100), 100),
    ("group_norm", {"groups": 4}, (16, 32, 32), 1000),
    ("instance_norm", {}, (2, 256, 256), 100),
    ("global_average_pool", {}, (4, 32, 32), 1),
    ("global_average_pool", {}, (1, 500, 500), 1),
    ("global_average_pool", {"over": "steps"}, (5000, 4), 1),
    ("repeat_vector", {"steps": 5000}, (4,), 0),
]
each_case = pytest.mark.parametrize(("kind", "settings", "shape", "mean"), CASES)


class Long:
    """A layer with standard normal numbers about a mean, and what it hands on either way."""

    def __init__(self, kind, settings, shape, mean):
        self.lone = lone = LoneLayer(LAYERS.get(kind)(**settings), [shape], dtype=np.float32)
        lone.inputs[0][...] += mean
        self.x, self.upstream = lone.inputs[0].copy(), np.float32(lone.upstream()[0])
        (output,) = lone.forward()
        lone.backward([self.upstream])
        self.ours = {"y": output, "dx": lone.input_gradients[0]}

    def theirs(self, torch, dtype):
        """The same in PyTorch, of the same numbers."""

        def tensor(array, **keywords):
            return torch.tensor(array.astype(dtype), **keywords)

        x = tensor(self.x, requires_grad=True)
        parameters = {name: tensor(array) for name, array in self.lone.parameters.items()}
        (y,) = witness_layer(torch, self.lone.layer, [x], parameters)
        y.backward(tensor(self.upstream))
        return {"y": y.detach().numpy(), "dx": x.grad.numpy()}


def error(found, truth):
    """The largest, of the largest true number."""
    return np.abs(found - truth).max() / np.abs(truth).max()


@pytest.mark.witness
@each_case
def test_long_sums_are_as_near_to_the_truth_as_those_of_torch(kind, settings, shape, mean, torch):
    long = Long(kind, settings, shape, mean)
    truth, rounded = long.theirs(torch, np.float64), long.theirs(torch, np.float32)

    for name, true in truth.items():
        allowed = max(TIMES * error(rounded[name], true), FLOOR)
        assert error(long.ours[name], true) <= allowed, name


@pytest.mark.parametrize("kind", ["layer_norm", "group_norm", "instance_norm", "batch_norm"])
def test_a_mean_a_thousand_deviations_away_comes_off_to_the_last_digit(kind):
    shape, settings = (2, 40, 40), {"groups": 1} if kind == "group_norm" else {}
    layer = LAYERS.get(kind)(affine=False, **settings)
    lone = LoneLayer(layer, [shape], batch=4, dtype=np.float32)
    lone.inputs[0][...] += 1000
    (y,) = lone.forward()

    x = lone.inputs[0].astype(float)
    axes = {"instance_norm": (1, 2), "batch_norm": (1, 2, 3)}.get(kind, (0, 1, 2))
    spread = np.sqrt(x.var(axes, keepdims=True) + layer.epsilon)
    expected = (x - x.mean(axes, keepdims=True)) / spread
    np.testing.assert_allclose(y, expected, atol=2e-6)
