"""Everything a user sets about the data of a project."""

from __future__ import annotations

from engine.data.base import SOURCES, TRANSFORMS
from engine.data.builtin import Digits
from engine.data.transforms import FillMissing, OneHot
from engine.fields import Boolean, Choice, Declared, Integer, Real, Text, Texts, Variant, Variants


class DataSettings(Declared):
    """Where the data comes from, what to predict, and how to prepare and split it."""

    kind = "data"
    label = "Data"
    summary = "Where the data comes from, what to predict, and how it is prepared and split."

    source = Variant(Digits(), SOURCES, help="The data set or file to learn from.")
    target = Text(
        "",
        suggests="columns",
        help="The column to predict. Empty: one named target, class, label or y, else the last.",
    )
    task = Choice(
        "auto",
        {"auto": "Automatic", "classes": "Classes", "values": "Values"},
        help="Predict one of several classes, or a number. Automatic looks at the target.",
    )
    excluded = Texts(
        (), suggests="columns", help="Columns that the network must not see.", label="Left out"
    )
    weights = Text(
        "",
        suggests="columns",
        advanced=True,
        label="Row weights",
        help="A column of numbers from 0 up that says how much each row counts in losses and "
        "metrics. It is no feature then. Empty: all count alike.",
    )
    ignored = Texts(
        (),
        advanced=True,
        label="Ignored targets",
        help="Words or numbers of the target, such as -1 or unknown, that stand for no target.",
    )
    unlabelled = Choice(
        "drop",
        {"drop": "Leave them out", "keep": "Keep them"},
        advanced=True,
        label="Without target",
        help="Kept, they go through the network and count in no loss or metric on the target. "
        "Steps of a sequence without a target never count.",
    )
    transforms = Variants(
        (FillMissing(), OneHot()),
        TRANSFORMS,
        help="What is done to the features, in this order, fitted on the training rows alone.",
    )
    scale_target = Boolean(
        True,
        label="Standardise target",
        help="Train on values shifted and scaled to mean 0 and deviation 1; "
        "shown predictions are scaled back. Classes are never touched.",
    )
    validation = Real(
        0.1, minimum=0, below=1, help="Share of the rows that watch over training, unseen by it."
    )
    test = Real(0.1, minimum=0, below=1, help="Share of the rows kept for the final exam.")
    parts = Choice(
        "random",
        {"random": "At random", "in_order": "In one piece"},
        label="Rows taken",
        help="In one piece, the first rows are for training, those after them for validation and "
        "the last for the test, as forecasts need it. Rows that overlap two parts are left out.",
    )
    stratify = Boolean(
        True, help="Give each part of the split the same mix of classes.", label="Even classes"
    )
    seed = Integer(
        0, minimum=0, maximum=2**32 - 1, help="Same seed, same split.", label="Split seed"
    )
