"""The list of what is wrong or doubtful in the network."""

from gui.problems.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
