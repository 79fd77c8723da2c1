"""The benchmarks run the same work on both sides. How fast, `make bench` says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine import benchmarks
from engine.errors import GlassboxError

STEPS = [b for b in benchmarks.BENCHMARKS if b.training]


def ticking(seconds_per_call):
    return itertools.count(0, seconds_per_call).__next__


def test_an_unknown_name_is_refused():
    with pytest.raises(GlassboxError) as caught:
        benchmarks.run(["no-such"])

    assert str(caught.value) == (
        "No benchmark is named 'no-such'. Known are step-digits, step-tiny, step-mnist, "
        "step-lenet, step-cnn, step-lstm, step-gru, predict-one."
    )


@pytest.mark.parametrize("benchmark", benchmarks.BENCHMARKS, ids=lambda b: b.name)
def test_our_side_computes(benchmark):
    side = benchmarks._engine(benchmark)
    side.prepare()
    side.work()


def test_ratios_are_taken_turn_by_turn(monkeypatch):
    monkeypatch.setattr(benchmarks, "ROUNDS", 3)
    calls = []
    sides = [benchmarks.Side(lambda: None, lambda name=name: calls.append(name)) for name in "ab"]

    own, (ratios,) = benchmarks._take_turns(sides[0], sides[1:], ticking(1.0))

    assert own == 1.0
    assert ratios == [1.0, 1.0, 1.0]
    assert calls[-4:] == ["a", "a", "b", "b"]


@pytest.mark.witness
@pytest.mark.parametrize("benchmark", STEPS, ids=lambda b: b.name)
def test_both_sides_have_the_same_examples_and_layers(benchmark, torch):
    plan = benchmarks._plan(benchmark)
    x, t = benchmarks._examples(benchmark)
    (inputs,) = plan.inputs.values()
    (target,) = plan.targets.values()

    np.testing.assert_array_equal(inputs, np.moveaxis(x, 0, -1))
    np.testing.assert_array_equal(target, t.T)
    side = benchmarks._torch_side(benchmark, 1)
    model = next(
        cell.cell_contents
        for cell in side.work.__closure__
        if isinstance(cell.cell_contents, torch.nn.Module)
        and hasattr(cell.cell_contents, "__len__")
    )
    sizes = [layer.weight.shape for layer in model if hasattr(layer, "weight")]
    expected = [w.shape for (_, name), w in plan.parameters.to_dict().items() if name == "weight"]

    assert [tuple(size) for size in sizes] == expected
