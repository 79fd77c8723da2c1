"""The part of the inspector on whether, how fast and with whose weights nodes learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.errors import GlassboxError
from engine.fields import Real
from engine.graph.model import Node, Switch
from gui.document.document import Document
from gui.inspector.section import Section
from gui.widgets import ChoiceField, FieldRow, LinkButton, NumberField
from gui.widgets import Switch as OnOff

RATE = Real(
    1.0,
    minimum=0.0,
    label="rate",
    help="What the learning rate of these parameters is multiplied by.",
)


class LearningSection(Section):
    """The switch, freezing, the rate and the sharing of one node or of several at once."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Training"), parent, ruled=True)
        self.document = document
        self._ids: tuple[str, ...] = ()
        self._offered: tuple[object, str] = (None, "")
        states: dict[Switch, str] = {
            "on": self.tr("On"),
            "bypassed": self.tr("Bypassed"),
            "muted": self.tr("Muted"),
        }
        self.state = ChoiceField({str(key): words for key, words in states.items()}, parent=self)
        self.state.committed.connect(self._set_switch)
        self.frozen = OnOff(parent=self)
        self.frozen.committed.connect(lambda on: document.set_frozen(self._ids, on))
        self.rate = NumberField(RATE, parent=self)
        self.rate.committed.connect(self._set_rate)
        self.shares = ChoiceField({"": ""}, parent=self)
        self.shares.committed.connect(self._share)
        self.own = LinkButton(self.tr("Give each weights of its own"), parent=self)
        self.own.clicked.connect(lambda: document.make_independent(self._ids))
        self._state_row = FieldRow(
            self.tr("State"),
            self.state,
            self.tr("Bypassed nodes pass on what arrives; muted ones give zeros."),
            self,
        )
        self._frozen_row = FieldRow(
            self.tr("Frozen"), self.frozen, self.tr("Its weights do not learn."), self
        )
        self._rate_row = FieldRow(self.tr("Rate factor"), self.rate, RATE.help, self)
        self._shares_row = FieldRow(
            self.tr("Weights"),
            self.shares,
            self.tr("Its own, or those of another node of its kind, which both then train."),
            self,
        )
        for row in (self._state_row, self._frozen_row, self._rate_row, self._shares_row, self.own):
            self.rows.addWidget(row)

    def show_nodes(self, ids: Sequence[str]) -> None:
        """Show these nodes as one; edits are of all."""
        self._ids = tuple(ids)
        nodes = [self.document.graph.node(node_id) for node_id in ids]
        learning = self.document.with_weights(ids)
        passes = [n for n in nodes if n.layer.input_ports and n.layer.output_ports]
        self.setVisible(bool(learning or passes))
        self._state_row.setVisible(bool(passes))
        for row in (self._frozen_row, self._rate_row):
            row.setVisible(bool(learning))
        self._shares_row.setVisible(len(nodes) == 1 and bool(learning))
        self.own.setVisible(len(nodes) > 1 and any(node.same_as for node in nodes))
        _show(self.state, [node.switch for node in passes])
        trained = [self.document.graph.node(node_id) for node_id in learning]
        _show(self.frozen, [node.frozen for node in trained])
        rates = [node.rate for node in trained]
        if len(set(rates)) > 1:
            self.rate.show_mixed(rates[0])
        elif rates:
            self.rate.set_value(rates[0])
        if len(nodes) == 1:
            self._offer_originals(nodes[0])
            self.shares.set_value(nodes[0].same_as)

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        return [self.state, self.frozen, self.rate, self.shares, self.own]

    def _offer_originals(self, node: Node) -> None:
        """List whose weights a node may use, unless nothing but places has changed since."""
        inference = self.document.inference
        if self._offered[0] is not inference or self._offered[1] != node.id:
            self._offered = (inference, node.id)
            self.shares.set_options(self._originals(node))

    def _originals(self, node: Node) -> dict[str, str]:
        """The nodes whose weights a node may use, by id."""
        others = {
            other.id: f"{other.title} · {other.id}"
            for other in self.document.graph.nodes
            if other.id != node.id and other.layer.kind == node.layer.kind and not other.same_as
        }
        return {"": self.tr("Its own"), **others}

    def _set_switch(self, switch: Switch) -> None:
        self.document.set_switch(self._ids, switch)

    def _set_rate(self, rate: float) -> None:
        self._attempt(lambda: self.document.set_rate(self._ids, rate), self._rate_row)

    def _share(self, original: str) -> None:
        (node_id,) = self._ids
        if original:
            self._attempt(lambda: self.document.share(node_id, original), self._shares_row)
        else:
            self.document.make_independent(self._ids)

    def _attempt(self, verb: Callable[[], object], row: FieldRow) -> None:
        try:
            verb()
            row.set_wrong("")
        except GlassboxError as error:
            row.set_wrong(str(error))


def _show(field: ChoiceField | OnOff, values: Sequence[Any]) -> None:
    """Show the value that all have, or that there are several."""
    if len(set(values)) > 1:
        field.show_mixed()
    elif values:
        field.set_value(values[0])
