"""Ready networks and recent files, as pictures to choose from."""

from gui.gallery.dialog import Gallery

__all__ = ["Gallery"]
