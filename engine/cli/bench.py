"""`bench`: the engine's speed on this machine."""

from __future__ import annotations

from argparse import Namespace

from engine.benchmarks import run
from engine.cli.output import Output


def bench(asked: Namespace, output: Output) -> int:
    """Exit code 1 if a target is missed."""
    results = run(asked.names)
    output.say(f"{'':<44}{'time':>12}{'PyTorch / ours':>18}{'target':>10}")
    for result in results:
        ratio = "-" if result.ratio is None else f"{result.ratio:.2f}"
        target = "" if result.benchmark.target is None else f"≥ {result.benchmark.target:g}"
        missed = "  missed" if result.passed is False else ""
        time = f"{result.microseconds:,.1f} µs"
        output.say(f"{result.benchmark.title:<44}{time:>12}{ratio:>18}{target:>10}{missed}")
    if all(result.ratio is None for result in results):
        output.say("PyTorch is not installed, so there is nothing to compare with.")
    output.finish({"benchmarks": [result.to_plain() for result in results]})
    return 1 if any(result.passed is False for result in results) else 0
