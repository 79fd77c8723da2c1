"""The editors of fields that hold plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QWidget

from engine import shapes
from engine.fields import Boolean, Choice, Field, Integer, Real, Reals, Sizes, Text, Texts
from gui.forms.editor import Editor, spoken
from gui.widgets import (
    ChoiceField,
    FieldRow,
    HintLabel,
    IconButton,
    NamesField,
    NumberField,
    Switch,
    TextField,
)


class NumberEditor(Editor):
    """A number to type, drag and scroll; every new value counts at once."""

    control: NumberField

    def make_control(self) -> NumberField:
        control = NumberField(self.field)
        control.changed.connect(self.commit)
        return control

    def show_value(self, value: float) -> None:
        self.control.set_value(value)

    def show_mixed(self, values: Sequence[float]) -> None:
        self.control.show_mixed(values[0])


class SwitchEditor(Editor):
    """Yes or no."""

    switch: Switch

    def make_control(self) -> QWidget:
        control = QWidget()
        self.mixed = HintLabel(self.tr("several"), control)
        self.mixed.hide()
        self.switch = Switch(self.field.default, spoken(self.field.label), control)
        self.switch.committed.connect(self.commit)
        line = QHBoxLayout(control)
        line.setContentsMargins(0, 3, 0, 3)
        line.addStretch(1)
        line.addWidget(self.mixed)
        line.addWidget(self.switch)
        control.setFocusProxy(self.switch)
        return control

    def show_value(self, value: bool) -> None:
        self.mixed.hide()
        self.switch.set_value(value)

    def show_mixed(self, values: Sequence[bool]) -> None:
        self.switch.show_mixed()
        self.mixed.show()


class ChoiceEditor(Editor):
    """One of a few words."""

    control: ChoiceField

    def make_control(self) -> ChoiceField:
        options = {key: spoken(label) for key, label in self.field.options.items()}
        control = ChoiceField(options)
        control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        control.committed.connect(self.commit)
        return control

    def show_value(self, value: str) -> None:
        self.control.set_value(value)

    def show_mixed(self, values: Sequence[str]) -> None:
        self.control.show_mixed()


class LineEditor(Editor):
    """Base of the editors that read a value from one line of text."""

    text: TextField | NamesField
    monospaced = False

    def make_control(self) -> QWidget:
        self.text = self.make_field()
        self.text.committed.connect(lambda line: self.commit(self.read(line)))
        return self.text

    def make_field(self) -> TextField | NamesField:
        return TextField(monospaced=self.monospaced)

    def read(self, line: str) -> Any:
        """What a line stands for; whether it is acceptable, the field will say."""
        return line

    def written(self, value: Any) -> str:
        return str(value)

    def placeholder(self) -> str:
        """What stands where there is no text."""
        return ""

    def show_value(self, value: Any) -> None:
        self.text.setPlaceholderText(self.placeholder())
        self.text.set_value(self.written(value))

    def show_mixed(self, values: Sequence[Any]) -> None:
        self.text.set_value("")
        self.text.setPlaceholderText(self.tr("several"))


class SizesEditor(LineEditor):
    """A shape as people write it: `8 × 8`, `8x8` or `8, 8`."""

    monospaced = True

    def read(self, line: str) -> Any:
        words = [word for word in re.split(r"[\s×x*,;()\[\]]+", line) if word]
        try:
            return tuple(int(word) for word in words)
        except ValueError:
            return line

    def written(self, value: tuple[int, ...]) -> str:
        return shapes.text(value).replace("×", " × ")


class NumbersEditor(LineEditor):
    """Numbers with commas or spaces between them."""

    monospaced = True

    def read(self, line: str) -> Any:
        words = [word for word in re.split(r"[\s,;]+", line) if word]
        try:
            return tuple(float(word) for word in words)
        except ValueError:
            return line

    def written(self, value: tuple[float, ...]) -> str:
        return ", ".join(f"{number:.12g}" for number in value)


class TextEditor(LineEditor):
    """A line of text, with suggestions, or a file or folder to choose where the field says so."""

    text: TextField

    def make_control(self) -> QWidget:
        super().make_control()
        if self.field.suggests == "columns":
            self.text.installEventFilter(self)
        if self.field.suggests == "file":
            return beside(self.text, "folder-open", self.tr("Choose a file"), self.choose_file)
        if self.field.suggests == "folder":
            return beside(self.text, "folder-open", self.tr("Choose a folder"), self.choose_folder)
        return self.text

    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, spoken(self.field.help), self.text.value)
        if path:
            self.commit(path)

    def choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, spoken(self.field.help), self.text.value)
        if path:
            self.commit(path)

    def placeholder(self) -> str:
        return self.tr("none") if self.field.suggests == "columns" else ""

    def show_value(self, value: str) -> None:
        super().show_value(value)
        if self.field.suggests == "columns":
            completer = QCompleter(list(self.surroundings.columns()), self.text)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.text.setCompleter(completer)


class TextsEditor(LineEditor):
    """Names with commas between them; what the data or the network has is ticked in a menu.

    Nodes are written as what they are called, and kept by their ids.
    """

    names: tuple[str, ...] = ()

    def make_field(self) -> TextField | NamesField:
        return NamesField() if self.field.suggests else super().make_field()

    def make_row(self, label: str, help: str) -> FieldRow:
        if not self.field.suggests:
            return super().make_row(label, help)
        what = self.tr("Choose columns") if self._of_data else self.tr("Choose nodes")
        self.button = IconButton("list-bullets", what, self)
        self.button.clicked.connect(self.open_menu)
        return FieldRow(label, self.control, help, self, below=True, aside=self.button)

    def tab_stops(self) -> list[QWidget]:
        return [*super().tab_stops(), *([self.button] if self.field.suggests else [])]

    @property
    def _of_data(self) -> bool:
        return bool(self.field.suggests == "columns")

    def options(self) -> Mapping[str, str]:
        """What can be chosen, and what each is called."""
        if self._of_data:
            return {name: name for name in self.surroundings.columns()}
        return self.surroundings.nodes(self.field.suggests)

    def read(self, line: str) -> Any:
        known = {title: name for name, title in self.options().items()}
        words = (word.strip() for word in re.split("[,\n]", line))
        return tuple(known.get(word, word) for word in words if word)

    def written(self, value: tuple[str, ...]) -> str:
        known = {} if self._of_data or not self.field.suggests else self.options()
        return ", ".join(known.get(name, name) for name in value)

    def show_value(self, value: tuple[str, ...]) -> None:
        self.names = value
        super().show_value(value)

    def placeholder(self) -> str:
        return self.tr("none")

    def menu(self) -> QMenu:
        """What can be chosen, with ticks at what is."""
        menu = QMenu(self)
        options = self.options()
        for name, title in options.items():
            action = QAction(title, menu, checkable=True, checked=name in self.names)
            action.toggled.connect(lambda on, name=name: self.toggle(name, on))
            menu.addAction(action)
        if not options:
            nothing = self.tr("No data is loaded") if self._of_data else self.tr("No such node")
            menu.addAction(nothing).setEnabled(False)
        return menu

    def open_menu(self) -> None:
        self.menu().popup(self.text.mapToGlobal(self.text.rect().bottomLeft()))

    def toggle(self, name: str, on: bool) -> None:
        others = tuple(other for other in self.names if other != name)
        self.commit((*others, name) if on else others)


def beside(text: TextField, icon_name: str, label: str, action: Any) -> QWidget:
    """A text field with a button at its right."""
    control = QWidget()
    line = QHBoxLayout(control)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(2)
    button = IconButton(icon_name, label, control)
    button.clicked.connect(lambda: action())
    line.addWidget(text, 1)
    line.addWidget(button)
    control.setFocusProxy(text)
    return control


SIMPLE: dict[type[Field[Any]], type[Editor]] = {
    Integer: NumberEditor,
    Real: NumberEditor,
    Reals: NumbersEditor,
    Boolean: SwitchEditor,
    Choice: ChoiceEditor,
    Sizes: SizesEditor,
    Text: TextEditor,
    Texts: TextsEditor,
}
"""The editors of fields that hold plain values; `form.py` adds those of nested ones."""
