"""How a picture of the network is to be, with a look at it first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.errors import GlassboxError
from gui.canvas.picture import PictureOptions, save, thumbnail
from gui.canvas.view import CanvasView
from gui.widgets import (
    ChoiceField,
    FieldRow,
    HintLabel,
    PlainButton,
    PrimaryButton,
    Switch,
    TitleLabel,
)

LOOK = QSize(560, 300)


class PictureDialog(QDialog):
    """Format, colours, ground and size.

    Emits
        saved (Path): the picture is there.
    """

    saved = Signal(object)

    def __init__(self, parent: QWidget, view: CanvasView, folder: Path, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A picture of the network"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view, self._start = view, folder / name
        self.format = ChoiceField(
            {
                "svg": self.tr("SVG, lines and text"),
                "pdf": self.tr("PDF, lines and text"),
                "png": self.tr("PNG, pixels"),
            },
            "svg",
        )
        self.colors = ChoiceField({"light": self.tr("for paper"), "dark": self.tr("dark")}, "light")
        self.part = ChoiceField(
            {"all": self.tr("the whole network"), "selection": self.tr("the selection")}, "all"
        )
        self.scale = ChoiceField({"1": "1x", "2": "2x", "4": "4x"}, "2")
        self.clear = Switch(False, self.tr("Transparent"))
        self._look = QLabel()
        self._look.setAccessibleName(self.tr("The picture"))
        self._look.setFixedSize(LOOK)
        self._look.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = HintLabel()
        self._said.setWordWrap(True)
        self.save_button = PrimaryButton(self.tr("Save…"))
        cancel = PlainButton(self.tr("Cancel"))
        self.part.setEnabled(bool(view.document.selection))
        if view.document.selection:
            self.part.set_value("selection")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(TitleLabel(self.tr("A picture of the network")))
        column.addWidget(self._look)
        self._scale_row = FieldRow(self.tr("Size"), self.scale)
        for row in (
            FieldRow(self.tr("Format"), self.format),
            FieldRow(self.tr("Part"), self.part),
            FieldRow(self.tr("Colours"), self.colors),
            FieldRow(self.tr("Transparent"), self.clear),
            self._scale_row,
        ):
            column.addWidget(row)
        column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)
        for field in (self.format, self.colors, self.part, self.scale, self.clear):
            field.committed.connect(self._show)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._save)
        self._show()

    def options(self) -> PictureOptions:
        """As the fields say."""
        wanted = self.part.value == "selection"
        return PictureOptions.colored(
            self.colors.value,
            clear=self.clear.value,
            scale=int(self.scale.value),
            ids=self._view.document.selection if wanted else (),
        )

    def _show(self) -> None:
        self._scale_row.setVisible(self.format.value == "png")
        there = bool(self._view.graph_scene.nodes)
        self.save_button.setEnabled(there)
        self._said.setText("" if there else self.tr("There is no network yet. Draw one first."))
        made = thumbnail(self._view.graph_scene, LOOK, self.devicePixelRatioF(), self.options())
        self._look.setPixmap(QPixmap.fromImage(made))

    def _save(self) -> None:
        suffix = self.format.value
        start = self._start.with_suffix(f".{suffix}")
        chosen, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Save a picture"), str(start), f"{suffix.upper()} (*.{suffix})"
        )
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(f".{suffix}")
        try:
            save(self._view.graph_scene, path, self.options())
        except GlassboxError as error:
            self._said.setText(str(error))
            return
        self.accept()
        self.saved.emit(path)
