"""The bridge keeps its limits, measured with clocks that the tests turn by hand."""

from __future__ import annotations

import threading

import pytest

from engine.training.control import StopReason
from gui.training.bridge import FASTEST, SLOWEST, Bridge
from gui.training.gate import Gate


class Hand:
    """A clock that stands still until it is turned."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def own_time():
    return Hand()


@pytest.fixture
def bridge(qapp, clock, own_time):
    bridge = Bridge(Gate(), budget=0.1, clock=clock, own_time=own_time)
    yield bridge
    bridge.stop()


def test_a_cheap_refresh_is_repeated_thirty_times_a_second(bridge, clock, own_time):
    bridge.start()
    own_time.now = 0.001

    assert bridge.seconds_to_wait() == pytest.approx(FASTEST)


def test_a_refresh_of_20_ms_is_repeated_after_200_ms(bridge, clock, own_time):
    bridge.start()
    clock.now, own_time.now = 0.05, 0.02

    assert bridge.seconds_to_wait() == pytest.approx(0.15)


def test_work_that_the_window_does_between_refreshes_counts(bridge, clock, own_time):
    bridge.start()
    clock.now, own_time.now = 0.2, 0.02
    paid = bridge.seconds_to_wait()
    clock.now, own_time.now = 0.25, 0.06

    assert paid == pytest.approx(0)
    assert bridge.seconds_to_wait() == pytest.approx(0.35)


def test_even_a_very_slow_window_is_refreshed_once_a_second(bridge, clock, own_time):
    bridge.start()
    clock.now = own_time.now = 0.5

    assert bridge.seconds_to_wait() == pytest.approx(SLOWEST - 0.5)


def test_the_share_of_the_window_is_known(bridge, clock, own_time):
    bridge.start()
    clock.now, own_time.now = 0.5, 0.03
    bridge.seconds_to_wait()

    assert bridge.share == pytest.approx(0.06)


def test_the_trainer_stands_still_during_a_refresh_and_goes_on_after_the_paint(qtbot):
    gate = Gate()
    bridge = Bridge(gate)
    shut = []
    bridge.refreshed.connect(lambda: shut.append(gate.shut))
    with qtbot.waitSignal(bridge.refreshed, timeout=5_000):
        bridge.start()
    qtbot.waitUntil(lambda: not gate.shut)
    bridge.stop()

    assert shut[0] is True


def test_nothing_is_queued_while_the_window_is_busy(qtbot):
    bridge = Bridge(Gate())
    with qtbot.waitSignal(bridge.refreshed, timeout=5_000):
        bridge.start()
    first = bridge.refreshes
    bridge.stop()

    assert (first, bridge.active) == (1, False)


def test_a_shut_gate_holds_whoever_reads_it_until_it_opens():
    gate = Gate()
    gate.close()
    passed = threading.Event()
    reader = threading.Thread(target=lambda: (gate.requested, passed.set()))
    reader.start()
    held = not passed.wait(0.02)
    gate.open()
    reader.join(5)

    assert held
    assert passed.is_set()


def test_asking_for_a_pause_opens_the_gate():
    gate = Gate()
    gate.close()
    gate.pause()

    assert gate.requested is StopReason.PAUSED
    assert not gate.shut


def test_a_gate_that_was_asked_to_stop_does_not_close():
    gate = Gate()
    gate.stop()
    gate.close()

    assert not gate.shut
