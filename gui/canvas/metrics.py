"""Sizes on the canvas, in pixels at a zoom of 100 %."""

DOTS = 16
"""Distance of the background's dots."""

SNAP, COARSE_SNAP = 8, 16
"""Steps to which dragged nodes snap, by their ports: always, and with Shift held."""

RADIUS = 8
STRIPE = 4
CARD_HEIGHT = 48
CARD_WIDTHS = (112, 208)
PADDING = 12
PREVIEW_HEIGHTS = (12, 56)
PORT_RADIUS = 4.5
PORT_STEP = 16
TILE = 56
GAP = 64
"""Between a node and one added beside it."""

REACH = 14
"""How near to a port the pointer takes hold of it, on screen."""

PORT_REACH = PORT_RADIUS + 4
"""The same inside of a node, where ports give way to the node sooner."""

DOT_REACH = 8
"""How near to a point on a wire the pointer takes hold of it, on screen."""

WIRE_REACH = 6
"""How near to a wire the pointer takes hold of it, on screen."""

FAR = 0.3
"""Below this zoom nodes are plain shapes in the colour of their category, with names beside them
where there is room."""

NEAR = 0.72
"""Below this zoom the small print on nodes is left out: it would be too small to be read."""

CLEAR = 0.85
"""From this zoom the small print is as strong as the rest; in between it fades in."""

LEGIBLE = 9.0
"""No text is painted smaller than this, in pixels on screen: from afar it grows on its card."""

LARGEST_TEXT = 2.7
"""How much larger than life text may grow on its card, so that it stays inside."""

LABELS = 0.5
"""Below this zoom labels of neurons and weights of wires are left out."""

INSIDE = 1.4
"""From this zoom the insides of nodes come into sight; they fade in up to `INSIDE_CLEAR`."""

INSIDE_CLEAR = 1.6

NUMBERS = 1.2
"""From this zoom the weights of wires are written beside them."""

FEW_WIRES = 24
"""Up to so many weighted wires the weights are written beside them at any zoom."""
