"""`evaluate` says whether what a generator makes covers the data."""

from __future__ import annotations

import json

import pytest

from engine.cli import main


@pytest.fixture
def evaluated(tmp_path, monkeypatch, capsys):
    """A template after so many epochs: what is said, and the JSON."""
    monkeypatch.chdir(tmp_path)

    def call(template, epochs):
        main(["new", template, "-o", "p.glassbox"])
        assert main(["train", "p.glassbox", "--epochs", str(epochs)]) == 0
        capsys.readouterr()
        assert main(["evaluate", "p.glassbox"]) == 0
        lines = capsys.readouterr().out.strip().splitlines()
        assert main(["evaluate", "p.glassbox", "--json"]) == 0
        return lines, json.loads(capsys.readouterr().out)

    return call


def test_a_generator_is_compared_with_the_data(evaluated):
    lines, result = evaluated("gan_ring", 120)

    assert lines[-1].startswith("What is made covers ")
    assert set(result["drawn"]) == {"coverage", "realism", "spread"}
    assert result["drawn"]["coverage"] > 0.4


def test_one_that_has_hardly_trained_is_told_so(evaluated):
    lines, result = evaluated("gan_ring", 1)

    assert "the generator needs more training" in lines[-1]
    assert result["drawn"]["coverage"] < 0.4


def test_a_classifier_makes_nothing_to_compare(evaluated):
    lines, result = evaluated("iris", 1)

    assert "drawn" not in result
    assert len(lines) == 3
