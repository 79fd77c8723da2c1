"""The way back from a kernel's places to the image where it moves by one: row by row.

Less to multiply than `SpreadProduct` has where filters are more than channels:
each row of places is multiplied by the whole kernel at once, and what each tap
makes of it is added to a row of the image in one long run. Rows keep zeros
behind them, so that a tap's shift never reaches into the next channel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.layers.patches import PASS, Window
from engine.workspace import Array, Workspace, shares


def pays(channels: int, filters: int, windows: Sequence[Window], groups: int) -> bool:
    """Whether `bind_scatter` can be used and is the faster way, as measured.

    It multiplies the zeros behind each row too, and saves where filters outnumber channels.
    """
    _, columns = windows
    can = groups == 1 and all(window.stride == 1 for window in windows)
    return can and channels * columns.padded <= filters * columns.places


def bind_scatter(
    work: Workspace,
    places: Array,
    kernel: Array,
    image: Array,
    windows: Sequence[Window],
) -> None:
    """Add the backward steps that write Σ Kᵀ places into an image (C, H, W, N).

    places: (O, H_out, W_out, N). kernel: (O, C, K_h, K_w). All strides are 1. Each lane has
    some of the channels of the image.
    """
    rows, columns = windows
    filters = len(places)
    wider = work.scratch(rows.places, filters, columns.padded, work.batch)
    with work.lanes(PASS * wider.size) as lanes:
        for lane, part in shares(lanes, rows.places):
            lane.backward(wider[part, :, columns.places :].fill, 0)
            inside = wider[part, :, : columns.places]
            lane.backward(np.copyto, inside, places[:, part].transpose(1, 0, 2, 3))
    with work.lanes(wider.size * kernel[0].size) as lanes:
        for lane, channels in shares(lanes, len(image)):
            _bind_channels(lane, wider, kernel[:, channels], image[channels], windows)


def _bind_channels(
    work: Workspace, wider: Array, kernel: Array, image: Array, windows: Sequence[Window]
) -> None:
    """Some channels. wider: (H_out, O, W, N), with zeros behind each row of places."""
    rows, columns = windows
    filters, channels, high, wide = kernel.shape
    batch, add_step = work.batch, work.backward
    turned = work.scratch(high, wide, channels, filters)
    total = work.scratch(rows.padded, channels, columns.padded, batch)
    part = work.scratch(high * wide * channels, columns.padded * batch)
    add_step(np.copyto, turned, kernel.transpose(2, 3, 1, 0))
    add_step(total.fill, 0)
    lines = total.reshape(rows.padded, -1)
    by_tap = part.reshape(high, wide, -1)
    matrix = turned.reshape(-1, filters)
    for row in range(rows.places):
        # (K_h K_w C, O) @ (O, W N) -> (K_h K_w C, W N)
        add_step(np.dot, matrix, wider[row].reshape(filters, -1), part)
        for i in range(high):
            line = lines[row + i * rows.dilation]
            for j in range(wide):
                shift = j * columns.dilation * batch
                here = line[shift:]
                add_step(np.add, here, by_tap[i, j, : len(here)], out=here)
    top, left = rows.added[0], columns.added[0]
    inside = total[top : top + rows.length, :, left : left + columns.length]
    add_step(np.copyto, image, inside.transpose(1, 0, 2, 3))
