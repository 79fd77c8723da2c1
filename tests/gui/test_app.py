from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import shiboken6

from engine.project.file import open_project, save_project
from engine.project.templates import open_template
from gui import app
from gui.__main__ import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "gui", *words],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_commands_without_a_window_never_import_qt():
    code = (
        "import sys; from gui.__main__ import main; status = main(['templates']); "
        "print('PySide6' in sys.modules); sys.exit(status)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "False"
    assert result.stdout.startswith("digits")


def test_the_commands_are_those_of_the_engine(capsys):
    assert main(["--help"]) == 0
    listed = set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE))

    assert listed
    assert listed - COMMANDS == set()


@pytest.mark.parametrize("words", [["a.glassbox", "b.glassbox"], ["--no-such-option"]])
def test_words_that_make_no_sense_are_refused_with_the_usage(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().err == (
        f"glassbox takes at most one file, got {' '.join(words)!r}. Usage: glassbox [FILE]. "
        "For the commands without a window: glassbox --help.\n"
    )


def test_without_a_display_it_says_so_instead_of_aborting(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 1
    assert capsys.readouterr().err == (
        "glassbox: there is no display to open a window on. "
        "Use the commands that need none: glassbox --help.\n"
    )


@pytest.fixture
def project(tmp_path) -> Path:
    path = tmp_path / "xor.glassbox"
    save_project(open_template("xor"), path)
    return path


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ((), (1600, 1000)),
        (("--size", "1000x700", "--theme", "light", "--workspace", "data"), (1000, 700)),
        (("--size", "900x560", "--workspace", "train", "--train-epochs", "2"), (900, 560)),
    ],
)
def test_a_screenshot_has_the_size_asked_for_and_leaves_the_project_alone(
    project, tmp_path, options, size
):
    from PySide6.QtGui import QImage

    before = project.read_bytes()
    result = run("screenshot", str(project), "-o", str(tmp_path / "a.png"), *options)

    assert (result.returncode, result.stdout) == (0, f"{tmp_path / 'a.png'}\n"), result.stderr
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == size
    assert project.read_bytes() == before


def test_the_themes_of_screenshots_differ(project, tmp_path):
    from PySide6.QtGui import QImage

    corner = []
    for theme in ("dark", "light"):
        path = tmp_path / f"{theme}.png"
        run("screenshot", str(project), "-o", str(path), "--theme", theme)
        corner.append(QImage(str(path)).pixelColor(2, 2).name())

    assert corner == ["#1a1d22", "#ffffff"]


def test_a_screenshot_of_nothing_says_so(tmp_path):
    result = run("screenshot", str(tmp_path / "no.glassbox"), "-o", str(tmp_path / "a.png"))

    assert result.returncode == 1
    assert result.stderr.startswith("There is no file")
    assert "Traceback" not in result.stderr


def test_a_screenshot_that_cannot_be_written_says_so(project, tmp_path):
    target = tmp_path / "no folder" / "a.png"
    result = run("screenshot", str(project), "-o", str(target))

    assert (result.returncode, result.stderr) == (
        1,
        f"The picture could not be written to {str(target)!r}. "
        "Choose a folder that can be written and a name that ends in .png.\n",
    )


@pytest.mark.parametrize("size", ["wide", "10x10", "1600"])
def test_a_size_that_is_none_is_refused(project, size):
    result = run("screenshot", str(project), "-o", "a.png", "--size", size)

    assert result.returncode == 2
    assert "a size is" in result.stderr


def test_the_window_opens_on_a_file(qtbot, tmp_path, project):
    windows = app.Windows(app.make_application(), app.Folders(tmp_path, tmp_path / "r"))
    window = windows.open(project)
    with qtbot.waitSignal(window.completed):
        pass

    assert window.document.path == project
    assert len(window.document.graph) == len(open_project(project)[0].graph)
    assert window.windowTitle() == "xor.glassbox[*] – Glassbox"
    window.close()


def test_the_window_is_taken_down_before_the_process_ends(qapp, tmp_path, monkeypatch):
    folders = app.Folders(tmp_path / "settings", tmp_path / "recovery")
    monkeypatch.setattr(app.Folders, "of_user", lambda: folders)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    shown = []

    def leave() -> int:
        shown.extend(w for w in qapp.topLevelWidgets() if isinstance(w, app.MainWindow))
        return 3

    monkeypatch.setattr(app, "make_application", lambda: qapp)
    monkeypatch.setattr(qapp, "exec", leave, raising=False)

    assert app.run(None) == 3
    assert len(shown) == 1
    assert not shiboken6.isValid(shown[0])
