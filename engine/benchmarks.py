"""The engine's speed on this machine, side by side with PyTorch where it is installed.

A ratio is PyTorch's time over the engine's, above 1 where the engine is
faster. Both take turns, so that a busy moment of the machine slows both; a
ratio is the median over the turns. PyTorch runs as fast as it can on a
processor: eager mode, fused Adam, one thread or two, whichever is faster.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from engine.errors import GlassboxError
from engine.graph.chain import chain
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from engine.optimizers import OPTIMIZERS
from engine.plan.compile import compile_plan
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
SECONDS_PER_TURN = 0.003
RATE = 0.001


@dataclass(frozen=True)
class Benchmark:
    """Something to time.

    sizes: of a multilayer perceptron, from inputs to outputs.
    training: a step of training on one batch, else the prediction for it.
    target: the ratio that is to be reached; None where there is no promise.
    """

    name: str
    title: str
    sizes: tuple[int, ...]
    batch: int
    training: bool = True
    target: float | None = None


BENCHMARKS = (
    Benchmark("step-digits", "Training step 64-64-10, batch 32", (64, 64, 10), 32, target=8),
    Benchmark("step-tiny", "Training step 2-8-8-1, batch 32", (2, 8, 8, 1), 32, target=15),
    Benchmark("step-mnist", "Training step 784-256-128-10, batch 128", (784, 256, 128, 10), 128),
    Benchmark("predict-one", "Predict one example, 784-256-128-10", (784, 256, 128, 10), 1, False),
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
    own, ratios = _take_turns(ours, others, clock)
    # The median of each of PyTorch's configurations; the fastest of them counts.
    return Result(benchmark, own * 1e6, min(map(statistics.median, ratios), default=None))


def _take_turns(
    ours: Side, others: Iterable[Side], clock: Callable[[], float]
) -> tuple[float, list[list[float]]]:
    """Seconds of our own work, the median, and for each other one its ratios turn by turn."""
    sides = [ours, *others]
    repeats = [_repeats(side, clock) for side in sides]
    seconds: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for side, count, taken in zip(sides, repeats, seconds, strict=True):
            side.prepare()
            side.work()  # brings its data back into the cache
            taken.append(_time(side.work, count, clock))
    own = seconds[0]
    ratios = [[b / a for a, b in zip(own, other, strict=True)] for other in seconds[1:]]
    return statistics.median(own), ratios


def _repeats(side: Side, clock: Callable[[], float]) -> int:
    side.prepare()
    for _ in range(20):
        side.work()
    return max(1, int(SECONDS_PER_TURN / _time(side.work, 5, clock)))


def _time(work: Work, count: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(count):
        work()
    return (clock() - start) / count


# The engine's side


def _network(sizes: Sequence[int]) -> Graph:
    last = "sigmoid" if sizes[-1] == 1 else "softmax"
    loss = "binary_cross_entropy" if sizes[-1] == 1 else "categorical_cross_entropy"
    hidden = [Dense(units=units, activation=_hidden(sizes)) for units in sizes[1:-1]]
    end = Dense(units=sizes[-1], activation=last)
    return chain(Input(shape=[sizes[0]]), *hidden, end, Loss(loss=loss))


def _hidden(sizes: Sequence[int]) -> str:
    return "tanh" if sizes[0] == 2 else "relu"


def _plan(benchmark: Benchmark) -> Plan:
    graph = _network(benchmark.sizes)
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(0)
    mode = Mode.TRAIN if benchmark.training else Mode.PREDICT
    plan = compile_plan(graph, inference, parameters, benchmark.batch, mode)
    x, t = _examples(benchmark)
    (inputs,) = plan.inputs.values()
    inputs[...] = x.T
    for target in plan.targets.values():
        target[...] = t.T
    return plan


def _examples(benchmark: Benchmark) -> tuple[Any, Any]:
    """One batch, examples first: (N, D) inputs and (N, K) targets that no network can learn."""
    rng = np.random.default_rng(0)
    classes = benchmark.sizes[-1]
    x = rng.standard_normal((benchmark.batch, benchmark.sizes[0])).astype(np.float32)
    chosen = rng.integers(0, max(classes, 2), benchmark.batch)
    t = chosen[:, None] if classes == 1 else np.eye(classes)[chosen]
    return x, t.astype(np.float32)


def _engine(benchmark: Benchmark) -> Side:
    plan = _plan(benchmark)
    threads = partial(use_threads, plan.threads)
    if benchmark.training:
        objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")())
        return Side(threads, lambda: objective.step(plan, RATE))
    x = _examples(benchmark)[0].T
    (inputs,) = plan.inputs.values()

    def predict() -> None:
        inputs[...] = x
        plan.forward()

    return Side(threads, predict)


# PyTorch's side


def _torch(benchmark: Benchmark) -> list[Side]:
    """The same work in PyTorch, with one thread and with two."""
    return [_torch_side(benchmark, threads) for threads in (1, 2)]


def _torch_side(benchmark: Benchmark, threads: int) -> Side:
    import torch

    sizes = benchmark.sizes
    layers: list[Any] = []
    between = torch.nn.Tanh if _hidden(sizes) == "tanh" else torch.nn.ReLU
    for inputs, units in pairwise(sizes):
        layers += [torch.nn.Linear(inputs, units), between()]
    prepare = partial(torch.set_num_threads, threads)
    model = torch.nn.Sequential(*layers[:-1])
    x, t = (torch.tensor(array) for array in _examples(benchmark))
    if not benchmark.training:
        last = torch.nn.Softmax(dim=1)

        def predict() -> None:
            with torch.inference_mode():
                last(model(x))

        return Side(prepare, predict)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    target = t if sizes[-1] == 1 else t.argmax(dim=1)
    loss = torch.nn.BCEWithLogitsLoss() if sizes[-1] == 1 else torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(model(x), target).backward()
        optimizer.step()

    return Side(prepare, step)
