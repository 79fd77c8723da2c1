"""What every test may use.

- `torch`: the witness; tests that take it carry `@pytest.mark.witness`. Where
  PyTorch is not installed they are left out, and the summary says how many.
- `--without-qt`: makes Qt impossible to import, as on a server without it.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class QtIsForbidden(importlib.abc.MetaPathFinder):
    """An import hook that refuses Qt and everything that needs it."""

    names = {"PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy", "gui"}

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self.names:
            raise ImportError(f"{fullname} must not be imported here: the engine needs no window.")
        return


def pytest_addoption(parser):
    parser.addoption("--without-qt", action="store_true", help="make Qt impossible to import")


def pytest_configure(config):
    if config.getoption("--without-qt"):
        sys.meta_path.insert(0, QtIsForbidden())


def pytest_collection_modifyitems(config, items):
    if importlib.util.find_spec("torch") is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("witness")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("witness")]
        config.stash[LEFT_OUT] = len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter, config):
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} checks against PyTorch left out: run `make test WITNESS=1` for them."
        )


@pytest.fixture(autouse=True, scope="session")
def _memory_that_nobody_wrote_to_holds_garbage():
    """Not a number, -1, or true: what reads it before writing is wrong in every test."""
    from engine.plan.memory import Scratch
    from engine.plan.workspace import NodeWorkspace

    def holding_garbage(take):
        def taken(*arguments, **named):
            array = take(*arguments, **named)
            array.view(np.uint8).fill(255) if array.ndim else array.fill(-1)
            return array

        return taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NodeWorkspace, "buffer", holding_garbage(NodeWorkspace.buffer))
        patch.setattr(Scratch, "take", holding_garbage(Scratch.take))
        yield


@pytest.fixture(scope="session")
def torch():
    import torch

    torch.set_num_threads(1)
    return torch
