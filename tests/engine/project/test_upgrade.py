"""Older files become newer ones step by step; newer files are refused."""

from __future__ import annotations

import pytest

from engine.errors import NewerProjectError, ProjectError
from engine.project.schema import VERSION
from engine.project.upgrade import upgraded

FORMAT = "glassbox/project"


def test_every_step_between_the_file_and_now_is_taken_once():
    upgrades = {
        1: lambda plain: {**plain, "steps": [*plain["steps"], "1 to 2"]},
        2: lambda plain: {**plain, "steps": [*plain["steps"], "2 to 3"]},
    }
    old = {"format": FORMAT, "version": 1, "steps": []}

    new = upgraded(old, "old.glassbox", upgrades, version=3)

    assert new == {"format": FORMAT, "version": 3, "steps": ["1 to 2", "2 to 3"]}


def test_a_file_of_today_is_taken_as_it_is():
    plain = {"format": FORMAT, "version": VERSION, "graph": {}}

    assert upgraded(plain, "a.glassbox") == plain


def test_a_file_of_tomorrow_is_refused_with_the_remedy():
    with pytest.raises(NewerProjectError) as caught:
        upgraded({"format": FORMAT, "version": 99}, "a.glassbox")

    assert str(caught.value) == (
        "'a.glassbox' was saved by a newer version of Glassbox (its format is 99, this program "
        "reads up to 2). Update Glassbox to open it."
    )


@pytest.mark.parametrize("version", [0, -1, 1.5, "1", None, True])
def test_a_version_that_is_no_version_is_refused(version):
    with pytest.raises(ProjectError) as caught:
        upgraded({"format": FORMAT, "version": version}, "a.glassbox")

    assert str(caught.value) == (
        "'a.glassbox' cannot be opened: its version must be a whole number of at least 1, "
        f"got {version!r}."
    )


@pytest.mark.parametrize("plain", [None, [], "text", {}, {"format": "figma"}])
def test_foreign_json_is_refused(plain):
    with pytest.raises(ProjectError, match=r"'a\.json' is not a Glassbox project"):
        upgraded(plain, "a.json")
