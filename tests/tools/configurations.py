"""Settings and arriving shapes of every kind of layer, drawn by hypothesis.

A kind of layer has its configurations in `CONFIGURATIONS`, by which the battery
tests it. One that computes nothing is in `ENDS`, with the reason.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.tools.configured import Configuration, seeds
from tests.tools.configured_drawn import DRAWN
from tests.tools.configured_images import IMAGES
from tests.tools.configured_rows import ROWS
from tests.tools.configured_sequences import SEQUENCES

__all__ = ["CONFIGURATIONS", "ENDS", "Configuration", "seeds"]

CONFIGURATIONS: dict[str, st.SearchStrategy[Configuration]] = {
    **ROWS,
    **IMAGES,
    **SEQUENCES,
    **DRAWN,
}

ENDS = {
    "input": "its values come from the data",
    "output": "it hands on what arrives, without an array of its own",
    "loss": "each loss has a battery of its own",
    "constant": "nothing arrives, so nothing has a gradient",
    "noise": "nothing arrives, and what it draws is tested for its mean and deviation",
}
"""Kinds without configurations, and why."""
