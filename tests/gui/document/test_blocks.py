"""The user's own blocks: files in a folder."""

import numpy as np
import pytest

from engine.errors import FragmentError
from engine.graph.drawing import Group
from engine.graph.fragment import Fragment
from engine.graph.model import Node
from engine.layers.dense import Dense
from gui.document.blocks import Blocks
from gui.document.habits import Habits


@pytest.fixture
def blocks(tmp_path):
    return Blocks(tmp_path / "blocks")


FRAGMENT = Fragment(
    (Node("a", Dense(units=2), group="g"),),
    groups=(Group("g", "Block"),),
    weights={("a", "weight"): np.ones((2, 3), np.float32)},
)


def test_a_saved_block_is_offered_and_loaded_with_its_weights(blocks):
    heard = []
    blocks.changed.connect(lambda: heard.append(1))

    blocks.save("My block", FRAGMENT)

    assert [offer.label for offer in blocks.offers()] == ["My block"]
    assert blocks.offers()[0].section == "Own blocks"
    loaded = blocks.load("My block")
    assert loaded == FRAGMENT
    assert np.array_equal(loaded.weights["a", "weight"], np.ones((2, 3)))
    assert heard == [1]


def test_blocks_stand_in_the_order_of_the_alphabet(blocks):
    for name in ("zebra", "Ant", "bee"):
        blocks.save(name, FRAGMENT)

    assert blocks.names == ["Ant", "bee", "zebra"]


def test_a_block_is_renamed_and_deleted(blocks):
    blocks.save("One", FRAGMENT)
    blocks.save("Two", FRAGMENT)

    with pytest.raises(FragmentError, match="There is a block 'Two' already"):
        blocks.rename("One", "Two")
    blocks.rename("One", "Three")
    blocks.delete("Two")

    assert blocks.names == ["Three"]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "a\nb", "x" * 81, 'say "so"'])
def test_names_that_no_file_can_have_are_refused(blocks, name):
    with pytest.raises(FragmentError, match="cannot be called"):
        blocks.save(name, FRAGMENT)


def test_a_block_that_is_gone_says_so(blocks):
    with pytest.raises(FragmentError, match="cannot be read"):
        blocks.load("Nobody")


def test_without_a_folder_there_are_no_blocks():
    assert Blocks().names == []


def test_blocks_are_among_what_can_be_added(blocks):
    habits = Habits(blocks=blocks)
    heard = []
    habits.changed.connect(lambda: heard.append(1))

    blocks.save("Mine", FRAGMENT)

    assert [o.label for o in habits.offers()][-1] == "Mine"
    assert heard == [1]


def test_a_block_is_no_layer(blocks):
    blocks.save("Mine", FRAGMENT)

    with pytest.raises(FragmentError, match="block of several nodes"):
        blocks.offers()[0].layer()
