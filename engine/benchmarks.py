"""The engine's speed on this machine, side by side with PyTorch where it is installed.

A ratio is PyTorch's time over the engine's, above 1 where the engine is
faster. Both take turns, so that a busy moment of the machine slows both; a
ratio is the median over the turns. PyTorch runs as fast as it can on a
processor: eager mode, fused Adam, one thread or two, images by channel or
with channels last, whichever is faster.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine.benchmark_networks import Convolutional, Network, Perceptron, Sequential
from engine.errors import GlassboxError
from engine.graph.chain import chain
from engine.graph.infer import infer
from engine.layers.terminal import Input, Loss
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
SECONDS_PER_TURN = 0.003
RATE = 0.001


@dataclass(frozen=True)
class Benchmark:
    """Something to time.

    training: a step of training on one batch, else the prediction for it.
    target: the ratio that is to be reached; None where there is no promise.
    """

    name: str
    title: str
    network: Network
    batch: int
    training: bool = True
    target: float | None = None


_MNIST = Perceptron((784, 256, 128, 10))
_LENET = Convolutional((1, 28, 28), (6, 16), 5, (True, True), units=(120, 84))
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
        Sequential((32, 64), "LSTM", 64),
        32,
    ),
    Benchmark(
        "step-gru",
        "Training step GRU 64 over 32 steps, batch 32",
        Sequential((32, 64), "GRU", 64),
        32,
    ),
    Benchmark("predict-one", "Predict one example, 784-256-128-10", _MNIST, 1, False),
)


@dataclass(frozen=True)
class Result:
    """microseconds: of the engine, the median. ratio: PyTorch's time over it, if it is there."""

    benchmark: Benchmark
    microseconds: float
    ratio: float | None

    @property
    def passed(self) -> bool | None:
        """Whether the target is reached; None where there is none, or nothing to compare with."""
        if self.ratio is None or self.benchmark.target is None:
            return None
        return self.ratio >= self.benchmark.target

    def to_plain(self) -> dict[str, Any]:
        return {
            "name": self.benchmark.name,
            "title": self.benchmark.title,
            "microseconds": self.microseconds,
            "ratio": self.ratio,
            "target": self.benchmark.target,
            "passed": self.passed,
        }


def run(names: Sequence[str] = (), clock: Callable[[], float] = time.perf_counter) -> list[Result]:
    """Time the benchmarks of these names, or all. Raises GlassboxError for an unknown name."""
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    for name in names:
        if name not in known:
            raise GlassboxError(f"No benchmark is named {name!r}. Known are {', '.join(known)}.")
    return [_measured(known[name], clock) for name in names or known]


def _measured(benchmark: Benchmark, clock: Callable[[], float]) -> Result:
    has_torch = importlib.util.find_spec("torch") is not None
    ours = _engine(benchmark)
    others = _torch(benchmark) if has_torch else []
    with flushed():  # for both alike: trained on one batch for long, both meet such numbers
        own, ratios = _take_turns(ours, others, clock)
    # The median of each of PyTorch's configurations; the fastest of them counts.
    return Result(benchmark, own * 1e6, min(map(statistics.median, ratios), default=None))


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
    side.prepare()
    for _ in range(20):
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
    network = benchmark.network
    loss = "binary_cross_entropy" if network.classes == 1 else "categorical_cross_entropy"
    graph = chain(Input(shape=network.shape), *network.layers(), Loss(loss=loss))
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(0)
    mode = Mode.TRAIN if benchmark.training else Mode.PREDICT
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


def _engine(benchmark: Benchmark) -> Side:
    plan = _plan(benchmark)
    threads = partial(use_threads, plan.threads)
    if benchmark.training:
        objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")())
        return Side(threads, lambda: objective.step(plan, RATE))
    x = np.moveaxis(_examples(benchmark)[0], 0, -1)
    (inputs,) = plan.inputs.values()

    def predict() -> None:
        inputs[...] = x
        plan.forward()

    return Side(threads, predict)


# PyTorch's side


def _torch(benchmark: Benchmark) -> list[Side]:
    """The same work in PyTorch: one thread or two, and images in either order of memory."""
    orders = (False, True) if len(benchmark.network.shape) == 3 else (False,)
    return [
        _torch_side(benchmark, threads, channels_last)
        for threads in (1, 2)
        for channels_last in orders
    ]


def _torch_side(benchmark: Benchmark, threads: int, channels_last: bool = False) -> Side:
    import torch

    prepare = partial(torch.set_num_threads, threads)
    model = torch.nn.Sequential(*benchmark.network.modules())
    x, t = (torch.tensor(array) for array in _examples(benchmark))
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    if not benchmark.training:
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
