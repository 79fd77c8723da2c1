"""The one decision of the page: to use the data on show, and to fit the network to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine import shapes
from engine.layers.base import Layer
from engine.layers.terminal import Input
from gui.data.draft import Draft
from gui.document.ends import fitted_ends
from gui.theme import ui_font
from gui.widgets import ElidedLabel, HairLine, PrimaryButton, Switch, TextLabel

MOST = 5


class UseCard(QWidget):
    """Emits
    used: the draft's data has become the document's.
    """

    used = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.fit = Switch(True, parent=self)
        self.fit.setAccessibleName(self.tr("Fit the network"))
        self.fit.committed.connect(lambda on: self.refresh())
        self._title = TextLabel(self.tr("Fit the network to this data"), self, token="text")
        self._title.setFont(ui_font(12.5, 600))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.fit)
        self._changes = QWidget(self)
        self._labels: list[ElidedLabel] = []
        self._grid = QGridLayout(self._changes)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self.button = PrimaryButton("", "", self)
        self.button.clicked.connect(self.use)
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 16)
        inner.setSpacing(8)
        inner.addLayout(head)
        inner.addWidget(self._changes)
        inner.addSpacing(4)
        inner.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(HairLine(self))
        layout.addLayout(inner)
        document = draft.document
        draft.changed.connect(self.refresh)
        for changed in (document.data_changed, document.graph_changed, document.dataset_changed):
            changed.connect(self.refresh)
        self.refresh()

    def use(self) -> None:
        """Make the data on show the document's, and fit its network: one edit."""
        draft, document = self._draft, self._draft.document
        dataset, settings = draft.dataset, draft.settings
        if dataset is None or settings is None:
            return
        with document.edit(self.tr("Use {0}").format(settings.source.title())):
            document.set_data(settings)
            if self.fit.value and self._fitted():
                document.fit_ends(dataset.signature)
        self.used.emit()

    def refresh(self) -> None:
        fitted = self._fitted()
        self._title.setVisible(bool(fitted))
        self.fit.setVisible(bool(fitted))
        self._changes.setVisible(bool(fitted) and self.fit.value)
        self._show_changes(fitted)
        draft = self._draft
        fits = bool(fitted) and self.fit.value
        if not draft.in_use:
            text, icon = self.tr("Use this data"), "arrow-right"
        elif fits:
            text, icon = self.tr("Fit the network"), "arrow-right"
        else:
            text, icon = self.tr("In use"), "check"
        self.button.setText(text)
        self.button.set_icon(icon)
        self.button.setEnabled(draft.dataset is not None and (not draft.in_use or fits))
        self.button.setToolTip(
            self.tr("The network will learn from this data (undo takes it back)")
        )

    def _fitted(self) -> dict[str, Layer]:
        """The layers that would change."""
        dataset = self._draft.dataset
        if dataset is None:
            return {}
        return fitted_ends(self._draft.document.graph, dataset.signature)

    def _show_changes(self, fitted: dict[str, Layer]) -> None:
        for label in self._labels:
            label.hide()
            label.deleteLater()
        self._labels = []
        graph = self._draft.document.graph
        nodes = [node for node in graph.nodes if node.id in fitted]
        for line, node in enumerate(nodes[:MOST]):
            layer = fitted[node.id]
            self._put(ElidedLabel(node.title, self._changes), line, 0)
            change = difference(node.layer, layer)
            font = ui_font(12)
            self._put(ElidedLabel(change, self._changes, token="text", font=font), line, 1)
        if len(fitted) > MOST:
            more = self.tr("and {n} more").format(n=len(fitted) - MOST)
            self._put(ElidedLabel(more, self._changes), MOST, 0)

    def _put(self, label: ElidedLabel, line: int, place: int) -> None:
        self._grid.addWidget(label, line, place)
        self._labels.append(label)


def difference(before: Layer, after: Layer) -> str:
    """What changes of a layer, in a few characters: `64 → 4, relu → softmax`, `→ Squared error`."""
    if before.title() != after.title():
        return f"→ {after.title()}"
    # The card of an input shows its shape by itself.
    texts = [
        f"{shapes.text(layer.shape)} · {layer.line()}" if isinstance(layer, Input) else layer.line()
        for layer in (before, after)
    ]
    pairs = zip(*(text.split(" · ") for text in texts), strict=False)
    return ", ".join(f"{old} → {new}" for old, new in pairs if old != new)
