"""Metrics: how good a network is, in numbers that people read. Importing it fills `METRICS`.

Predictions and targets have examples as their last axis: (K, N) probabilities
and one-hot columns for classes, (1, N) for yes or no, (*shape, N) for values.
Weights say how much each example counts, (N,), or each value, (*shape, N); what
weighs 0 is left out. The steps of sequences are so many examples: (K, T N).
"""

from engine.metrics.base import METRICS, Metric, Tally, metrics_for
from engine.metrics.classes import (
    F1,
    Accuracy,
    ClassAverage,
    ClassScores,
    Perplexity,
    Precision,
    Recall,
    RocArea,
    TopAccuracy,
    confusion,
    decided,
    found_at,
    scores_per_class,
)
from engine.metrics.scoring import Scoring
from engine.metrics.values import Determination, MeanAbsoluteError, RootMeanSquaredError

__all__ = [
    "F1",
    "METRICS",
    "Accuracy",
    "ClassAverage",
    "ClassScores",
    "Determination",
    "MeanAbsoluteError",
    "Metric",
    "Perplexity",
    "Precision",
    "Recall",
    "RocArea",
    "RootMeanSquaredError",
    "Scoring",
    "Tally",
    "TopAccuracy",
    "confusion",
    "decided",
    "found_at",
    "metrics_for",
    "scores_per_class",
]
