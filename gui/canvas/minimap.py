"""The overview in the corner: every node as a bar, and what is in sight as a frame."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.canvas.paper import Paper
from gui.canvas.scene import GraphScene
from gui.theme import theme

WIDTH, HEIGHT, MARGIN, PADDING = 160, 84, 16, 8
DELAY_MS = 150


class Minimap(QWidget):
    """A small picture of the whole graph. A click or drag on it goes there."""

    def __init__(self, paper: Paper, scene: GraphScene) -> None:
        super().__init__(paper.viewport())
        self._paper = paper
        self._scene = scene
        self._picture: QPixmap | None = None
        self._shown = QRectF()
        self._wanted = True
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Overview"))
        # Painted a moment after the last edit, so that no edit waits for it.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._redraw)
        scene.document.graph_changed.connect(self._timer.start)
        scene.document.graph_replaced.connect(self._redraw)
        theme.changed.connect(self._redraw)
        paper.moved.connect(self.update)
        self._redraw()

    def set_shown(self, shown: bool) -> None:
        self._wanted = shown
        self._redraw()

    def place(self) -> None:
        """Stand in the top right corner."""
        self.move(self._paper.viewport().width() - WIDTH - MARGIN, MARGIN)

    def _redraw(self) -> None:
        self._picture = None
        self.setVisible(self._wanted and len(self._scene.nodes) > 0)
        self.update()

    def _whole(self) -> QRectF:
        """What it shows of the scene: all nodes, with some room around."""
        rect = self._scene.bounds()
        return rect.adjusted(-100, -100, 100, 100)

    def _scale(self, whole: QRectF) -> float:
        room_x, room_y = WIDTH - 2 * PADDING, HEIGHT - 2 * PADDING
        return min(room_x / max(1.0, whole.width()), room_y / max(1.0, whole.height()))

    def _mapped(self, rect: QRectF, whole: QRectF) -> QRectF:
        scale = self._scale(whole)
        left = WIDTH / 2 + (rect.x() - whole.center().x()) * scale
        top = HEIGHT / 2 + (rect.y() - whole.center().y()) * scale
        return QRectF(left, top, rect.width() * scale, rect.height() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        if self._picture is None:
            self._shown = self._whole()
            self._picture = self._painted(self._shown)
        whole = self._shown
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._mapped(self._paper.visible_rect(), whole)
        inside = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setPen(QPen(QColor(tokens.accent), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.intersected(inside), 2, 2)
        painter.end()

    def _painted(self, whole: QRectF) -> QPixmap:
        tokens = theme.tokens
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.surface)
        ground.setAlpha(235)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        scale = self._scale(whole)
        painter.translate(WIDTH / 2, HEIGHT / 2)
        painter.scale(scale, scale)
        painter.translate(-whole.center())
        least = 2 / scale
        bars: dict[str, list[QRectF]] = {}
        for item in self._scene.nodes.values():
            at = item.pos()
            bar = QRectF(at.x(), at.y(), max(item.width, least), max(item.height, least))
            bars.setdefault(item.color.name(), []).append(bar)
        for color, several in bars.items():
            painter.setBrush(QColor(color))
            painter.drawRects(several)
        painter.end()
        return picture

    # Going there

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, at: QPointF) -> None:
        whole = self._shown
        scale = self._scale(whole)
        away = (at - QPointF(WIDTH / 2, HEIGHT / 2)) / scale
        self._paper.centerOn(whole.center() + away)
