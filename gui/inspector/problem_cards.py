"""The problems of what is selected, each with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.graph.check import Problem
from gui.forms import spoken
from gui.widgets import InlineMessage

SIGN = {"error": "bad", "warning": "warning", "hint": "info"}


class ProblemCards(QWidget):
    """One card per problem.

    Emits
        fix_wanted(Fix): the user chose a remedy.
    """

    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self.cards: list[InlineMessage] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 12, 0, 0)
        self._rows.setSpacing(8)
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = [self._card(problem) for problem in problems]
        for card in self.cards:
            self._rows.addWidget(card)
        self.setVisible(bool(problems))

    def _card(self, problem: Problem) -> InlineMessage:
        text = f"{spoken(problem.message)} {spoken(problem.remedy)}"
        card = InlineMessage(text, SIGN[problem.severity], self)
        fix = problem.fix
        if fix is not None:
            card.add_action(spoken(fix.label), lambda: self.fix_wanted.emit(fix))
        return card
