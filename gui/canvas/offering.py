"""Which nodes could take a wire that was let go over nothing."""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import ShapeError
from engine.graph.model import Wire
from engine.layers.base import ArrivingShapes, Layer
from engine.shapes import Shape
from gui.canvas.ports import PortEnd
from gui.document.catalog import Offer
from gui.document.document import Document
from gui.document.wiring import leaving


def fitting(document: Document, origin: PortEnd | None) -> Callable[[Offer], bool]:
    """Whether an offer has a port for a wire from `origin`, and works on what would arrive."""
    if origin is None:
        return lambda offer: True
    if not origin.output:
        return lambda offer: bool(offer.layer().output_ports)
    wire = Wire(origin.node, "", origin.port)
    shape = leaving(document.graph, document.inference, wire)
    return lambda offer: _takes(offer.layer(), shape)


def _takes(layer: Layer, shape: Shape | None) -> bool:
    if not layer.input_ports:
        return False
    if shape is None or sum(port.required for port in layer.input_ports) > 1:
        return True
    try:
        layer.infer(ArrivingShapes.of(shape, port=layer.input_ports[0].name))
    except ShapeError:
        return False
    return True
