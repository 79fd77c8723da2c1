"""Folders of images: what is read, what is skipped, and what is refused."""

from __future__ import annotations

import re
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from engine.data import DataSettings, image_folder
from engine.data.builtin import Digits
from engine.data.dataset import prepare
from engine.data.image_folder import ImageFolder, pictured
from engine.data.suggest import suggest
from engine.data.transforms import FillMissing, Standardise
from engine.errors import DataError
from engine.evaluation.evaluate import evaluate
from engine.graph.chain import chain
from engine.layers.dense import Dense
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer


def save(folder, name, pixels, **options):
    """pixels: uint8 (H, W) or (H, W, 3)."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path, **options)
    return path


def plain(width, height, ink=100):
    return np.full((height, width), ink)


def classifier(*shape):
    return chain(
        Input(shape=shape),
        Flatten(),
        Dense(units=8),
        Dense(units=2, activation="softmax"),
        Loss(loss="categorical_cross_entropy"),
    )


def loaded(folder, **settings):
    return ImageFolder(path=str(folder), **settings).load()


def values(table):
    return table.column("image").values


@pytest.fixture
def pets(tmp_path):
    folder = tmp_path / "pets"
    for place in range(4):
        save(folder, f"cat/{place}.png", plain(5, 4, 51 * place))
        save(folder, f"dog/young/{place}.png", plain(5, 4, 255))
    return folder


def test_each_subfolder_is_a_class_however_deep_the_image_lies(pets):
    table = loaded(pets)
    column = table.column("class")

    assert table.target == "class"
    assert column.levels == ("cat", "dog")
    assert column.values.tolist() == [0] * 4 + [1] * 4
    assert table.image_shape == (1, 4, 5)
    assert table.notes == ()


def test_an_image_needs_no_preparation_and_bears_any(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (12, 90, 90))
    for place, pixels in enumerate(noise):
        save(tmp_path, f"{'ab'[place % 2]}/{place}.png", pixels)
    source = ImageFolder(path=str(tmp_path))
    given = values(source.load())
    plain = prepare(suggest(source))
    scaled = prepare(DataSettings(source=source, transforms=(FillMissing(), Standardise())))

    assert suggest(source).transforms == ()
    np.testing.assert_array_equal(plain.features, given)
    learnt = given[scaled.train].astype(np.float64)
    wanted = (given - learnt.mean()) / learnt.std()
    np.testing.assert_allclose(scaled.features, wanted, atol=1e-5)


def test_pixels_are_from_0_to_1(pets):
    found = values(loaded(pets))

    assert (found.dtype, found.shape) == (np.float32, (8, 1, 4, 5))
    np.testing.assert_allclose(found[:5, 0, 0, 0], [0, 0.2, 0.4, 0.6, 1], atol=1e-7)


def test_the_data_set_is_of_pictures_and_classes(pets):
    dataset = prepare(DataSettings(source=ImageFolder(path=str(pets)), validation=0, test=0))

    assert dataset.features.shape == (8, 1, 4, 5)
    assert dataset.signature.image_shape == (1, 4, 5)
    assert dataset.signature.classes == ("cat", "dog")
    assert dataset.photographs
    assert not prepare(DataSettings(source=Digits())).photographs
    np.testing.assert_array_equal(dataset.features, values(loaded(pets)))


@pytest.mark.parametrize("suffix", ["png", "jpg", "JPEG", "bmp", "gif", "tif", "webp"])
def test_every_format_is_read(tmp_path, suffix):
    save(tmp_path, f"a/one.{suffix}", plain(8, 8, 102))

    np.testing.assert_allclose(values(loaded(tmp_path)), 0.4, atol=0.02)


def test_of_a_moving_image_the_first_frame_counts(tmp_path):
    first, second = (Image.fromarray(np.full((4, 4), ink, np.uint8)) for ink in (0, 255))
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])

    assert not values(loaded(tmp_path)).any()


def test_colours_are_kept_when_any_image_has_some(tmp_path):
    red = np.zeros((2, 3, 3))
    red[..., 0] = 255
    save(tmp_path, "a/red.png", red)
    save(tmp_path, "b/grey.png", plain(3, 2, 255))
    both = values(loaded(tmp_path))

    assert both.shape == (2, 3, 2, 3)
    np.testing.assert_array_equal(both[0, :, 0, 0], [1, 0, 0])
    np.testing.assert_array_equal(both[1, :, 0, 0], [1, 1, 1])
    grey = values(loaded(tmp_path, colours="grey"))
    np.testing.assert_allclose(grey[:, 0, 0, 0], [0.299, 1], atol=0.005)


def test_grey_images_can_be_made_three_channels(pets):
    found = values(loaded(pets, colours="rgb"))

    assert found.shape == (8, 3, 4, 5)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])


def test_transparent_parts_are_white(tmp_path):
    clear = np.zeros((2, 2, 4))
    save(tmp_path, "a/clear.png", clear)

    assert (values(loaded(tmp_path)) == 1).all()


def test_deep_grey_keeps_its_scale(tmp_path):
    Image.fromarray(np.full((2, 2), 257 * 51, np.uint16)).save(tmp_path / "deep.png")
    found = values(loaded(tmp_path))

    assert found.shape == (1, 1, 2, 2)
    np.testing.assert_allclose(found, 0.2, atol=1e-6)


def test_a_photo_stands_upright_as_the_camera_noted(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    save(tmp_path, "a/photo.jpg", plain(16, 8), exif=exif)

    assert values(loaded(tmp_path)).shape == (1, 1, 16, 8)


@pytest.mark.parametrize(
    ("fit", "left", "middle"), [("stretch", 0, 1), ("crop", 1, 1), ("pad", 0, 1)]
)
def test_an_image_of_another_ratio_is_stretched_cropped_or_padded(tmp_path, fit, left, middle):
    wide = np.zeros((8, 32))
    wide[:, 12:20] = 255
    save(tmp_path, "a/wide.png", wide)
    (found,) = values(loaded(tmp_path, width=8, fit=fit))[:, 0]

    assert found.shape == (8, 8)
    assert found[4, 0] == pytest.approx(left, abs=0.1)
    assert found[4, 3:5] == pytest.approx([middle] * 2, abs=0.25)
    assert bool(found[0].any()) == (fit != "pad")


def test_one_side_is_enough_for_a_square(pets):
    assert values(loaded(pets, height=7)).shape == (8, 1, 7, 7)
    assert values(loaded(pets, height=7, width=3)).shape == (8, 1, 7, 3)


def test_different_sizes_become_one_and_a_note_says_which(tmp_path):
    save(tmp_path, "a/small.png", plain(4, 6))
    save(tmp_path, "b/large.png", plain(90, 80))
    table = loaded(tmp_path)

    assert table.image_shape == (1, 64, 64)
    assert table.notes == (
        "The images are of 2 sizes, from 4 × 6 to 90 × 80, so they were resized to 64 × 64. "
        "Set a width and a height for another size.",
    )
    assert loaded(tmp_path, width=10).notes == ()


def test_hidden_files_and_others_are_skipped_and_counted(pets):
    save(pets, "cat/.thumb.png", plain(5, 4))
    (pets / "readme.txt").write_text("about the pets")
    table = loaded(pets)

    assert len(table) == 8
    assert table.notes == ("Skipped 2 files, hidden or no image.",)


def test_damaged_images_are_skipped_and_five_are_named(pets):
    for place in range(7):
        (pets / "cat" / f"bad{place}.png").write_bytes(b"\x89PNG nothing more")
    whole = (pets / "cat" / "0.png").read_bytes()
    (pets / "dog" / "cut.png").write_bytes(whole[: len(whole) // 2 + 12])
    table = loaded(pets)

    assert len(table) == 8
    assert table.column("class").values.tolist() == [0] * 4 + [1] * 4
    assert table.notes == (
        "Skipped 8 damaged images: 'bad0.png', 'bad1.png', 'bad2.png', 'bad3.png', 'bad4.png' "
        "and 3 more.",
    )


def test_images_beside_the_subfolders_have_no_class(pets):
    save(pets, "stray.png", plain(5, 4))

    assert loaded(pets).column("class").missing.sum() == 1


def test_a_flat_folder_has_classes_from_the_labels_beside(tmp_path):
    for name in ("a", "b", "c", "d"):
        save(tmp_path, f"{name}.png", plain(2, 2))
    (tmp_path / "labels.csv").write_text("file,label\nb.png,dog\na.png,cat\nc.png,cat\n")
    table = loaded(tmp_path)
    column = table.column("label")

    assert table.target == "label"
    assert [column.text(row) for row in range(3)] == ["cat", "dog", "cat"]
    assert table.notes == ("labels.csv does not list 1 image.",)


def test_labels_may_be_numbers(tmp_path):
    for name in ("a", "b"):
        save(tmp_path, f"{name}.png", plain(2, 2))
    (tmp_path / "labels.csv").write_text("file,age\na.png,1.5\nb.png,7\n")

    assert loaded(tmp_path).column("label").values.tolist() == [1.5, 7]


def test_labels_of_one_column_are_refused(tmp_path):
    save(tmp_path, "a.png", plain(2, 2))
    (tmp_path / "labels.csv").write_text("file\na.png\n")

    with pytest.raises(DataError, match=r"^labels\.csv must have two columns"):
        loaded(tmp_path)


def test_a_flat_folder_without_labels_targets_how_bright_an_image_is(tmp_path):
    for place in range(3):
        save(tmp_path, f"{place}.png", plain(2, 2, 51 * place))
    table = loaded(tmp_path)

    assert table.target == "brightness"
    np.testing.assert_allclose(table.column("brightness").values, [0, 0.2, 0.4], atol=1e-7)
    assert table.notes[0].startswith("The folder has no subfolders, so the images have no classes")


def refusal(folder, **settings):
    with pytest.raises(DataError) as refused:
        loaded(folder, **settings)
    return str(refused.value)


def test_what_is_no_folder_of_images_is_refused(tmp_path, pets):
    (tmp_path / "empty").mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "a.txt").write_text("a")

    with pytest.raises(DataError, match=r"^No folder of images has been chosen\. Choose one"):
        ImageFolder().load()
    assert refusal(tmp_path / "gone").startswith(f"There is no folder {tmp_path / 'gone'}.")
    assert "is a file. Choose the folder" in refusal(pets / "cat" / "0.png")
    assert refusal(tmp_path / "empty") == (
        "empty must hold images, such as .png or .jpg, got nothing. Choose another folder."
    )
    assert "got 1 other file." in refusal(tmp_path / "words")


def test_a_folder_of_damaged_images_alone_is_refused_with_their_names(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")

    assert re.search(r"and none of them can: 'bad\.png'\. Save them again", refusal(tmp_path))


def test_more_than_the_memory_holds_is_refused_or_made_smaller(pets, monkeypatch):
    monkeypatch.setattr(image_folder, "MOST_BYTES", 4 * 4 * 8 * 30)
    monkeypatch.setattr(image_folder, "USUAL", 2)

    assert "8 images of 6 × 6 need" in refusal(pets, width=6)
    assert values(loaded(pets)).shape == (8, 1, 4, 5)
    for path in pets.rglob("*.png"):
        Image.open(path).resize((9, 9)).save(path)
    table = loaded(pets)
    assert table.image_shape == (1, 2, 2)
    assert table.notes == (
        "The images are all 9 × 9, which would not fit in memory, so they were resized to 2 × 2. "
        "Set a width and a height for another size, or a folder to keep the pixels in.",
    )


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_pixels_kept_on_the_disk_are_those_held_in_memory(pets, cache):
    (pets / "cat" / "0a.png").write_bytes(b"nothing")
    held, kept = loaded(pets), loaded(pets, cache=str(cache))

    assert isinstance(values(kept), np.memmap)
    np.testing.assert_array_equal(values(kept), values(held))
    assert kept.column("class").values.tolist() == held.column("class").values.tolist()
    assert kept.notes[-1] == held.notes[-1] == "Skipped 1 damaged image: '0a.png'."
    assert kept.notes[0].startswith(f"The pixels are kept in {cache}")


def test_training_on_pixels_kept_on_the_disk_is_bit_for_bit_the_same(pets, cache):
    found = []
    for where in ("", str(cache)):
        dataset = prepare(DataSettings(source=ImageFolder(path=str(pets), cache=where)))
        trainer = Trainer(classifier(1, 4, 5), dataset, TrainingSettings(epochs=2, batch_size=3))
        trainer.run()
        found.append(trainer.parameters.vector)

    np.testing.assert_array_equal(*found)


def test_pixels_are_written_once_and_anew_when_an_image_or_a_setting_changes(pets, cache):
    loaded(pets, cache=str(cache))
    first = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    loaded(pets, cache=str(cache))
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == first

    loaded(pets, cache=str(cache), width=3)
    assert len(list(cache.iterdir())) == 4
    save(pets, "cat/0.png", plain(5, 4, 7))
    assert values(loaded(pets, cache=str(cache)))[0].max() == np.float32(7 / 255)


def test_images_larger_than_the_memory_are_asked_to_be_kept_on_the_disk(pets, cache, monkeypatch):
    monkeypatch.setattr(image_folder, "MOST_BYTES", 100)

    assert "Choose a folder to keep the pixels in" in refusal(pets, width=6)
    assert values(loaded(pets, width=6, cache=str(cache))).shape == (8, 1, 6, 6)
    assert values(loaded(pets, cache=str(cache))).shape == (8, 1, 4, 5)


SIDE = 37


def most_memory(source):
    """Bytes taken, at most, while images are read, trained on, shuffled and measured."""
    tracemalloc.start()
    try:
        dataset = prepare(DataSettings(source=source))
        trainer = Trainer(
            classifier(3, SIDE, SIDE), dataset, TrainingSettings(epochs=1, batch_size=16)
        )
        trainer.run()
        evaluate(trainer.graph, trainer.weights(), dataset, "train")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_images(tmp_path, cache):
    """24 MB more of pixels take less than a tenth of that more in memory."""
    rng = np.random.default_rng(0)
    taken, counts = [], (1_200, 2_700)
    for count in counts:
        folder = tmp_path / f"many{count}"
        for place in range(count):
            name = f"{'cat' if place % 2 else 'dog'}/{place}.bmp"
            save(folder, name, rng.integers(0, 256, (SIDE, SIDE, 3)))
        taken.append(most_memory(ImageFolder(path=str(folder), cache=str(cache))))
    more = 4 * 3 * SIDE**2 * (counts[1] - counts[0])

    assert more > 24_000_000
    assert taken[1] - taken[0] < more / 10


def test_a_cache_that_cannot_be_written_is_told(pets, tmp_path, cache):
    sentence = refusal(pets, cache=str(tmp_path / "nowhere"))
    assert re.search(r"'pets-\w+\.npy' could not be saved: there is no folder", sentence)
    for path in pets.rglob("*.png"):
        save(path.parent, path.name, np.random.default_rng(0).integers(0, 256, (40, 40)))
        path.write_bytes(path.read_bytes()[:200])
    assert "none of them can" in refusal(pets, cache=str(cache))
    assert not list(cache.iterdir())


def test_progress_rises_to_the_end_and_giving_up_stops_at_once(pets, cache):
    for where in ("", str(cache), str(cache)):
        shares = []
        ImageFolder(path=str(pets), cache=where).load(shares.append)

        assert shares == sorted(shares)
        assert shares[-1] == 1

    def give_up(share):
        raise KeyboardInterrupt

    for where in ("", str(cache)):
        with pytest.raises(KeyboardInterrupt):
            ImageFolder(path=str(pets), width=2, cache=where).load(give_up)
    assert len(list(cache.iterdir())) == 2


def test_another_folder_is_read_as_the_one_trained_on():
    source = ImageFolder(path="old", fit="crop", colours="as_is")
    other = pictured("new", (3, 5, 7), source)

    assert (other.path, other.width, other.height) == ("new", 7, 5)
    assert (other.colours, other.fit) == ("rgb", "crop")
    with pytest.raises(DataError, match="the network was not trained on pictures"):
        pictured("new", None)
