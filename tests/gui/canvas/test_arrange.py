from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.canvas.arrange import (
    COLUMN_GAP,
    MOST_BENDS,
    Block,
    Place,
    _columns,
    _layers,
    arrange,
)

CARD = Block(120, 24, 24)


@st.composite
def graphs(draw):
    """Sizes, and wires from earlier to later nodes."""
    count = draw(st.integers(min_value=1, max_value=14))
    ids = [f"n{i}" for i in range(count)]
    blocks = st.builds(
        Block,
        st.sampled_from([56.0, 120.0, 208.0]),
        st.sampled_from([24.0, 28.0]),
        st.sampled_from([24.0, 28.0, 72.0]),
    )
    sizes = {i: draw(blocks) for i in ids}
    every = list(combinations(ids, 2))
    wires = draw(st.lists(st.sampled_from(every), max_size=20)) if every else []
    return sizes, wires


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_wires_lead_forwards_and_nodes_do_not_overlap(graph):
    sizes, wires = graph
    places = arrange(sizes, wires)

    for source, target in wires:
        assert right(places, sizes, source) + COLUMN_GAP / 2 <= places[target][0]
    for a, b in combinations(places, 2):
        assert apart(places, sizes, a, b) or apart(places, sizes, b, a)


def right(places, sizes, node):
    return places[node][0] + sizes[node].width


def apart(places, sizes, a, b):
    """Whether one node ends before the other begins, across or down."""
    bottom = places[a][1] + sizes[a].above + sizes[a].below
    return right(places, sizes, a) <= places[b][0] or bottom <= places[b][1]


def test_a_chain_becomes_a_straight_row():
    ids = "abcd"
    places = arrange(dict.fromkeys(ids, CARD), list(pairwise(ids)))

    assert len({y for _, y in places.values()}) == 1
    assert places["a"] == (0, 0)


def test_nodes_of_other_heights_stand_in_one_row_by_their_wires():
    sizes = {"a": Block(120, 24, 72), "b": Block(56, 28, 28), "c": CARD}
    places = arrange(sizes, [("a", "b"), ("b", "c")])

    assert len({places[i][1] + sizes[i].above for i in sizes}) == 1


def test_a_diamond_is_symmetric_about_its_ends():
    wires = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]
    places = arrange(dict.fromkeys("abcd", CARD), wires)

    assert places["a"][1] == places["d"][1]
    assert places["b"][1] + places["c"][1] == 2 * places["a"][1]


def test_crossings_that_can_be_avoided_are():
    wires = [("a", "y"), ("b", "x")]
    places = arrange(dict.fromkeys("abxy", CARD), wires)

    assert (places["a"][1] < places["b"][1]) == (places["y"][1] < places["x"][1])


def test_everything_starts_at_the_origin_and_on_the_grid():
    places = arrange({"a": CARD, "b": Block(56, 28, 28)}, [("a", "b")], origin=(64, 32))

    assert places == {"a": (64, 40), "b": (248, 36)}


def test_nothing_is_arranged_into_nothing():
    assert arrange({}, []) == {}


def bends(count, wires):
    """How many bends wires have on their way through the columns of a layout."""
    ids = [str(i) for i in range(count)]
    columns_of = _layers(ids, wires)
    columns = _columns({i: Place(CARD, columns_of[i]) for i in ids}, wires)
    return sum(map(len, columns)) - count


def long_chain(count):
    return [(str(i), str(i + 1)) for i in range(count - 1)]


def test_the_wires_of_a_hub_run_together_and_have_a_bend_in_each_column_at_most():
    count = 300
    hub = [*long_chain(count), *(("0", str(i)) for i in range(2, count))]

    assert bends(count, hub) <= count


def test_a_node_that_everything_leads_to_costs_no_more_bends_than_any_graph_may():
    count = 300
    last = str(count - 1)
    sink = [*long_chain(count), *((str(i), last) for i in range(count - 2))]

    assert 0 < bends(count, sink) <= MOST_BENDS


def test_blocks_that_lead_to_each_other_in_a_ring_stand_in_a_row():
    wires = [("x", "a"), ("a", "b"), ("b", "a"), ("b", "y")]
    places = arrange(dict.fromkeys("xaby", CARD), wires)

    assert [i for i, _ in sorted(places.items(), key=lambda item: item[1])] == list("xaby")
