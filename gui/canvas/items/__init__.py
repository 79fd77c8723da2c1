"""What stands on the canvas: one graphics item per node, one per wire."""
