"""What all tests of the window share."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def _widgets_go_with_their_test():
    """Delete what a test has closed: no event loop ever comes to it, and every later change of
    the theme would restyle all that is left over."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
