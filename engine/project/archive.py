"""The parts of a project file: a ZIP of named parts, arrays in it as safetensors."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from engine.errors import ProjectError

Parts = dict[str, bytes]
"""Name in the archive to content."""

PROJECT = "project.json"

# A fixed date, so that equal projects are equal files.
DATE = (1980, 1, 1, 0, 0, 0)


def write_parts(file: BinaryIO, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            # Trained numbers hardly shrink, and packing them is most of the time of saving.
            packed = not name.endswith(".safetensors")
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(entry, content)


def read_parts(path: str | Path) -> Parts:
    """All parts of a project file; a `project.json` alone is one too.

    Raises ProjectError if there is no such file, or it is cut short, damaged or something else.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start[:2] == b"PK":
                return _unzipped(file, path.name)
            content = file.read()
    except FileNotFoundError:
        raise ProjectError(f"There is no file {str(path)!r}. Check its name and folder.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path.name!r} cannot be read: {reason}.") from error
    if not content:
        raise ProjectError(f"{path.name!r} is empty, so there is no project in it.")
    if not content.lstrip().startswith(b"{"):
        raise ProjectError(
            f"{path.name!r} is not a Glassbox project: it is neither a ZIP archive nor JSON. "
            "Choose a file that ends in .glassbox."
        )
    return {PROJECT: content}


def _unzipped(file: BinaryIO, name: str) -> Parts:
    damaged = (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # a packing method of another program
        RuntimeError,  # encrypted
        ValueError,  # offsets that point outside the file
        IndexError,  # sizes for large files that are said to be there and are not
    )
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {
                entry.filename: archive.read(entry)
                for entry in archive.infolist()
                if not entry.is_dir()
            }
    except damaged as error:
        raise ProjectError(
            f"{name!r} is damaged or cut short, so it cannot be read as a whole. "
            "Open a copy of it, or the one that was saved automatically."
        ) from error
    if PROJECT not in parts:
        raise ProjectError(
            f"{name!r} is a ZIP archive without a {PROJECT}, so it is not a Glassbox project. "
            "Choose another file."
        )
    return parts


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as the content of a .safetensors file."""
    from safetensors.numpy import save

    content: bytes = save(dict(arrays))
    return content


def unpack_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Raises ValueError if it is not the content of a .safetensors file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays: dict[str, NDArray[Any]] = load(content)
    except (SafetensorError, KeyError) as error:
        raise ValueError(str(error)) from error
    return arrays
