"""Opens a window and ends as soon as its first frame is painted; run as a process of its own.

python -m tests.benchmarks.startup_child bare | glassbox FOLDER
"""

import sys


def bare() -> None:
    """What every window of this kind costs: PySide6, NumPy, an empty main window."""
    import numpy  # noqa: F401 - the program does so too
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event):
            super().paintEvent(event)
            QTimer.singleShot(0, app.quit)

    app = QApplication([])
    window = Window()
    window.resize(1280, 800)
    window.show()
    app.exec()


def glassbox(folder: str) -> None:
    """The real window on the digits, up to the same moment."""
    from pathlib import Path

    from gui.__main__ import hurry

    hurry()
    from gui.app import Folders, Windows, make_application

    app = make_application()
    windows = Windows(app, Folders(Path(folder), Path(folder, "recovery")))
    window = windows.open()
    window.painted.disconnect()  # what waits for the first frame is not part of it
    window.painted.connect(app.quit)
    app.exec()


if __name__ == "__main__":
    bare() if sys.argv[1] == "bare" else glassbox(sys.argv[2])
    # Taking the window down again is not what is measured.
    sys.stdout.flush()
    sys.stderr.flush()
    import os

    os._exit(0)
