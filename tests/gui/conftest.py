"""What all tests of the window share."""

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.tools.collector import _garbage_goes_between_tests  # noqa: F401  # for every test here


@pytest.fixture(autouse=True)
def _widgets_go_with_their_test():
    """Delete what a test has shown: no event loop ever comes to it, and every later change of
    the theme would restyle all that is left over."""
    yield
    app = QApplication.instance()
    if app is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for widget in app.topLevelWidgets():
        # Deleting one may take others with it.
        if shiboken6.isValid(widget) and type(widget).__module__.startswith("gui."):
            shiboken6.delete(widget)
