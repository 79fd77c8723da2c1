"""The way of masks through a plan: from the layer that makes one to those that heed it."""

from __future__ import annotations

import numpy as np

from engine.layers.base import Layer
from engine.workspace import Workspace


def pass_mask(layer: Layer, work: Workspace) -> None:
    """Give what leaves a layer the mask of what arrives, if the layer passes masks on.

    Of several sequences that are joined, a step is real where it is real in all of them.
    """
    if layer.masking != "passes":
        return
    arriving = (v for p in layer.input_ports if p.masks for v in work.inputs.get(p.name, ()))
    masks = list({id(v.mask): v.mask for v in arriving if v.mask is not None}.values())
    if not masks:
        return
    together = masks[0]
    for mask in masks[1:]:
        both = work.buffer(*mask.shape)
        work.forward(np.multiply, together, mask, out=both)
        together = both
    for value in work.outputs:
        value.mask = together
