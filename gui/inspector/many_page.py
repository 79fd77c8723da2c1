"""Several nodes in the inspector: what they have in common, and what those of each kind have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.costs import cost_of, together
from engine.graph.model import Node
from gui.document.document import Document
from gui.forms import Form, Surroundings, spoken
from gui.inspector.header import ManyHeader
from gui.inspector.learning import LearningSection
from gui.inspector.section import Facts, Section
from gui.widgets.units import bytes_text

MOST_KINDS = 6
"""Of more kinds only what all have in common is edited."""


class ManyPage(QWidget):
    """Several nodes, edited as one: each edit is of all that have the setting, and one step back.

    Settings of which they have several values say so, and take one for all.
    """

    def __init__(
        self, document: Document, surroundings: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.ids: tuple[str, ...] = ()
        self._surroundings = surroundings
        self.header = ManyHeader(self)
        self.form = Form(lambda name, value: self._set(self.ids, name, value), surroundings, self)
        self.form.setContentsMargins(0, 8, 0, 0)
        self.kinds: list[KindSection] = []
        self._kinds = QVBoxLayout()
        self._kinds.setSpacing(0)
        self.learning = LearningSection(document, self)
        self.facts = Facts(self)
        total = Section(self.tr("Together"), self, ruled=True)
        total.rows.addWidget(self.facts)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.header)
        rows.addWidget(self.form)
        rows.addLayout(self._kinds)
        rows.addWidget(self.learning)
        rows.addWidget(total)

    def show_nodes(self, ids: tuple[str, ...], title: str = "") -> None:
        """title: what they are called together; how many there are, where that is empty."""
        self.ids = ids
        self.learning.show_nodes(ids)
        nodes = [self.document.graph.node(node_id) for node_id in ids]
        self.header.show_nodes(nodes, title)
        self.form.show_settings(*(node.layer for node in nodes))
        self.form.setVisible(bool(self.form.editors))
        self._show_kinds(nodes)
        cost = together(cost_of(self.document.inference[node_id]) for node_id in ids)
        training = self.document.training
        memory = cost.training_bytes(training.examples_at_once, len(training.optimizer.slots))
        self.facts.show_facts(
            [
                (self.tr("parameters"), f"{cost.parameters:,}"),
                (self.tr("multiply-adds"), f"{cost.multiply_adds:,}"),
                (self.tr("activations"), f"{cost.activations:,}"),
                (self.tr("memory to train"), bytes_text(memory)),
            ]
        )

    def _show_kinds(self, nodes: Sequence[Node]) -> None:
        """Under what all have, what only those of one kind have."""
        alike: dict[str, list[Node]] = {}
        for node in nodes:
            alike.setdefault(node.layer.kind, []).append(node)
        shared = self.form.editors.keys()
        own = [
            each
            for each in alike.values()
            if any(field.name not in shared for field in each[0].layer.fields())
        ]
        if len(alike) == 1 or len(own) > MOST_KINDS:
            own = []
        for _ in range(len(own) - len(self.kinds)):
            section = KindSection(self._set, self._surroundings, self)
            self.kinds.append(section)
            self._kinds.addWidget(section)
        for number, section in enumerate(self.kinds):
            section.setVisible(number < len(own))
            if number < len(own):
                section.show_kind(own[number], sorted(shared))
        for before, after in pairwise([*self.tab_stops(), *self.learning.tab_stops()]):
            QWidget.setTabOrder(before, after)

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits of the settings, in order."""
        forms = [self.form, *(section.form for section in self.kinds if not section.isHidden())]
        return [stop for form in forms for stop in form.tab_stops()]

    def _set(self, ids: Sequence[str], name: str, value: Any) -> None:
        self.document.set_fields(ids, name, value)


class KindSection(Section):
    """The settings that only the nodes of one kind have."""

    def __init__(self, commit: Any, surroundings: Surroundings, parent: QWidget) -> None:
        """commit(ids, field name, value): may raise GlassboxError."""
        super().__init__(parent=parent, ruled=True)
        self.title.show()
        self.ids: tuple[str, ...] = ()
        self.form = Form(lambda name, value: commit(self.ids, name, value), surroundings, self)
        self.rows.addWidget(self.form)

    def show_kind(self, nodes: Sequence[Node], shared: Sequence[str]) -> None:
        """shared: names of the fields that others have too."""
        self.ids = tuple(node.id for node in nodes)
        label = spoken(nodes[0].layer.label)
        self.title.setText(f"{label} × {len(nodes)}" if len(nodes) > 1 else label)
        self.form.show_settings(*(node.layer for node in nodes), without=shared)
