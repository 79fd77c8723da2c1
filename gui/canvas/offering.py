"""Which nodes could take a wire that was let go over nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.errors import GlassboxError, ShapeError
from engine.graph.model import Wire
from engine.layers.base import ArrivingShapes, Layer
from engine.shapes import Shape
from gui.canvas.ports import PortEnd
from gui.document.catalog import Offer
from gui.document.document import Document
from gui.document.wiring import leaving


def fitting(document: Document, origin: PortEnd | None) -> Callable[[Offer], bool]:
    """Whether an offer has a port for a wire from `origin`, and works on what would arrive.

    From an input port: whether it can make what that port takes, as far as its own
    examples show.
    """
    if origin is None:
        return lambda offer: True
    if not origin.output:
        node = document.graph.node(origin.node)
        return lambda offer: any(_takes(node.layer, origin.port, s) for s in _makes(offer.layer()))
    wire = Wire(origin.node, "", origin.port)
    shape = leaving(document.graph, document.inference, wire)

    def fits(offer: Offer) -> bool:
        layer = offer.layer()
        return any(_takes(layer, port.name, shape) for port in layer.input_ports)

    return fits


def _takes(layer: Layer, port: str, shape: Shape | None) -> bool:
    """Whether a layer could work with a shape at a port; yes while more has to arrive."""
    needed = {p.name for p in layer.input_ports if p.required}
    if shape is None or needed - {port}:
        return True
    try:
        layer.infer(ArrivingShapes.of(shape, port=port))
    except ShapeError:
        return False
    return True


def _makes(layer: Layer) -> Iterator[Shape | None]:
    """Shapes that a layer puts out, for what arrives in its examples."""
    if not layer.output_ports:
        return
    for example in layer.examples:
        try:
            made = layer.replaced(**example.settings) if example.settings else layer
            yield from made.infer(ArrivingShapes(example.by_port))
        except GlassboxError:
            continue
    if not layer.examples:
        yield None
