"""The canvas while it learns: pictures in the nodes in sight, weights on the wires of neurons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.diagnosis.health import Health
from engine.diagnosis.reading import WeightReading
from engine.graph.model import Node, Wire
from engine.layers.base import Array
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from engine.plan.parameters import Weights
from gui.dashboard import pictures
from gui.dashboard.boundary import BoundaryCard
from gui.dashboard.xray import health_of_nodes
from gui.document.document import Document
from gui.theme import theme
from gui.training.controller import State, TrainingController
from gui.training.values import Outputs

SIDE = 24
"""Cells of a neuron's heat map in each direction."""
SHOWN_EXAMPLES = 2
LAZINESS_MS = 60
"""Edits and movements of the canvas are followed after this pause, not one by one."""


class NodeInSight(Protocol):
    """An item of the scene that stands for a node."""

    @property
    def node(self) -> Node: ...

    def scene_card(self) -> QRectF:
        """Where it is in the scene."""


class Scene(Protocol):
    """What shows pictures in nodes and weights on wires."""

    @property
    def nodes(self) -> Mapping[str, NodeInSight]: ...

    def set_preview(self, node_id: str, image: QImage | None) -> None:
        """Show a picture in a node, or none."""

    def set_weights(self, weights: Mapping[Wire, float]) -> None:
        """Show weights on wires."""


class Canvas(Protocol):
    """What is needed of the canvas; panels do not know each other."""

    moved: SignalInstance
    xray: bool
    reading: Callable[[Wire], WeightReading]

    @property
    def graph_scene(self) -> Scene: ...

    def visible_rect(self) -> QRectF:
        """What is in sight of the scene."""

    def show_health(self, health: Mapping[str, Health]) -> None:
        """Show how well nodes learn, no sign on the others."""

    def isVisible(self) -> bool: ...
    def installEventFilter(self, filterObj: QObject, /) -> None: ...
    def viewport(self) -> QWidget: ...


class LiveCanvas(QObject):
    """Keeps the pictures of the nodes in sight, and the weights on wires, up to date.

    canvas: the view, which knows its scene and what of it is in sight.
    """

    def __init__(self, document: Document, controller: TrainingController, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self.document = document
        self.controller = controller
        self.canvas = canvas
        self.boundary = BoundaryCard(document, controller, canvas.viewport())
        self._with_picture: set[str] = set()
        self._inputs: dict[str, tuple[object, QImage]] = {}
        self._examples: Outputs = {}
        self._plane: Outputs = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAZINESS_MS)
        self._soon.timeout.connect(self._renew)
        controller.turns.join(self._take_turn)
        controller.refreshed.connect(self._look_at_rest)
        for changed in (
            controller.run_changed,
            document.graph_changed,
            document.dataset_changed,
            document.weights_changed,
            document.training_changed,
            document.selection_changed,
            theme.changed,
            canvas.moved,
        ):
            changed.connect(self._soon.start)
        canvas.reading = self.reading
        canvas.installEventFilter(self)
        self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._soon.start()
        return False

    def _renew(self) -> None:
        self.controller.values.renew()
        self.refresh()

    def _look_at_rest(self) -> None:
        if self.controller.state is not State.RUNNING:  # else the canvas waits for its turn
            self.refresh()

    def _take_turn(self) -> bool:
        self.refresh()
        return self.canvas.isVisible()

    def refresh(self) -> None:
        """Draw what is in sight with the newest values."""
        if not self.canvas.isVisible():
            return
        values = self.controller.values
        self._examples = values.on_examples()
        self._plane = values.on_plane(SIDE) if self._examples and values.plane else {}
        scene = self.canvas.graph_scene
        sight = self.canvas.visible_rect()
        for item in list(scene.nodes.values()):
            if not sight.intersects(item.scene_card()):
                continue
            picture = self._picture(item.node)
            if picture is not None:
                self._with_picture.add(item.node.id)
                scene.set_preview(item.node.id, picture)
            elif item.node.id in self._with_picture:
                self._with_picture.discard(item.node.id)
                scene.set_preview(item.node.id, None)
        scene.set_weights(self.wire_weights())
        self.canvas.show_health(self._health() if self.canvas.xray else {})
        self.boundary.refresh()

    def _health(self) -> dict[str, Health]:
        telemetry = self.controller.telemetry
        if telemetry is None or not self.controller.shows_run:
            return {}
        return health_of_nodes(self.document.graph, telemetry, self._examples)

    # Pictures

    def _picture(self, node: Node) -> QImage | None:
        values = self._examples.get(node.id)
        if values is None or isinstance(node.layer, Loss):
            return None
        tokens = theme.tokens
        activation = pictures.activation_kind(node.layer)
        if isinstance(node.layer, Input):
            # What comes in does not change while it trains.
            key = (id(self.document.dataset), node.layer, tokens.name)
            if self._inputs.get(node.id, (None, None))[0] != key:
                picture = self._input_picture(node.id, values)
                if picture is None:  # what it shows may only be on its way
                    return None
                self._inputs[node.id] = (key, picture)
            return self._inputs[node.id][1]
        over_plane = self._plane.get(node.id)
        if over_plane is not None and over_plane.shape[0] == 1 and over_plane.ndim == 3:
            return pictures.heat(over_plane[0], activation, tokens)
        if values.ndim == 2 and len(values) > 1:
            return pictures.strip(values[:, 0], activation, tokens)
        if values.ndim == 4 and min(values.shape[1:3]) > 1:
            return pictures.maps(values[..., 0], tokens)
        return None

    def _input_picture(self, node_id: str, values: Array) -> QImage | None:
        tokens = theme.tokens
        dataset = self.document.dataset
        image_shape = dataset.image_shape if dataset else None
        if image_shape and np.prod(values.shape[:-1]) == np.prod(image_shape):
            images = np.moveaxis(values.reshape(*image_shape, -1), -1, 0)[:SHOWN_EXAMPLES]
            return pictures.examples(images.mean(axis=1), tokens)
        over_plane = self._plane.get(node_id)
        if over_plane is not None and len(over_plane) == 1:
            middle = over_plane[0] - float(over_plane[0].mean())
            return pictures.heat(middle, "", tokens)
        if values.ndim == 2 and len(values) > 1:
            return pictures.strip(values[:, 0], "", tokens)
        return None

    # Weights

    def wire_weights(self) -> dict[Wire, float]:
        """The weight of each wire that carries one number into a neuron."""
        return self._by_wire(self.controller.values.weights())

    def _by_wire(self, weights: Weights) -> dict[Wire, float]:
        graph, inference = self.document.graph, self.document.inference
        found: dict[Wire, float] = {}
        for (node_id, name), array in weights.items():
            if name != "weight" or node_id not in graph:
                continue
            if not isinstance(graph.node(node_id).layer, Neuron):
                continue
            wires = graph.incoming(node_id)
            if len(wires) != len(array) or any(
                inference[wire.source].outputs != ((1,),) for wire in wires
            ):
                continue
            found.update(zip(wires, array.tolist(), strict=True))
        return found

    def reading(self, wire: Wire) -> WeightReading:
        """What the run knows about the weight on a wire, for a card beside the pointer."""
        controller = self.controller
        telemetry, parameters = controller.telemetry, controller.parameters
        if telemetry is None or not controller.shows_run:
            return WeightReading()
        update = telemetry.curves.get(f"update/{wire.target}")
        latest = update.latest if update else None
        place = (wire.target, "weight")
        gradients = parameters.views(parameters.gradient) if parameters else {}
        own = {place: gradients[place]} if place in gradients else {}
        return WeightReading(self._by_wire(own).get(wire), latest[1] if latest else None)
