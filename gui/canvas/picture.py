"""Pictures of the network, to print and to show: PNG, SVG and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

from engine.errors import GlassboxError
from gui.canvas.scene import GraphScene
from gui.canvas.sheet import Sheet
from gui.theme import DARK, LIGHT, Tokens, theme

FORMATS = ("png", "svg", "pdf")
LARGEST = 16_000
"""Pixels along one side of a PNG."""

PAPER = replace(LIGHT, canvas="#ffffff")
POINTS_PER_PIXEL = 0.75
PIXELS_PER_INCH = 96


class PictureError(GlassboxError):
    """A picture of the network cannot be made or written."""


@dataclass(frozen=True)
class PictureOptions:
    """How the network is painted.

    tokens: the colours. clear: without a ground of its own.
    scale: pixels of a PNG for each on the canvas.
    ids: nodes and groups to which it is limited; all if empty.
    """

    tokens: Tokens = PAPER
    clear: bool = False
    scale: int = 2
    ids: Sequence[str] = ()

    @classmethod
    def colored(cls, name: str, **others: object) -> PictureOptions:
        """With the colours for paper ("light"), or the dark ones."""
        return cls(DARK if name == "dark" else PAPER, **others)  # type: ignore[arg-type]  # by name


def image(scene: GraphScene, options: PictureOptions) -> QImage:
    """The network as pixels. Raises PictureError where there is nothing, or too much of it."""
    sheet = _sheet(scene, options)
    size = _size(sheet.rect) * options.scale
    if max(size.width(), size.height()) > LARGEST:
        raise PictureError(
            f"A PNG is at most {LARGEST:,} pixels wide and high; at {options.scale}x this network "
            f"takes {size.width():,} by {size.height():,}. Choose a smaller size, SVG or PDF."
        )
    made = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    # Not a larger zoom: what cards show depends on it.
    made.setDevicePixelRatio(options.scale)
    painter = QPainter(made)
    _paint(painter, sheet, options)
    painter.end()
    made.setDevicePixelRatio(1)
    return made


def thumbnail(scene: GraphScene, room: QSize, ratio: float, options: PictureOptions) -> QImage:
    """The network as large as fits into a small room, never larger than life; blank if there is
    none. ratio: pixels of the screen for each of the room."""
    made = QImage(room * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    sheet = Sheet(scene, options.ids)
    if not sheet.items:
        return made
    wide, tall = sheet.rect.width(), sheet.rect.height()
    scale = min(room.width() / wide, room.height() / tall, 1.0)
    painter = QPainter(made)
    painter.translate((room.width() - wide * scale) / 2, (room.height() - tall * scale) / 2)
    painter.scale(scale, scale)
    _paint(painter, sheet, options)
    painter.end()
    return made


def save(scene: GraphScene, path: Path, options: PictureOptions) -> None:
    """Write the network in the format that the name ends in.

    Text stays text in SVG and PDF. Raises PictureError.
    """
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise PictureError(
            f"A picture is written as .png, .svg or .pdf, got {path.name!r}. "
            "Let its name end in one of those."
        )
    try:
        path.open("ab").close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PictureError(
            f"The picture could not be written to {str(path)!r}: {reason}. Choose another place."
        ) from error
    if suffix == "png":
        image(scene, options).save(str(path))
    elif suffix == "svg":
        _save_svg(scene, path, options)
    else:
        _save_pdf(scene, path, options)


def _save_svg(scene: GraphScene, path: Path, options: PictureOptions) -> None:
    from PySide6.QtSvg import QSvgGenerator  # not before the first frame

    sheet = _sheet(scene, options)
    size = _size(sheet.rect)
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setResolution(PIXELS_PER_INCH)
    generator.setTitle(QCoreApplication.translate("Picture", "A neural network"))
    generator.setDescription(QCoreApplication.translate("Picture", "Drawn with Glassbox"))
    painter = QPainter(generator)
    _paint(painter, sheet, options)
    painter.end()


def _save_pdf(scene: GraphScene, path: Path, options: PictureOptions) -> None:
    sheet = _sheet(scene, options)
    size = QSizeF(_size(sheet.rect)) * POINTS_PER_PIXEL
    writer = QPdfWriter(str(path))
    writer.setResolution(PIXELS_PER_INCH)
    writer.setCreator("Glassbox")
    writer.setTitle(QCoreApplication.translate("Picture", "A neural network"))
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", exact))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    _paint(painter, sheet, options)
    painter.end()


def _sheet(scene: GraphScene, options: PictureOptions) -> Sheet:
    sheet = Sheet(scene, options.ids)
    if not sheet.items:
        raise PictureError("There is no network to make a picture of. Draw one first.")
    return sheet


def _size(rect: QRectF) -> QSize:
    return rect.size().toSize()


def _paint(painter: QPainter, sheet: Sheet, options: PictureOptions) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    with theme.borrowed(options.tokens):
        if not options.clear:
            ground = sheet.rect.adjusted(0, 0, 1, 1)
            painter.fillRect(ground.translated(-sheet.rect.topLeft()), options.tokens.canvas)
        sheet.paint(painter)
