"""`glassbox [FILE]` opens the window; every other command runs without one."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence

COMMANDS = frozenset(
    {"templates", "new", "check", "train", "evaluate", "predict", "export", "import", "bench"}
)
"""What `engine.cli` does, where Qt is never imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with command line arguments. Returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    first = words[0] if words else ""
    if first in COMMANDS or first in ("-h", "--help", "--version"):
        from engine.cli import main as run_command

        return run_command(words)
    if first == "screenshot":
        from gui.screenshot import main as take_screenshot

        return take_screenshot(words[1:])
    hurry()
    from gui.app import run

    return run(words)


def hurry() -> None:
    """Shorten the time to the first frame."""
    # Nothing that is made until then is garbage. `gui.app` switches the collector on again.
    gc.disable()
    # PySide reads the source of every module that is imported after it. So whatever is needed
    # and needs no window comes first.
    for name in ("engine.project.recovery", "engine.project.templates", "engine.data.suggest"):
        importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
