"""Steps of a sequence that arrive where channels are wanted."""

from __future__ import annotations

import pytest

from engine.graph.infer import infer
from tests.engine.graph.test_check import after_fix, chain, dense, loss, problems_of

END = ("flatten", dense(3, "softmax"), loss("categorical_cross_entropy"))
TEXT = ("input", {"shape": [12]}), ("embedding", {"tokens": 30, "width": 5})


def hints(graph):
    """What is said of the order of axes."""
    return [p for p in problems_of(graph, None) if "takes the steps for channels" in p.message]


@pytest.mark.parametrize(
    ("kind", "settings", "made"),
    [
        ("conv1d", {"filters": 4, "kernel": [3]}, (4, 12)),
        ("max_pool1d", {}, (5, 6)),
        ("average_pool1d", {}, (5, 6)),
        ("up_sample", {"factor": [2]}, (5, 24)),
    ],
)
def test_what_looks_along_a_sequence_gets_a_transpose_before_it(kind, settings, made):
    graph = chain(*TEXT, (kind, settings), *END)
    (hint,) = hints(graph)
    title = graph.node(hint.node).title

    assert hint.severity == "hint"
    assert hint.message == (
        f"{title} wants channels first, and 12 steps of 5 features arrive: it takes the steps "
        "for channels."
    )
    assert hint.remedy == "Put a Transpose before it."
    assert hints(after_fix(graph, hint)) == []
    assert infer(graph)[hint.node].outputs == (made,)


@pytest.mark.parametrize("kind", ["batch_norm", "instance_norm", "spatial_dropout"])
def test_what_keeps_its_shape_is_put_between_two_transposes(kind):
    graph = chain(*TEXT, kind, *END)
    (hint,) = hints(graph)

    assert hints(after_fix(graph, hint)) == []
    found = infer(graph)
    assert found[hint.node].outputs == ((5, 12),)
    assert [found[i].outputs for i in graph.successors(hint.node)] == [((12, 5),)]


@pytest.mark.parametrize("kind", ["global_average_pool", "global_max_pool"])
def test_a_global_pool_over_places_is_let_pool_over_the_steps(kind):
    graph = chain(*TEXT, kind, *END[1:])
    (hint,) = hints(graph)

    assert hints(after_fix(graph, hint)) == []
    assert infer(graph)[hint.node].outputs == ((5,),)


@pytest.mark.parametrize(
    "between",
    [
        ["dropout"],
        ["layer_norm", "activation"],
        [("gru", {"units": 5, "returns": "sequence"})],
        [dense(5)],
    ],
)
def test_steps_are_known_behind_what_leaves_the_axes_as_they_are(between):
    assert len(hints(chain(*TEXT, *between, "max_pool1d", *END))) == 1


@pytest.mark.parametrize(
    "before",
    [
        [("input", {"shape": [5, 12]})],
        [*TEXT, "transpose"],
        [*TEXT, "transpose", ("conv1d", {"filters": 4, "kernel": [3]}), "activation"],
    ],
)
def test_channels_that_come_first_are_right(before):
    assert hints(chain(*before, "max_pool1d", *END)) == []
