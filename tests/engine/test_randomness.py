"""One seed, split by use."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.randomness import NodeStreams, stream


def first(generator):
    return generator.random(4).tolist()


def test_a_stream_depends_on_seed_and_use_alone():
    assert first(stream(1, "weights", "a")) == first(stream(1, "weights", "a"))
    different = [
        first(stream(1, "weights", "a")),
        first(stream(2, "weights", "a")),
        first(stream(1, "weights", "b")),
        first(stream(1, "weightsa")),
        first(stream(1, "weight", "sa")),
    ]

    assert len({tuple(numbers) for numbers in different}) == len(different)


def test_streams_go_on_from_what_was_saved():
    streams = NodeStreams(3)
    first(streams.of("a")), streams.of("b").random(3, dtype=np.float32)
    saved = json.loads(json.dumps(streams.to_plain()))
    again = NodeStreams(3)
    again.load(saved)

    for node_id in ("a", "b", "never used"):
        assert first(again.of(node_id)) == first(streams.of(node_id))
        numbers = again.of(node_id).random(5, dtype=np.float32)
        np.testing.assert_array_equal(numbers, streams.of(node_id).random(5, dtype=np.float32))


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 2**32, 2**70])
def test_a_stream_is_what_numpy_makes_of_its_numbers_one_by_one(seed):
    numbers = np.random.SeedSequence([seed, 2, *b"ab", 1, 5])

    assert first(stream(seed, "ab", 5)) == first(np.random.Generator(np.random.SFC64(numbers)))
