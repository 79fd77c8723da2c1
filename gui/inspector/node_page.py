"""What the inspector shows of one node."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.model import Node
from engine.plan.initial import first_weights
from gui.document.document import Document
from gui.forms import Form, Surroundings
from gui.inspector.details import FormulaSection, ShapesSection
from gui.inspector.example import AllWeights, ExampleSection
from gui.inspector.header import NodeHeader
from gui.inspector.learning import LearningSection
from gui.inspector.problem_cards import ProblemCards
from gui.inspector.weights import (
    MOST_FIELDS,
    NeuronSection,
    Weights,
    WeightsSection,
    fitting,
    node_weights,
    pictures,
)
from gui.training.shown import ShownExample


class NodePage(QWidget):
    """The header, the form, and everything that follows from them, for one node."""

    def __init__(
        self,
        document: Document,
        surroundings: Surroundings,
        example: ShownExample,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.node_id = ""
        self.header = NodeHeader(self)
        self.header.renamed.connect(lambda name: document.rename(self.node_id, name))
        self.form = Form(self._set_field, surroundings, self, after=self.header.title)
        self.form.setContentsMargins(0, 8, 0, 0)
        self.neuron = NeuronSection(self)
        self.neuron.weight_edited.connect(self._set_weight)
        self.example = ExampleSection(document, example, self)
        self.problems = ProblemCards(self)
        self.problems.fix_wanted.connect(document.apply_fix)
        self.shapes = ShapesSection(self)
        self.learning = LearningSection(document, self)
        self.formula = FormulaSection(self)
        self.weights = WeightsSection(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part in (
            self.header,
            self.form,
            self.neuron,
            self.example,
            self.problems,
            self.shapes,
            self.learning,
            self.formula,
            self.weights,
        ):
            rows.addWidget(part)

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits of the settings, in order."""
        return self.form.tab_stops()

    @property
    def node(self) -> Node:
        return self.document.graph.node(self.node_id)

    def show_node(self, node_id: str, weights: AllWeights) -> None:
        """weights: of all nodes, as they are now; those before training where there are none."""
        self.node_id = node_id
        node, found = self.node, self.document.inference[node_id]
        self.header.show_node(node)
        self.form.show_settings(node.layer)
        self.problems.show_problems([p for p in self.document.problems if p.node == node_id])
        training, whole = self.document.training, self.document.summary.cost
        slots = len(training.optimizer.slots)
        self.shapes.show_shapes(found, whole, training.examples_at_once, slots)
        self.learning.show_nodes([node_id])
        self.formula.show_formula(node.layer)
        own, trained = self.own_weights(weights)
        is_neuron = node.layer.kind == "neuron"
        self.neuron.setVisible(is_neuron)
        if is_neuron:
            self.neuron.show_neuron(self.document.graph, found, own)
            self.example.show_neuron(node_id, weights)
        else:
            self.example.hide()
        self._show_weights(own, trained)

    def refresh_weights(self, weights: AllWeights) -> None:
        """Show what training has made of the weights since."""
        own, trained = self.own_weights(weights)
        if not self.neuron.isHidden():
            self.neuron.refresh(own)
            self.example.refresh(weights)
        self._show_weights(own, trained)

    def own_weights(self, weights: AllWeights) -> tuple[Weights, bool]:
        """The weights it uses, and whether they were trained rather than the first ones."""
        inference = self.document.inference
        found = inference.get(self.node.owner, inference[self.node_id])
        own = node_weights(weights, found.node.id)
        if own and fitting(own, found):
            return own, True
        return first_weights(found, self.document.training.seed), False

    def _show_weights(self, own: Weights, trained: bool) -> None:
        signature = self.document.dataset_signature
        found = self.document.inference[self.node_id]
        picture = pictures(self.document.graph, found, signature.image_shape if signature else None)
        if self.node.layer.kind == "neuron" and sum(a.size for a in own.values()) <= MOST_FIELDS:
            own = {}  # each has a field of its own
        self.weights.show_weights(own, trained, picture)

    def _set_field(self, name: str, value: Any) -> None:
        self.document.set_field(self.node_id, name, value)

    def _set_weight(self, name: str, index: int, value: float) -> None:
        self.document.set_weight(self.node.owner, name, index, value)
