"""What nobody holds any more goes in the window's thread, between two events."""

import gc
import threading

import pytest
from PySide6.QtCore import QTimer

from gui.garbage import Garbage
from gui.training.worker import Worker

MANY = 3 * gc.get_threshold()[0]


class Cycle:
    """Garbage as soon as it is dropped, which notes in which thread it went."""

    def __init__(self, went):
        self.me, self.went = self, went

    def __del__(self):
        self.went.append(threading.current_thread())


@pytest.fixture
def garbage(qapp):
    garbage = Garbage()
    garbage.begin()
    yield garbage
    gc.unfreeze()


def make_much():
    return [[number] for number in range(MANY)]


def test_it_goes_in_the_windows_thread_whichever_thread_works(garbage, qtbot):
    went = []
    Cycle(went)
    other = threading.Thread(target=make_much)
    other.start()
    other.join()
    assert went == []

    kept = make_much()
    qtbot.waitUntil(lambda: bool(went))
    assert kept
    assert went == [threading.main_thread()]


def test_it_does_not_go_in_the_midst_of_an_event(garbage, qtbot):
    went, during = [], []

    def handle():
        Cycle(went)
        during.append((len(make_much()), list(went)))

    QTimer.singleShot(0, handle)
    qtbot.waitUntil(lambda: bool(during))
    kept = make_much()
    qtbot.waitUntil(lambda: bool(went))

    assert kept
    assert during == [(MANY, [])]


def test_jobs_that_overlap_leave_it_off(garbage, qtbot):
    workers, gates, ended = [Worker(), Worker()], [threading.Event(), threading.Event()], []
    for worker, gate in zip(workers, gates, strict=True):
        worker.ended.connect(ended.append)
        worker.start(lambda job, gate=gate: gate.wait())
    for number, gate in enumerate(gates, 1):
        gate.set()
        qtbot.waitUntil(lambda number=number: len(ended) == number)

        assert not gc.isenabled()


def test_what_was_there_before_it_began_is_not_looked_at_again(qapp):
    kept = make_much()
    Garbage().begin()
    try:
        assert gc.get_freeze_count() > MANY
        assert not any(each is kept for each in gc.get_objects())
    finally:
        gc.unfreeze()


def test_old_garbage_goes_once_enough_has_become_old(garbage):
    went = []
    cycle = Cycle(went)
    gc.collect()
    del cycle
    young, middle, old = (most + 2 for most in gc.get_threshold())
    kept = []
    for _ in range(middle * old):
        kept.append([[] for _ in range(young)])
        garbage.collect()

    assert kept
    assert went == [threading.main_thread()]


def test_little_is_left_alone(garbage):
    before = gc.get_stats()
    garbage.collect()

    assert gc.get_stats() == before
