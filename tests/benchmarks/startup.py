"""From process start to the first painted frame, beside a bare window that also imports NumPy."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

AT_MOST = 2.5


def seconds(which: str, folder: str) -> float:
    """One start, in a process of its own, until its first frame is painted."""
    command = [sys.executable, "-m", "tests.benchmarks.startup_child", which, folder]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # As on a user's machine, where the second start finds compiled modules.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(pairs: int = 7) -> tuple[float, float, float]:
    """Medians of the bare and of the real window in seconds, and of their ratio.

    Starts of the two take turns, so that what else the machine does hits both alike.
    """
    with tempfile.TemporaryDirectory() as folder:
        seconds("bare", folder), seconds("glassbox", folder)  # fill the disk's cache
        times = [(seconds("bare", folder), seconds("glassbox", folder)) for _ in range(pairs)]
    bare, real = (statistics.median(each) for each in zip(*times, strict=True))
    return bare, real, statistics.median(real / bare for bare, real in times)


def rows() -> list[dict[str, Any]]:
    bare, real, ratio = measure()
    return [
        {
            "name": "startup",
            "title": "process start to first frame, beside a bare window",
            "ratio": ratio,
            "target": AT_MOST,
            "at_most": True,
            "passed": ratio <= AT_MOST,
            "note": f"{1000 * real:.0f} ms, bare {1000 * bare:.0f} ms",
        }
    ]
