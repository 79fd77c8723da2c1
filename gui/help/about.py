"""What this is, its version, and what it is made of."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import ui_font
from gui.widgets import LinkButton, PlainButton, TextLabel, TitleLabel, ValueRow

PARTS = ("PySide6-Essentials", "numpy", "onnx", "onnxruntime", "pyqtgraph", "polars")


class About(QDialog):
    """A few lines and the versions, which can be copied into a report."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Glassbox"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(400)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(8)
        title = TitleLabel("Glassbox")
        title.setFont(ui_font(22, 650))
        column.addWidget(title)
        column.addWidget(
            TextLabel(
                self.tr(
                    "Draw a neural network, train it on your own data, watch every neuron, weight "
                    "and gradient while it learns, and leave with a model that runs anywhere."
                )
            )
        )
        column.addSpacing(8)
        self._versions = versions()
        for name, number in self._versions.items():
            column.addWidget(ValueRow(name, number))
        column.addSpacing(8)
        buttons = QHBoxLayout()
        copy = LinkButton(self.tr("Copy versions"))
        copy.clicked.connect(self._copy)
        close = PlainButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        close.setFocus()
        column.addLayout(buttons)

    def _copy(self) -> None:
        lines = "\n".join(f"{name} {number}" for name, number in self._versions.items())
        QGuiApplication.clipboard().setText(lines)


def versions() -> dict[str, str]:
    """The program and what it is made of, by name."""
    found = {"Glassbox": _version("glassbox")}
    found["Python"] = platform.python_version()
    found.update({part: _version(part) for part in PARTS})
    found["System"] = f"{platform.system()} {platform.release()}"
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"
