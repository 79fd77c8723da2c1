"""The trainings of a project, side by side."""

from gui.runs.panel import RunsPanel

__all__ = ["RunsPanel"]
