"""The overview in the corner: every node as a bar, and what is in sight as a frame."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.canvas.items.annotation_item import tone
from gui.canvas.items.ink import ink, pen
from gui.canvas.paper import Paper
from gui.canvas.scene import GraphScene
from gui.theme import theme

WIDTH, HEIGHT, MARGIN, PADDING = 160, 84, 16, 8
DELAY_MS = 150
FADED = 0.25
NOTCH = 1.15
STEP = 0.25
"""The share of the canvas that an arrow key moves by."""

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Minimap(QWidget):
    """A small picture of the whole graph. A click or drag on it goes there, the wheel zooms.

    It fades while nodes lie under it, until the pointer or the keyboard is on it; then arrows
    move what is in sight, + and - zoom, and Escape goes back to the canvas.
    """

    def __init__(self, paper: Paper, scene: GraphScene) -> None:
        super().__init__(paper.viewport())
        self._paper = paper
        self._scene = scene
        self._picture: QPixmap | None = None
        self._shown = QRectF()
        self._wanted = True
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Overview"))
        self.setToolTip(self.tr("Click or drag to go there, turn the wheel to zoom"))
        self._over_nodes = False
        # Painted a moment after the last edit, so that no edit waits for it.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._redraw)
        scene.document.graph_changed.connect(self._timer.start)
        scene.document.graph_replaced.connect(self._redraw)
        theme.changed.connect(self._redraw)
        paper.moved.connect(self._follow)
        self._redraw()

    def set_shown(self, shown: bool) -> None:
        self._wanted = shown
        self._redraw()

    def place(self) -> None:
        """Stand in the top right corner."""
        self.move(self._paper.viewport().width() - WIDTH - MARGIN, MARGIN)
        self._follow()

    def take_focus(self) -> None:
        """Let the keyboard move what is in sight."""
        if self.isVisible():
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def is_faded(self) -> bool:
        """Whether what lies under it is seen through it."""
        return self._over_nodes and not (self.underMouse() or self.hasFocus())

    def is_in_the_way(self) -> bool:
        """Whether it stands over a node, a frame or a note."""
        notes = self._scene.annotations.values()
        over = self._over_nodes or any(note.card().intersects(self._under()) for note in notes)
        return over and not self.isHidden()

    def corner(self) -> QSize:
        """What of the upper right of the canvas it takes, with room for wires that turn there."""
        return QSize(WIDTH + 3 * MARGIN, HEIGHT + 2 * MARGIN)

    def _under(self) -> QRectF:
        """What of the scene lies under it."""
        return self._paper.mapToScene(self.geometry()).boundingRect()

    def _follow(self) -> None:
        self._over_nodes = bool(self._scene.nodes_in(self._under()))
        self.update()

    def _redraw(self) -> None:
        self._picture = None
        self.setVisible(self._wanted and len(self._scene.nodes) > 0)
        self.update()

    def _whole(self) -> QRectF:
        """What it shows of the scene: all nodes, frames and notes, with some room around."""
        rect = self._scene.bounds()
        for note in self._scene.annotations.values():
            rect = rect.united(note.card())
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
        painter.setOpacity(FADED if self.is_faded else 1.0)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._mapped(self._paper.visible_rect(), whole)
        inside = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setPen(QPen(QColor(tokens.accent), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.intersected(inside), 2, 2)
        if self.hasFocus():
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
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
        self._paint_around(painter)
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

    def _paint_around(self, painter: QPainter) -> None:
        """Frames and notes as tinted areas, open groups as outlines: beneath the nodes."""
        document = self._scene.document
        for note in document.graph.drawing.annotations:
            if note.group == document.level:
                painter.setBrush(ink(tone(note.color), 60))
                painter.drawRect(QRectF(*note.position, *note.size))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.tokens.muted, 1, cosmetic=True))
        for box in self._scene.boxes.values():
            painter.drawRect(box.scene_card())
        painter.setPen(Qt.PenStyle.NoPen)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    # Going there

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the middle of what is in sight."""
        notches = event.angleDelta().y() / 120
        if notches:
            self._paper.set_zoom(self._paper.zoom * NOTCH**notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in STEPS:
            across, down = STEPS[Qt.Key(key)]
            room = self._paper.viewport()
            self._paper.pan_by(
                round(across * room.width() * STEP), round(down * room.height() * STEP)
            )
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._paper.set_zoom(self._paper.zoom * NOTCH)
        elif key == Qt.Key.Key_Minus:
            self._paper.set_zoom(self._paper.zoom / NOTCH)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._paper.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        # The window's shortcuts would take plus and minus, and the canvas the arrows.
        taken = (*STEPS, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Escape)
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in taken:
            event.accept()
            return True
        return bool(super().event(event))

    def _go(self, at: QPointF) -> None:
        whole = self._shown
        scale = self._scale(whole)
        away = (at - QPointF(WIDTH / 2, HEIGHT / 2)) / scale
        self._paper.centerOn(whole.center() + away)
