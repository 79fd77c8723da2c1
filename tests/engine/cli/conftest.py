"""A folder to work in, and the commands in it."""

from __future__ import annotations

import json

import pytest

from engine.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    """Run a command; its exit code, the JSON of its last line, and what went to stderr."""

    def call(*arguments):
        code = main([*arguments, "--json"])
        captured = capsys.readouterr()
        last = captured.out.strip().splitlines()[-1:] or ["null"]
        return code, json.loads(last[0]), captured.err

    return call


@pytest.fixture
def trained(run):
    """A trained iris project."""
    run("new", "iris", "-o", "iris.glassbox")
    run("train", "iris.glassbox")
    return "iris.glassbox"
