"""The undo stack, and edits of several steps on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import shiboken6
from PySide6.QtGui import QUndoCommand, QUndoStack


class Edit(QUndoCommand):
    """Commands that are one to the user; they are done already when they are pushed."""

    def __init__(self, text: str, steps: Sequence[QUndoCommand]) -> None:
        super().__init__(text)
        self.steps = tuple(steps)
        self._done = True

    def redo(self) -> None:
        if not self._done:
            for step in self.steps:
                step.redo()
        self._done = True

    def undo(self) -> None:
        for step in reversed(self.steps):
            step.undo()
        self._done = False


class History(QUndoStack):
    """An undo stack whose edits of several steps are whole or did not happen.

    Qt's own macros can be dropped only by way of Python objects that outlive them.
    """

    _open: tuple[list[QUndoCommand], ...] = ()

    @contextmanager
    def edit(self, text: str) -> Iterator[None]:
        """Make all that is pushed in a `with` block one edit; undo it if the block raises."""
        steps: list[QUndoCommand] = []
        outer, self._open = self._open, (*self._open, steps)
        whole = False
        try:
            yield
            whole = True
        finally:
            self._open = outer
            if not whole:
                for step in reversed(steps):
                    step.undo()
                if not outer:
                    self.indexChanged.emit(self.index())
            elif steps:
                self.push(Edit(text, steps))

    def push(self, command: QUndoCommand) -> None:
        """Do a command and keep it, in the edit under way if there is one."""
        if self._open:
            command.redo()
            self._open[-1].append(command)
        else:
            super().push(command)

    def __del__(self) -> None:
        # Python's collector takes apart what it finds in any order. PySide gives commands that
        # come before their stack back to Python, and both would delete them.
        if shiboken6.isValid(self):
            held = [self.command(place) for place in range(self.count())]
            self.blockSignals(True)
            self.clear()
            del held  # not before: what they hold may be all that keeps the document
