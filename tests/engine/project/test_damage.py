"""Whatever is in a file, it opens or is refused in a sentence; nothing else ever happens."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import ProjectError
from engine.project.file import open_project

VERSION_1 = Path(__file__).parent / "files" / "version-1.glassbox"
ORIGINAL = VERSION_1.read_bytes()

QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def opens_or_is_refused(path):
    """Opens the file and looks at all that a window would show of it."""
    try:
        project, _ = open_project(path)
    except ProjectError:
        return
    for run in project.runs:
        assert run.epochs >= 0
        assert all(len(curve) >= 0 for curve in run.curves.values())


@QUICK
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(ORIGINAL) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
)
def test_changed_bytes(tmp_path, changes):
    content = bytearray(ORIGINAL)
    for place, value in changes:
        content[place] = value
    path = tmp_path / "a.glassbox"
    path.write_bytes(content)

    opens_or_is_refused(path)


@QUICK
@given(content=st.binary(max_size=400))
def test_bytes_of_nobody(tmp_path, content):
    path = tmp_path / "a.glassbox"
    path.write_bytes(content)

    opens_or_is_refused(path)


def places(plain, path=()):
    """The paths of all values in a JSON value."""
    yield path
    if isinstance(plain, dict | list):
        items = plain.items() if isinstance(plain, dict) else enumerate(plain)
        for key, value in items:
            yield from places(value, (*path, key))


@pytest.mark.parametrize("name", ["project.json", "runs/run_1/run.json"])
@QUICK
@given(data=st.data(), value=PLAIN)
def test_any_value_in_any_place(tmp_path, name, data, value):
    with zipfile.ZipFile(VERSION_1) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    plain = json.loads(parts[name])
    *above, last = data.draw(st.sampled_from(sorted(list(places(plain))[1:], key=str)))
    inside = plain
    for key in above:
        inside = inside[key]
    inside[last] = value
    parts[name] = json.dumps(plain).encode()
    path = tmp_path / "a.glassbox"
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)

    opens_or_is_refused(path)
