"""The memory that training adds to a process, of the engine and of PyTorch.

Each side builds a network in a process of its own, after a small one that brings in
whatever is needed for any, and trains a few steps. What counts is how far the highest
use of memory rises meanwhile: parameters, optimiser, values, gradients, and whatever
libraries set aside on the way, which no profiler of arrays sees.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STEPS = 3
STATUS = Path("/proc/self/status")
"""Where Linux says how much memory a process has; other systems are not measured."""


def measured(name: str, side: str) -> int | None:
    """Bytes that training of the benchmark `name` adds. side: engine or torch.

    None where the system does not tell.
    """
    if not STATUS.exists():
        return None
    command = [sys.executable, "-m", __name__, name, side]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _highest() -> int:
    """The most bytes that this process has had in memory so far."""
    lines = STATUS.read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


def _added(name: str, side: str) -> int:
    from engine.benchmarks import BENCHMARKS, engine_side, torch_side

    make = {"engine": engine_side, "torch": torch_side}[side]
    by_name = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    for benchmark in (by_name["step-tiny"], by_name[name]):
        before = _highest()
        made = make(benchmark)
        made.prepare()
        for _ in range(STEPS):
            made.work()
    return _highest() - before


if __name__ == "__main__":
    sys.stdout.write(str(_added(*sys.argv[1:])))
