"""Python's collector, kept to the pauses between tests."""

import gc

import pytest


@pytest.fixture(autouse=True)
def _garbage_goes_between_tests():
    """As in the program: never beside a window, in whatever thread or in the midst of an event."""
    gc.disable()
    yield
    gc.enable()
