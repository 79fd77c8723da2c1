"""Signals call their listeners, in order, and survive listeners that leave."""

from __future__ import annotations

import pytest

from engine.signal import Signal


def test_listeners_are_called_in_the_order_of_connecting():
    signal: Signal[str] = Signal()
    heard = []
    signal.connect(lambda event: heard.append(("first", event)))
    signal.connect(lambda event: heard.append(("second", event)))

    signal.emit("saved")

    assert heard == [("first", "saved"), ("second", "saved")]


def test_a_listener_may_leave_while_it_is_called():
    signal: Signal[str] = Signal()
    heard = []

    def once(event):
        heard.append(event)
        signal.disconnect(once)

    signal.connect(once)
    signal.connect(heard.append)

    signal.emit("a")
    signal.emit("b")

    assert heard == ["a", "a", "b"]


def test_connected_listens_for_the_length_of_a_block():
    signal: Signal[int] = Signal()
    heard = []
    with signal.connected(heard.append):
        signal.emit(1)
    signal.emit(2)

    assert heard == [1]


def test_leaving_without_having_listened_is_an_error():
    with pytest.raises(ValueError, match="not in list"):
        Signal().disconnect(print)
