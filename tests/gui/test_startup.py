"""What is imported before the first frame, so that the window is there in about a second."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OURS = {"engine", "gui", "resources", "tests"}
ALLOWED = {"PySide6", "shiboken6", "shibokensupport", "numpy", "msgspec", "platformdirs"}
OF_MSGSPEC = {"typing_extensions"}

# Parts of Python and of the environment that are no packages of their own.
PYTHON = set(sys.stdlib_module_names) | {
    "__feature__",  # switched on by PySide6
    "__editable___glassbox_0_1_0_finder",
    "_distutils_hack",
    "org",  # what `copy` and `pickle` try for Jython
    "sitecustomize",
    "usercustomize",
    "signature_bootstrap",
    "cython_runtime",
}


def imported_before_first_frame(folder: Path) -> set[str]:
    """Top-level names of everything imported by the time the first frame is painted."""
    run = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-m",
            "tests.benchmarks.startup_child",
            "glassbox",
            str(folder),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    names = set(re.findall(r"^import time:.*\|\s*([\w.]+)$", run.stderr, re.MULTILINE))
    assert "gui.main_window" in names, run.stderr[-2000:]
    return {name.partition(".")[0] for name in names}


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> set[str]:
    return imported_before_first_frame(tmp_path_factory.mktemp("settings"))


def test_only_the_few_packages_of_the_first_frame_are_imported_before_it(imported):
    others = {
        name for name in imported - PYTHON - OURS - ALLOWED - OF_MSGSPEC if not name.startswith("_")
    }

    assert others == set()


def test_nothing_slow_is_among_them(imported):
    slow = {"pyqtgraph", "polars", "onnx", "onnxruntime", "sklearn", "scipy", "safetensors"}

    assert imported & (slow | {"qtawesome", "qtpy", "PIL", "torch", "fastexcel"}) == set()
