"""How good the trained network is, and where it is wrong."""

from gui.evaluation.workspace import EvaluationWorkspace

__all__ = ["EvaluationWorkspace"]
