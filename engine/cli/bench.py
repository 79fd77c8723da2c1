"""`bench`: the engine's speed on this machine."""

from __future__ import annotations

from argparse import Namespace

from engine.benchmarks import run
from engine.cli.output import Output


def bench(asked: Namespace, output: Output) -> int:
    """Exit code 1 if a target is missed."""
    results = run(asked.names)
    output.say(f"{'':<62}{'takes':>14}{'PyTorch / ours':>18}{'target':>14}")
    for result in results:
        ratio = "-" if result.ratio is None else f"{result.ratio:.2f}"
        benchmark = result.benchmark
        target = "" if benchmark.target is None else f"≥ {benchmark.target:g}"
        if benchmark.most is not None:
            target = f"≤ {benchmark.most:,.0f} µs"
        missed = "  missed" if result.passed is False else ""
        output.say(f"{benchmark.title:<62}{result.amount:>14}{ratio:>18}{target:>14}{missed}")
    if any(result.ratio is None and result.benchmark.most is None for result in results):
        output.say("PyTorch is not installed, so there is nothing to compare with.")
    output.finish({"benchmarks": [result.to_plain() for result in results]})
    return 1 if any(result.passed is False for result in results) else 0
