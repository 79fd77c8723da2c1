"""Aligned edges, equal gaps and straight wires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.align import Box, Guide, align, distribute, snap, straighten, stretch

BOXES = {
    "a": Box(0, 0, 100, 48, 24),
    "b": Box(140, 30, 56, 56, 28),
    "c": Box(330, 100, 120, 80, 24),
}


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        ("left", {"b": (0, 30), "c": (0, 100)}),
        ("right", {"a": (350, 0), "b": (394, 30)}),
        ("top", {"b": (140, 0), "c": (330, 0)}),
        ("bottom", {"a": (0, 132), "b": (140, 124)}),
    ],
)
def test_an_edge_is_brought_to_the_outermost(edge, expected):
    assert align(BOXES, edge) == expected


def test_middles_meet_on_the_wires_whatever_the_heights():
    places = {i: (box.x, box.y) for i, box in BOXES.items()} | align(BOXES, "middle")

    assert len({places[i][1] + box.line for i, box in BOXES.items()}) == 1


def test_gaps_become_equal_and_the_ends_stay():
    moved = distribute(BOXES, "across")

    assert set(moved) == {"b"}
    gaps = (moved["b"][0] - 100, 330 - moved["b"][0] - 56)
    assert gaps == (87, 87)


def test_two_have_one_gap_which_stays():
    assert distribute({"a": BOXES["a"], "b": BOXES["b"]}, "down") == {}


def test_a_chain_is_straightened_to_its_first_node():
    moved = straighten(BOXES, [("a", "b"), ("b", "c")])

    assert moved == {"b": (140, -4), "c": (330, 0)}


def test_of_two_that_read_one_only_the_first_follows():
    moved = straighten(BOXES, [("a", "b"), ("a", "c")])

    assert set(moved) == {"b"}


def test_a_loop_is_straightened_too():
    moved = straighten(BOXES, [("a", "b"), ("b", "a")])

    assert set(moved) <= {"a", "b"}


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.builds(Box, *[st.integers(0, 999)] * 2, *[st.integers(8, 200)] * 2, st.just(24)),
        min_size=1,
    ),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12),
)
def test_a_straight_network_stays_as_it_is(boxes, wires):
    once = straighten(boxes, wires)
    after = {i: box._replace(y=once.get(i, (0, box.y))[1]) for i, box in boxes.items()}

    assert all(boxes[i].x == x for i, (x, _) in once.items())
    if not loops(wires):
        assert straighten(after, wires) == {}


def loops(wires):
    """Whether some way along the wires leads back."""
    reached = {a: {b for s, b in wires if s == a} for a, _ in wires}
    for _ in range(len(reached)):
        reached = {a: on | {c for b in on for c in reached.get(b, ())} for a, on in reached.items()}
    return any(a in on for a, on in reached.items())


def test_a_dragged_box_snaps_to_edges_and_wires_near_by():
    shift, guides = snap(Box(4, 203, 100, 48, 24), [BOXES["a"], BOXES["c"]], reach=6)

    assert shift == (-4, 0)
    assert Guide(True, 0, 0, 251) in guides


def test_nothing_near_by_shifts_nothing():
    assert snap(Box(700, 700, 90, 40, 20), BOXES.values(), reach=6) == ((0.0, 0.0), [])


ROW = [Box(0, 0, 100, 48, 24), Box(160, 6, 60, 30, 9), Box(500, 2, 90, 52, 40)]
"""Gaps of 60 and 280; no edges or wires level with each other."""


@pytest.mark.parametrize(
    ("left", "place", "gaps"),
    [
        (283, 280, [(100, 160), (220, 280)]),  # as far from the second as that from the first
        (311, 310, [(220, 310), (410, 500)]),  # in the middle between its neighbours
    ],
)
def test_gaps_in_a_row_become_equal(left, place, gaps):
    moving = Box(left, 13, 100, 20, 17)
    (across, _), guides = snap(moving, ROW, reach=6)

    assert moving.x + across == place
    assert [(g.start, g.end) for g in guides if g.gap and not g.upright] == gaps


def test_boxes_of_other_rows_and_gaps_out_of_reach_do_not_count():
    below = Box(283, 400, 100, 20, 17)
    assert snap(below, ROW, reach=6) == ((0.0, 0.0), [])
    (across, _), guides = snap(Box(260, 13, 100, 20, 17), ROW, reach=6)
    assert across == 0
    assert not any(guide.gap for guide in guides)


def test_gaps_in_a_column_become_equal():
    column = [Box(0, 0, 100, 48, 24), Box(7, 80, 61, 30, 9)]
    (_, down), guides = snap(Box(3, 146, 41, 20, 11), column, reach=6)

    assert down == 142 - 146
    assert [(g.start, g.end) for g in guides if g.gap] == [(48, 80), (110, 142)]
    assert all(g.upright and not g.holds_across for g in guides if g.gap)


def test_a_corner_that_is_pulled_meets_the_edges_of_others():
    shift, guides = stretch(Box(0, 200, 333, 95, 0), BOXES.values(), reach=6)

    assert shift == (-3, 0)
    assert guides == [Guide(True, 330, 100, 295)]
    assert stretch(Box(0, 20, 98, 63, 0), BOXES.values(), reach=6)[0] == (2, 3)


def test_a_corner_meets_nothing_beyond_its_reach():
    assert stretch(Box(0, 200, 300, 95, 0), BOXES.values(), reach=6) == ((0.0, 0.0), [])


def test_what_is_pulled_meets_only_with_its_right_and_lower_edge():
    shift, guides = stretch(Box(141, 300, 400, 95, 0), BOXES.values(), reach=6)

    assert (shift, guides) == ((0.0, 0.0), [])
