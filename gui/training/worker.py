"""One job beside the window: loading the data, or training."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from engine.errors import GlassboxError

STACK_BYTES = 16 * 2**20
"""Qt gives its threads less than Python's own have; deep calls of NumPy want more."""


class Worker(QThread):
    """A thread that runs one job.

    Emits, in the thread of whoever connects
        done (object): what the job returned.
        failed (str, str): a sentence for the user, and details to copy.
    """

    done = Signal(object)
    failed = Signal(str, str)

    def __init__(self, job: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self.setStackSize(STACK_BYTES)

    def run(self) -> None:
        try:
            result = self._job()
        except GlassboxError as error:
            self.failed.emit(str(error), repr(error))
        except MemoryError as error:
            self.failed.emit(
                "There is not enough memory for this. Use a smaller batch or a smaller network.",
                repr(error),
            )
        except Exception:
            self.failed.emit(
                "Training stopped because of a fault in the program. The weights before it "
                "are kept; please report the details.",
                traceback.format_exc(),
            )
        else:
            self.done.emit(result)
