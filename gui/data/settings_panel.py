"""The form at the right: what to predict, how to prepare, how to split, how the file was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from engine.data import DataSettings, Transform
from engine.data.target import guess_task
from engine.data.transforms import FillMissing, Normalise, Standardise
from engine.errors import GlassboxError
from engine.fields import Choice, Declared
from gui.data.balance import Balance
from gui.data.draft import Draft, Study
from gui.data.split_section import SplitSection
from gui.forms import Form, Surroundings, editor_type, spoken
from gui.widgets import ChoiceField, FieldRow, HairLine, InlineMessage, SectionLabel, Switch

SCALING: Mapping[str, type[Transform]] = {"standardise": Standardise, "normalise": Normalise}
COUNTING = ("weights", "ignored", "unlabelled")
"""Settings of what counts how much, folded away: few data sets need them."""
SETTLED = ("encoding", "delimiter", "decimal", "thousands", "header")


class SettingsPanel(QScrollArea):
    """Edits the draft; every edit shows what it gives at once."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(6)
        self._refused = InlineMessage("", "bad", inner)
        self._refused.hide()
        self._column.addWidget(self._refused)
        self._add_target()
        self._add_features()
        self._rule()
        self._column.addWidget(SectionLabel(self.tr("Split"), self))
        self.split = SplitSection(self._edit_all, self)
        self._column.addWidget(self.split)
        self._add_source()
        self._column.addStretch(1)
        self.setWidget(inner)
        draft.changed.connect(self.refresh)
        self.refresh()

    # Building

    def _add_target(self) -> None:
        self._column.addWidget(SectionLabel(self.tr("Target"), self))
        self.target = ChoiceField({}, parent=self)
        self.target.committed.connect(lambda name: self._edit("target", name))
        self.task = ChoiceField(self._tasks("auto"), parent=self)
        self.task.committed.connect(lambda task: self._edit("task", task))
        self.scale_target = Switch(True, parent=self)
        self.scale_target.committed.connect(lambda on: self._edit("scale_target", on))
        self._row("target", self.tr("Predict"), self.target)
        self._row("task", self.tr("As"), self.task)
        self.scale_target_row = self._row("scale_target", None, self.scale_target)
        self.balance = Balance(self)
        self._column.addSpacing(4)
        self._column.addWidget(self.balance)
        self.counting = Form(self._draft.edit, Surroundings(self._feature_columns), self)
        self._column.addWidget(self.counting)

    def _add_features(self) -> None:
        self._rule()
        self._column.addWidget(SectionLabel(self.tr("Features"), self))
        self.scaling = ChoiceField(
            {
                "": self.tr("As they are"),
                "standardise": spoken(Standardise.label),
                "normalise": self.tr("Normalise to 0…1"),
            },
            parent=self,
        )
        self.scaling.committed.connect(self._set_scaling)
        row = FieldRow(self.tr("Numbers"), self.scaling, spoken(Standardise.summary), self)
        self._column.addWidget(row)
        fill = FillMissing.numbers
        self.filling = ChoiceField(
            {key: spoken(label) for key, label in fill.options.items()}, parent=self
        )
        self.filling.committed.connect(self._set_filling)
        self.filling_row = FieldRow(self.tr("Missing become"), self.filling, spoken(fill.help))
        self._column.addWidget(self.filling_row)
        excluded = DataSettings.field("excluded")
        self.excluded = editor_type(type(excluded))(
            excluded,
            lambda names: self._draft.edit("excluded", names),
            Surroundings(self._feature_columns),
            self,
        )
        self._column.addWidget(self.excluded)

    def _add_source(self) -> None:
        self._source_rule = self._rule()
        self._source_label = SectionLabel("", self)
        self._column.addWidget(self._source_label)
        self.source = Form(self._edit_source, parent=self)
        self._column.addWidget(self.source)

    def _row(self, field: str, label: str | None, editor: QWidget) -> FieldRow:
        declared = DataSettings.field(field)
        row = FieldRow(label or spoken(declared.label), editor, spoken(declared.help), self)
        self._column.addWidget(row)
        return row

    def _rule(self) -> HairLine:
        line = HairLine(self)
        self._column.addSpacing(8)
        self._column.addWidget(line)
        self._column.addSpacing(8)
        return line

    # Showing

    def refresh(self) -> None:
        """Show the draft as it is now."""
        draft, study = self._draft, self._draft.study
        settings = draft.settings
        self._inner.setEnabled(not self._waits(study, settings))
        if study is None or settings is None:
            self.balance.show_dataset(None)
            return
        self._refused.hide()
        names = {name: name for name in study.table.names}
        if tuple(names) != tuple(self.target.itemData(i) for i in range(self.target.count())):
            self.target.set_options(names)
        self.target.set_value(study.target)
        self._show_task(study, settings)
        chosen = [t.kind for t in settings.transforms if t.kind in SCALING]
        self.scaling.set_value(chosen[-1] if chosen else "")
        others = tuple(f.name for f in settings.fields() if f.name not in COUNTING)
        self.counting.show_settings(settings, without=others)
        self.filling_row.setVisible(any(summary.missing for summary in study.summaries))
        fills = [t for t in settings.transforms if isinstance(t, FillMissing)]
        self.filling.set_value(fills[0].numbers if fills else "median")
        self.excluded.show_value(settings.excluded)
        self.split.show_settings(settings, draft.dataset or study.dataset)
        self._show_source(study, settings)
        if study.dataset is not None or draft.failure:
            self.balance.show_dataset(study.dataset)

    @staticmethod
    def _waits(study: Study | None, settings: DataSettings | None) -> bool:
        """Whether another source is on its way, to which what stands here will not apply."""
        if study is None or settings is None:
            return True
        old, new = study.settings.source, settings.source
        return (old.kind, old.title()) != (new.kind, new.title())

    def _show_task(self, study: Study, settings: DataSettings) -> None:
        target = study.table.column(study.target)
        found = guess_task(target)
        self.task.set_options(self._tasks(found))
        self.task.set_value(settings.task)
        values = (found if settings.task == "auto" else settings.task) == "values"
        self.scale_target_row.setVisible(values)
        self.scale_target.set_value(settings.scale_target)
        self.split.show_stratify(not values and target.values.ndim == 1)

    def _show_source(self, study: Study, settings: DataSettings) -> None:
        source = settings.source
        shown = bool(source.fields())
        for widget in (self._source_rule, self._source_label, self.source):
            widget.setVisible(shown)
        if not shown:
            return
        text = self.tr("How it was read") if source.group == "file" else self.tr("Source")
        self._source_label.setText(text)
        self.source.show_settings(source, without=("path",))
        for name in SETTLED:
            found = study.table.settled.get(name)
            if found is not None and name in self.source.editors:
                self._show_settled(source, name, found)

    def _show_settled(self, source: Declared, name: str, found: str) -> None:
        """Say what "Automatic" came to."""
        editor = self.source.editors[name].control
        if isinstance(editor, ChoiceField):
            field = source.field(name)
            assert isinstance(field, Choice)
            label = spoken(field.options[found])
            text = self.tr("{0} · auto").format(label)
            editor.setItemText(editor.findData("auto"), text)

    def _tasks(self, found: str) -> dict[str, str]:
        options = DataSettings.task.options
        labels = {key: spoken(label) for key, label in options.items()}
        if found in labels and found != "auto":
            labels["auto"] = self.tr("{0} · auto").format(labels[found])
        return labels

    def _feature_columns(self) -> list[str]:
        study = self._draft.study
        return [name for name in study.table.names if name != study.target] if study else []

    # Editing

    def _edit(self, name: str, value: Any) -> None:
        self._guarded(lambda: self._draft.edit(name, value))

    def _edit_all(self, changes: Mapping[str, object]) -> None:
        self._guarded(lambda: self._draft.edit_all(changes))

    def _guarded(self, edit: Callable[[], None]) -> None:
        try:
            edit()
        except GlassboxError as error:
            self._refused.set_message(str(error), "bad")
            self._refused.show()

    def _edit_source(self, name: str, value: Any) -> None:
        settings = self._draft.settings
        if settings is not None:
            self._draft.edit("source", settings.source.replaced(**{name: value}))

    def _set_scaling(self, kind: str) -> None:
        settings = self._draft.settings
        if settings is not None:
            kept = [t for t in settings.transforms if t.kind not in SCALING]
            self._edit("transforms", [*kept, kind] if kind else kept)

    def _set_filling(self, how: str) -> None:
        settings = self._draft.settings
        if settings is not None:
            kept = [t for t in settings.transforms if not isinstance(t, FillMissing)]
            filling = [t for t in settings.transforms if isinstance(t, FillMissing)]
            changed = (filling[0] if filling else FillMissing()).replaced(numbers=how)
            self._edit("transforms", [changed, *kept])
