"""`glassbox screenshot FILE -o PNG`: a picture of the window, without a display."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import GlassboxError

if TYPE_CHECKING:
    from engine.project.project import Project
    from gui.main_window import MainWindow

WORKSPACES = ("data", "build", "train", "evaluate", "export")
LONGEST_S = 120


def main(arguments: Sequence[str]) -> int:
    """Run the command. Returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    # Before Qt is imported: it reads this when the application is made.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        take(
            Path(options.file),
            Path(options.output),
            size=options.size,
            theme_name=options.theme,
            workspace=options.workspace,
            epochs=options.train_epochs,
            select=options.select,
        )
    except GlassboxError as error:
        print(error, file=sys.stderr)
        return 1
    print(options.output)
    return 0


def take(
    file: Path,
    output: Path,
    *,
    size: tuple[int, int] = (1600, 1000),
    theme_name: str = "dark",
    workspace: str = "build",
    epochs: int = 0,
    select: str = "",
) -> None:
    """Show a project in a window, train it for some epochs, and write what the window shows.

    Raises GlassboxError: the project cannot be opened or trained, or the picture not be written.
    """
    from engine.project.file import open_project
    from gui.app import dispose, make_application, make_window
    from gui.garbage import Garbage
    from gui.settings import SettingsFile
    from gui.theme import theme

    project, _notes = open_project(file)
    app = make_application()
    theme.choose(app, theme_name)
    with tempfile.TemporaryDirectory() as folder:
        # A folder of its own: no one's settings, and none that could not be read.
        window = make_window(SettingsFile(Path(folder, "settings.json")))
    Garbage(app).begin()
    try:
        _show(window, app.processEvents, project, file, size, workspace, epochs, select)
        if not window.grab().save(str(output)):
            raise GlassboxError(
                f"The picture could not be written to {str(output)!r}. "
                "Choose a folder that can be written and a name that ends in .png."
            )
    finally:
        dispose(window)


def _show(
    window: MainWindow,
    process: Callable[[], object],
    project: Project,
    file: Path,
    size: tuple[int, int],
    workspace: str,
    epochs: int,
    select: str,
) -> None:
    """Bring the window into the state of which a picture is wanted."""
    from gui.training.controller import State

    document, controller = window.document, window.controller
    if epochs:
        project.training = project.training.replaced(epochs=epochs)
    window.files.show_project(project, file)
    window.resize(*size)
    window.show()
    window.open_workspace(workspace)
    _wait(process, lambda: document.data is None or document.dataset is not None)
    if epochs:
        controller.set_speed("full")
        controller.train()
        _wait(process, lambda: not controller.busy)
        if controller.state is State.FAILED:
            raise GlassboxError(controller.failure)
    if select:
        document.select([select])
    window.canvas.fit()
    _settle(process)


def _wait(process: Callable[[], object], done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not done():
        if time.monotonic() > deadline:
            raise GlassboxError(f"The picture was not ready within {LONGEST_S} seconds.")
        process()
        time.sleep(0.001)


def _settle(process: Callable[[], object], seconds: float = 0.5) -> None:
    """Let delayed layouts, previews and paints come to an end."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        process()
        time.sleep(0.005)


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a size is WIDTHxHEIGHT such as 1600x1000, got {text!r}"
        ) from None
    if not (320 <= width <= 8192 and 240 <= height <= 8192):
        raise argparse.ArgumentTypeError(f"a size is from 320x240 to 8192x8192, got {text!r}")
    return width, height


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="glassbox screenshot", description="Write a picture of the window; needs no display."
    )
    parser.add_argument("file", help="a project")
    parser.add_argument("-o", "--output", required=True, help="the PNG file to write")
    parser.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--workspace", choices=WORKSPACES, default="build")
    parser.add_argument("--train-epochs", type=int, default=0, metavar="N", help="train first")
    parser.add_argument("--select", default="", metavar="NODE", help="select this node")
    return parser
