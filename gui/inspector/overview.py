"""What the inspector shows while nothing is selected: the network, its training, its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine import shapes
from engine.data.dataset import DataSignature
from engine.graph.summary import Summary
from engine.training.settings import ObjectiveSettings, titles
from gui.document.document import Document
from gui.forms import Form, Surroundings
from gui.inspector.objectives import nameable, with_rest
from gui.inspector.problem_cards import ProblemCards
from gui.inspector.section import Facts, Section
from gui.widgets import LinkButton, TextLabel, TitleLabel
from gui.widgets.units import bytes_text


class Overview(QWidget):
    """The size of the network, the training settings to edit, and what the data is.

    Emits
        data_wanted: the user wants to choose the data.
    """

    data_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(TitleLabel(self.tr("Network"), self))
        rows.addWidget(TextLabel(self.tr("Select a node to see and change its settings."), self))
        self.facts = Facts(self)
        rows.addSpacing(4)
        rows.addWidget(self.facts)
        self.problems = ProblemCards(self)
        self.problems.fix_wanted.connect(document.apply_fix)
        rows.addWidget(self.problems)
        training = Section(self.tr("Training"), self, ruled=True)
        surroundings = Surroundings(nodes=self._nameable)
        self.form = Form(self._set_training, surroundings, training)
        training.rows.addWidget(self.form)
        rows.addWidget(training)
        self.turns = Section(self.tr("Turns"), self, ruled=True)
        self.turns_text = TextLabel(parent=self.turns)
        self.objectives = Form(self._set_training, surroundings, self.turns)
        self.turns.rows.addWidget(self.turns_text)
        self.turns.rows.addWidget(self.objectives)
        rows.addWidget(self.turns)
        rows.addWidget(self._data_section())

    def _data_section(self) -> Section:
        section = Section(self.tr("Data"), self, ruled=True)
        self.data_text = TextLabel(parent=section)
        self.data_facts = Facts(section)
        self.data_link = LinkButton(parent=section)
        self.data_link.clicked.connect(self.data_wanted)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.data_link)
        line.addStretch(1)
        section.rows.addWidget(self.data_text)
        section.rows.addWidget(self.data_facts)
        section.rows.addLayout(line)
        return section

    def refresh(self) -> None:
        document = self.document
        summary = document.summary
        self.facts.show_facts(self._network_facts(summary))
        self.problems.show_problems([p for p in document.problems if p.node is None])
        training = document.training
        # Objectives have optimisers of their own, and stand where they are seen.
        without = ["optimizer", "objectives"] if training.objectives else []
        if training.update == "example":
            without.append("batch_size")
        self.form.show_settings(training, without=without)
        self.turns.setVisible(bool(training.objectives))
        if training.objectives:
            others = [field.name for field in training.fields() if field.name != "objectives"]
            self.objectives.show_settings(training, without=others)
            self.turns_text.setText(self._round(training.objectives))
        self._refresh_data()

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits of the settings, in order."""
        return self.form.tab_stops()

    def _network_facts(self, summary: Summary) -> list[tuple[str, str]]:
        training = self.document.training
        memory = summary.training_bytes(training.examples_at_once, len(training.optimizer.slots))
        return [
            (self.tr("layers"), f"{summary.layers:,}"),
            (self.tr("deepest path"), self.tr("{0} nodes").format(f"{summary.deepest_path:,}")),
            (self.tr("parameters"), f"{summary.parameters:,}"),
            (self.tr("multiply-adds"), f"{summary.multiply_adds:,}"),
            (self.tr("activations"), f"{summary.values:,}"),
            (self.tr("memory to train"), bytes_text(memory)),
        ]

    def _refresh_data(self) -> None:
        data, signature = self.document.data, self.document.dataset_signature
        self.data_link.setText(self.tr("Change data") if data else self.tr("Choose data"))
        self.data_text.setVisible(data is None or signature is None)
        self.data_facts.setVisible(data is not None)
        if data is None:
            self.data_text.setText(
                self.tr("Nothing to learn from yet. Choose a data set, or drop a CSV file.")
            )
            return
        self.data_text.setText(self.tr("Not loaded yet."))
        facts = [(self.tr("source"), data.source.title())]
        self.data_facts.show_facts(facts + (self._signature_facts(signature) if signature else []))

    def _signature_facts(self, signature: DataSignature) -> list[tuple[str, str]]:
        target = ", ".join(signature.target_names)
        if signature.classes:
            target = self.tr("{0}, {1} classes").format(target, len(signature.classes))
        train, validation, test = signature.counts
        return [
            (self.tr("features"), shapes.text(signature.feature_shape)),
            (self.tr("target"), target),
            (self.tr("training"), f"{train:,}"),
            (self.tr("validation"), f"{validation:,}"),
            (self.tr("test"), f"{test:,}"),
        ]

    def _round(self, objectives: Sequence[ObjectiveSettings]) -> str:
        """The schedule of updates, in words."""
        turns = [
            self.tr("{0} × {1}").format(one.steps, title)
            for title, one in zip(titles(objectives), objectives, strict=True)
        ]
        return self.tr("Each round: {0}.").format(self.tr(", then ").join(turns))

    def _nameable(self, what: str) -> dict[str, str]:
        return nameable(self.document.graph, self.document.inference, what)

    def _set_training(self, name: str, value: Any) -> None:
        is_longer = name == "objectives" and len(value) > len(self.document.training.objectives)
        if is_longer:
            value = with_rest(value, self.document.graph, self.document.inference)
        self.document.set_training(self.document.training.replaced(**{name: value}))
