"""The output over the input plane: what the network answers at every point, and the data on it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from engine.data.dataset import Dataset
from engine.plan.extent import model_outputs
from gui.dashboard import pictures
from gui.document.document import Document
from gui.theme import class_color, theme, ui_font
from gui.training.controller import TrainingController

SIDE = 48
"""Cells of the picture in each direction."""
PICTURE = 200
TITLE = 24
MARGIN = 24
POINTS = 300
"""Examples drawn on it at most, spread evenly."""
RADIUS = 2.6


class BoundaryCard(QWidget):
    """Floats at the top right of the canvas while the data has two features.

    It shows the selected node, or the output of the network.
    """

    def __init__(self, document: Document, controller: TrainingController, host: QWidget) -> None:
        super().__init__(host)
        self.document = document
        self.controller = controller
        self.title = ""
        self._host = host
        self._image: QImage | None = None
        self._points = QPixmap()
        self._points_of: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(QSize(PICTURE, TITLE + PICTURE))
        self.hide()
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        """Stand at the top right of the host, below the minimap if that is there."""
        host = self._host
        top = MARGIN
        for other in host.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            right = other.geometry().right() > host.width() - PICTURE
            if other is not self and other.isVisible() and right and other.y() < MARGIN:
                top = max(top, other.geometry().bottom() + 12)
        self.move(host.width() - self.width() - MARGIN, top)

    @property
    def image(self) -> QImage | None:
        """The picture without the examples."""
        return self._image

    def refresh(self) -> None:
        """Look at the newest values."""
        node_id = self._node()
        outputs = self.controller.values.on_plane(SIDE)
        values = outputs.get(node_id)
        if values is None or values.ndim != 3:
            self.hide()
            return
        graph, tokens = self.controller.values.graph, theme.tokens
        activation = pictures.activation_kind(graph.node(node_id).layer)
        if len(values) == 1:
            self._image = pictures.heat(values[0], activation, tokens)
        elif len(values) == 2 and activation == "softmax":
            self._image = pictures.heat(values[1], activation, tokens)
        elif activation == "softmax":
            self._image = pictures.classes(values, tokens)
        else:
            self.hide()
            return
        of_output = node_id in {n for _, n in model_outputs(graph)}
        name = self.tr("Output") if of_output else graph.node(node_id).title
        self.title = self.tr("{0} over the input plane").format(name)
        self._draw_points()
        self.place()
        self.show()
        self.update()

    def _node(self) -> str:
        """The one selected node that the picture can show, else the network's first output."""
        graph = self.controller.values.graph
        selection = self.document.selection
        if len(selection) == 1 and selection[0] in graph:
            found = self.document.inference.get(selection[0])
            if found is not None and found.outputs == ((1,),):
                return selection[0]
        outputs = model_outputs(graph)
        if not outputs:
            return ""
        node = graph.node(outputs[0][1])
        if not node.layer.output_ports:  # an Output node only hands on
            return next((w.source for w in graph.incoming(node.id)), "")
        return node.id

    def _draw_points(self) -> None:
        """Draw the examples once for a data set and theme."""
        dataset, plane, tokens = self.document.dataset, self.controller.values.plane, theme.tokens
        key = (id(dataset), tokens.name)
        if dataset is None or plane is None or key == self._points_of:
            return
        self._points_of = key
        ratio = self.devicePixelRatioF()
        self._points = QPixmap(round(PICTURE * ratio), round(PICTURE * ratio))
        self._points.setDevicePixelRatio(ratio)
        self._points.fill(Qt.GlobalColor.transparent)
        rows = dataset.train[:: max(1, len(dataset.train) // POINTS)]
        painter = QPainter(self._points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.canvas if tokens.dark else "#ffffff"), 1))
        places = plane.places(dataset.features[rows]) * PICTURE
        for (x, y), number in zip(places.tolist(), _numbers(dataset, rows), strict=True):
            count = max(2, len(dataset.signature.classes))
            known = class_color(number, count, tokens) if number >= 0 else QColor(tokens.muted)
            painter.setBrush(known)
            draw_mark(painter, number, QPointF(x, y), RADIUS)
        painter.end()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = ui_font(12, 600)
        painter.setFont(font)
        painter.setPen(QColor(tokens.second))
        title = QFontMetricsF(font).elidedText(self.title, Qt.TextElideMode.ElideMiddle, PICTURE)
        painter.drawText(QRectF(0, 0, PICTURE, TITLE - 4), Qt.AlignmentFlag.AlignVCenter, title)
        place = QRectF(0, TITLE, PICTURE, PICTURE)
        brush = QPixmap.fromImage(self._image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_stretched(brush, place))
        painter.drawRoundedRect(place, 6, 6)
        painter.drawPixmap(place.topLeft(), self._points)
        painter.end()


def _numbers(dataset: Dataset, rows: np.ndarray) -> list[int]:
    """The class of each example; of values 0 below the median and 1 above; -1 where unknown."""
    targets = dataset.targets[rows].reshape(len(rows), -1)[:, 0]
    if dataset.signature.classes:
        return [int(target) for target in targets.tolist()]
    middle = float(np.nanmedian(targets))
    return [-1 if np.isnan(target) else int(target > middle) for target in targets.tolist()]


def draw_mark(painter: QPainter, number: int, at: QPointF, radius: float) -> None:
    """The mark of a class, so that its colour does not stand alone; the shapes come round again.

    disc, square, triangle, diamond, triangle on its point.
    """
    x, y = at.x(), at.y()
    r = radius * 1.25
    corners = {
        1: [(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75)],
        2: [(0, -1), (0.95, 0.75), (-0.95, 0.75)],
        3: [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
        4: [(0, 1), (0.95, -0.75), (-0.95, -0.75)],
    }.get(number % 5 if number >= 0 else 0)
    if corners is None:
        painter.drawEllipse(at, radius, radius)
    else:
        painter.drawPolygon(QPolygonF([QPointF(x + a * r, y + b * r) for a, b in corners]))


def _stretched(pixmap: QPixmap, place: QRectF) -> QBrush:
    brush = QBrush(pixmap)
    scale = QTransform.fromTranslate(place.x(), place.y())
    brush.setTransform(
        scale.scale(place.width() / pixmap.width(), place.height() / pixmap.height())
    )
    return brush
