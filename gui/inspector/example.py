"""One example at the selected neuron, as sums and products to be followed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.activations import Activation
from engine.layers.base import Array
from gui.document.document import Document
from gui.inspector.section import Facts, Section
from gui.inspector.worked import Worked, WorkedExamples, worked_examples
from gui.training.shown import ShownExample
from gui.widgets import HintLabel, IconButton

AllWeights = Mapping[tuple[str, str], Array]

MOST_TERMS = 8
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class ExampleSection(Section):
    """The numbers of the example that is looked at, with steps to the one before and after.

    It is hidden where there is none: no data yet, or a neuron that no loss depends on.
    """

    def __init__(
        self, document: Document, example: ShownExample, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self.document = document
        self._example = example
        self._examples: WorkedExamples | None = None
        self._node_id = ""
        self._weights: AllWeights = {}
        self.title.setText(self.tr("This example"))
        self.title.show()
        self.number = HintLabel(parent=self)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.rows.removeWidget(self.title)
        line.addWidget(self.title, 1)
        line.addWidget(self.number)
        for step, icon, name in (
            (-1, "caret-left", self.tr("Example before")),
            (1, "caret-right", self.tr("Example after")),
        ):
            button = IconButton(icon, name, self)
            button.clicked.connect(partial(self.step, step))
            line.addWidget(button)
        self.rows.addLayout(line)
        self.facts = Facts(self)
        self.rows.addWidget(self.facts)
        example.changed.connect(self._follow)

    def _follow(self) -> None:
        if not self.isHidden():
            self.refresh(self._weights)

    def show_neuron(self, node_id: str, weights: AllWeights) -> None:
        """Work the example through a neuron, with these weights of all nodes."""
        self._node_id, self._weights = node_id, weights
        document = self.document
        self._examples = worked_examples(
            document.graph, document.dataset, document.training.seed, self._examples
        )
        self.refresh(weights)

    def refresh(self, weights: AllWeights) -> None:
        """The same example and neuron, with other weights."""
        self._weights = weights
        rows, place = self._example.part, self._example.place
        self.setVisible(self._examples is not None and len(rows) > 0)
        if self._examples is None or not len(rows):
            return
        try:
            worked = self._examples.run(int(rows[place]), weights, self._node_id)
        except KeyError:  # no loss depends on this neuron
            self.hide()
            return
        activation = self._examples.activation(self._node_id)
        self.show_worked(worked, activation, place, len(rows))

    def step(self, by: int, _checked: bool = False) -> None:
        """Go to another example."""
        self._example.show(self._example.place + by)

    def show_worked(self, worked: Worked, activation: Activation, number: int, count: int) -> None:
        self.number.setText(self.tr("{0} of {1}").format(f"{number + 1:,}", f"{count:,}"))
        facts = term_facts(worked)
        left = len(worked.terms) - MOST_TERMS
        if left > 0:
            rest = sum(x * w for x, w in worked.terms[MOST_TERMS:])
            facts.append((self.tr("+ {0} more").format(left), short(rest)))
        if worked.bias is not None:
            facts.append((self.tr("+ bias"), short(worked.bias)))
        facts.append((self.tr("weighted sum z"), short(worked.z)))
        result = len(facts)
        facts.append((f"a = {activation.label.lower()}(z)", short(worked.a)))
        if worked.up is not None:
            facts.append(("∂L/∂a", short(worked.up)))
        facts.append(("f′(z)", short(worked.slope)))
        facts.append(("∂L/∂z", short(worked.down)))
        self.facts.show_facts(facts, accented=result)


def term_facts(worked: Worked) -> list[tuple[str, str]]:
    """`x₁ · w₁` and `0.42 × 1.906` for the first few inputs."""
    return [
        (f"x{i} · w{i}".translate(SUBSCRIPTS), f"{short(x)} × {short(w)}")
        for i, (x, w) in enumerate(worked.terms[:MOST_TERMS], start=1)
    ]


def short(value: float) -> str:
    """Three decimals, or two digits and an exponent where they would all be zero."""
    if value and abs(value) < 0.0005:
        return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "−") or "0"
