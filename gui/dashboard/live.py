"""What all panels on a training share: they draw what is new, and only while they are seen."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from engine.graph.model import Graph
from engine.training.telemetry import Telemetry
from gui.dashboard.layers import LayerGroup, layer_groups
from gui.document.document import Document
from gui.theme import theme
from gui.training.controller import State, TrainingController


class LivePanel(QWidget):
    """A view of the newest telemetry.

    Subclasses draw in `show_telemetry`. It is called when there is something new and
    the panel can be seen, when the panel comes into sight, and for another theme or run.
    """

    def __init__(
        self, document: Document, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self._drawn: tuple[int, int, bool] | None = None
        self._grouped: tuple[Graph, tuple[str, ...], list[LayerGroup]] | None = None
        controller.turns.join(self._look)
        controller.refreshed.connect(self._look_at_rest)
        controller.run_changed.connect(self.refresh)
        controller.state_changed.connect(self._look)
        document.runs_changed.connect(self.refresh)
        theme.changed.connect(self.refresh)

    @property
    def seen(self) -> bool:
        """Whether any of the panel is on the screen: docks behind others are not."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    @property
    def growing(self) -> bool:
        """Whether more telemetry is to come."""
        return self.controller.state is State.RUNNING

    def refresh(self) -> None:
        """Draw, whether there is something new or not, as soon as the panel is seen."""
        self._drawn = None
        self._look()

    def _look_at_rest(self) -> None:
        if not self.growing:  # else the panel waits for its turn
            self._look()

    def _look(self) -> bool:
        telemetry = self.controller.telemetry
        newest = self._newest(telemetry)
        if newest == self._drawn or not self.seen:
            return False
        self._drawn = newest
        self.show_telemetry(telemetry)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        telemetry = self.controller.telemetry
        self._drawn = self._newest(telemetry)
        self.show_telemetry(telemetry)

    def _newest(self, telemetry: Telemetry | None) -> tuple[int, int, bool]:
        return (id(telemetry), telemetry.version if telemetry else 0, self.growing)

    def show_telemetry(self, telemetry: Telemetry | None) -> None:
        raise NotImplementedError  # every panel draws something else

    def layer_groups(self, node_ids: Iterable[str]) -> list[LayerGroup]:
        """Nodes of the run that is shown, as layers."""
        graph, key = self.controller.graph, tuple(node_ids)
        if self._grouped is None or self._grouped[:2] != (graph, key):
            self._grouped = (graph, key, layer_groups(graph, key))
        return self._grouped[2]
