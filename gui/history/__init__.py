"""Every edit since the project was opened, to go back to any."""

from gui.history.panel import HistoryPanel

__all__ = ["HistoryPanel"]
