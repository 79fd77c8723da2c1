"""The little pictures in the list of sources."""

from __future__ import annotations

import pytest

from engine.data import SOURCES
from gui.data.sources import thumbnail

SYNTHETIC = [source for source in SOURCES if source.group == "synthetic"]


@pytest.mark.parametrize("source", SYNTHETIC, ids=lambda source: source.kind)
def test_a_synthetic_source_is_drawn_as_points_of_the_unit_square(source):
    points = thumbnail(source)

    assert len(points) > 10
    assert all(0 <= p.x() <= 1 and 0 <= p.y() <= 1 for p, _, _ in points)
    assert all(number < count for _, number, count in points)
