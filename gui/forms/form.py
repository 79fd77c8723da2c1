"""A form: one editor per field of a declaration, made from the fields alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine import shapes
from engine.errors import FieldError
from engine.fields import Choice, Declared, Field, Sizes, Variant, Variants
from engine.registry import Registry
from gui.forms.editor import Editor, Surroundings, focusable, spoken
from gui.forms.editors import SIMPLE
from gui.theme import ui_font
from gui.widgets import ElidedLabel, IconButton, LinkButton, number_text
from gui.widgets.kind_field import Kind, KindField

SPACING = 6
INDENT = 12
MOST_WORDS = 8
"""Of more different values only so many are named."""

CommitField = Callable[[str, Any], None]
"""Takes the name of a field and an acceptable value. Raises GlassboxError."""


class Form(QWidget):
    """Edits the settings of one declared object, or what several have in common.

    Objects are immutable: `commit` is told what the user wants, and whoever
    owns the object shows the new one with `show_settings`.
    """

    def __init__(
        self,
        commit: CommitField,
        surroundings: Surroundings | None = None,
        parent: QWidget | None = None,
        *,
        after: QWidget | None = None,
    ) -> None:
        """after: what the Tab key visits before the form."""
        super().__init__(parent)
        self._after = after
        self._fold: QWidget | None = None
        self._commit = commit
        self._surroundings = surroundings or Surroundings()
        self._fields: tuple[Field[Any], ...] = ()
        self.editors: dict[str, Editor] = {}
        self._mixed: set[str] = set()
        self._content: QWidget | None = None
        self._unfolded = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_settings(self, *declared: Declared, without: Sequence[str] = ()) -> None:
        """Show the values of one object, or of several; fields named in `without` are left out."""
        fields = tuple(field for field in common_fields(declared) if field.name not in without)
        if fields != self._fields or self._content is None:
            self._fields = fields
            self._build()
        for name, editor in self.editors.items():
            values = [getattr(each, name) for each in declared]
            is_mixed = any(value != values[0] for value in values)
            if is_mixed:
                editor.show_mixed(values)
                editor.control.setToolTip(in_words(editor.field, values))
            else:
                editor.show_value(values[0])
                if name in self._mixed:
                    editor.control.setToolTip("")
            (self._mixed.add if is_mixed else self._mixed.discard)(name)

    def _build(self) -> None:
        if self._content is not None:
            self._content.hide()
            self._layout.removeWidget(self._content)
            self._content.deleteLater()
        self._content, self._fold = QWidget(self), None
        rows = column(self._content)
        self.editors = {}
        advanced = QWidget(self._content)
        folded = column(advanced)
        only_advanced = all(field.advanced for field in self._fields)
        for field in self._fields:
            editor = editor_type(type(field))(
                field,
                partial(self._commit, field.name),
                self._surroundings,
                self._content,
            )
            self.editors[field.name] = editor
            # Folding away all that there is would leave nothing to see.
            (folded if field.advanced and not only_advanced else rows).addWidget(editor)
        if folded.count():
            self._add_fold(rows, advanced)
        advanced.setVisible(bool(folded.count()) and self._unfolded)
        self._layout.addWidget(self._content)
        self._content.show()
        order_tabs(self)

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits, in the order in which it stands here."""
        plain = [editor for editor in self.editors.values() if not editor.field.advanced]
        folded = [editor for editor in self.editors.values() if editor.field.advanced]
        return [
            *(stop for editor in plain for stop in editor.tab_stops()),
            *([self._fold] if self._fold else []),
            *(stop for editor in folded for stop in editor.tab_stops()),
        ]

    def _add_fold(self, rows: QVBoxLayout, advanced: QWidget) -> None:
        button = LinkButton(self.tr("More settings"), self._content, quiet=True)
        button.setCheckable(True)
        button.setChecked(self._unfolded)
        self._fold = button

        def unfold(on: bool) -> None:
            self._unfolded = on
            button.set_icon("caret-down" if on else "caret-right")
            advanced.setVisible(on)

        button.toggled.connect(unfold)
        unfold(self._unfolded)
        line = QHBoxLayout()
        line.addWidget(button)
        line.addStretch(1)
        rows.addLayout(line)
        rows.addWidget(advanced)


class VariantEditor(Editor):
    """A choice of kinds, with the form of the chosen kind indented under it."""

    control: KindField

    def make_control(self) -> KindField:
        control = KindField(kinds_of(self.field.registry))
        control.committed.connect(self.choose)
        self._value: Declared | None = None
        self._form: Form | None = None
        return control

    def choose(self, kind: str) -> None:
        """Change to another kind; what both kinds have and the user has set is kept."""
        chosen = self.field.registry.get(kind)
        if self._value is None or type(self._value) is not chosen:
            self.commit(carried(self._value, chosen))

    def show_value(self, value: Declared) -> None:
        self._value = value
        self.control.set_value(value.kind)
        if self._form is None and value.fields():
            self._form = Form(self._commit_part, self.surroundings, self)
            self._form.setContentsMargins(INDENT, 0, 0, 0)
            self.rows.addWidget(self._form)
        if self._form is not None:
            self._form.show_settings(value)
            self._form.setVisible(bool(value.fields()))

    def tab_stops(self) -> list[QWidget]:
        return [*super().tab_stops(), *(self._form.tab_stops() if self._form else [])]

    def show_mixed(self, values: Sequence[Declared]) -> None:
        self._value = None
        self.control.show_mixed()
        if self._form is not None:
            self._form.hide()

    def _commit_part(self, name: str, value: Any) -> None:
        # The inner editor shows the sentence where this raises.
        assert self._value is not None
        self._commit(self.accepted(self._value.replaced(**{name: value})))


def kinds_of(registry: Registry[Any]) -> list[Kind]:
    """What is registered, as people look for it."""
    return [
        Kind(cls.kind, spoken(cls.label), cls.synonyms, spoken(cls.summary)) for cls in registry
    ]


def carried(before: Declared | None, kind: type[Declared]) -> Declared:
    """An object of another kind with the settings that were changed and that it has too."""
    result = kind()
    for field, value in before or ():
        if value != field.default and field.name in kind._fields:
            try:
                result = result.replaced(**{field.name: value})
            except FieldError:
                continue
    return result


class VariantsEditor(Editor):
    """A list of nested declarations in order: add, move up, remove, and the form of each."""

    control: KindField

    def make_control(self) -> KindField:
        control = KindField(kinds_of(self.field.registry))
        control.setPlaceholderText(self.tr("Add…"))
        control.setCurrentIndex(-1)
        control.committed.connect(self.add)
        self._items: tuple[Declared, ...] = ()
        self._shown: list[QWidget] = []
        self._titles: list[ElidedLabel] = []
        self._forms: list[Form] = []
        return control

    def add(self, kind: str) -> None:
        self.control.setCurrentIndex(-1)
        self.commit((*self._items, self.field.registry.get(kind)()))

    def remove(self, index: int) -> None:
        self.commit((*self._items[:index], *self._items[index + 1 :]))

    def move_up(self, index: int) -> None:
        items = list(self._items)
        items[index - 1], items[index] = items[index], items[index - 1]
        self.commit(tuple(items))

    def show_value(self, value: tuple[Declared, ...]) -> None:
        self.control.setCurrentIndex(-1)
        same = [type(item) for item in value] == [type(item) for item in self._items]
        self._items = value
        if not same or len(self._shown) != len(value):
            self._build()
        for title, form, item in zip(self._titles, self._forms, value, strict=True):
            title.setText(called(item))
            form.show_settings(item)

    def show_mixed(self, values: Sequence[tuple[Declared, ...]]) -> None:
        self.show_value(())

    def _build(self) -> None:
        for widget in self._shown:
            widget.hide()
            widget.deleteLater()
        self._shown, self._titles, self._forms = [], [], []
        for index, item in enumerate(self._items):
            box = QWidget(self)
            rows = column(box)
            rows.setContentsMargins(INDENT, SPACING if index else 0, 0, 0)
            rows.addLayout(self._head(index, item, box))
            form = Form(
                partial(self._commit_part, index),
                self.surroundings,
                box,
            )
            form.setVisible(bool(item.fields()))
            rows.addWidget(form)
            self.rows.addWidget(box)
            self._shown.append(box)
            self._forms.append(form)
        order_tabs(self)

    def tab_stops(self) -> list[QWidget]:
        stops = super().tab_stops()
        for box, form in zip(self._shown, self._forms, strict=True):
            inner = form.tab_stops()
            stops += [stop for stop in focusable(box) if stop not in inner] + inner
        return stops

    def _head(self, index: int, item: Declared, parent: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(0)
        name = spoken(item.label)
        title = ElidedLabel(name, parent, token="text", font=ui_font(12.5, 600))
        title.setToolTip(spoken(item.summary))
        self._titles.append(title)
        line.addWidget(title, 1)
        if index:
            up = IconButton("arrow-up", self.tr("Move {0} up").format(name), parent)
            up.clicked.connect(lambda: self.move_up(index))
            line.addWidget(up)
        gone = IconButton("x", self.tr("Remove {0}").format(name), parent)
        gone.clicked.connect(lambda: self.remove(index))
        line.addWidget(gone)
        return line

    def _commit_part(self, index: int, name: str, value: Any) -> None:
        changed = self._items[index].replaced(**{name: value})
        self._commit(self.accepted((*self._items[:index], changed, *self._items[index + 1 :])))


EDITORS: dict[type[Field[Any]], type[Editor]] = {
    **SIMPLE,
    Variant: VariantEditor,
    Variants: VariantsEditor,
}
"""The one table from a type of field to its editor; a contract test proves it complete."""


def editor_type(field_type: type[Field[Any]]) -> type[Editor]:
    """The editor for a type of field. Raises KeyError if there is none."""
    return EDITORS[field_type]


def called(item: Declared) -> str:
    """What the user called it, or its kind."""
    return str(getattr(item, "name", "")).strip() or spoken(item.label)


def in_words(field: Field[Any], values: Sequence[Any]) -> str:
    """The different ones of several values, as far as a line holds them."""
    words = list(dict.fromkeys(_word(field, value) for value in values))
    return ", ".join(words[:MOST_WORDS]) + (", …" if len(words) > MOST_WORDS else "")


def _word(field: Field[Any], value: Any) -> str:
    if isinstance(value, Declared):
        return spoken(value.label)
    if isinstance(field, Choice):
        return spoken(field.options[value])
    if isinstance(field, Sizes):
        return shapes.text(value)
    return number_text(value) if isinstance(value, float) else str(value)


def common_fields(declared: Sequence[Declared]) -> tuple[Field[Any], ...]:
    """The fields that all of them have, with the same bounds."""
    first, *others = declared

    def shared(field: Field[Any]) -> bool:
        theirs = [other._fields.get(field.name) for other in others]
        return all(
            found is field or (type(found) is type(field) and found.expects() == field.expects())
            for found in theirs
        )

    return tuple(field for field in first.fields() if shared(field))


def order_tabs(part: QWidget) -> None:
    """Let the Tab key follow the rows of the outermost form around a part of it that is new.

    Qt puts new widgets at the end of the window's order.
    """
    outermost: Form | None = None
    around: QWidget | None = part
    while around is not None:
        outermost = around if isinstance(around, Form) else outermost
        around = around.parentWidget()
    if outermost is None:
        return
    stops = outermost.tab_stops()
    if outermost._after is not None:
        stops.insert(0, outermost._after)
    for before, stop in pairwise(stops):
        QWidget.setTabOrder(before, stop)


def column(parent: QWidget) -> QVBoxLayout:
    """An empty column of rows without margins."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACING)
    return layout
