"""The real window with a large network in it, and a bare view of as many plain rectangles."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from PySide6.QtCore import QPoint

from engine.graph.model import Graph

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SIZE = (1600, 1000)
"""Of the canvas, whatever stands around it."""

FRAMES, TURNS = 12, 5

REST_S = 0.3
"""Longer than anything is put off."""


def milliseconds(do: Callable[[], object], frames: int = FRAMES, turns: int = TURNS) -> float:
    """The best of some medians: what else the machine does only ever adds to it."""
    return min(median(once(do) for _ in range(frames)) for _ in range(turns))


def once(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return (perf_counter() - start) * 1e3


def resident() -> float:
    """Memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Shown:
    """The real window with a network in it."""

    def __init__(self, graph: Graph) -> None:
        from engine.project.file import save_project
        from engine.project.project import Project
        from gui.app import make_application, make_window
        from gui.garbage import Garbage
        from gui.settings import SettingsFile
        from gui.theme import theme
        from tests.tools.mouse import Hand

        self.app = make_application()
        theme.choose(self.app, "dark")
        self._folder = tempfile.TemporaryDirectory()
        self.window = make_window(SettingsFile(Path(self._folder.name, "settings.json")))
        self.window.show()
        self.window.complete()
        self._make_large()
        Garbage(self.app).begin()
        empty = resident()
        file = Path(self._folder.name, "large.glassbox")
        save_project(Project(graph=graph), file)
        self.opened = once(lambda: (self.window.files.show_file(file), self.settle()))
        gc.collect()
        self.memory = resident() - empty
        self.canvas, self.document = self.window.canvas, self.window.document
        self.hand = Hand(self.canvas)

    def _make_large(self) -> None:
        """Make the canvas as large as promised, whatever stands around it."""
        canvas, window = self.window.canvas, self.window
        for _ in range(3):
            more = (SIZE[0] - canvas.width(), SIZE[1] - canvas.height())
            window.resize(window.width() + more[0], window.height() + more[1])
            self.settle()
        assert (canvas.width(), canvas.height()) == SIZE

    def settle(self) -> None:
        self.app.processEvents()

    def frame(self) -> None:
        """Paint the whole canvas."""
        self.canvas.viewport().update()
        self.settle()

    def pan(self) -> None:
        self.canvas.pan_by(5, 3)
        self.settle()

    def rest(self) -> None:
        """Let pass what is put off until a moment after an edit."""
        until = perf_counter() + REST_S
        while perf_counter() < until:
            self.settle()

    def below(self, place: QPoint, pixels: int) -> QPoint:
        return QPoint(place.x(), place.y() + pixels)

    def go_close(self) -> str:
        """Look at the middle of the drawing at 100 %; the id of a node there."""
        items = list(self.canvas.graph_scene.nodes.values())
        item = items[len(items) // 2]
        self.canvas.set_zoom(1.0)
        self.canvas.centerOn(item)
        self.settle()
        return item.key

    def close(self) -> None:
        """Take the window down now: at the end of the process Python is half gone before it."""
        from gui.app import dispose

        dispose(self.window)
        self._folder.cleanup()


class Plain:
    """A bare view of as many rectangles, in rows."""

    def __init__(self, count: int) -> None:
        from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

        from gui.app import make_application

        self.app = make_application()
        self.scene = QGraphicsScene()
        self.view = QGraphicsView(self.scene)
        self.view.resize(*SIZE)
        for number in range(count):
            row, column = divmod(number, 25)
            self.scene.addRect(column * 208.0, row * 96.0, 144, 48)
        self.view.show()
        self.view.centerOn(2600, count / 50 * 96)
        self.app.processEvents()

    def frame(self) -> None:
        self.view.viewport().update()
        self.app.processEvents()

    def pan(self) -> None:
        bar = self.view.horizontalScrollBar()
        bar.setValue(bar.value() + 5)
        self.app.processEvents()

    def fit(self) -> None:
        self.view.fitInView(self.scene.sceneRect())

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()


@contextmanager
def shown(graph: Graph) -> Iterator[Shown]:
    stage = Shown(graph)
    try:
        yield stage
    finally:
        stage.close()
