"""Random numbers: one seed, split by what the numbers are for.

Each use has a stream of its own, so that one more dropout layer changes
neither the initial weights nor the order of the examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.fields import Plain


def stream(seed: int, *use: str | int) -> np.random.Generator:
    """A stream of random numbers that depends on the seed and the use alone.

    use: words and numbers that tell uses apart, such as `"weights", "dense_1", "bias"`.
    """
    entropy = [seed]
    for part in use:
        words = [part] if isinstance(part, int) else list(part.encode())
        entropy += [len(words), *words]  # the length keeps ("ab", "c") apart from ("a", "bc")
    # NumPy takes each number apart into words of 32 bits, slowly; mostly it is one word already.
    in_words = np.array(entropy, np.uint32) if max(entropy) < 2**32 else entropy
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(in_words)))


class NodeStreams:
    """The streams that layers draw from while they run (dropout, noise), one a node.

    Plans that share this object continue each other's streams: the last,
    smaller batch of an epoch goes on where the batch before it stopped.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, np.random.Generator] = {}

    def of(self, node_id: str) -> np.random.Generator:
        if node_id not in self._streams:
            self._streams[node_id] = stream(self.seed, "node", node_id)
        return self._streams[node_id]

    def rewind(self) -> None:
        """Begin every stream again; plans that hold one draw the same numbers again."""
        for node_id, generator in self._streams.items():
            generator.bit_generator.state = stream(self.seed, "node", node_id).bit_generator.state

    def to_plain(self) -> dict[str, Plain]:
        """Where every stream stands, as JSON can hold it."""
        return {node_id: state_to_plain(generator) for node_id, generator in self._streams.items()}

    def load(self, plain: Mapping[str, Any]) -> None:
        """Go on from where `to_plain` was taken."""
        for node_id, state in plain.items():
            restore_state(self.of(node_id), state)


def state_to_plain(generator: np.random.Generator) -> Plain:
    state = generator.bit_generator.state
    return {
        "words": [str(word) for word in state["state"]["state"]],  # too long for JSON's numbers
        "has_uint32": int(state["has_uint32"]),
        "uinteger": int(state["uinteger"]),
    }


def restore_state(generator: np.random.Generator, plain: Mapping[str, Any]) -> None:
    words = np.array([int(word) for word in plain["words"]], np.uint64)
    generator.bit_generator.state = {
        "bit_generator": "SFC64",
        "state": {"state": words},
        "has_uint32": plain["has_uint32"],
        "uinteger": plain["uinteger"],
    }
