"""The Data workspace, and the loader that keeps the document's data set up to date."""

from gui.data.loader import DatasetLoader
from gui.data.workspace import DataWorkspace

__all__ = ["DataWorkspace", "DatasetLoader"]
