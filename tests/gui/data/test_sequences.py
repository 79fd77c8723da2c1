"""The workspace of data where examples are sequences and so are their targets."""

from __future__ import annotations

import heapq
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt

from engine.data import DataSettings
from engine.data.dataset import prepare
from engine.data.library import CodeTokens
from gui.data.balance import Balance
from gui.data.draft import studied
from gui.data.summary import summarise
from gui.data.table_model import COLOR_ROLE, TableModel


def test_the_balance_counts_the_steps_that_are_there(qtbot):
    dataset = prepare(DataSettings(source="code_tokens"))
    balance = Balance()
    qtbot.addWidget(balance)
    balance.show_dataset(dataset)
    names = np.bincount(dataset.targets[dataset.targets >= 0])[2]

    assert f"name {names:,}" in balance.accessibleDescription()


def test_the_balance_of_a_way_is_that_of_all_its_steps(qtbot):
    balance = Balance()
    qtbot.addWidget(balance)
    balance.show_dataset(prepare(DataSettings(source="pendulum")))

    assert sum(balance._counts) == 800 * 24


def test_the_end_of_a_short_sequence_is_no_missing_value():
    column = CodeTokens(lines=200).load().column("part")
    summary = summarise(column)

    assert summary.missing == 0
    assert sum(summary.counts) == np.count_nonzero(column.values >= 0)


def test_tokens_are_listed_as_the_text_that_they_are_and_need_no_colour(qapp):
    model = TableModel()
    model.show_study(studied(CodeTokens(lines=200), None, lambda share: None))
    by_name = {model.column(place).name: place for place in range(model.columnCount())}
    code, part = (model.index(3, by_name[name]) for name in ("code", "part"))

    assert code.data() in Path(heapq.__file__).read_text(encoding="utf-8")
    assert code.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert part.data(COLOR_ROLE) is None
