"""The verbs on what nodes share, and on whether and how fast they learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from engine.errors import GraphError
from engine.graph.model import Switch
from engine.graph.transfer import before_the_head
from gui.document import commands
from gui.document.results import ResultEditing
from gui.document.structure_commands import Property, SetProperty

translate = QCoreApplication.translate


class SharingEditing(ResultEditing):
    """Undoable edits of shared weights, freezing, rates and switches, a part of the document."""

    # Sharing

    def with_weights(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of these nodes that have weights to share, or may have once they are wired."""
        found = [self.inference[i] for i in ids]
        return tuple(f.node.id for f in found if f.outputs is None or f.weight_shapes)

    def share(self, node_id: str, original: str) -> None:
        """Let a node use the weights of another, which has its own, and its settings.

        Raises UnknownNodeError, SharingError.
        """
        node, other = self.graph.node(node_id), self.graph.node(original)
        if node.same_as == original:
            return
        text = translate("Undo", "Let {0} share the weights of {1}")
        with self.edit(text.format(node.title, other.title)):
            if node.layer.kind == other.layer.kind and node.layer != other.layer:
                self.undo.push(commands.SetLayer(self.graph, {node_id: other.layer}, "", ""))
            self._hand_over([node_id])
            self._set([node_id], "same_as", original)
            self._set([node_id], "frozen", other.frozen)
            self._set([node_id], "rate", other.rate)

    def make_independent(self, ids: Iterable[str]) -> None:
        """Give instances weights of their own: copies of those that they used."""
        instances = [self.graph.node(i) for i in dict.fromkeys(ids) if self.graph.node(i).same_as]
        if not instances:
            raise GraphError(
                "None of what is selected shares the weights of another node. "
                "Select a node that does."
            )
        text = translate("Undo", "Give {} weights of its own")
        with self.edit(text.format(commands.what(instances))):
            copies = {
                (node.id, name): array.copy()
                for node in instances
                for (owner, name), array in self.weights.items()
                if owner == node.same_as
            }
            self._set([node.id for node in instances], "same_as", "")
            if copies:
                self.replace_weights({**self.weights, **copies})

    def _hand_over(self, ids: Sequence[str]) -> None:
        """Let the first instance that stays own the weights of each node; the others use its."""
        gone = set(ids)
        heirs: dict[str, list[str]] = {}
        for node in self.graph.nodes:
            if node.same_as in gone and node.id not in gone:
                heirs.setdefault(node.same_as, []).append(node.id)
        copies = {}
        for node_id, (first, *others) in heirs.items():
            self._set([first, *others], "same_as", "")
            self._set(others, "same_as", first)
            own = [(key[1], array) for key, array in self.weights.items() if key[0] == node_id]
            copies.update({(first, name): array for name, array in own})
        if copies:
            self.replace_weights({**self.weights, **copies})

    def _before_removal(self, ids: Sequence[str]) -> None:
        self._hand_over(ids)

    # Learning

    def set_frozen(self, ids: Iterable[str], frozen: bool) -> None:
        """Keep the parameters of nodes, and of all that share them, from being trained."""
        text = translate("Undo", "Freeze {}") if frozen else translate("Undo", "Unfreeze {}")
        self._set(self._families(ids), "frozen", frozen, text.format(self._titles(ids)))

    def freeze_features(self) -> None:
        """Freeze all that learns before the last layer, in one edit.

        Raises GraphError if no layer with units stands before a loss.
        """
        ids = before_the_head(self.graph)
        with self.edit(translate("Undo", "Freeze all but the last layer")):
            self.set_frozen(ids, True)

    def set_rate(self, ids: Iterable[str], rate: float) -> None:
        """Multiply the learning rate of nodes, and of all that share their weights.

        Raises GraphError below 0.
        """
        if not 0 <= rate < float("inf"):
            raise GraphError(
                f"The learning rate of {self._titles(ids)} is multiplied by a number from 0 up, "
                f"got {rate}. Enter 1 to leave it as it is."
            )
        text = translate("Undo", "Set the learning rate of {} to {} times")
        text = text.format(self._titles(ids), f"{rate:g}")
        self._set(self._families(ids), "rate", rate, text, merges=True)

    def set_switch(self, ids: Iterable[str], switch: Switch) -> None:
        """Turn nodes on, past themselves (bypassed) or to zeros (muted)."""
        texts = {
            "on": translate("Undo", "Turn {} on"),
            "bypassed": translate("Undo", "Bypass {}"),
            "muted": translate("Undo", "Mute {}"),
        }
        ids = tuple(ids)
        self._set(ids, "switch", switch, texts[switch].format(self._titles(ids)))

    def _families(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i for each in ids for i in self.family(each)))

    def _titles(self, ids: Iterable[str]) -> str:
        return commands.what([self.graph.node(i) for i in ids])

    def _set(
        self,
        ids: Iterable[str],
        name: Property,
        value: bool | float | str,
        text: str = "",
        *,
        merges: bool = False,
    ) -> None:
        others = [i for i in ids if getattr(self.graph.node(i), name) != value]
        if others:
            command = SetProperty(self.graph, others, name, value, text, merges=merges)
            self.undo.push(command)
