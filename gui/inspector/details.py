"""What follows from a node's settings: its shapes, its formula, the curve of its activation."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine import shapes
from engine.activations import Activation
from engine.fields import Declared
from engine.graph.infer import NodeShapes
from engine.losses import Loss
from gui.forms import spoken
from gui.inspector.curve import ActivationCurve
from gui.inspector.section import Facts, Section
from gui.theme import mono_font
from gui.widgets import TextLabel


class ShapesSection(Section):
    """What arrives, what leaves, and what it costs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Shapes"), parent, ruled=True)
        self.facts = Facts(self)
        self.rows.addWidget(self.facts)

    def show_shapes(self, found: NodeShapes) -> None:
        facts = []
        if found.node.layer.input_ports:
            facts.append((self.tr("in"), self._arriving(found)))
        if found.node.layer.output_ports:
            leaving = found.outputs
            text = self.tr("unknown") if leaving is None else ", ".join(map(shapes.text, leaving))
            facts.append((self.tr("out"), text))
        facts.append((self.tr("parameters"), f"{found.parameter_count:,}"))
        facts.append((self.tr("multiply-adds"), f"{found.multiply_adds:,}"))
        self.facts.show_facts(facts)

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
        for widget in (self.formula, self.activation, self.curve):
            self.rows.addWidget(widget)

    def show_formula(self, layer: Declared) -> None:
        parts = nested_with_formula(layer)
        own = getattr(type(layer), "formula", "")
        self.formula.setText(own)
        self.formula.setVisible(bool(own))
        self.activation.setText("\n".join(f"{spoken(p.label)}: {p.formula}" for p in parts))
        self.activation.setVisible(bool(parts))
        curves = [part for part in parts if isinstance(part, Activation)]
        self.curve.setVisible(bool(curves))
        if curves:
            self.curve.show_activation(curves[0])
        self.setVisible(bool(own or parts))


def nested_with_formula(layer: Declared) -> list[Activation | Loss]:
    """The settings of a layer that compute with its values: its activation, its loss."""
    return [value for _, value in layer if isinstance(value, Activation | Loss)]
