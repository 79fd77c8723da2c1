"""Data: sources, transforms, splits, and data sets ready for training.

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
from engine.data.dataset import Dataset, DataSignature, prepare, prepare_table
from engine.data.encoding import Encoding
from engine.data.settings import DataSettings
from engine.data.suggest import suggest
from engine.data.table import Column, Table

__all__ = [
    "SOURCES",
    "TRANSFORMS",
    "Column",
    "DataSettings",
    "DataSignature",
    "Dataset",
    "Encoding",
    "Progress",
    "Source",
    "Table",
    "Transform",
    "array_file",
    "builtin",
    "csv_file",
    "image_folder",
    "library",
    "prepare",
    "prepare_table",
    "recall",
    "sequences",
    "suggest",
    "synthetic",
    "transforms",
    "waves",
]
