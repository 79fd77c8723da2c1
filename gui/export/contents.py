"""What goes into the file, before it is written."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine import shapes
from engine.data.encoding import Encoding
from engine.evaluation.generate import generates
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.graph.order import reachable
from engine.interop.noise import with_noise_from_outside
from engine.interop.onnx_export import outgoing, output_names
from engine.layers.base import Array
from engine.plan.extent import model_inputs, model_outputs
from engine.plan.judged import judged
from gui.widgets import SectionLabel, ValueRow


class Contents(QWidget):
    """Names and shapes of the model's inputs and outputs, its size, and its data preparation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ValueRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(SectionLabel(self.tr("In the file"), self))
        self._layout.addSpacing(2)

    def show_network(
        self, graph: Graph, weights: dict[tuple[str, str], Array], encoding: Encoding | None
    ) -> None:
        for row in self.rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self.rows = []
        for label, value in self._facts(graph, weights, encoding):
            row = ValueRow(label, value, self)
            self._layout.addWidget(row)
            self.rows.append(row)

    def _facts(
        self, graph: Graph, weights: dict[tuple[str, str], Array], encoding: Encoding | None
    ) -> list[tuple[str, str]]:
        inference = infer(graph)
        batch = self.tr("batch")

        def described(node_id: str, port: str = "out") -> str:
            return f"{batch}×{shapes.text(outgoing(inference, node_id, port))}"

        inputs = [
            (self.tr("Input {0}").format(name), described(node_id))
            for name, node_id in model_inputs(with_noise_from_outside(graph))
        ]
        given = model_outputs(graph)
        outputs = [
            (self.tr("Output {0}").format(name), described(*end))
            for name, output in zip(output_names(graph), given, strict=True)
            if (end := output.end(graph))
        ]
        # Of a generator its discriminator stays behind.
        needed = reachable(graph.predecessors, (output.node for output in given))
        owners = {graph.node(node_id).same_as or node_id for node_id in needed}
        count = sum(array.size for (owner, _), array in weights.items() if owner in owners)
        return [
            *inputs,
            *outputs,
            (self.tr("Parameters"), f"{count:,}"),
            (self.tr("Data preparation"), self._preparation(encoding)),
            self._target(graph, encoding),
        ]

    def _preparation(self, encoding: Encoding | None) -> str:
        if encoding is None:
            return self.tr("none")
        count = len(encoding.raw)
        return self.tr("1 column") if count == 1 else self.tr("{0} columns").format(count)

    def _target(self, graph: Graph, encoding: Encoding | None) -> tuple[str, str]:
        """What the outputs mean: classes, or values and how to come to their unit."""
        pair = judged(graph)
        if pair is None and generates(graph):
            return self.tr("Meaning"), self.tr("new examples, as the data is prepared")
        if pair is not None and pair.target is not None:
            return self.tr("Meaning"), self.tr("the input again, as the data is prepared")
        if encoding is None or encoding.target.classes:
            return self.tr("Classes"), str(len(encoding.target.classes)) if encoding else "0"
        target = encoding.target
        return self.tr("Meaning"), target.scaling or f"{target.name} = output"
