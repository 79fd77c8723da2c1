"""A folder of images as a data set: one subfolder for each class."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine import shapes
from engine.data.base import SOURCES, Progress, Source, no_progress
from engine.data.csv_file import CsvFile
from engine.data.image_cache import mapped_pixels
from engine.data.pixels import Glance, Way, glance, pixels
from engine.data.table import Array, Column, Table, category, listed
from engine.errors import DataError
from engine.fields import Choice, Integer, Text
from engine.shapes import Shape

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
LABELS = "labels.csv"
NAMED = 5
"""Damaged images that a note names."""
MOST_BYTES = 4 * 2**30
COPIES = 4
"""How often the pixels are in memory at once: read, chosen, checked and encoded."""
LONGEST = 4096
USUAL = 64
"""Width and height where the images have no size of their own in common."""


@SOURCES.register
class ImageFolder(Source):
    """Images below a folder, as numbers from 0 to 1, (N, C, H, W).

    The class of an image is the subfolder that it lies in, at any depth. A folder without
    subfolders may have a `labels.csv`: below a header the name of an image and its class or
    value in each line. Where there is neither, the target is how bright an image is.

    The pixels are held in memory, or in a file of the folder `cache`, of which each batch reads
    what it is made of: so images may outgrow the memory.
    """

    kind = "images"
    label = "Image folder"
    summary = "Your own images: one subfolder for each class, as PNG, JPEG, BMP, GIF, TIFF or WebP."
    synonyms = ("pictures", "photos", "png", "jpeg", "folder", "directory", "computer vision")
    group = "file"
    complete = True
    examples = ()

    path = Text("", suggests="file", label="Folder", help="The folder that the images are in.")
    width = Integer(
        0,
        minimum=0,
        maximum=LONGEST,
        help="Pixels from left to right. 0: as the height; both 0: that of the images.",
    )
    height = Integer(
        0,
        minimum=0,
        maximum=LONGEST,
        help="Pixels from top to bottom. 0: as the width; both 0: that of the images.",
    )
    colours = Choice(
        "as_is",
        {"as_is": "As they are", "grey": "Grey", "rgb": "Red, green, blue"},
        help="One number for each pixel, or three. As they are: three if any image has colours.",
    )
    fit = Choice(
        "stretch",
        {"stretch": "Stretch", "crop": "Crop the middle", "pad": "Pad with black"},
        help="What is done to an image whose sides stand in another ratio.",
    )

    cache = Text(
        "",
        suggests="folder",
        label="Keep pixels in",
        help="A folder on the disk for the pixels, where images may outgrow the memory. Empty: "
        "they are held in memory.",
    )

    def title(self) -> str:
        return Path(self.path).name or self.label

    def load(self, progress: Progress | None = None) -> Table:
        """Raises DataError, in one sentence, for a folder that gives no examples."""
        progress = progress or no_progress
        notes: list[str] = []
        folder = self._folder()
        files, others = _files(folder)
        labels = None if any(file.parent != folder for file in files) else _labels(folder)
        if labels is not None:
            unlisted = [file for file in files if file.name not in labels.rows]
            files = [file for file in files if file.name in labels.rows]
            others -= 1
            if unlisted:
                notes.append(f"{LABELS} does not list {_counted(len(unlisted), 'image')}.")
        if not files:
            held = _counted(others, "other file") if others else "nothing"
            raise DataError(
                f"{self.title()} must hold images, such as .png or .jpg, got {held}. "
                "Choose another folder."
            )
        if others:
            notes.append(f"Skipped {_counted(others, 'file')}, hidden or no image.")
        glances = {}
        for place, file in enumerate(files, 1):
            if (found := glance(file)) is not None:
                glances[file] = found
            progress(0.2 * place / len(files))
        values, kept = self._read(folder, files, glances, notes, progress)
        damaged = sorted(file.name for file in set(files) - set(kept))
        if damaged:
            names = listed(damaged, NAMED)
            notes.append(f"Skipped {_counted(len(damaged), 'damaged image')}: {names}.")
        target = _target(folder, kept, labels)
        if target is None:
            target = Column("brightness", "number", _means(values))
            notes.append(
                "The folder has no subfolders, so the images have no classes: the target is "
                "their mean brightness, unless the network is told to target its input."
            )
        columns = (Column("image", "number", values), target)
        return Table(columns, target.name, values.shape[1:], photographs=True, notes=tuple(notes))

    def _folder(self) -> Path:
        if not self.path:
            raise DataError("No folder of images has been chosen. Choose one with Open folder.")
        folder = Path(self.path)
        if not folder.exists():
            raise DataError(f"There is no folder {folder}. Check the path, or choose it again.")
        if not folder.is_dir():
            raise DataError(f"{folder} is a file. Choose the folder that the images are in.")
        return folder

    def _read(
        self,
        folder: Path,
        files: Sequence[Path],
        glances: Mapping[Path, Glance],
        notes: list[str],
        progress: Progress,
    ) -> tuple[Array, list[Path]]:
        """The pixels, float32 (N, C, H, W), and which files they are of."""
        if glances:
            way = self._way(list(glances.values()), notes)

            def report(share: float) -> None:
                progress(0.2 + 0.8 * share)

            if self.cache:
                values, kept, place = mapped_pixels(
                    Path(self.cache), folder, list(glances), way, report
                )
                notes.append(f"The pixels are kept in {place}, {values.nbytes / 2**30:.1f} GB.")
            else:
                values, kept = _held_pixels(list(glances), way, report)
            if kept:
                return values, kept
        names = listed([file.name for file in files], NAMED)
        raise DataError(
            f"{self.title()} must hold images that can be read, and none of them can: {names}. "
            "Save them again, or choose another folder."
        )

    def _way(self, glances: Sequence[Glance], notes: list[str]) -> Way:
        """How all images become alike. Raises DataError where that takes too much memory."""
        count = len(glances)
        coloured = self.colours == "rgb"
        if self.colours == "as_is":
            coloured = any(found.coloured for found in glances)
        width, height = self.width or self.height, self.height or self.width
        if not width:
            sizes = sorted({(found.width, found.height) for found in glances})
            own = Way(*sizes[0], coloured)
            if len(sizes) == 1 and self._fits(count, own):
                return own
            why = f"all {own.width} × {own.height}, which would not fit in memory"
            more = ", or a folder to keep the pixels in"
            if len(sizes) > 1:
                least, most = (f"{wide} × {high}" for wide, high in (sizes[0], sizes[-1]))
                why, more = f"of {len(sizes):,} sizes, from {least} to {most}", ""
            notes.append(
                f"The images are {why}, so they were resized to {USUAL} × {USUAL}. Set a width "
                f"and a height for another size{more}."
            )
            width = height = USUAL
        way = Way(width, height, coloured, self.fit)
        if not self._fits(count, way):
            raise DataError(
                f"{count:,} images of {width} × {height} need {_bytes(count, way) / 2**30:.1f} GB "
                f"of memory, and at most {MOST_BYTES / 2**30:.0f} GB are used. Choose a folder to "
                "keep the pixels in, set a smaller width and height, or make them grey."
            )
        return way

    def _fits(self, count: int, way: Way) -> bool:
        """Whether so many images find room: on the disk any number, as far as is known here."""
        return bool(self.cache) or _bytes(count, way) <= MOST_BYTES


def _held_pixels(files: Sequence[Path], way: Way, progress: Progress) -> tuple[Array, list[Path]]:
    """The pixels of images in memory, float32 (N, C, H, W), and which files they are of."""
    values = np.empty((len(files), *way.shape), np.float32)
    kept: list[Path] = []
    for place, file in enumerate(files, 1):
        if (found := pixels(file, way)) is not None:
            values[len(kept)] = found
            kept.append(file)
        progress(place / len(files))
    return values[: len(kept)], kept


def _bytes(count: int, way: Way) -> int:
    """The memory that so many images take, float32, from reading to training."""
    return 4 * COPIES * count * shapes.size(way.shape)


def pictured(path: str, shape: Shape | None, source: Source | None = None) -> ImageFolder:
    """Another folder, read as `source` reads its own, into pictures (C, H, W) of this shape.

    Raises DataError if what is wanted are no pictures.
    """
    if shape is None or shape[0] not in (1, 3):
        raise DataError(
            f"{Path(path).name} is a folder of images, and the network was not trained on "
            "pictures. Give it a .csv file."
        )
    channels, height, width = shape
    like = source if isinstance(source, ImageFolder) else ImageFolder()
    colours = "grey" if channels == 1 else "rgb"
    return like.replaced(path=path, width=width, height=height, colours=colours)


@dataclass(frozen=True)
class Labels:
    """A class or value for each file name: the row of `column`."""

    rows: Mapping[str, int]
    column: Column


def _labels(folder: Path) -> Labels | None:
    path = folder / LABELS
    if not path.is_file():
        return None
    table = CsvFile(path=str(path), header="yes").load()
    if len(table.columns) < 2:
        raise DataError(
            f"{LABELS} must have two columns, the name of an image and its class, got one. "
            "Add the classes, or take the file away."
        )
    names = table.columns[0]
    return Labels({names.text(row): row for row in range(len(table))}, table.columns[1])


def _target(folder: Path, files: Sequence[Path], labels: Labels | None) -> Column | None:
    if labels is not None:
        rows = np.array([labels.rows[file.name] for file in files])
        return replace(labels.column.take(rows), name="label", origin="label")
    places = [file.relative_to(folder).parts for file in files]
    if all(len(parts) == 1 for parts in places):
        return None
    return category("class", [parts[0] if len(parts) > 1 else None for parts in places])


def _files(folder: Path) -> tuple[list[Path], int]:
    """The images below a folder in the order of their names, and how many other files there are."""
    found, others = [], 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                others += 1
            else:
                found.append(Path(place, name))
    return found, others


def _means(values: Array) -> Array:
    """How bright each image is, to three digits, float64 (N,)."""
    return np.asarray(values.mean(axis=(1, 2, 3), dtype=np.float64).round(3))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
