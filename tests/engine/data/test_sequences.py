"""Windows of sequences, and what follows each."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from engine.data import DataSettings
from engine.data.dataset import prepare
from engine.data.sequences import NextCharacter, SineForecast
from engine.data.suggest import suggest
from engine.data.waves import MackeyGlass
from engine.errors import DataError


@pytest.mark.parametrize(
    ("source", "ahead"), [(SineForecast(), 1), (MackeyGlass(), 6), (MackeyGlass(ahead=3), 3)]
)
def test_how_far_a_forecast_looks_ahead_is_part_of_the_data(source, ahead) -> None:
    dataset = prepare(DataSettings(source=source.replaced(count=20)))

    assert source.load().ahead == dataset.ahead == ahead


def test_the_value_to_foretell_follows_as_many_steps_later_as_the_data_says() -> None:
    table = MackeyGlass(count=20, steps=30, ahead=4).load()
    longer = MackeyGlass(count=20, steps=33, ahead=1).load()

    assert table.column("later").values.tolist() == longer.column("later").values.tolist()
    np.testing.assert_array_equal(
        longer.column("before").values[:, 29], table.column("before").values[:, -1]
    )


def test_a_wave_without_noise_goes_on_where_its_stretch_ends() -> None:
    table = SineForecast(noise=0, count=50, steps=8, period=5).load()
    before, after = table.column("before").values[..., 0], table.column("next").values

    # sin(a + d) + sin(a - d) = 2 cos(d) sin(a)
    np.testing.assert_allclose(
        after + before[:, -2], 2 * np.cos(2 * np.pi / 5) * before[:, -1], atol=1e-12
    )


def test_stretches_of_a_wave_are_sequences_for_a_network() -> None:
    dataset = prepare(DataSettings(source="sine_forecast"))

    assert dataset.features.shape == (1000, 24, 1)
    assert dataset.signature.feature_shape == (24, 1)
    assert dataset.signature.target == "values"


def test_the_tokens_of_a_text_spell_it() -> None:
    table = NextCharacter(steps=10).load()
    levels = table.column("next").levels
    windows = table.column("before").values.astype(int)
    following = table.column("next").values

    assert "".join(levels[token] for token in windows[0]) == "The␣Zen␣of"
    assert "".join(levels[token] for token in following[:7]) == "␣Python"
    np.testing.assert_array_equal(windows[1:, -1], following[:-1])
    assert table.notes == ("The text has 856 characters, 45 different ones.",)


def test_the_help_pages_are_as_long_as_asked() -> None:
    table = NextCharacter(text="help", length=1000, steps=20).load()

    assert len(table) == 1000 - 20


def test_reading_the_poem_does_not_print_it() -> None:
    program = (
        "import sys; from engine.data.settings import DataSettings; "
        "from engine.data.dataset import prepare; "
        "prepare(DataSettings(source='next_character')); print('this' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "False"


def test_a_text_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(DataError) as caught:
        NextCharacter().load()

    assert str(caught.value) == (
        "The text is a file of Python, this.py, which is not installed. "
        "Choose another text, or another data set."
    )


def places_of(dataset, rows) -> set[int]:
    """Which characters of the text the windows of rows, and what follows them, are."""
    width = dataset.features.shape[1] + 1
    return {int(row) + place for row in dataset.rows[rows] for place in range(width)}


def test_windows_split_in_one_piece_share_no_character_with_those_of_another_part() -> None:
    dataset = prepare(suggest(NextCharacter(steps=12)))
    train, validation, test = (
        places_of(dataset, rows) for rows in (dataset.train, dataset.validation, dataset.test)
    )

    assert not train & validation
    assert not train & test
    assert not validation & test
    assert train | validation | test == set(range(856))
    assert "24 rows that overlap two parts of the split were left out." in dataset.notes
    assert dataset.signature.in_order
    assert not dataset.signature.overlapping


def test_windows_that_overlap_and_are_split_at_random_are_told_of() -> None:
    settings = DataSettings(source=NextCharacter(steps=12))
    dataset = prepare(settings)

    assert dataset.signature.overlapping
    assert dataset.notes[-1] == (
        "Each row shares values with the 12 after it. Taken at random, rows for the test are "
        "known in part from the training: take them in one piece instead."
    )
    assert not prepare(settings.replaced(validation=0, test=0)).signature.overlapping


@pytest.mark.parametrize("source", [NextCharacter(answers="each"), SineForecast(), MackeyGlass()])
def test_sources_whose_rows_share_nothing_are_split_at_random(source) -> None:
    settings = suggest(source)

    assert settings.parts == "random"
    assert not prepare(settings).signature.overlapping
