"""The inspector: whatever is selected, seen and edited; the network where nothing is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.graph.groups import members
from gui.document.document import Document
from gui.forms import Surroundings
from gui.inspector.many_page import ManyPage
from gui.inspector.node_page import NodePage
from gui.inspector.overview import Overview
from gui.training.controller import TrainingController
from gui.training.shown import ShownExample
from gui.widgets import Panel

WIDTH = 272
MARGIN = 16


class InspectorPanel(Panel):
    """The panel at the right of the window.

    Emits
        data_wanted: the user wants to choose the data.
        left: Escape was pressed, to go back to the canvas.
    """

    data_wanted = Signal()
    left = Signal()

    def __init__(
        self,
        document: Document,
        controller: TrainingController | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self.setAccessibleName(self.tr("Inspector"))
        self.setMinimumWidth(250)
        self.overview = Overview(document, self)
        self.overview.data_wanted.connect(self.data_wanted)
        example = controller.values.example if controller else ShownExample(document, self)
        self.node_page = NodePage(document, Surroundings(self._columns), example, self)
        self.many_page = ManyPage(document, Surroundings(self._columns), self)
        self._build()
        self._follow()
        self.refresh()

    def _build(self) -> None:
        content = Panel()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(MARGIN, 14, MARGIN, MARGIN)
        rows.setSpacing(0)
        for page in (self.overview, self.node_page, self.many_page):
            rows.addWidget(page)
        rows.addStretch(1)
        self.scrolled = QScrollArea(self)
        self.scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self.scrolled.setWidgetResizable(True)
        self.scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.scrolled)

    def _follow(self) -> None:
        document = self.document
        document.selection_changed.connect(self._start_at_top)
        for changed in (
            document.selection_changed,
            document.graph_changed,
            document.problems_changed,
            document.data_changed,
            document.dataset_changed,
            document.training_changed,
            document.weights_changed,
        ):
            changed.connect(self.refresh)
        if self.controller is not None:
            self.controller.refreshed.connect(self.refresh_weights)
            self.controller.run_changed.connect(self.refresh)

    def sizeHint(self) -> Any:
        hint = super().sizeHint()
        hint.setWidth(WIDTH)
        return hint

    def refresh(self) -> None:
        """Show what is selected as it is now."""
        document = self.document
        chosen = [i for i in document.selection if document.has(i)]
        selected = members(document.graph, chosen)
        pages = {0: self.overview, 1: self.node_page}
        # A group is shown as its nodes together, even if it is only one.
        grouped = any(document.is_group(i) for i in chosen)
        shown = self.many_page if grouped else pages.get(len(selected), self.many_page)
        for page in (self.overview, self.node_page, self.many_page):
            page.setVisible(page is shown)
        if shown is self.overview:
            self.overview.refresh()
        elif shown is self.node_page:
            self.node_page.show_node(selected[0], self._weights())
            self._show_steps()
        else:
            self.many_page.show_nodes(selected, document.called(chosen) if grouped else "")

    def stops(self) -> list[QWidget]:
        """Where the keyboard edits the settings of what is shown, in their order."""
        shown = next(
            page for page in (self.overview, self.node_page, self.many_page) if not page.isHidden()
        )
        stops = shown.tab_stops()
        if not stops and shown is self.node_page:
            stops = [self.node_page.header.title]
        return stops

    def take_focus(self) -> None:
        """Let the keyboard edit the first setting of what is shown."""
        if stops := self.stops():
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def refresh_weights(self) -> None:
        """Show the weights of a training under way, if they can be seen."""
        if self.node_page.isVisible():
            self.node_page.refresh_weights(self._weights())
            self._show_steps()

    def _show_steps(self) -> None:
        """Ask only where a wire leads back: it takes a look at examples."""
        page, changes = self.node_page, None
        if self.controller is not None and any(w.delay for w in self.document.graph.wires):
            changes = self.controller.values.changes().get(page.node_id)
        page.shapes.show_settling(changes)

    def _weights(self) -> Any:
        return self.controller.weights() if self.controller else self.document.weights

    def _start_at_top(self) -> None:
        self.scrolled.verticalScrollBar().setValue(0)

    def _columns(self) -> tuple[str, ...]:
        signature = self.document.dataset_signature
        if signature is None:
            return ()
        return tuple(dict.fromkeys((*signature.origins, *signature.feature_names)))
