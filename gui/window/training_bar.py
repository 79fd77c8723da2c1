"""The second row: undo, the one filled button, and the settings that one changes all the time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QWidget

from engine.data.base import SOURCES
from engine.fields import Declared, Integer, Real
from engine.optimizers.base import OPTIMIZERS, Optimizer
from engine.training.settings import TrainingSettings
from gui.actions import Actions, plain_text, shortcut_text
from gui.document.document import Document
from gui.widgets import (
    ChoiceField,
    IconButton,
    LinkButton,
    NumberField,
    Panel,
    PlainButton,
    PrimaryButton,
    Segments,
    labelled,
)

SPEEDS = ("slow", "watch", "full")
"""The actions under `train.` of which one is chosen at any time."""

FILE = "file"
"""Key of the entry of the data list that asks for a file."""


class TrainingBar(Panel):
    """Reads the document's data and training settings and sets them, undoably.

    Emits
        file_wanted: the user chose to load a file in the list of data.
    """

    file_wanted = Signal()

    HEIGHT = 44

    def __init__(self, document: Document, actions: Actions) -> None:
        super().__init__()
        self.setFixedHeight(self.HEIGHT)
        self._document = document
        self._actions = actions
        self._data = ChoiceField(self._sources())
        self._optimizer = ChoiceField({each.kind: each.label for each in OPTIMIZERS})
        self._rate = NumberField(_number(Optimizer, "rate"), arrows=False)
        self._batch = NumberField(_number(TrainingSettings, "batch_size"), arrows=False)
        self._epochs = NumberField(_number(TrainingSettings, "epochs"), arrows=False)
        self._optimizer.setPlaceholderText(self.tr("in turns"))
        self._rate.setPlaceholderText("–")
        self._settings: list[QWidget] = []
        self._needed: int | None = None  # by what stands here at any width
        self._lay_out()
        self._data.committed.connect(self._set_source)
        self._optimizer.committed.connect(self._set_optimizer)
        self._rate.committed.connect(self._set_rate)
        self._batch.committed.connect(lambda value: self._set(batch_size=value))
        self._epochs.committed.connect(lambda value: self._set(epochs=value))
        document.training_changed.connect(self._show_training)
        document.data_changed.connect(self._show_data)
        self._show_training()
        self._show_data()

    def set_running(self, running: bool, resumes: bool) -> None:
        """What the filled button says: train, pause, or go on with what was begun."""
        text = self.tr("Pause") if running else self.tr("Resume") if resumes else self.tr("Train")
        if text != self._train.text():
            self._train.setText(text)
            self._train.set_icon("pause-fill" if running else "play-fill")

    def set_filled(self, filled: bool) -> None:
        """Whether the training is what this screen is about."""
        self._train.set_filled(filled)

    # The parts

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 16, 10)
        row.setSpacing(8)
        for action_id in ("edit.undo", "edit.redo"):
            row.addWidget(self._icon_button(action_id))
        # Where there is room, what follows begins with the canvas under it.
        row.addSpacerItem(
            QSpacerItem(136, 0, QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        )
        self._train = PrimaryButton(self.tr("Train"), "play-fill")
        # Wide enough for each of its words, so that nothing moves when they change.
        self._train.setMinimumWidth(104)
        self._connect(self._train, "train.train")
        row.addWidget(self._train)
        for action_id, icon in (
            ("train.step", "skip-forward-fill"),
            ("train.reset", "arrow-counter-clockwise-bold"),
        ):
            button = PlainButton(plain_text(self._actions[action_id].text()), icon)
            self._connect(button, action_id)
            row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(Segments([self._actions[f"train.{speed}"] for speed in SPEEDS]))
        row.addSpacing(4)
        self._find = self._icon_button("train.find_rate", framed=False)
        for label, field, width in (
            (self.tr("Data"), self._data, 124),
            (self.tr("Optimiser"), self._optimizer, 88),
            (self.tr("Rate"), self._rate, 64),
            (self.tr("Batch"), self._batch, 52),
            (self.tr("Epochs"), self._epochs, 52),
        ):
            field.setFixedWidth(width)
            field.setAccessibleName(label)
            after = [self._find] if field is self._rate else []
            self._settings.append(labelled(label, field, *after))
            row.addWidget(self._settings[-1])
        row.addStretch(1)
        commands = self._actions["help.commands"]
        self._hint = LinkButton(f"{shortcut_text(commands)} {self.tr('commands')}", hint=True)
        self._hint.clicked.connect(commands.trigger)
        row.addWidget(self._hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many of the settings as there is room for; the inspector has them all."""
        super().resizeEvent(event)
        row = self.layout()
        assert row is not None
        optional = [*self._settings, self._hint]
        if self._needed is None:  # all of them are shown yet
            room_of_all = sum(part.sizeHint().width() + row.spacing() for part in optional)
            self._needed = row.minimumSize().width() - room_of_all
        shown = [not part.isHidden() for part in optional]
        room = event.size().width() - self._needed
        for part in optional:
            room -= part.sizeHint().width() + row.spacing()
            part.setVisible(room >= 0)
        if shown != [not part.isHidden() for part in optional]:
            row.invalidate()

    def _icon_button(self, action_id: str, framed: bool = True) -> IconButton:
        action = self._actions[action_id]
        names = {
            "edit.undo": "arrow-u-up-left",
            "edit.redo": "arrow-u-up-right",
            "train.find_rate": "chart-line",
        }
        button = IconButton(names[action_id], plain_text(action.text()), framed=framed)
        self._connect(button, action_id)
        return button

    def _connect(self, button: PlainButton | PrimaryButton | IconButton, action_id: str) -> None:
        action = self._actions[action_id]
        button.setToolTip(action.toolTip())
        button.setAccessibleDescription(action.toolTip())
        button.clicked.connect(action.trigger)
        button.setEnabled(action.isEnabled())
        action.enabledChanged.connect(button.setEnabled)

    # The document's settings

    def _sources(self) -> dict[str, str]:
        ready = {each.kind: each.label for each in SOURCES if each.group != "file"}
        return {**ready, FILE: self.tr("File…")}

    def _show_data(self) -> None:
        data = self._document.data
        options = self._sources()
        if data is None:
            options = {"": self.tr("none"), **options}
        elif _is_file(data.source.kind):
            options = {data.source.kind: data.source.title(), **options}
        self._data.set_options(options)
        self._data.set_value("" if data is None else data.source.kind)
        self._data.setToolTip(data.source.summary if data else self.tr("What to learn from"))

    def _show_training(self) -> None:
        training = self._document.training
        self._optimizer.set_value(training.optimizer.kind)
        self._optimizer.setToolTip(training.optimizer.summary)
        self._rate.set_field(_number(type(training.optimizer), "rate"))
        self._rate.set_value(training.optimizer.rate)
        self._batch.set_value(training.batch_size)
        self._epochs.set_value(training.epochs)
        for field in (self._rate, self._batch, self._epochs):
            field.setToolTip(field.help)
        one_by_one = training.update == "example"
        self._batch.setEnabled(not one_by_one)
        if one_by_one:
            self._batch.setToolTip(self.tr("The weights change after every example."))
        if training.objectives:
            self._optimizer.setCurrentIndex(-1)
            self._rate.clear()
        for own in (self._optimizer, self._rate):
            own.setEnabled(not training.objectives)
            if training.objectives:
                own.setToolTip(self.tr("Each objective has its own: see the inspector."))

    def _set_source(self, kind: str) -> None:
        if kind == FILE:
            self._show_data()
            self.file_wanted.emit()
        elif kind and (self._document.data is None or self._document.data.source.kind != kind):
            from engine.data.suggest import suggest

            self._document.set_data(suggest(SOURCES.get(kind)()))

    def _set_optimizer(self, kind: str) -> None:
        training = self._document.training
        if kind != training.optimizer.kind:
            self._document.set_training(training.replaced(optimizer=OPTIMIZERS.get(kind)()))

    def _set_rate(self, rate: float) -> None:
        self._set(optimizer=self._document.training.optimizer.replaced(rate=rate))

    def _set(self, **settings: object) -> None:
        self._document.set_training(self._document.training.replaced(**settings))


def _number(declared: type[Declared], name: str) -> Integer | Real:
    field = declared.field(name)
    assert isinstance(field, Integer | Real)
    return field


def _is_file(kind: str) -> bool:
    return SOURCES.get(kind).group == "file"
