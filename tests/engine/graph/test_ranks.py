"""An order kept edge by edge finds exactly the loops that a search finds."""

from hypothesis import given
from hypothesis import strategies as st

from engine.graph.order import reaches
from engine.graph.ranks import Ranks

ITEMS = "abcdefgh"
EDGES = st.tuples(st.sampled_from(ITEMS), st.sampled_from(ITEMS))


@given(st.lists(st.tuples(EDGES, st.booleans()), max_size=60))
def test_an_edge_is_refused_if_and_only_if_it_closes_a_loop(edits):
    edges: set[tuple[str, str]] = set()

    def followers(item):
        return [b for a, b in edges if a == item]

    def leaders(item):
        return [a for a, b in edges if b == item]

    ranks = Ranks()
    for item in ITEMS:
        ranks.add(item)
    for (source, target), takes_out in edits:
        if takes_out and edges:
            edges.discard(min(edges))
        closes = source == target or reaches(followers, target, source)

        assert ranks.closes_loop(source, target, followers) == closes
        if not closes:
            ranks.connect(source, target, followers, leaders)
            edges.add((source, target))
        assert all(ranks._rank[a] < ranks._rank[b] for a, b in edges)


def test_an_item_that_comes_back_keeps_its_number():
    searched = []
    ranks = Ranks()
    for item in ITEMS:
        ranks.add(item)
    ranks.add("a")
    ranks.connect("a", "h", lambda item: searched.append(item) or (), lambda item: ())

    assert searched == []
