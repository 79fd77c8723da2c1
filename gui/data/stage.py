"""The middle of the page: what the data is, in facts, in pictures, as points and as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.data.draft import Draft, Study
from gui.data.empty import EmptyPage
from gui.data.gallery import Gallery
from gui.data.plot import PointPlot, plottable
from gui.data.table_view import DataTable
from gui.widgets import (
    ElidedLabel,
    HairLine,
    IconButton,
    InlineMessage,
    LinkButton,
    QuietButton,
    TitleLabel,
)

MOST_NOTES = 3


class Stage(QWidget):
    """Title, facts, progress and sentences over the views of the data.

    Emits
        file_wanted, folder_wanted: the user wants to choose a file, or a folder of images.
    """

    file_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._shown: Study | None = None
        self.title = TitleLabel("", self)
        self.facts = ElidedLabel("", self)
        self.pictures = Gallery(self)
        self.points = PointPlot(self)
        self.table = DataTable(self)
        self.empty = EmptyPage(self)
        self.empty.file_wanted.connect(self.file_wanted)
        self.empty.folder_wanted.connect(self.folder_wanted)
        self.table.target_chosen.connect(lambda name: draft.edit("target", name))
        self.table.exclusion_toggled.connect(self._toggle)
        self._views = QStackedWidget(self)
        self._tabs: dict[str, QuietButton] = {}
        self._group = QButtonGroup(self)
        head = self._head()
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self._cancel = LinkButton(self.tr("Cancel"), self)
        self._cancel.clicked.connect(draft.cancel)
        self._progress_row = QWidget(self)
        row = QHBoxLayout(self._progress_row)
        row.setContentsMargins(16, 0, 12, 8)
        row.addWidget(self.progress, 1)
        row.addWidget(self._cancel)
        self._progress_row.hide()
        self.message = InlineMessage("", "bad", self)
        self.notes = InlineMessage("", "info", self)
        messages = QVBoxLayout()
        messages.setContentsMargins(16, 0, 16, 8)
        messages.setSpacing(8)
        messages.addWidget(self.message)
        messages.addWidget(self.notes)
        self.message.hide()
        self.notes.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._progress_row)
        layout.addLayout(messages)
        layout.addWidget(HairLine(self))
        layout.addWidget(self._views, 1)
        self._views.addWidget(self.empty)
        draft.changed.connect(self.refresh)
        draft.progressed.connect(lambda share: self.progress.setValue(round(1000 * share)))
        draft.busy_changed.connect(self._show_busy)
        self.refresh()

    def _head(self) -> QWidget:
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 14, 12, 10)
        row.setSpacing(4)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.facts)
        row.addLayout(texts, 1)
        for key, label, icon, view in (
            ("pictures", self.tr("Pictures"), "squares-four", self.pictures),
            ("points", self.tr("Points"), "circles-three", self.points),
            ("table", self.tr("Table"), "table", self.table),
        ):
            button = QuietButton(label, icon, self)
            button.setCheckable(True)
            button.clicked.connect(lambda checked=False, key=key: self.show_view(key))
            self._group.addButton(button)
            self._tabs[key] = button
            self._views.addWidget(view)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.reload = IconButton("arrow-clockwise", self.tr("Read the source again"), self)
        self.reload.clicked.connect(self._draft.reload)
        row.addSpacing(8)
        row.addWidget(self.reload, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def show_view(self, key: str) -> None:
        """Show pictures, points or table."""
        view = {"pictures": self.pictures, "points": self.points, "table": self.table}[key]
        self._tabs[key].setChecked(True)
        self._views.setCurrentWidget(view)

    def refresh(self) -> None:
        """Show the draft as it is now."""
        study = self._draft.study
        self._show_messages(study)
        self._tabs["table"].setVisible(study is not None)
        self._tabs["points"].setVisible(study is not None and bool(plottable(study)))
        self._tabs["pictures"].setVisible(study is not None and study.pictures is not None)
        self.reload.setVisible(study is not None)
        if study is None:
            self.title.setText(self.tr("Data"))
            self.facts.setText(self.tr("What the network learns from"))
            self._views.setCurrentWidget(self.empty)
            self._shown = None
            return
        self.title.setText(study.settings.source.title())
        self.facts.setText(self._facts(study))
        if study is self._shown:
            return
        other = self._shown is None or self._shown.table is not study.table
        self._shown = study
        self.table.show_study(study)
        self.points.show_study(study)
        self.pictures.show_study(study)
        if other:
            self.show_view(best_view(study))

    def _facts(self, study: Study) -> str:
        rows = len(study.table)
        facts = [self.tr("1 row") if rows == 1 else self.tr("{n:,} rows").format(n=rows)]
        if study.dataset is not None:
            signature = study.dataset.signature
            features = len(signature.feature_names)
            one, many = self.tr("1 feature"), self.tr("{n:,} features")
            facts.append(one if features == 1 else many.format(n=features))
            if signature.classes:
                facts.append(self.tr("{n:,} classes").format(n=len(signature.classes)))
            else:
                facts.append(self.tr("predicts “{0}”").format(study.target))
            if signature.target_steps and signature.image_shape:
                facts.append(self.tr("{n:,} values each").format(n=signature.target_steps))
            elif signature.target_steps:
                facts.append(self.tr("{n:,} steps each").format(n=signature.target_steps))
        else:
            facts.append(self.tr("{n:,} columns").format(n=len(study.table.columns)))
        path = getattr(study.settings.source, "path", "")
        return "  ·  ".join([*facts, *filter(None, [path])])

    def _show_messages(self, study: Study | None) -> None:
        failure = self._draft.failure
        self.message.set_message(failure, "bad")
        self.message.setVisible(bool(failure))
        notes = study.dataset.notes if study and study.dataset else ()
        notes = notes or (study.table.notes if study else ())
        text = "\n".join(notes[:MOST_NOTES])
        if len(notes) > MOST_NOTES:
            text += "\n" + self.tr("And {n} more like these.").format(n=len(notes) - MOST_NOTES)
        self.notes.set_message(text, "info")
        self.notes.setVisible(bool(notes) and not failure)

    def _show_busy(self, busy: bool) -> None:
        self.progress.setValue(0)
        self._progress_row.setVisible(busy)

    def _toggle(self, name: str) -> None:
        settings = self._draft.settings
        if settings is not None:
            others = tuple(other for other in settings.excluded if other != name)
            out = name in settings.excluded
            self._draft.edit("excluded", others if out else (*settings.excluded, name))


def best_view(study: Study) -> str:
    """Pictures where there are some, points where they show everything, else the table."""
    if study.pictures is not None:
        return "pictures"
    features = [name for name in study.table.names if name != study.target]
    shown = plottable(study)
    return "points" if len(features) <= 2 and set(features) <= set(shown) else "table"
