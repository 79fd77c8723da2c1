"""Leaving with a model that runs anywhere."""

from gui.export.workspace import ExportWorkspace

__all__ = ["ExportWorkspace"]
