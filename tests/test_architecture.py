"""The house stays as it was drawn: sizes of files, names, and what may stand where."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for top in ("engine", "gui") for path in (ROOT / top).rglob("*.py"))
GROWING = {"main_window.py", "document.py", "scene.py", "trainer.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_source_file_is_a_room_not_a_hall(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    most = 300 if path.name in GROWING else 400

    assert lines <= most, f"{name_of(path)} has {lines} lines; split it."


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_is_named_for_nothing_in_particular(path):
    assert path.stem not in {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_says_what_it_is_for(path):
    source = path.read_text(encoding="utf-8")
    if not source.strip():
        return

    assert ast.get_docstring(ast.parse(source)), f"{name_of(path)} has no docstring."


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_commands_print_and_nothing_reads_a_pickle_or_runs_text(path):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    imports = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    may_print = "cli" in name_of(path) or path.stem in {"__main__", "benchmarks", "screenshot"}

    assert not calls & {"eval", "exec"}
    assert "print" not in calls or may_print
    assert not imports & {"pickle", "shelve", "marshal"}


def test_no_array_file_is_read_with_pickles_allowed():
    allowing = [
        name_of(path) for path in SOURCES if "allow_pickle=True" in path.read_text(encoding="utf-8")
    ]

    assert allowing == []


def test_the_top_of_the_repository_holds_what_the_design_names():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    tops = {name.partition("/")[0] for name in tracked if not name.startswith(".")}

    assert tops <= {
        *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"),
        *("gui", "engine", "resources", "tests"),
    }
