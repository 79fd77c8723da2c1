"""Built-in and synthetic sources."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from engine.data import SOURCES, DataSettings, Source
from engine.data.builtin import BreastCancer, Digits
from engine.data.dataset import prepare
from engine.data.synthetic import Circles, Gaussians, Moons, Sine, Spirals, Xor
from engine.errors import DataError

LOADABLE = [source for source in SOURCES if source.examples]
PLANE = [Xor, Circles, Spirals, Moons, Gaussians]


@pytest.mark.parametrize("source", LOADABLE, ids=lambda source: source.kind)
def test_a_source_loads_a_table_with_its_target_among_its_columns(source: type[Source]) -> None:
    table = source().load()

    assert table.target in table
    assert len(table) > 100
    features = [column for column in table.columns if column.name != table.target]
    assert not any(column.missing.any() for column in features)
    assert not table.column(table.target).empty.any()


@pytest.mark.parametrize("source", LOADABLE, ids=lambda source: source.kind)
def test_a_source_gives_the_same_table_every_time(source: type[Source]) -> None:
    first, second = source().load(), source().load()

    for one, other in zip(first.columns, second.columns, strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.values, other.values)


def test_digits_are_pictures_scaled_to_one() -> None:
    dataset = prepare(DataSettings())

    assert dataset.features.shape == (1797, 64)
    assert dataset.features.dtype == np.float32
    assert (dataset.features.min(), dataset.features.max()) == (0, 1)
    assert dataset.image_shape == (1, 8, 8)
    assert dataset.signature.classes == tuple("0123456789")
    assert dataset.signature.counts == (1437, 180, 180)


def test_digits_can_keep_the_ink_as_the_file_counts_it() -> None:
    assert max(column.values.max() for column in Digits(ink="raw").load().columns[:-1]) == 16


@pytest.mark.parametrize(
    ("kind", "shape", "target", "outputs"),
    [
        ("iris", (150, 4), "classes", 3),
        ("wine", (178, 13), "classes", 3),
        ("breast_cancer", (569, 30), "binary", 2),
        ("diabetes", (442, 10), "values", 1),
        ("sine", (400, 1), "values", 1),
    ],
)
def test_real_data_has_the_size_and_task_it_is_known_for(
    kind: str, shape: tuple[int, ...], target: str, outputs: int
) -> None:
    dataset = prepare(DataSettings(source=kind))

    assert dataset.features.shape == shape
    assert dataset.signature.target == target
    assert dataset.signature.outputs == outputs


def test_the_bundled_files_agree_with_what_scikit_learn_reads() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    table = BreastCancer().load()
    expected = datasets.load_breast_cancer()

    np.testing.assert_array_equal(
        np.column_stack([column.values for column in table.columns[:-1]]), expected.data
    )
    np.testing.assert_array_equal(table.columns[-1].values, expected.target)
    assert table.names[:-1] == tuple(expected.feature_names)
    assert table.columns[-1].levels == tuple(expected.target_names)


def test_without_scikit_learn_its_data_sets_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(DataError) as caught:
        Digits().load()

    assert str(caught.value) == (
        "The Digits data set is a file of scikit-learn, which is not installed. "
        "Install scikit-learn, or choose another data set."
    )


def test_loading_and_importing_needs_neither_scikit_learn_nor_polars() -> None:
    program = (
        "import sys; from engine.data.dataset import prepare; "
        "from engine.data.settings import DataSettings; prepare(DataSettings()); "
        "print([name for name in ('sklearn', 'polars', 'scipy') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("source", PLANE, ids=lambda source: source.kind)
def test_points_of_the_plane_have_even_classes(source: type[Source]) -> None:
    table = source(count=300).load()
    counts = np.bincount(table.column("class").values)

    assert table.names == ("x1", "x2", "class")
    assert counts.tolist() == [150, 150]


@pytest.mark.parametrize("source", PLANE, ids=lambda source: source.kind)
def test_another_seed_gives_other_points(source: type[Source]) -> None:
    first, second = source(seed=1).load(), source(seed=2).load()

    assert not np.array_equal(first.columns[0].values, second.columns[0].values)


def test_xor_is_blue_where_exactly_one_coordinate_is_positive() -> None:
    table = Xor().load()
    x1, x2 = table.column("x1").values, table.column("x2").values

    np.testing.assert_array_equal(table.column("class").values, (x1 > 0) != (x2 > 0))


def test_circles_without_noise_are_parted_by_a_radius() -> None:
    table = Circles(noise=0, gap=0.5).load()
    radius = np.hypot(table.column("x1").values, table.column("x2").values)

    np.testing.assert_array_equal(table.column("class").values, radius >= 0.5)


def test_gaussian_clouds_can_be_many() -> None:
    table = Gaussians(clusters=4).load()

    assert table.column("class").levels == ("A", "B", "C", "D")


def test_a_sine_without_noise_is_a_sine() -> None:
    table = Sine(noise=0).load()

    np.testing.assert_allclose(table.column("y").values, np.sin(table.column("x").values))
