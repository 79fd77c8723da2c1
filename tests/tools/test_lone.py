"""The lone workspace must find out layers that read what they have not written."""

from __future__ import annotations

import numpy as np

from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from tests.tools.lone import LoneLayer


class ReadsScratch(Dense):
    """Adds scratch memory that nothing was written to."""

    def bind(self, work):
        super().bind(work)
        work.forward(np.add, work.output.array, work.buffer(1), out=work.output.array)


def test_reading_unwritten_memory_gives_nan():
    (clean,) = LoneLayer(Dense(units=2), [(3,)]).forward()
    (dirty,) = LoneLayer(ReadsScratch(units=2), [(3,)]).forward()

    assert np.isfinite(clean).all()
    assert np.isnan(dirty).all()


def test_a_matrix_and_its_vector_share_memory():
    lone = LoneLayer(Dense(units=2), [(3,)])
    lone.parameters["bias"][...] = 7

    np.testing.assert_array_equal(lone.work.joined("weight")[:, -1], [7, 7])


def test_each_forward_draws_the_same_random_numbers():
    lone = LoneLayer(Dropout(rate=0.5), [(50,)])

    np.testing.assert_array_equal(lone.forward()[0], lone.forward()[0])
