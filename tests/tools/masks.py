"""Masks (T, N): which steps of each sequence are real."""

from __future__ import annotations

import numpy as np


def trailing(lengths, steps):
    """As many real steps as each length says, then padding."""
    return (np.arange(steps)[:, None] < np.asarray(lengths)).astype(float)


def any_mask(seed, steps, batch):
    """Real steps anywhere; perhaps none at all in a sequence."""
    return np.random.default_rng(seed).integers(0, 2, (steps, batch)).astype(float)
