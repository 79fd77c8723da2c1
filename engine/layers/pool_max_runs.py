"""Max pooling where windows move by one: by runs, and forwards along one axis after the other."""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice

import numpy as np

from engine.layers.in_turn import Call, in_turn
from engine.layers.runs import Runs
from engine.workspace import Array, Workspace


def bind_forward(work: Workspace, runs: Runs, highest: Array) -> None:
    """Add the steps that write the largest value that each window sees."""
    found, (rows, columns) = runs.padded, runs.windows
    down, right = runs.steps
    for window, step in ((columns, right), (rows, down)):
        if window.kernel > 1:
            found = _bind_largest(work, found, window.kernel, step)
    work.forward(np.copyto, highest, runs.places(found))


def _bind_largest(work: Workspace, values: Array, count: int, step: int) -> Array:
    """The largest of so many numbers, each one step on: of those at the end nothing is written."""
    room = work.scratch(*values.shape)
    flat, out = values.reshape(-1), room.reshape(-1)[: values.size - (count - 1) * step]
    for number in range(1, count):
        other = flat[number * step : number * step + out.size]
        work.forward(np.maximum, flat[: out.size] if number == 1 else out, other, out=out)
    return room


def bind_backward(
    work: Workspace, runs: Runs, highest: Array, gradient: Array, target: Array
) -> None:
    """Add the steps that hand each gradient on to the first of the largest values of its window.

    target: for the sums of what each value of the image gets.
    """
    # On bits: a number and the maximum are one where their exclusive or is 0. What the first
    # of equal ones gets is taken from what is left for the others; the last gets the rest.
    whole, shape = np.dtype(f"u{gradient.itemsize}"), runs.padded.shape
    values, sums = runs.padded.view(whole), work.scratch(*shape)
    top, left, differs, sent = (work.scratch(*shape, dtype=whole) for _ in range(4))
    work.backward(np.copyto, runs.places(top), highest.view(whole))
    work.backward(left.fill, 0)  # from the room behind the places nothing is sent
    work.backward(np.copyto, runs.places(left), gradient.view(whole))
    work.backward(sums.fill, 0)
    rows, columns = runs.windows
    one = np.array(1, whole)
    *before, last = np.ndindex(rows.kernel, columns.kernel)
    top, left, differs, sent = (runs.seen(array, 0, 0) for array in (top, left, differs, sent))
    # What is left after one tap is read where the next writes, so both change places.
    both = left, differs
    clip = tuple(partial(np.minimum, each, one, out=each) for each in both)
    lefts, others, clips = (
        tuple(islice(cycle(pair), len(before))) for pair in (both, both[::-1], clip[::-1])
    )
    totals = tuple(runs.seen(sums, *tap) for tap in before)
    calls: list[Call] = [
        (np.bitwise_xor, tuple(runs.seen(values, *tap) for tap in before), top, others),
        (clips,),
        (np.multiply, lefts, others, others),
        (np.bitwise_xor, lefts, others, sent),
        (np.add, totals, sent.view(sums.dtype), totals),
    ]
    work.backward_all(in_turn(calls))
    left = both[len(before) % 2]
    total = runs.seen(sums, *last)
    work.backward(np.add, total, left.view(sums.dtype), out=total)
    work.backward(np.copyto, target, runs.image(sums))
