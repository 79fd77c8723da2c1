"""The canvas while it learns: pictures in the nodes in sight, weights on the wires of neurons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.diagnosis.health import Health
from engine.diagnosis.reading import WeightReading
from engine.graph.model import Node, Wire
from engine.layers.neuron import Neuron
from engine.plan.parameters import Weights
from gui.dashboard.boundary import BoundaryCard
from gui.dashboard.example_bar import ExampleBar
from gui.dashboard.insides import Inside
from gui.dashboard.look import inside_of_node
from gui.dashboard.previews import Previews, why_none
from gui.dashboard.xray import health_of_nodes
from gui.document.document import Document
from gui.theme import theme
from gui.training.controller import State, TrainingController
from gui.training.values import Outputs

SIDE = 24
"""Cells of a neuron's heat map in each direction."""
NEAR = 1.4
"""From this zoom the insides of nodes are worked out."""
LAZINESS_MS = 60
"""Edits and movements of the canvas are followed after this pause, not one by one."""


class NodeInSight(Protocol):
    """An item of the scene that stands for a node."""

    @property
    def node(self) -> Node: ...

    @property
    def pictured(self) -> str:
        """The id of the node whose values it shows; that of one inside, for a folded group."""


class Scene(Protocol):
    """What shows pictures in nodes and weights on wires."""

    def nodes_in(self, rect: QRectF) -> Iterable[NodeInSight]:
        """The nodes in a part of the scene."""

    def set_preview(self, node_id: str, image: QImage | None) -> None:
        """Show a picture in a node, or none."""

    def set_insides(self, insides: Mapping[str, Inside], sight: QRectF) -> None:
        """Show by node id what is inside of these nodes, and no others, within sight if it may."""

    def set_weights(self, weights: Mapping[Wire, float]) -> None:
        """Show weights on wires."""


class Canvas(Protocol):
    """What is needed of the canvas; panels do not know each other."""

    moved: SignalInstance
    xray: bool
    preview_note: Callable[[Node], str]
    reading: Callable[[Wire], WeightReading]

    @property
    def graph_scene(self) -> Scene: ...
    @property
    def zoom(self) -> float: ...

    def visible_rect(self) -> QRectF:
        """What is in sight of the scene."""

    def open_rect(self) -> QRectF:
        """What of that nothing floats over."""

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
        self.previews = Previews(document)
        self.example = ExampleBar(controller.values.example, canvas.viewport(), Random())
        controller.values.example.changed.connect(self.refresh)
        self._with_picture: set[str] = set()
        self._examples: Outputs = {}
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
        canvas.preview_note = self.preview_note
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
        plane = values.on_plane(SIDE) if self._examples and values.plane else {}
        self.previews.look_at(self._examples, plane)
        scene, insides = self.canvas.graph_scene, {}
        is_near = self.canvas.zoom >= NEAR and bool(self._examples)
        sight = self.canvas.visible_rect()
        for item in scene.nodes_in(sight):
            graph = self.document.graph
            shown = graph.node(item.pictured) if item.pictured in graph else item.node
            picture = self.previews.picture(shown)
            if picture is not None:
                self._with_picture.add(item.node.id)
                scene.set_preview(item.node.id, picture)
            elif item.node.id in self._with_picture:
                self._with_picture.discard(item.node.id)
                scene.set_preview(item.node.id, None)
            if is_near and (inside := inside_of_node(item.node.id, self.document, values)):
                insides[item.node.id] = inside
        scene.set_insides(insides, self.canvas.open_rect())
        scene.set_weights(self.wire_weights())
        self.canvas.show_health(self._health() if self.canvas.xray else {})
        self.boundary.refresh()
        self.example.show_example(self.document.dataset, bool(self._examples))

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the window that are about the example do."""
        return {
            "view.example_after": lambda: self.example.step(1),
            "view.example_before": lambda: self.example.step(-1),
            "view.example_random": self.example.any,
        }

    def preview_note(self, node: Node) -> str:
        """Why a node shows nothing, in one sentence; empty where it does."""
        return why_none(node, self._examples, self.controller.values.why_not)

    def _health(self) -> dict[str, Health]:
        telemetry = self.controller.telemetry
        if telemetry is None or not self.controller.shows_run:
            return {}
        return health_of_nodes(self.document.graph, telemetry, self._examples)

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
