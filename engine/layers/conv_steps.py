"""How a convolution is worked out: rows of places in lanes, and in each lane tile by tile.

The columns of a tile are gathered and multiplied while they are in the processor's cache; the
activation goes over whole channels, in long runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations import Activation
from engine.layers.images import as_image
from engine.layers.patches import (
    PASS,
    Columns,
    Window,
    in_groups,
    in_scratch,
    surrounded,
    taps,
)
from engine.layers.shifted import ShiftedProduct
from engine.layers.shifted import margins as margins_to_shift
from engine.layers.shifted import pays as shifting_pays
from engine.layers.small_products import multiply_groups, multiply_rows
from engine.layers.spread import SpreadProduct, margins_for
from engine.workspace import BACKWARD, FORWARD, Array, Workspace, shares


def parted(matrix: Array, groups: int) -> Array:
    """Kernels (O, ...) as matrices (G, O / G, D), a view."""
    return matrix.reshape(groups, len(matrix) // groups, -1)


@dataclass(frozen=True)
class _Part:
    """What one lane does: some rows of places, and the columns of these."""

    rows: slice
    columns: Columns


class ConvolutionSteps:
    """The steps of y = f(W ⋆ x + b) and of its way back, bound to a workspace.

    Shapes: x (C, H, W, N), y (O, H_out, W_out, N), W (O, C / G, K_h, K_w); P stands for the
    places of a tile times N, D for C / G K_h K_w, and D' for D and a bias.
    """

    def __init__(
        self,
        work: Workspace,
        activation: Activation,
        windows: tuple[Window, Window],
        groups: int,
        bias: bool,
    ) -> None:
        x, y = work.input, work.output
        self.work, self.activation, self.windows = work, activation, windows
        self.groups, self.bias = groups, bias
        self.image, self.y = as_image(x.array), as_image(y.array)
        # A loss that differentiates through the activation reads z as well.
        apart = activation.needs_input or work.fused
        self.z_array = work.buffer(*y.array.shape) if apart else y.array
        self.z = as_image(self.z_array)
        # Nothing is learnt or kept by an activation whose derivative is taken from its output.
        self.in_lanes = not apart and activation.elementwise
        self.matrix = parted(work.joined("weight") if bias else work.parameter("weight"), groups)
        self.cost = self.z.size * self.matrix.shape[2]

    def bind(self) -> None:
        work, (down, _) = self.work, self.windows
        y = work.output
        padded = surrounded(work, self.image, [window.added for window in self.windows])
        padded.fill_in_lanes(work, FORWARD, self.image)
        views = taps(padded.whole, self.windows)
        parts: list[_Part] = []
        with work.lanes(self.cost) as lanes:
            for lane, rows in shares(lanes, down.places):
                columns = Columns(lane, views[:, :, :, rows], self.groups, with_ones=self.bias)
                parts.append(_Part(rows, columns))
                self._bind_sums(lane, parts[-1])
        self._bind_activation()
        if not work.training or y.gradient is None:
            return
        self._bind_derivative(y.gradient)
        self.gradient = as_image(y.gradient)
        self._bind_weight_gradient(parts)
        if work.input.gradient is not None:
            self._bind_input_gradient(as_image(work.input.gradient))

    def _bind_sums(self, lane: Workspace, part: _Part) -> None:
        columns = part.columns
        for tile in columns.tiles:
            columns.gather(lane.forward, tile)
            sums = in_groups(self.z[:, part.rows], self.groups, tile)
            # (G, O / G, D') @ (G, D', P) -> (G, O / G, P)
            multiply_groups(lane.forward, self.matrix, columns.matrix(tile), sums)

    def _bind_activation(self) -> None:
        work, y = self.work, self.work.output.array
        if not self.in_lanes:
            self.activation.forward(work, self.z_array, y)
            return
        with work.lanes(PASS * y.size) as lanes:
            for lane, channels in shares(lanes, len(y)):
                part = y[channels]
                self.activation.forward(lane, part, part)

    def _bind_derivative(self, gradient: Array) -> None:
        work, y = self.work, self.work.output.array
        if not self.in_lanes:
            self.activation.backward(work, self.z_array, y, gradient)
            return
        with work.lanes(2 * PASS * y.size) as lanes:
            for lane, channels in shares(lanes, len(y)):
                part = y[channels]
                self.activation.backward(lane, part, part, gradient[channels])

    def _bind_weight_gradient(self, parts: Sequence[_Part]) -> None:
        work = self.work
        found = work.joined_gradient("weight") if self.bias else work.parameter_gradient("weight")
        if found is None:
            return
        # The longer factor first: OpenBLAS takes 0.65 of the time for 16 filters of 150.
        _, filters, depth = self.matrix.shape
        is_turned = depth >= filters
        with work.lanes(self.cost) as lanes:
            totals = [
                self._weight_gradient(lane, part, is_turned)
                for lane, part in zip(lanes, parts, strict=False)
            ]
        for other in totals[1:]:
            work.backward(np.add, totals[0], other, out=totals[0])
        total = totals[0].transpose(0, 2, 1) if is_turned else totals[0]
        work.backward(np.copyto, parted(found, self.groups), total)

    def _weight_gradient(self, lane: Workspace, part: _Part, is_turned: bool) -> Array:
        """dL/dW of the rows of one lane, (G, O / G, D'); (G, D', O / G) if it is turned."""
        columns, (groups, filters, depth) = part.columns, self.matrix.shape
        shape = (groups, depth, filters) if is_turned else (groups, filters, depth)
        total = lane.scratch(*shape)
        more = lane.scratch(*shape) if len(columns.tiles) > 1 else total
        for tile in columns.tiles:
            if len(columns.tiles) > 1:  # only the last tile is still there
                columns.gather(lane.backward, tile)
            slopes = in_groups(self.gradient[:, part.rows], self.groups, tile)
            found, out = columns.matrix(tile), total if tile.start == 0 else more
            # (G, D', P) @ (G, P, O / G) -> (G, D', O / G), or the other way round
            left, right = (found, slopes) if is_turned else (slopes, found)
            with lane.turn():
                if self.groups == 1:
                    multiply_rows(lane, lane.backward, left[0], right[0], out[0])
                else:
                    lane.backward(np.matmul, left, right.transpose(0, 2, 1), out=out)
            if out is not total:
                lane.backward(np.add, total, more, out=total)
        return total

    def _bind_input_gradient(self, image: Array) -> None:
        work, windows, groups, filters = self.work, self.windows, self.groups, len(self.z)
        shape = (len(image) // groups, windows[0].kernel, windows[1].kernel)
        kernel = work.parameter("weight").reshape(groups, filters // groups, *shape)
        shifts = shifting_pays(len(image), filters, windows, groups)
        margins = margins_to_shift(windows) if shifts else [margins_for(w) for w in windows]
        slopes = in_scratch(work, BACKWARD, self.gradient, margins)
        slopes.fill_in_lanes(work, BACKWARD, self.gradient)
        if shifts:
            ShiftedProduct(work, slopes, kernel[0], image, windows).bind(BACKWARD)
        else:
            SpreadProduct(work, slopes, kernel, image, windows).bind(BACKWARD)
