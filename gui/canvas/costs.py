"""The cost of every node on its card, as a share of the whole: an overlay that can be shown."""

from __future__ import annotations

from engine.graph.costs import Cost, cost_of, together
from engine.graph.model import Node
from gui.canvas.scene import GraphScene
from gui.widgets.units import count_text, percent_text


class Costs:
    """Knows what nodes and folded groups cost, and shows it while it is wanted."""

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self.shown = False
        document = scene.document
        for changed in (
            document.graph_changed,
            document.graph_replaced,
            document.level_changed,
        ):
            changed.connect(self._renew)

    def set_shown(self, shown: bool) -> None:
        self.shown = shown
        if not shown:
            for item in self._scene.nodes.values():
                item.set_cost(None)
        self._renew()

    def total(self) -> Cost:
        """Of the whole network."""
        return self._scene.document.summary.cost

    def of(self, key: str) -> Cost:
        """Of what is drawn under an id: a node, or all nodes in a folded group."""
        held = self._scene.holder
        inference = self._scene.document.inference
        if key in inference:
            return cost_of(inference[key])
        return together(cost_of(found) for n, found in inference.items() if held(n) == key)

    def sentence(self, key: str, node: Node) -> str:
        """What something on the canvas costs, in two lines; empty for what costs nothing."""
        cost, whole = self.of(key), self.total()
        tr = self._scene.tr
        said = []
        if cost.parameters or cost.multiply_adds:
            said.append(
                tr("{0} parameters · {1} multiply-adds{2}").format(
                    f"{cost.parameters:,}",
                    f"{cost.multiply_adds:,}",
                    share_words(cost, whole),
                )
            )
        if cost.activations and node.layer.output_ports:
            said.append(tr("{0} numbers leave for each example").format(f"{cost.activations:,}"))
        return "\n".join(said)

    def _renew(self) -> None:
        if not self.shown:
            return
        held = self._scene.holder
        by_key: dict[str, list[Cost]] = {}
        for node_id, found in self._scene.document.inference.items():
            by_key.setdefault(held(node_id), []).append(cost_of(found))
        whole = self.total().multiply_adds
        for key, item in self._scene.nodes.items():
            cost = together(by_key.get(key, ()))
            share = cost.multiply_adds / whole if whole else 0.0
            short = percent_text(share)
            words = f"{short} · {count_text(cost.multiply_adds)}"
            item.set_cost((share, words, short) if cost.multiply_adds else None)


def share_words(cost: Cost, whole: Cost) -> str:
    """` (38 %)`; nothing where there is no work in all."""
    if not whole.multiply_adds:
        return ""
    return f" ({percent_text(cost.multiply_adds / whole.multiply_adds)})"
