"""`glassbox [FILE]` opens the window; every other command runs without one."""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = frozenset(
    {"templates", "new", "check", "train", "evaluate", "predict", "export", "import", "bench"}
)
"""What `engine.cli` does, where Qt is never imported."""

USAGE = "Usage: glassbox [FILE]. For the commands without a window: glassbox --help."


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
    if len(words) > 1 or first.startswith("-"):
        print(f"glassbox takes at most one file, got {' '.join(words)!r}. {USAGE}", file=sys.stderr)
        return 2
    if not has_display():
        print(
            "glassbox: there is no display to open a window on. "
            "Use the commands that need none: glassbox --help.",
            file=sys.stderr,
        )
        return 1
    hurry()
    from gui.app import run

    return run(Path(first) if first else None)


def has_display() -> bool:
    """Whether Qt can open a window here; asking Qt itself would end the process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def hurry() -> None:
    """Shorten the time to the first frame."""
    # Nothing that is made until then is garbage; after it, `gui.garbage` collects.
    gc.disable()
    # PySide puts an import of its own in the place of Python's. It reads the source of every
    # module to see whether it switches features of PySide; none here does.
    plain = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain


if __name__ == "__main__":
    sys.exit(main())
