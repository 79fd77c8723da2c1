"""What the README promises holds."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_script_runs_as_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, "README.md", "exec"), {})

    assert "accuracy" in printed.getvalue()
    assert (tmp_path / "digits.onnx").stat().st_size > 10_000


def test_every_picture_and_file_it_names_is_there():
    named = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(
        r"`((?:engine|tests)/[^`]+)`", README
    )

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
