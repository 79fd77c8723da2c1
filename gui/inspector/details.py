"""What follows from a node's settings: its shapes, its formula, the curve of its activation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine import shapes
from engine.activations import Activation
from engine.fields import Declared
from engine.graph.costs import Cost, cost_of
from engine.graph.infer import NodeShapes
from engine.losses import Loss
from engine.workspace import Array
from gui.forms import spoken
from gui.inspector.curve import ActivationCurve
from gui.inspector.formula import typeset
from gui.inspector.section import Facts, Section
from gui.inspector.settling import SettlingCurve
from gui.theme import mono_font
from gui.widgets import TextLabel
from gui.widgets.units import bytes_text, percent_text


class ShapesSection(Section):
    """What arrives, what leaves, and what it costs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Shapes"), parent, ruled=True)
        self.facts = Facts(self)
        self.rows.addWidget(self.facts)
        self.steps = Facts(self)
        self.settling = SettlingCurve(self)
        for part in (self.steps, self.settling):
            part.hide()
            self.rows.addWidget(part)

    def show_settling(self, changes: Array | None) -> None:
        """How far each step moved a loop until it settled; None for what is in no such loop."""
        self.steps.setVisible(changes is not None)
        self.settling.setVisible(changes is not None and len(changes) > 1)
        if changes is not None:
            self.steps.show_facts([(self.tr("steps until settled"), f"{len(changes):,}")])
            self.settling.show_changes(changes)

    def show_shapes(self, found: NodeShapes, whole: Cost, batch: int, slots: int) -> None:
        """whole: the cost of the network. batch, slots: how it is trained; see `Cost`."""
        facts = []
        if found.node.layer.input_ports:
            facts.append((self.tr("in"), self._arriving(found)))
        if found.node.layer.output_ports:
            leaving = found.outputs
            text = self.tr("unknown") if leaving is None else ", ".join(map(shapes.text, leaving))
            facts.append((self.tr("out"), text))
        self.facts.show_facts(facts + self._cost_facts(found, whole, batch, slots))

    def _cost_facts(
        self, found: NodeShapes, whole: Cost, batch: int, slots: int
    ) -> list[tuple[str, str]]:
        cost = cost_of(found)
        work = f"{cost.multiply_adds:,}"
        if whole.multiply_adds and cost.multiply_adds:
            work += f" · {percent_text(cost.multiply_adds / whole.multiply_adds)}"
        facts = [(self.tr("parameters"), f"{cost.parameters:,}"), (self.tr("multiply-adds"), work)]
        if found.node.layer.output_ports:
            facts.append((self.tr("activations"), f"{cost.activations:,}"))
        facts.append((self.tr("memory to train"), bytes_text(cost.training_bytes(batch, slots))))
        return facts

    def _arriving(self, found: NodeShapes) -> str:
        if found.arriving is None:
            return self.tr("unknown")
        arriving = [shapes.text(shape) for shape in found.arriving.all]
        if len(arriving) > 3 and len(set(arriving)) == 1:
            return f"{len(arriving)} × {arriving[0]}"
        return ", ".join(arriving[:4]) + (", …" if len(arriving) > 4 else "")


class FormulaSection(Section):
    """What a node computes, as one line, and the curve of its activation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Formula"), parent, ruled=True)
        self.formula = TextLabel(parent=self, token="text")
        self.formula.setFont(mono_font(12))
        self.activation = TextLabel(parent=self)
        self.activation.setFont(mono_font(11.5))
        self.curve = ActivationCurve(self)
        for label in (self.formula, self.activation):
            label.setTextFormat(Qt.TextFormat.RichText)
        for widget in (self.formula, self.activation, self.curve):
            self.rows.addWidget(widget)

    def show_formula(self, layer: Declared) -> None:
        parts = nested_with_formula(layer)
        own = getattr(type(layer), "formula", "")
        self._show(self.formula, own)
        self.formula.setVisible(bool(own))
        self._show(self.activation, "\n".join(f"{spoken(p.label)}: {p.formula}" for p in parts))
        self.activation.setVisible(bool(parts))
        curves = [part for part in parts if isinstance(part, Activation)]
        self.curve.setVisible(bool(curves))
        if curves:
            self.curve.show_activation(curves[0])
        self.setVisible(bool(own or parts))

    @staticmethod
    def _show(label: TextLabel, formula: str) -> None:
        label.setText(typeset(formula))
        label.setAccessibleName(formula)


def nested_with_formula(layer: Declared) -> list[Activation | Loss]:
    """The settings of a layer that compute with its values: its activation, its loss."""
    return [value for _, value in layer if isinstance(value, Activation | Loss)]
