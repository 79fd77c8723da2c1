"""Data on the disk: as good as in memory, and in memory that does not grow with it."""

from __future__ import annotations

import re
import tracemalloc

import numpy as np
import pytest

from engine.data import DataSettings
from engine.data.array_file import ArrayFile, paired
from engine.data.dataset import prepare, prepare_table
from engine.data.table import Column, Table
from engine.data.transforms import FillMissing, Normalise, Standardise
from engine.errors import DataError
from engine.evaluation.evaluate import evaluate
from engine.graph.chain import chain
from engine.layers.dense import Dense
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer


def saved(folder, features, targets):
    paths = folder / "features.npy", folder / "targets.npy"
    for path, array in zip(paths, (features, targets), strict=True):
        np.save(path, array)
    return ArrayFile(path=str(paths[0]), targets=str(paths[1]))


def images(count=300, side=6, seed=0, classes=2):
    """Numbers of a scale of their own, and how bright their first rows are among the others'."""
    rng = np.random.default_rng(seed)
    x = (rng.standard_normal((count, side, side)) * 5 + 40).astype(np.float32)
    brightness = x[:, 0].mean(axis=1)
    return x, brightness.argsort().argsort() * classes // count


def classifier(*shape, classes=2):
    return chain(
        Input(shape=shape),
        Flatten(),
        Dense(units=8),
        Dense(units=classes, activation="softmax"),
        Loss(loss="categorical_cross_entropy"),
    )


TRANSFORMS = (FillMissing(), Standardise())
TRAINING = TrainingSettings(epochs=2, batch_size=32)


def in_memory(features, targets, settings):
    table = Table(
        (
            Column("features", "number", features.astype(np.float64)),
            Column("target", "number", targets.astype(np.float64)),
        ),
        target="target",
    )
    return prepare_table(table, settings)


@pytest.mark.parametrize("stretch", [2**18, 36 * 7])
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("transform", [Standardise(), Normalise()])
def test_training_from_the_disk_is_bit_for_bit_training_from_memory(
    tmp_path, monkeypatch, stretch, gaps, transform
):
    monkeypatch.setattr("engine.data.table.STRETCH", stretch)
    x, t = images()
    if gaps:
        x[::7, 2, 3] = np.nan
    settings = DataSettings(source=saved(tmp_path, x, t), transforms=(FillMissing(), transform))
    mapped, held = prepare(settings), in_memory(x, t, settings)
    found = []
    for dataset in (mapped, held):
        trainer = Trainer(classifier(6, 6), dataset, TRAINING)
        trainer.run()
        weights = trainer.weights()
        found.append((trainer.parameters.vector, evaluate(trainer.graph, weights, dataset)))

    assert not isinstance(mapped.features, np.ndarray)
    np.testing.assert_array_equal(mapped.features[:], held.features)
    np.testing.assert_array_equal(found[0][0], found[1][0])
    assert found[0][1] == found[1][1]


def most_memory(source, classes=2, evaluated=True):
    """Bytes taken, at most, while data is prepared, trained on, shuffled and measured."""
    tracemalloc.start()
    try:
        dataset = prepare(DataSettings(source=source, task="classes", transforms=TRANSFORMS))
        drawn = classifier(16, 16, classes=classes)
        trainer = Trainer(drawn, dataset, TrainingSettings(epochs=1, batch_size=64))
        trainer.run()
        if evaluated:
            evaluate(trainer.graph, trainer.weights(), dataset, "train")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_by_the_numbers_of_the_rows_and_not_by_the_rows(tmp_path):
    """36 MB more on the disk take less than a tenth of that more in memory, targets included."""
    taken, sizes = [], []
    for count in (4_000, 40_000):
        x, t = images(count, side=16, seed=3)
        source = saved(tmp_path, x, t)
        sizes.append(x.nbytes)
        del x, t
        taken.append(most_memory(source))

    assert sizes[1] > 40_000_000 > 2 * taken[1]
    assert taken[1] - taken[0] < (sizes[1] - sizes[0]) / 10


def test_targets_of_many_classes_are_not_held_as_rows_of_zeros_and_ones(tmp_path):
    """The rows of 200 classes would be 8 MB more; the numbers of the classes are a tenth of MB."""
    counts, classes, taken = (2_000, 12_000), 200, []
    for count in counts:
        x, t = images(count, side=16, seed=3, classes=classes)
        source = saved(tmp_path, x, t)
        taken.append(most_memory(source, classes, evaluated=False))

    assert taken[1] - taken[0] < 4 * classes * (counts[1] - counts[0]) / 4


def test_whole_numbers_and_words_are_read_as_they_are(tmp_path):
    x = np.arange(40, dtype=np.uint8).reshape(20, 2)
    dataset = prepare(DataSettings(source=saved(tmp_path, x, np.array(["no", "yes"] * 10))))

    assert dataset.signature.classes == ("no", "yes")
    assert dataset.signature.feature_shape == (2,)
    np.testing.assert_array_equal(dataset.features[3:5], [[6, 7], [8, 9]])
    np.testing.assert_array_equal(dataset.features[-1], [38, 39])
    np.testing.assert_array_equal(dataset.inputs(("features 1",))[:2], [[1], [3]])
    np.testing.assert_array_equal(dataset.inputs(shape=(1, 2))[1:2], [[[2, 3]]])
    np.testing.assert_array_equal(np.asarray(dataset.features), x)


def test_inputs_of_several_columns_lie_side_by_side(tmp_path):
    x = np.arange(60.0).reshape(20, 3)
    dataset = prepare(DataSettings(source=saved(tmp_path, x, np.arange(20) % 2)))
    first, second = dataset.inputs(("features 2",)), dataset.inputs(("features 0",))

    np.testing.assert_array_equal(first.beside(second)[:2], [[2, 0], [5, 3]])


def test_a_summary_looks_at_some_rows_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.table.STRETCH", 10)
    x = np.arange(40.0).reshape(20, 2)
    x[3], x[5, 0] = np.nan, np.nan
    column = saved(tmp_path, x, np.ones(20)).load().column("features")

    np.testing.assert_array_equal(column.glance().values[:, 0], [0, 8, 16, 24, 32])
    np.testing.assert_array_equal(np.flatnonzero(column.missing), [3, 5])
    np.testing.assert_array_equal(np.flatnonzero(column.empty), [3])


def test_rows_without_a_target_are_left_out(tmp_path):
    t = np.array([0.5, np.nan, 2.5, 3.5] * 5)
    dataset = prepare(DataSettings(source=saved(tmp_path, np.arange(20.0)[:, None], t)))

    assert len(dataset) == 15
    np.testing.assert_array_equal(dataset.features[:4, ...].ravel(), [0, 2, 3, 4])


def test_a_number_that_no_network_takes_is_named_before_training(tmp_path):
    x = np.ones((20, 2))
    x[13, 1] = 1e300
    with pytest.raises(DataError, match=re.escape("Column 'features' holds 1e+300")):
        prepare(DataSettings(source=saved(tmp_path, x, np.arange(20) % 2)))


WRONG = [
    (np.ones((4, 2)), np.ones(3), "targets.npy must hold one target for each of the 4 examples"),
    (np.ones((4, 2)), np.ones((4, 2)), "targets.npy must hold one target for each of the 4"),
    (np.array(["a", "b"]), np.ones(2), "features.npy must hold numbers, got <U1."),
    (np.ones((0, 2)), np.ones(0), "features.npy is empty. Save at least one row"),
    (np.ones(2, complex), np.ones(2), "features.npy must hold an array of numbers or words"),
]


@pytest.mark.parametrize(("features", "targets", "sentence"), WRONG)
def test_what_does_not_fit_is_refused(tmp_path, features, targets, sentence):
    with pytest.raises(DataError, match=re.escape(sentence)):
        saved(tmp_path, features, targets).load()


def test_a_missing_a_damaged_and_a_pickled_file_are_named(tmp_path):
    with pytest.raises(DataError, match=r"No file of features has been chosen\."):
        ArrayFile().load()
    with pytest.raises(DataError, match="There is no file"):
        ArrayFile(path=str(tmp_path / "none.npy")).load()
    for name, content in (("short.npy", b"\x93NUMPY\x01\x00"), ("text.npy", b"1,2,3\n" * 40)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=f"{name} cannot be read as a .npy file"):
            ArrayFile(path=str(tmp_path / name)).load()
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(DataError, match=r"objects\.npy cannot be read as a \.npy file"):
        ArrayFile(path=str(tmp_path / "objects.npy")).load()


def test_the_other_file_of_a_pair_is_found_from_either(tmp_path):
    source = saved(tmp_path, np.zeros((5, 3)), np.arange(5))
    np.save(tmp_path / "other.npy", np.zeros((4, 3)))
    (tmp_path / "broken.npy").write_bytes(b"nothing")

    assert paired(tmp_path / "features.npy") == source
    assert paired(tmp_path / "targets.npy") == source


def test_of_several_that_would_fit_none_is_guessed(tmp_path):
    source = saved(tmp_path, np.zeros((5, 3)), np.arange(5))
    np.save(tmp_path / "weights.npy", np.ones((5, 1)))

    assert paired(tmp_path / "features.npy") == source.replaced(targets="")
    (tmp_path / "broken.npy").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"broken\.npy cannot be read"):
        paired(tmp_path / "broken.npy")


def test_what_is_not_finite_is_missing(tmp_path):
    features, targets = np.arange(80.0).reshape(40, 2), np.linspace(0, 1, 40)
    features[3, 1], features[4, 0], targets[5] = np.inf, np.nan, -np.inf
    source = saved(tmp_path, features, targets)
    filled = prepare(DataSettings(source=source, transforms=TRANSFORMS))

    assert np.isfinite(np.asarray(filled.features[np.arange(39)])).all()
    assert any("1 row without a value in the target" in note for note in filled.notes)
    with pytest.raises(DataError, match="lacks 2 of 39 values"):
        prepare(DataSettings(source=source, transforms=()))
