"""What one weight says about its training."""

import pytest

from engine.diagnosis.reading import WeightReading


@pytest.mark.parametrize(
    ("update", "steady"), [(None, False), (1e-6, False), (1e-3, True), (0.2, False)]
)
def test_an_update_is_steady_between_standstill_and_forgetting(update, steady):
    assert WeightReading(0.1, update).steady is steady
