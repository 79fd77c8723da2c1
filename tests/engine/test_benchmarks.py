"""The benchmarks run the same work on both sides. How fast, `make bench` says."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from engine import benchmark_memory, benchmarks
from engine.errors import GlassboxError

STEPS = [b for b in benchmarks.BENCHMARKS if b.of == "step" and b.against is None]


def ticking(seconds_per_call):
    return itertools.count(0, seconds_per_call).__next__


def test_an_unknown_name_is_refused():
    with pytest.raises(GlassboxError) as caught:
        benchmarks.run(["no-such"])

    assert str(caught.value) == (
        "No benchmark is named 'no-such'. Known are step-digits, step-tiny, step-mnist, "
        "step-lenet, step-cnn, step-lstm, step-both-ways, step-gru, step-residual, "
        "step-transformer, step-neurons, predict-one, compile-thousand, compile-conv, "
        "compile-lstm, memory-mnist, memory-lenet, memory-cnn, memory-lstm, memory-both-ways, "
        "memory-gru, memory-transformer, memory-residual."
    )


@pytest.mark.parametrize("benchmark", benchmarks.BENCHMARKS, ids=lambda b: b.name)
def test_our_side_computes(benchmark):
    side = benchmarks.engine_side(benchmark)
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
    side = benchmarks.torch_side(benchmark)
    model = next(
        cell.cell_contents
        for cell in side.work.__closure__
        if isinstance(cell.cell_contents, torch.nn.Module)
        and hasattr(cell.cell_contents, "__len__")
    )

    assert sum(parameter.numel() for parameter in model.parameters()) == plan.parameters.size
    side.work()


def test_neurons_wired_one_by_one_are_compared_with_the_same_network_as_layers():
    (row,) = (b for b in benchmarks.BENCHMARKS if b.against is not None)
    counts = {
        sum(w.size for w in benchmarks._plan(each).parameters.to_dict().values())
        for each in (row, replace(row, network=row.against))
    }

    assert len(row.network.graph()) == 1 + 1000 + 3
    assert len(counts) == 1


def test_a_result_says_what_was_measured_and_whether_it_was_promised():
    step, compiling = benchmarks.BENCHMARKS[0], next(b for b in benchmarks.BENCHMARKS if b.most)

    assert benchmarks.Result(step, 1234.56, 9.0).amount == "1,234.6 µs"
    assert benchmarks.Result(step, 1.0, 9.0).passed
    assert not benchmarks.Result(step, 1.0, 7.0).passed
    assert benchmarks.Result(step, 1.0, None).passed is None
    assert benchmarks.Result(compiling, 500_001.0, None).passed is False
    assert benchmarks.Result(step, None, None, 3 * 2**20).amount == "3.0 MiB"
    assert benchmarks.Result(step, None, None).amount == "not measured"


def test_the_memory_of_training_is_that_of_a_process_of_its_own():
    taken = benchmark_memory.measured("memory-residual", "engine")

    # The weights, their gradients and Adam's two vectors alone: 1,000 layers of 16 by 17.
    if benchmark_memory.STATUS.exists():
        assert taken > 4 * 4 * 1000 * 16 * 17
    else:
        assert taken is None


def test_memory_is_compared_by_the_medians_of_some_processes(monkeypatch):
    row = next(b for b in benchmarks.BENCHMARKS if b.of == "memory")
    taken = {"engine": iter([30, 10, 20]), "torch": iter([60, 90, 30])}
    monkeypatch.setattr(benchmarks, "measured", lambda name, side: next(taken[side]))

    both = benchmarks._memory(row, has_torch=True)

    assert (both.bytes, both.ratio, both.passed) == (20, 3.0, True)


def test_memory_that_the_system_does_not_tell_is_not_measured(monkeypatch):
    row = next(b for b in benchmarks.BENCHMARKS if b.of == "memory")
    monkeypatch.setattr(benchmarks, "measured", lambda name, side: None)

    result = benchmarks._memory(row, has_torch=True)

    assert (result.bytes, result.ratio, result.passed) == (None, None, None)
