"""The canvas as a sheet of paper: dots, zoom, scrolling, what of it is in sight."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from gui.canvas.background import paint_dots
from gui.theme import theme

FARTHEST, NEAREST = 0.02, 4.0
FLOATING = 56
"""Pixels at the lower edge on which legends and the bar of the example float, if not more."""

EXTENT = 1_000_000.0


class Paper(QGraphicsView):
    """A view of a scene without edges, zoomed about a place and moved by pixels.

    Emits
        zoom_changed(float): 1.0 is 100 %.
        moved: another part of the scene is in sight.
    """

    zoom_changed = Signal(float)
    moved = Signal()

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.covered = 0  # pixels at the right on which something floats
        self.floor = FLOATING  # pixels at the lower edge
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        # Of the view alone: the scene's own rectangle stays tight, or its index grows coarse.
        self.setSceneRect(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT)
        # A method, not a lambda: Qt lets go of methods of objects that are gone.
        theme.changed.connect(self._repaint)

    def _repaint(self) -> None:
        self.viewport().update()

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def on_scene(self, pixels: float) -> float:
        """A length on screen as a length in the scene."""
        return pixels / self.zoom

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom, keeping what is under a place on screen (by default the middle) there."""
        at = self.viewport().rect().center() if at is None else at
        zoom = min(NEAREST, max(FARTHEST, zoom))
        kept = self.mapToScene(at)
        self.resetTransform()
        self.scale(zoom, zoom)
        step = self.mapFromScene(kept) - at
        self.pan_by(step.x(), step.y())
        self.zoom_changed.emit(zoom)
        self.moved.emit()

    def pan_by(self, across: int, down: int) -> None:
        """Scroll by pixels on screen."""
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setValue(horizontal.value() + across)
        if across and down and abs(across) < self.viewport().width():
            # Strips at two edges have one rectangle around them: all that is between would be
            # painted anew. So the first is painted before the second is there.
            left = self.viewport().width() - across if across > 0 else 0
            self.viewport().repaint(left, 0, abs(across), self.viewport().height())
        vertical.setValue(vertical.value() + down)

    def frame(
        self, rect: QRectF, margin: int = 40, nearest: float = 1.0, corner: QSize | None = None
    ) -> None:
        """Show a part of the scene whole, never larger than life, or than `nearest`.

        corner: pixels at the upper right that stay free.
        """
        if rect.isEmpty():
            self.set_zoom(1.0)
            self.centerOn(0, 0)
            return
        floor = max(margin, self.floor)
        whole, right = self.viewport().rect(), margin + self.covered
        rooms = [whole.adjusted(margin, margin, -right, -floor)]
        if corner is not None:  # below it, or beside it
            rooms = [
                whole.adjusted(margin, max(margin, corner.height()), -right, -floor),
                whole.adjusted(margin, margin, -max(right, corner.width()), -floor),
            ]
        zooms = [
            min(max(1, room.width()) / rect.width(), max(1, room.height()) / rect.height(), nearest)
            for room in rooms
        ]
        self.set_zoom(max(zooms))
        room = rooms[zooms.index(max(zooms))]
        aside = (QRectF(whole).center() - QRectF(room).center()) / self.zoom
        self.centerOn(rect.center() + aside)

    def bring_into_sight(self, rect: QRectF) -> None:
        """Scroll as little as shows a part of the scene; leave it if it is in sight."""
        if not self.visible_rect().contains(rect):
            self.ensureVisible(rect, 48, 48)

    def visible_rect(self) -> QRectF:
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def scene_point(self, at: QPoint) -> QPointF:
        return self.mapToScene(at)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]  # stubs ask QRect, too
        paint_dots(painter, rect, theme.tokens)
        super().drawBackground(painter, rect)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Scrolling carries the viewport's children along, but not while it is hidden. As its
        # siblings they would stay, but then Qt paints everything anew instead of shifting it.
        children = self.viewport().children()
        places = {child: child.pos() for child in children if isinstance(child, QWidget)}
        super().scrollContentsBy(dx, dy)
        for child, place in places.items():
            child.move(place)
        self.moved.emit()
