"""Writing a file so that at every moment the old one or the new one is whole."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from engine.errors import GlassboxError, ProjectError


def write_atomically(
    path: str | Path,
    write: Callable[[BinaryIO], object],
    error_class: type[GlassboxError] = ProjectError,
) -> None:
    """Let `write` fill a new file beside `path`, then put it in the old one's place.

    The new file is on the disk before it takes the name, and the name is on
    the disk before this returns; so neither a full disk nor a power cut
    leaves half a file.

    Raises `error_class` if the system refuses; the old file is then as it was.
    """
    # A link keeps pointing where it points; what it points at is replaced.
    target = Path(os.path.realpath(path))
    try:
        _write(target, write)
    except FileNotFoundError as error:
        raise error_class(
            f"{target.name!r} could not be saved: there is no folder {str(target.parent)!r}. "
            "Make it, or save elsewhere."
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise error_class(
            f"{target.name!r} could not be saved: {reason}. What was there before is untouched. "
            "Make room, or save it elsewhere."
        ) from error


def _write(target: Path, write: Callable[[BinaryIO], object]) -> None:
    handle, part = _open_beside(target)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _fsync_folder(target.parent)


def _open_beside(target: Path) -> tuple[int, Path]:
    """A new file in the same folder, so that the replacement cannot cross file systems."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for number in itertools.count():
        part = target.with_name(f".{target.name}.{os.getpid()}-{number}.part")
        try:
            return os.open(part, flags, 0o666), part
        except FileExistsError:
            continue
    raise AssertionError("count() has no end")


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and writes names through by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
