"""The real data sets that come with scikit-learn, read from its files without importing it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.data.base import SOURCES, Progress, Source
from engine.data.table import Array, Column, Table
from engine.errors import DataError
from engine.fields import Choice


class Bundled(Source):
    """Base of the data sets that are files inside scikit-learn's package."""

    group = "real"
    file: ClassVar[str]

    def read(self, file: str, delimiter: str | None = ",", skip: int = 0) -> Array:
        """A file of numbers as float64 (rows, columns). Raises DataError if it is not there."""
        # Importing scikit-learn takes over a second; finding its folder takes none.
        package = importlib.util.find_spec("sklearn")
        folders = package.submodule_search_locations if package else None
        path = Path(folders[0], "datasets", "data", file) if folders else None
        if path is None or not path.is_file():
            raise DataError(
                f"The {self.label} data set is a file of scikit-learn, which is not installed. "
                "Install scikit-learn, or choose another data set."
            )
        return np.loadtxt(path, delimiter=delimiter, skiprows=skip, ndmin=2)


class Labelled(Bundled):
    """Base of the sets whose file has one header line and the class in its last column."""

    measured = True
    names: ClassVar[tuple[str, ...]]
    target_name: ClassVar[str]
    classes: ClassVar[tuple[str, ...]]

    def load(self, progress: Progress | None = None) -> Table:
        numbers = self.read(self.file, skip=1)
        features = tuple(
            Column(name, "number", numbers[:, place].copy())
            for place, name in enumerate(self.names)
        )
        labels = Column(self.target_name, "category", numbers[:, -1].astype(np.int64), self.classes)
        return Table((*features, labels), target=self.target_name)


@SOURCES.register
class Digits(Bundled):
    """1,797 handwritten digits of 8×8 pixels (UCI ML hand-written digits, 1998)."""

    kind = "digits"
    label = "Digits"
    summary = "1,797 handwritten digits: 8×8 pixels each, which of 0 to 9 is it?"
    synonyms = ("handwriting", "mnist", "images")
    file = "digits.csv.gz"

    ink = Choice(
        "unit",
        {"unit": "0 to 1", "raw": "0 to 16"},
        label="Ink of a pixel",
        help="The file counts the ink of a pixel from 0 to 16; 0 to 1 divides it by 16.",
    )

    def load(self, progress: Progress | None = None) -> Table:
        numbers = self.read(self.file)
        pixels = numbers[:, :-1] / (16.0 if self.ink == "unit" else 1.0)
        columns = tuple(
            Column(f"pixel {place // 8},{place % 8}", "number", pixels[:, place].copy())
            for place in range(64)
        )
        names = tuple(str(digit) for digit in range(10))
        labels = Column("digit", "category", numbers[:, -1].astype(np.int64), names)
        return Table((*columns, labels), target="digit", image_shape=(1, 8, 8))


@SOURCES.register
class Iris(Labelled):
    """150 irises of three species (Fisher, 1936)."""

    kind = "iris"
    label = "Iris"
    summary = "150 irises measured with a ruler: which of three species?"
    synonyms = ("flowers", "fisher")
    file = "iris.csv"
    names = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    target_name = "species"
    classes = ("setosa", "versicolor", "virginica")


@SOURCES.register
class Wine(Labelled):
    """178 wines of three growers in one region (UCI, 1991)."""

    kind = "wine"
    label = "Wine"
    summary = "178 wines in the laboratory: 13 measurements, which of three growers?"
    synonyms = ("chemistry",)
    file = "wine_data.csv"
    names = (
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "colour intensity",
        "hue",
        "od280/od315 of diluted wines",
        "proline",
    )
    target_name = "grower"
    classes = ("grower 1", "grower 2", "grower 3")


_NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


@SOURCES.register
class BreastCancer(Labelled):
    """569 tumours, 30 measurements of cell nuclei (Wisconsin, 1995)."""

    kind = "breast_cancer"
    label = "Breast cancer"
    summary = "569 tumours: malignant or benign, by 30 measurements of cell nuclei?"
    synonyms = ("wisconsin", "medical", "tumour")
    file = "breast_cancer.csv"
    names = (
        *(f"mean {name}" for name in _NUCLEUS),
        *(f"{name} error" for name in _NUCLEUS),
        *(f"worst {name}" for name in _NUCLEUS),
    )
    target_name = "diagnosis"
    classes = ("malignant", "benign")


@SOURCES.register
class Diabetes(Bundled):
    """442 patients, ten measurements, and how far the disease went in a year (Efron, 2004)."""

    kind = "diabetes"
    label = "Diabetes"
    summary = "442 patients: by ten measurements, how far will the disease be in a year?"
    synonyms = ("regression", "medical")
    file = "diabetes_data_raw.csv.gz"
    measured = True
    names: ClassVar[tuple[str, ...]] = (
        "age",
        "sex",
        "body mass index",
        "blood pressure",
        "total cholesterol",
        "low-density lipoproteins",
        "high-density lipoproteins",
        "cholesterol ratio",
        "log triglycerides",
        "blood sugar",
    )

    def load(self, progress: Progress | None = None) -> Table:
        numbers = self.read(self.file, delimiter=None)
        progression = self.read("diabetes_target.csv.gz")
        columns = tuple(
            Column(name, "number", numbers[:, place].copy())
            for place, name in enumerate(self.names)
        )
        target = Column("progression", "number", progression[:, 0])
        return Table((*columns, target), target="progression")
