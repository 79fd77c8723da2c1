"""The order in which the palette offers things: what most networks need comes first."""

from __future__ import annotations

from itertools import groupby

import pytest

from gui.document.catalog import catalog


@pytest.fixture(scope="module")
def sections():
    return {
        group: [offer.label for offer in offers]
        for group, offers in groupby(catalog(), key=lambda offer: offer.group)
    }


@pytest.mark.parametrize(
    ("group", "first"),
    [
        ("ends", ["Input", "Output"]),
        ("core", ["Dense", "Activation", "Flatten"]),
        ("convolution", ["Conv2D"]),
        ("recurrent", ["LSTM", "GRU", "SimpleRNN", "Embedding"]),
        ("regularising", ["Dropout", "BatchNorm"]),
        ("merging", ["Concat", "Add"]),
    ],
)
def test_what_most_networks_need_comes_first_in_its_section(sections, group, first):
    assert sections[group][: len(first)] == first


def test_noise_does_not_stand_before_the_inputs_of_data(sections):
    assert sections["ends"].index("Noise") > sections["ends"].index("Output")
