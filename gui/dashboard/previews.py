"""The small picture in a node: what it puts out for the example that is looked at."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from engine.graph.model import Node
from engine.layers.base import Array
from engine.layers.terminal import Input, Loss, Output
from gui.dashboard import pictures
from gui.dashboard.pixels import pictured
from gui.document.document import Document
from gui.theme import theme
from gui.training.values import Outputs
from gui.widgets.heat import activation_kind, heat

translate = QCoreApplication.translate


class Previews:
    """Pictures of what nodes put out, by the kind of their values.

    A picture like those of the data as that picture; other images as maps; a sequence as a
    curve or as columns of cells; a few numbers as bars, many as a strip; one number as a gauge,
    or over the plane of two features.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._outputs: Outputs = {}
        self._plane: Outputs = {}
        self._pictured: set[str] = set()
        self._found_for: tuple[object, object] = (None, None)

    def look_at(self, outputs: Outputs, plane: Outputs) -> None:
        """What nodes put out: for a few examples, of which the first is shown; over the plane."""
        self._outputs, self._plane = outputs, plane

    def picture(self, node: Node) -> QImage | None:
        """The picture of a node; None where there is nothing to show."""
        values = self._outputs.get(self._shown_for(node))
        if values is None or isinstance(node.layer, Loss):
            return None
        tokens, activation = theme.tokens, activation_kind(node.layer)
        over_plane = self._plane.get(self._shown_for(node))
        if over_plane is not None and over_plane.shape[0] == 1 and over_plane.ndim == 3:
            if isinstance(node.layer, Input):
                return heat(over_plane[0] - float(over_plane[0].mean()), "", tokens)
            return heat(over_plane[0], activation, tokens)
        if self.is_pictured(self._shown_for(node)):
            dataset = self._document.dataset
            assert dataset is not None  # or nothing would have an image's shape
            shape = dataset.image_shape or ()
            image = values[..., 0].reshape(shape)
            return pictures.of_data(image, tokens, photograph=dataset.photographs)
        single = isinstance(node.layer, Input) and values.shape[:-1] == (1,)
        return shown(values, activation, single or node.layer.category == "neuron")

    def _shown_for(self, node: Node) -> str:
        """Whose values a node shows: its own; an output those that it hands on."""
        if not isinstance(node.layer, Output) or node.id not in self._document.graph:
            return node.id
        return next((wire.source for wire in self._document.graph.incoming(node.id)), node.id)

    def is_pictured(self, node_id: str) -> bool:
        """Whether what a node puts out is a picture like those of the data."""
        document = self._document
        inference, dataset = document.inference, document.dataset
        before, found_for = self._found_for
        if inference is not before or dataset is not found_for:
            shape = dataset.image_shape if dataset else None
            self._pictured = pictured(document.graph, inference, shape)
            self._found_for = (inference, dataset)
        return node_id in self._pictured


def shown(values: Array, activation: str, is_tile: bool = False) -> QImage | None:
    """The first example of (*shape, N) as a picture. A tile's fills a square."""
    tokens = theme.tokens
    first = values[..., 0]
    if first.size == 1:
        value = float(first.reshape(-1)[0])
        if is_tile:
            return pictures.strip(first.reshape(-1), activation, tokens)
        limit = float(np.max(np.abs(np.nan_to_num(values)), initial=1e-9))
        return pictures.gauge(value, limit, activation, tokens)
    if first.ndim == 1:
        if len(first) <= pictures.MOST_BARS:
            return pictures.bars(first, activation, tokens)
        return pictures.strip(first, activation, tokens)
    if first.ndim == 2 and first.shape[1] == 1 and not is_tile:
        return pictures.curve(first[:, 0], tokens)
    if first.ndim == 2:
        return pictures.sequence(first, activation, tokens)
    if first.ndim == 3:
        return pictures.maps(first, tokens)
    return pictures.maps(first.reshape(-1, *first.shape[-2:]), tokens)


def why_none(node: Node, outputs: Outputs, failure: str) -> str:
    """Why a node has no picture; empty where it has one."""
    if isinstance(node.layer, Loss | Output):
        return ""  # a loss has nothing to show, an output only hands on
    if node.id in outputs:
        return ""
    if failure:
        return translate("Previews", "No preview: {}").format(failure[:1].lower() + failure[1:])
    return translate("Previews", "No preview: what arrives here is not known yet.")
