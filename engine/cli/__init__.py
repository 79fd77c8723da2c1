"""The commands that need no window."""

from engine.cli.main import main

__all__ = ["main"]
