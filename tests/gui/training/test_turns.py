"""Views that draw one after another."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject

from gui.training.turns import Turns


class View(QObject):
    def __init__(self, name: str, drawn: list[str]) -> None:
        super().__init__()
        self.name, self.drawn, self.has_news = name, drawn, True

    def draw(self) -> bool:
        if self.has_news:
            self.drawn.append(self.name)
        return self.has_news


def a_round(names: str) -> tuple[Turns, list[View], list[str]]:
    turns, drawn = Turns(), []
    views = [View(name, drawn) for name in names]
    for view in views:
        turns.join(view.draw)
    return turns, views, drawn


def test_one_view_draws_each_time_and_all_in_turn(qapp):
    turns, _views, drawn = a_round("abc")
    for _ in range(6):
        turns.next()

    assert "".join(drawn) == "abcabc"


def test_a_view_without_news_gives_its_turn_away(qapp):
    turns, views, drawn = a_round("abc")
    views[0].has_news = views[1].has_news = False
    for _ in range(2):
        turns.next()

    assert drawn == ["c", "c"]


def test_where_no_view_has_news_nothing_is_drawn(qapp):
    turns, views, drawn = a_round("ab")
    for view in views:
        view.has_news = False
    turns.next()

    assert drawn == []


def test_a_view_that_is_gone_is_left_out(qapp):
    turns, views, drawn = a_round("abc")
    shiboken6.delete(views[0])
    del views[1]
    for _ in range(2):
        turns.next()

    assert drawn == ["c", "c"]
