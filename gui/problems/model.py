"""The problems of a graph as a list model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.graph.check import Problem
from engine.graph.model import Graph
from gui.forms import spoken

Index = QModelIndex | QPersistentModelIndex

PROBLEM = Qt.ItemDataRole.UserRole
TITLE = Qt.ItemDataRole.UserRole + 1


class ProblemModel(QAbstractListModel):
    """One row a problem, in the order of the checker: errors first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self._titles: tuple[str, ...] = ()

    def show_problems(self, problems: Sequence[Problem], graph: Graph) -> None:
        titles = tuple(self._title(problem, graph) for problem in problems)
        if (tuple(problems), titles) == (self.problems, self._titles):
            return
        self.beginResetModel()
        self.problems, self._titles = tuple(problems), titles
        self.endResetModel()

    def _title(self, problem: Problem, graph: Graph) -> str:
        if problem.node is None or problem.node not in graph:
            return self.tr("Network")
        return graph.node(problem.node).title

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self.problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self.problems[index.row()]
        title = self._titles[index.row()]
        if role == PROBLEM:
            return problem
        if role == TITLE:
            return title
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{title}: {spoken(problem.message)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.severity(problem)}. {title}. {self.sentence(problem)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self.severity(problem)}: {self.sentence(problem)}"
        return None

    def severity(self, problem: Problem) -> str:
        words = {"error": self.tr("Error"), "warning": self.tr("Warning"), "hint": self.tr("Hint")}
        return words[problem.severity]

    @staticmethod
    def sentence(problem: Problem) -> str:
        return f"{spoken(problem.message)} {spoken(problem.remedy)}".strip()
