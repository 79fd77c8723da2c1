"""Nodes that glide to where the document has put them, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from gui.canvas.scene import GraphScene
from gui.widgets.motion import motion_ms

DURATION = 180
"""Milliseconds."""

MOST = 200
"""Nodes that glide at once; more jump, which is quicker to see than a stuttering move."""


class Glide(QObject):
    """Shows moved nodes on their way. The document knows only where they end."""

    def __init__(self, scene: GraphScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._from: dict[str, tuple[float, float]] = {}
        self._motion: QVariantAnimation | None = None
        scene.document.graph_changed.connect(self.stop)

    def start(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Remember where nodes stand before the document moves them."""
        self.stop()
        document = self._scene.document
        self._from = {i: document.position_of(i) for i in positions}

    def go(self) -> None:
        """Show them on their way from there to where the document has them now."""
        duration = motion_ms(DURATION)
        if not duration or not 0 < len(self._from) <= MOST:
            self._from = {}
            return
        self._motion = QVariantAnimation(self)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setDuration(duration)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._show)
        self._motion.finished.connect(self.stop)
        self._show(0.0)
        self._motion.start()

    def stop(self) -> None:
        """Be where the document has the nodes."""
        if self._motion is not None:
            motion, self._motion = self._motion, None
            motion.stop()
            motion.deleteLater()
            self._show(1.0)
            self._from = {}

    def _show(self, share: float) -> None:
        document = self._scene.document
        places = {}
        for node_id, (x, y) in self._from.items():
            if document.has(node_id):
                to_x, to_y = document.position_of(node_id)
                places[node_id] = (x + (to_x - x) * share, y + (to_y - y) * share)
        self._scene.place(places)
