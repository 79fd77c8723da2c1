"""What the editor of a field is: a row that shows a value and hands on what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import FieldError, GlassboxError
from engine.fields import Field
from gui.widgets import FieldRow

Commit = Callable[[Any], None]
"""Takes an acceptable value. Raises GlassboxError where it is refused all the same."""


def no_columns() -> Sequence[str]:
    return ()


def no_nodes(what: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Surroundings:
    """What an editor may suggest, asked for when needed.

    columns: names of the data set's columns.
    nodes: for what a field suggests (`losses`, `parameters`), ids of nodes and what
        each is called.
    """

    columns: Callable[[], Sequence[str]] = no_columns
    nodes: Callable[[str], Mapping[str, str]] = no_nodes


def spoken(text: str) -> str:
    """A text of the engine (a label, a sentence of help) in the user's language."""
    return QCoreApplication.translate("engine", text) if text else ""


def focusable(widget: QWidget) -> list[QWidget]:
    """A widget and all in it that take the focus by Tab."""
    tab = Qt.FocusPolicy.TabFocus
    # The list that a choice opens is a window of its own.
    inside = [w for w in widget.findChildren(QWidget) if w.window() is widget.window()]
    return [w for w in (widget, *inside) if w.focusPolicy() & tab == tab]


class Editor(QWidget):
    """Base of the editors: a labelled row, with the reason of a refusal under it.

    A subclass makes its control and shows values in it; it calls `commit` with
    what the user chose.
    """

    field_type: ClassVar[type[Field[Any]]]

    def __init__(
        self,
        field: Any,
        commit: Commit,
        surroundings: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self.surroundings = surroundings
        self._commit = commit
        self.control = self.make_control()
        self.row = self.make_row(spoken(field.label), spoken(field.help))
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(6)
        self.rows.addWidget(self.row)
        self.setFocusProxy(self.control)

    def make_control(self) -> QWidget:
        """The widget at the right of the row."""
        raise NotImplementedError  # every type of field has its own

    def make_row(self, label: str, help: str) -> FieldRow:
        """Where the control stands."""
        return FieldRow(label, self.control, help, self)

    def show_value(self, value: Any) -> None:
        """Show a value without announcing it."""
        raise NotImplementedError  # every type of field has its own

    def show_mixed(self, values: Sequence[Any]) -> None:
        """Show that several values are edited as one."""
        raise NotImplementedError  # every type of field has its own

    def commit(self, value: Any) -> None:
        """Hand a value on; show why where it is refused, and leave the old one as it was."""
        try:
            self._commit(self.accepted(value))
        except GlassboxError as error:
            self.set_wrong(str(error))
        else:
            self.set_wrong("")

    def accepted(self, value: Any) -> Any:
        """Raises FieldError."""
        try:
            return self.field.accepted(value)
        except ValueError:
            raise FieldError(
                self.tr("{label} must be {expected}, got {value}.").format(
                    label=spoken(self.field.label), expected=self.field.expects(), value=repr(value)
                )
            ) from None

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        return focusable(self.control)

    def set_wrong(self, message: str) -> None:
        self.row.set_wrong(message)
        if hasattr(self.control, "set_wrong"):
            self.control.set_wrong(message)
