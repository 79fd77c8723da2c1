"""Pixels in a NumPy file, written once and then mapped into memory, so that they may outgrow it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.atomic import write_atomically
from engine.data.base import Progress
from engine.data.pixels import Way, pixels
from engine.data.table import Array
from engine.errors import DataError


def mapped_pixels(
    cache: Path, folder: Path, files: Sequence[Path], way: Way, progress: Progress
) -> tuple[Array, list[Path], Path]:
    """The pixels of image files below a folder, float32 (N, C, H, W), as they lie in a cache.

    They are read from there if the same files were put there before in the same way: of the same
    names, sizes and times. Images come and go one by one, so that few are in memory at a time.

    Returns the pixels, the files they are of, without damaged ones, and where they are kept.
    Raises DataError if the cache cannot be written.
    """
    kept_in = cache / f"{folder.name}-{_digest(folder, files, way)}.npy"
    list_of = kept_in.with_suffix(".files.npy")
    if not (kept_in.is_file() and list_of.is_file()):
        places = _write(kept_in, files, way, progress)
        if not places:  # no file can be mapped that holds nothing
            kept_in.unlink()
            return np.empty((0, *way.shape), np.float32), [], kept_in
        write_atomically(list_of, lambda file: np.save(file, np.array(places)), DataError)
    progress(1.0)
    kept = [files[place] for place in np.load(list_of)]
    return np.load(kept_in, mmap_mode="r"), kept, kept_in


def _digest(folder: Path, files: Sequence[Path], way: Way) -> str:
    found = hashlib.sha256(repr(way).encode())
    for file in files:
        about = file.stat()
        line = f"{file.relative_to(folder).as_posix()}\0{about.st_size}\0{about.st_mtime_ns}\n"
        found.update(line.encode(errors="surrogateescape"))
    return found.hexdigest()[:16]


def _write(path: Path, files: Sequence[Path], way: Way, progress: Progress) -> list[int]:
    """Write what can be read of the files, one after the other. Returns their places."""
    places: list[int] = []

    def write(file: BinaryIO) -> None:
        _write_header(file, len(files), way)
        for place, image in enumerate(files):
            if (found := pixels(image, way)) is not None:
                file.write(np.ascontiguousarray(found).tobytes())
                places.append(place)
            progress((place + 1) / len(files))
        # How many could be read is known now. NumPy leaves room for a longer number.
        file.seek(0)
        _write_header(file, len(places), way)

    write_atomically(path, write, DataError)
    return places


def _write_header(file: BinaryIO, count: int, way: Way) -> None:
    header = {"descr": "<f4", "fortran_order": False, "shape": (count, *way.shape)}
    np.lib.format.write_array_header_1_0(file, header)
