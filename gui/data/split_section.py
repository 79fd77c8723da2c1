"""The fields of the split: shares in per cent, the bar, and how rows are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.data import DataSettings
from engine.data.dataset import Dataset
from engine.fields import Integer
from gui.data.split_bar import SplitBar, Swatch
from gui.forms import spoken
from gui.theme import mono_font, ui_font
from gui.widgets import (
    ChoiceField,
    ElidedLabel,
    FieldRow,
    HintLabel,
    NumberField,
    NumberLabel,
    Switch,
)

EditAll = Callable[[Mapping[str, object]], None]
PARTS = ("train", "validation", "test")
SHARE_WIDTH = 68


class SplitSection(QWidget):
    """Shows and edits how the rows are shared out; the bar and the numbers follow each other."""

    def __init__(self, edit: EditAll, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self.bar = SplitBar(self)
        self.bar.changed.connect(self._show_shares)
        self.bar.committed.connect(self._set_shares)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.numbers: dict[str, NumberField] = {}
        self.rows: dict[str, NumberLabel] = {}
        labels = (self.tr("Training"), self.tr("Validation"), self.tr("Test"))
        self.train = NumberLabel("", self)
        rows, share = HintLabel(self.tr("rows"), self), HintLabel("%", self)
        share.setIndent(11)
        grid.addWidget(rows, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(share, 0, 3)
        for line, (part, label) in enumerate(zip(PARTS, labels, strict=True), 1):
            self._add_part(grid, line, part, label)
        options = DataSettings.parts.options
        self.parts = ChoiceField({key: spoken(label) for key, label in options.items()})
        self.parts.committed.connect(lambda parts: self._edit({"parts": parts}))
        self.seed = NumberField(DataSettings.seed, parent=self)
        self.seed.committed.connect(lambda seed: self._edit({"seed": seed}))
        self.stratify = Switch(True, parent=self)
        self.stratify.committed.connect(lambda on: self._edit({"stratify": on}))
        self._classes = False
        self._stratify_row = self._row("stratify", self.stratify)
        self._seed_row = self._row("seed", self.seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.bar)
        layout.addLayout(grid)
        layout.addWidget(self._row("parts", self.parts))
        layout.addWidget(self._stratify_row)
        layout.addWidget(self._seed_row)

    def _add_part(self, grid: QGridLayout, line: int, part: str, label: str) -> None:
        grid.addWidget(Swatch(PARTS.index(part), self), line, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(ElidedLabel(label, self, font=ui_font(12.5)), line, 1)
        self.rows[part] = NumberLabel("", self)
        self.rows[part].setMinimumWidth(64)
        grid.addWidget(self.rows[part], line, 2)
        if part == "train":
            self.train.setFixedSize(SHARE_WIDTH, 26)
            self.train.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.train.setIndent(11)
            self.train.setFont(mono_font(12.5))
            grid.addWidget(self.train, line, 3)
            return
        help = spoken(DataSettings.field(part).help)
        field = Integer(10, minimum=0, maximum=90, help=help)
        number = NumberField(field, parent=self)
        number.setFixedWidth(SHARE_WIDTH)
        number.setAccessibleName(label)
        number.setToolTip(help)
        number.committed.connect(lambda percent, part=part: self._edit({part: percent / 100}))
        self.numbers[part] = number
        grid.addWidget(number, line, 3)

    def _row(self, name: str, editor: QWidget) -> FieldRow:
        field = DataSettings.field(name)
        return FieldRow(spoken(field.label), editor, spoken(field.help), self)

    def show_settings(self, settings: DataSettings, dataset: Dataset | None) -> None:
        self.bar.set_shares(settings.validation, settings.test)
        self._show_shares(settings.validation, settings.test)
        self.parts.set_value(settings.parts)
        self.seed.set_value(settings.seed)
        self.stratify.set_value(settings.stratify)
        for part, label in self.rows.items():
            label.setText(f"{len(dataset.part(part)):,}" if dataset else "–")
        self._show_chances()

    def show_stratify(self, classes: bool) -> None:
        """Only classes can be even."""
        self._classes = classes
        self._show_chances()

    def _show_chances(self) -> None:
        """Rows in one piece leave nothing to chance."""
        at_random = self.parts.value == "random"
        self._seed_row.setVisible(at_random)
        self._stratify_row.setVisible(at_random and self._classes)

    def _show_shares(self, validation: float, test: float) -> None:
        self.train.setText(f"{100 * (1 - validation - test):.0f}")
        self.numbers["validation"].set_value(round(validation * 100))
        self.numbers["test"].set_value(round(test * 100))

    def _set_shares(self, validation: float, test: float) -> None:
        self._edit({"validation": validation, "test": test})
