"""Work saved automatically, and offered again after the program ended badly.

Every open window has a session in one folder: a project file that is
rewritten as the user works, and a lock that the system frees when the process
ends, however it ends. A file without a lock is work that nobody saved.
"""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.atomic import write_atomically
from engine.errors import ProjectError
from engine.project.archive import write_parts
from engine.project.file import open_project, project_parts
from engine.project.project import Project

ABOUT = "recovery.json"


@dataclass(frozen=True)
class Offer:
    """Work that can be restored.

    file: where it is kept. original: the file that it was opened from or last saved to.
    saved_at: when, in seconds since 1970.
    """

    file: Path
    original: Path | None
    saved_at: float

    def restore(self) -> tuple[Project, list[str]]:
        """The project, with notes. Raises ProjectError."""
        project, notes = open_project(self.file)
        project.unread.parts.pop(ABOUT, None)
        return project, notes

    def discard(self) -> None:
        """Forget it for good."""
        self.file.unlink(missing_ok=True)
        _lock_of(self.file).unlink(missing_ok=True)


class Session:
    """One open window's place in the folder."""

    def __init__(self, file: Path, lock: IO[bytes]) -> None:
        self.file = file
        self._lock = lock

    def keep(self, project: Project, original: Path | None, saved_at: float) -> None:
        """Save the work of this window. Raises ProjectError; what was kept before stays then."""
        about = {"original": str(original) if original else None, "saved_at": saved_at}
        parts = {ABOUT: json.dumps(about).encode(), **project_parts(project)}
        write_atomically(self.file, lambda file: write_parts(file, parts))

    def discard(self) -> None:
        """The work was saved by the user: nothing is left to restore."""
        self.file.unlink(missing_ok=True)

    def end(self) -> None:
        """The window was closed in good order."""
        self.discard()
        self._lock.close()
        _lock_of(self.file).unlink(missing_ok=True)


class RecoveryFolder:
    """Where all sessions of a user are. The folder is made when the first one begins."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def begin(self) -> Session:
        """A session of its own for a new window. Raises ProjectError if the folder is refused."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            number = 1
            while (lock := self._locked(f"session-{number}")) is None:
                number += 1
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ProjectError(
                f"Work cannot be saved automatically in {str(self.folder)!r}: {reason}. "
                "Save it yourself now and then."
            ) from error
        return Session(self.folder / f"session-{number}.glassbox", lock)

    def _locked(self, name: str) -> IO[bytes] | None:
        """The lock of a name that no other window and no lost work uses."""
        file = self.folder / f"{name}.glassbox"
        return None if file.exists() else _acquired(_lock_of(file))

    def offers(self) -> list[Offer]:
        """Work that was left behind, newest first. What cannot be read is not offered."""
        found = [
            offer
            for file in self.folder.glob("session-*.glassbox")
            if not _is_held(_lock_of(file)) and (offer := _offer(file)) is not None
        ]
        return sorted(found, key=lambda offer: offer.saved_at, reverse=True)


def _offer(file: Path) -> Offer | None:
    try:
        with zipfile.ZipFile(file) as archive:
            about = json.loads(archive.read(ABOUT))
        original = about["original"]
        return Offer(file, Path(original) if original else None, float(about["saved_at"]))
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError):
        return None


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")


def _acquired(path: Path) -> IO[bytes] | None:
    """The file, locked for as long as it is open, or None if another process has it."""
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    file = _acquired(path)
    if file is None:
        return True
    file.close()
    return False
