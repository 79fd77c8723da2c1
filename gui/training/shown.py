"""Which example of the data is looked at: one for the whole window."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.document.document import Document


class ShownExample(QObject):
    """The place of one example among those of validation, or of training where there are none.

    Emits
        changed: another one is looked at.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._place = 0
        document.dataset_changed.connect(self._begin)

    @property
    def part(self) -> NDArray[Any]:
        """The examples of the data set that there are to look at."""
        dataset = self._document.dataset
        if dataset is None:
            return np.zeros(0, np.intp)
        return np.asarray(dataset.validation if len(dataset.validation) else dataset.train)

    @property
    def place(self) -> int:
        """Where in `part` the one is that is looked at."""
        return self._place % max(1, len(self.part))

    def show(self, place: int) -> None:
        """Look at another one, counted round."""
        self._place = place % max(1, len(self.part))
        self.changed.emit()

    def _begin(self) -> None:
        self._place = 0
