"""How many examples go through at a time in an epoch."""

import pytest

from engine.errors import DataError
from engine.training.batch_sizes import batch_sizes, smallest_batch
from engine.training.settings import TrainingSettings


def test_an_empty_training_part_is_refused():
    with pytest.raises(DataError) as caught:
        batch_sizes(0, 32)

    assert str(caught.value) == (
        "The training part of the data is empty. Give less to validation and test, "
        "or load more rows."
    )


def test_a_batch_larger_than_the_data_is_all_of_it():
    assert batch_sizes(20, 32) == (20,)
    assert batch_sizes(64, 32) == (32,)
    assert batch_sizes(70, 32) == (32, 6)


@pytest.mark.parametrize(
    ("examples", "settings", "fewest"),
    [
        (70, {"batch_size": 32}, 6),
        (64, {"batch_size": 32}, 32),
        (33, {"batch_size": 32}, 1),
        (70, {"update": "example"}, 1),
        (0, {}, None),
    ],
)
def test_the_smallest_batch_is_the_last_one_of_an_epoch(examples, settings, fewest):
    assert smallest_batch(examples, TrainingSettings(**settings)) == fewest
