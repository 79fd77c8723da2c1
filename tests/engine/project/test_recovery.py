"""Work that nobody saved is offered after a bad end, and only then."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.errors import ProjectError
from engine.project.recovery import RecoveryFolder


@pytest.fixture
def folder(tmp_path):
    return RecoveryFolder(tmp_path / "recovery")


def killed_session(folder, path):
    """A window of another process that keeps its work and is killed."""
    script = """
import os, sys
from pathlib import Path
from engine.project.file import open_project
from engine.project.recovery import RecoveryFolder
project, _ = open_project(sys.argv[2])
session = RecoveryFolder(sys.argv[1]).begin()
session.keep(project, Path(sys.argv[2]), 1000.0)
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", script, str(folder.folder), str(path)], check=False)


@pytest.fixture
def version_1(request):
    return request.path.parent / "files" / "version-1.glassbox"


def test_without_a_bad_end_nothing_is_offered(folder, project):
    session = folder.begin()
    session.keep(project, None, 1000.0)
    session.end()

    assert folder.offers() == []
    assert list(folder.folder.iterdir()) == []


def test_the_work_of_a_window_that_is_open_is_not_offered(folder, project):
    session = folder.begin()
    session.keep(project, None, 1000.0)

    assert folder.offers() == []
    session.end()


def test_the_work_of_a_process_that_was_killed_is_offered_and_restored(folder, version_1):
    killed_session(folder, version_1)
    (offer,) = folder.offers()

    project, notes = offer.restore()

    assert (offer.original, offer.saved_at) == (version_1, 1000.0)
    assert notes == []
    assert project.graph.node("dense_1").name == "Hidden"
    assert project.unread.parts == {}


def test_an_offer_that_is_discarded_never_comes_again(folder, version_1):
    killed_session(folder, version_1)

    folder.offers()[0].discard()

    assert folder.offers() == []


def test_a_new_window_leaves_lost_work_alone(folder, project, version_1):
    killed_session(folder, version_1)
    session = folder.begin()
    session.keep(project, None, 2000.0)

    assert [offer.saved_at for offer in folder.offers()] == [1000.0]
    session.end()


def test_work_that_the_user_saved_is_not_offered(folder, project):
    session = folder.begin()
    session.keep(project, None, 1000.0)
    session.discard()

    assert not session.file.exists()
    session.end()


def test_what_cannot_be_read_is_not_offered(folder):
    folder.folder.mkdir()
    (folder.folder / "session-1.glassbox").write_bytes(b"PK half")

    assert folder.offers() == []


def test_a_folder_that_is_refused_is_told(tmp_path):
    (tmp_path / "recovery").write_text("a file, not a folder")

    with pytest.raises(ProjectError, match="Work cannot be saved automatically in"):
        RecoveryFolder(tmp_path / "recovery").begin()
