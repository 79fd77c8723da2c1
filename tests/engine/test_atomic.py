"""A file is the old one or the new one, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys

import pytest

from engine.atomic import write_atomically
from engine.errors import ExportError, ProjectError


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "work.glassbox"
    path.write_bytes(b"yesterday")
    return path


def refusing(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_new_file_takes_the_old_ones_place(saved):
    write_atomically(saved, lambda file: file.write(b"today"))

    assert saved.read_bytes() == b"today"
    assert list(saved.parent.iterdir()) == [saved]


def test_a_disk_that_fills_up_while_writing_leaves_the_old_file_whole(saved):
    def write(file):
        file.write(b"to")
        refusing()

    with pytest.raises(ProjectError) as caught:
        write_atomically(saved, write)

    assert str(caught.value) == (
        "'work.glassbox' could not be saved: no space left on device. What was there before is "
        "untouched. Make room, or save it elsewhere."
    )
    assert saved.read_bytes() == b"yesterday"
    assert list(saved.parent.iterdir()) == [saved]


def test_a_disk_that_refuses_only_when_asked_to_keep_leaves_the_old_file_whole(saved, monkeypatch):
    monkeypatch.setattr(os, "fsync", refusing)

    with pytest.raises(ProjectError, match="no space left"):
        write_atomically(saved, lambda file: file.write(b"today"))

    assert saved.read_bytes() == b"yesterday"
    assert list(saved.parent.iterdir()) == [saved]


def test_an_interrupt_while_writing_leaves_the_old_file_whole(saved):
    def write(file):
        file.write(b"to")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(saved, write)

    assert saved.read_bytes() == b"yesterday"
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_real_limit_of_the_system_leaves_the_old_file_whole(saved):
    script = """
import resource, signal, sys
from engine.atomic import write_atomically
from engine.errors import ProjectError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    write_atomically(sys.argv[1], lambda file: file.write(bytes(100_000)))
except ProjectError as error:
    sys.exit(str(error))
"""
    result = subprocess.run(
        [sys.executable, "-c", script, str(saved)], capture_output=True, text=True, check=False
    )

    assert result.stderr.startswith("'work.glassbox' could not be saved: file too large.")
    assert saved.read_bytes() == b"yesterday"
    assert list(saved.parent.iterdir()) == [saved]


def test_the_caller_chooses_the_class_of_the_error(tmp_path):
    with pytest.raises(ExportError):
        write_atomically(tmp_path / "nowhere" / "a.onnx", lambda file: None, ExportError)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_permissions_of_the_old_file_stay(saved):
    saved.chmod(0o640)

    write_atomically(saved, lambda file: file.write(b"today"))

    assert stat.S_IMODE(saved.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_keeps_pointing_at_the_file_that_is_replaced(saved):
    link = saved.with_name("link.glassbox")
    link.symlink_to(saved)

    write_atomically(link, lambda file: file.write(b"today"))

    assert link.is_symlink()
    assert saved.read_bytes() == b"today"


def test_the_file_is_on_the_disk_before_it_takes_the_name(saved, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append("replace"), replace(a, b))[1])

    write_atomically(saved, lambda file: file.write(b"today"))

    assert order[:2] == ["fsync", "replace"]
    assert order[2:] == ([] if sys.platform == "win32" else ["fsync"])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "nowhere" / "a.txt"
    with pytest.raises(ProjectError) as caught:
        write_atomically(path, lambda file: file.write(b"x"))

    assert str(caught.value) == (
        f"'a.txt' could not be saved: there is no folder {str(path.parent)!r}. "
        "Make it, or save elsewhere."
    )
