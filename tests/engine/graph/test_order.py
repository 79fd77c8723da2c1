"""Orders and reachability on plain dictionaries."""

from __future__ import annotations

import pytest

from engine.errors import CycleError
from engine.graph.order import reachable, reaches, topological

DIAMOND = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}


def test_every_item_stands_before_its_successors_and_ties_keep_their_order():
    assert topological("abcd", DIAMOND.__getitem__) == ["a", "b", "c", "d"]
    assert topological("dcba", DIAMOND.__getitem__) == ["a", "b", "c", "d"]


def test_a_loop_has_no_order():
    with pytest.raises(CycleError):
        topological("ab", {"a": ["b"], "b": ["a"]}.__getitem__)


def test_reaches_follows_paths_and_every_item_reaches_itself():
    assert reaches(DIAMOND.__getitem__, "a", "d")
    assert reaches(DIAMOND.__getitem__, "d", "d")
    assert not reaches(DIAMOND.__getitem__, "d", "a")


def test_reachable_collects_all_that_paths_lead_to():
    assert reachable(DIAMOND.__getitem__, ["b"]) == {"b", "d"}
