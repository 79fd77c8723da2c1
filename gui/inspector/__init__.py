"""The panel that shows and edits what is selected."""

from gui.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
