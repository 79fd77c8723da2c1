"""The engine's speed on this machine, side by side with PyTorch where it is installed.

A ratio is PyTorch's time over the engine's, above 1 where the engine is
faster. Both take turns, so that a busy moment of the machine slows both; a
ratio is the median over the turns. PyTorch runs as fast as it can on a
processor: eager mode, fused Adam, one thread or two, images by channel or
with channels last, whichever is faster. Memory is compared in the same way, and
neurons wired one by one with the same network as layers.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from engine.benchmark_memory import measured
from engine.benchmark_networks import (
    Convolutional,
    Network,
    Perceptron,
    Residual,
    Sequential,
    Transformer,
    Wired,
)
from engine.errors import GlassboxError
from engine.graph.infer import infer
from engine.optimizers import OPTIMIZERS
from engine.plan.compile import compile_plan
from engine.plan.denormals import flushed
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.plan.threads import use_threads
from engine.training.objectives import Objective

Work = Callable[[], object]


@dataclass(frozen=True)
class Side:
    """One of those who take turns: what to call before a turn, and what to time."""

    prepare: Work
    work: Work


ROUNDS = 151
LEAST_ROUNDS = 21
PROCESSES = 3
SECONDS_PER_TURN = 0.003
RATE = 0.001


@dataclass(frozen=True)
class Benchmark:
    """Something to measure.

    of: a training step on one batch, the prediction for it, making the graph into a
        plan, or the memory that training adds.
    target: the ratio that is to be reached; None where there is no promise.
    most: microseconds that it may take, where what counts is no ratio.
    against: a network of the engine to compare with, in PyTorch's place.
    """

    name: str
    title: str
    network: Network
    batch: int
    of: Literal["step", "predict", "compile", "memory"] = "step"
    target: float | None = None
    most: float | None = None
    against: Network | None = None


_MNIST = Perceptron((784, 256, 128, 10))
_LENET = Convolutional((1, 28, 28), (6, 16), 5, (True, True), units=(120, 84))
_LSTM = Sequential((32, 64), "LSTM", 64)
_BOTH_WAYS = Sequential((32, 64), "LSTM", 64, both_ways=True)
_GRU = Sequential((32, 64), "GRU", 64)
_BLOCK = Transformer((32, 64), heads=4, units=128)
_RESIDUAL = Residual((16,), 1000)
_NEURONS = (8, *[100] * 10, 4)
_THREE = Convolutional((3, 32, 32), (32, 64, 64), 3, (True, True, False))

BENCHMARKS = (
    Benchmark(
        "step-digits", "Training step 64-64-10, batch 32", Perceptron((64, 64, 10)), 32, target=8
    ),
    Benchmark(
        "step-tiny",
        "Training step 2-8-8-1, batch 32",
        Perceptron((2, 8, 8, 1), hidden="tanh"),
        32,
        target=15,
    ),
    Benchmark("step-mnist", "Training step 784-256-128-10, batch 128", _MNIST, 128),
    Benchmark("step-lenet", "Training step LeNet on 1×28×28, batch 64", _LENET, 64),
    Benchmark("step-cnn", "Training step 3 convolutions on 3×32×32, batch 32", _THREE, 32),
    Benchmark(
        "step-lstm",
        "Training step LSTM 64 over 32 steps, batch 32",
        _LSTM,
        32,
    ),
    Benchmark(
        "step-both-ways",
        "Training step LSTM 64 over 32 steps both ways, batch 32",
        _BOTH_WAYS,
        32,
    ),
    Benchmark(
        "step-gru",
        "Training step GRU 64 over 32 steps, batch 32",
        _GRU,
        32,
    ),
    Benchmark(
        "step-residual", "Training step 1,000 residual layers of 16, batch 32", _RESIDUAL, 32
    ),
    Benchmark(
        "step-transformer",
        "Training step transformer block, 32 steps of 64, batch 32",
        _BLOCK,
        32,
    ),
    Benchmark(
        "step-neurons",
        "Training step 1,000 wired neurons in 10 layers, against Dense",
        Wired(_NEURONS),
        32,
        target=0.5,
        against=Perceptron(_NEURONS, hidden="tanh"),
    ),
    Benchmark("predict-one", "Predict one example, 784-256-128-10", _MNIST, 1, "predict"),
    Benchmark(
        "compile-thousand",
        "Compile 1,000 dense layers of 16",
        Perceptron((16,) * 1000 + (10,)),
        32,
        "compile",
        most=500_000,
    ),
    Benchmark(
        "compile-conv",
        "Compile 1,000 convolutions of 8 on 16×16",
        Convolutional((8, 16, 16), (8,) * 1000, 3, (False,) * 1000),
        32,
        "compile",
        most=500_000,
    ),
    Benchmark(
        "compile-lstm",
        "Compile 1,000 LSTM of 4 that read 4 steps both ways",
        Sequential((4, 4), "LSTM", 4, layers=1000, both_ways=True),
        32,
        "compile",
        most=500_000,
    ),
    *(
        Benchmark(f"memory-{name}", f"Memory of training {title}", network, batch, "memory", 1)
        for name, title, network, batch in (
            ("mnist", "784-256-128-10", _MNIST, 128),
            ("lenet", "LeNet", _LENET, 64),
            ("cnn", "3 convolutions", _THREE, 32),
            ("lstm", "LSTM 64", _LSTM, 32),
            ("both-ways", "LSTM 64 both ways", _BOTH_WAYS, 32),
            ("gru", "GRU 64", _GRU, 32),
            ("transformer", "a transformer block", _BLOCK, 32),
            ("residual", "1,000 residual layers", _RESIDUAL, 32),
        )
    ),
)


@dataclass(frozen=True)
class Result:
    """What the engine takes, and what PyTorch takes over it, if it is there.

    microseconds: the median; None of memory. bytes: of memory; None of time.
    """

    benchmark: Benchmark
    microseconds: float | None
    ratio: float | None
    bytes: int | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the target is reached; None where there is none, or nothing to compare with."""
        if self.microseconds is not None and self.benchmark.most is not None:
            return self.microseconds <= self.benchmark.most
        if self.ratio is None or self.benchmark.target is None:
            return None
        return self.ratio >= self.benchmark.target

    @property
    def amount(self) -> str:
        """What the engine takes, in words."""
        if self.microseconds is not None:
            return f"{self.microseconds:,.1f} µs"
        return "not measured" if self.bytes is None else f"{self.bytes / 2**20:,.1f} MiB"

    def to_plain(self) -> dict[str, Any]:
        return {
            "name": self.benchmark.name,
            "title": self.benchmark.title,
            "microseconds": self.microseconds,
            "bytes": self.bytes,
            "ratio": self.ratio,
            "target": self.benchmark.target,
            "most": self.benchmark.most,
            "passed": self.passed,
        }


def run(names: Sequence[str] = (), clock: Callable[[], float] = time.perf_counter) -> list[Result]:
    """Measure the benchmarks of these names, or all. Raises GlassboxError for an unknown name."""
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    for name in names:
        if name not in known:
            raise GlassboxError(f"No benchmark is named {name!r}. Known are {', '.join(known)}.")
    return [_measured(known[name], clock) for name in names or known]


def _measured(benchmark: Benchmark, clock: Callable[[], float]) -> Result:
    has_torch = importlib.util.find_spec("torch") is not None
    if benchmark.of == "memory":
        return _memory(benchmark, has_torch)
    ours = engine_side(benchmark)
    if benchmark.of == "compile":
        others = []
    elif benchmark.against is not None:
        others = [engine_side(replace(benchmark, network=benchmark.against))]
    else:
        others = _torch(benchmark) if has_torch else []
    with flushed():  # for both alike: trained on one batch for long, both meet such numbers
        own, ratios = _take_turns(ours, others, clock)
    # The median of each of PyTorch's configurations; the fastest of them counts.
    return Result(benchmark, own * 1e6, min(map(statistics.median, ratios), default=None))


def _memory(benchmark: Benchmark, has_torch: bool) -> Result:
    """Of each side the median of some processes: what libraries set aside differs by a tenth."""
    sides = ("engine", "torch") if has_torch else ("engine",)
    taken = [[measured(benchmark.name, side) or 0 for side in sides] for _ in range(PROCESSES)]
    ours, *theirs = map(statistics.median_low, zip(*taken, strict=True))
    return Result(benchmark, None, theirs[0] / ours if ours and theirs else None, ours or None)


def _take_turns(
    ours: Side, others: Iterable[Side], clock: Callable[[], float]
) -> tuple[float, list[list[float]]]:
    """Seconds of our own work, the median, and for each other one its ratios turn by turn."""
    sides = [ours, *others]
    first = [_repeats(side, clock) for side in sides]
    repeats = [count for count, _ in first]
    slowest = max(taken for _, taken in first)
    rounds = min(ROUNDS, max(LEAST_ROUNDS, int(ROUNDS * SECONDS_PER_TURN / slowest)))
    seconds: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, count, taken in zip(sides, repeats, seconds, strict=True):
            side.prepare()
            side.work()  # brings its data back into the cache
            taken.append(_time(side.work, count, clock))
    own = seconds[0]
    ratios = [[b / a for a, b in zip(own, other, strict=True)] for other in seconds[1:]]
    return statistics.median(own), ratios


def _repeats(side: Side, clock: Callable[[], float]) -> tuple[int, float]:
    """How often to work in one turn, and the seconds that it takes once."""
    for _ in range(20):
        side.prepare()
        side.work()
    taken = _time(side.work, 5, clock)
    return max(1, int(SECONDS_PER_TURN / taken)), taken


def _time(work: Work, count: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(count):
        work()
    return (clock() - start) / count


# The engine's side


def _plan(benchmark: Benchmark) -> Plan:
    graph = benchmark.network.graph()
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(0)
    mode = Mode.PREDICT if benchmark.of == "predict" else Mode.TRAIN
    plan = compile_plan(graph, inference, parameters, benchmark.batch, mode)
    x, t = _examples(benchmark)
    (inputs,) = plan.inputs.values()
    inputs[...] = np.moveaxis(x, 0, -1)
    for target in plan.targets.values():
        target[...] = t.T
    return plan


def _examples(benchmark: Benchmark) -> tuple[Any, Any]:
    """One batch, examples first: inputs, and (N, K) targets that no network can learn."""
    rng = np.random.default_rng(0)
    classes = benchmark.network.classes
    x = rng.standard_normal((benchmark.batch, *benchmark.network.shape)).astype(np.float32)
    chosen = rng.integers(0, max(classes, 2), benchmark.batch)
    t = chosen[:, None] if classes == 1 else np.eye(classes)[chosen]
    return x, t.astype(np.float32)


def engine_side(benchmark: Benchmark) -> Side:
    if benchmark.of == "compile":
        return _compiling(benchmark)
    plan = _plan(benchmark)
    threads = partial(use_threads, plan.threads)
    if benchmark.of != "predict":
        objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")())
        return Side(threads, lambda: objective.step(plan, RATE))
    x = np.moveaxis(_examples(benchmark)[0], 0, -1)
    (inputs,) = plan.inputs.values()

    def predict() -> None:
        inputs[...] = x
        plan.forward()

    return Side(threads, predict)


def _compiling(benchmark: Benchmark) -> Side:
    """From a graph to a plan that is ready to train. Freeing the plan again is not counted."""
    graph = benchmark.network.graph()
    made: list[Plan] = []

    def work() -> None:
        inference = infer(graph)
        parameters = Parameters(graph, inference)
        made.append(compile_plan(graph, inference, parameters, benchmark.batch, Mode.TRAIN))

    return Side(made.clear, work)


# PyTorch's side


def _torch(benchmark: Benchmark) -> list[Side]:
    """The same work in PyTorch: one thread or two, and images in either order of memory."""
    orders = (False, True) if len(benchmark.network.shape) == 3 else (False,)
    return [
        torch_side(benchmark, threads, channels_last)
        for threads in (1, 2)
        for channels_last in orders
    ]


def torch_side(benchmark: Benchmark, threads: int = 1, channels_last: bool = False) -> Side:
    import torch

    prepare = partial(torch.set_num_threads, threads)
    model = torch.nn.Sequential(*benchmark.network.modules())
    x, t = (torch.tensor(array) for array in _examples(benchmark))
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    if benchmark.of == "predict":
        last = torch.nn.Softmax(dim=1)

        def predict() -> None:
            with torch.inference_mode():
                last(model(x))

        return Side(prepare, predict)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    is_binary = benchmark.network.classes == 1
    target = t if is_binary else t.argmax(dim=1)
    loss = torch.nn.BCEWithLogitsLoss() if is_binary else torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(model(x), target).backward()
        optimizer.step()

    return Side(prepare, step)
