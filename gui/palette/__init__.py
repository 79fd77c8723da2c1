"""The palette: everything that can be added, to search, drag and double-click."""

from gui.palette.panel import PalettePanel

__all__ = ["PalettePanel"]
