"""Data: sources, transforms, splits, and data sets ready for training.

Here are the sources and transforms; `dataset` prepares what they give for training:

dataset = prepare(DataSettings(source="iris", transforms=["standardise"]))
dataset.features[dataset.train]    # (120, 4)
"""

from engine.data import (
    array_file,
    builtin,
    csv_file,
    image_folder,
    library,
    recall,
    sequences,
    synthetic,
    transforms,
    waves,
)
from engine.data.base import SOURCES, TRANSFORMS, Progress, Source, Transform
from engine.data.settings import DataSettings
from engine.data.table import Column, Table

__all__ = [
    "SOURCES",
    "TRANSFORMS",
    "Column",
    "DataSettings",
    "Progress",
    "Source",
    "Table",
    "Transform",
    "array_file",
    "builtin",
    "csv_file",
    "image_folder",
    "library",
    "recall",
    "sequences",
    "synthetic",
    "transforms",
    "waves",
]
