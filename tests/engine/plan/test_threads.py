"""How many threads a plan's products are worth."""

from __future__ import annotations

import os

from engine.graph.chain import chain
from engine.graph.infer import infer
from engine.layers.attention import MultiHeadAttention
from engine.layers.conv import Conv2D
from engine.layers.lstm import LSTM
from engine.layers.terminal import Input, Output
from engine.plan.threads import threads_for, use_threads
from tests.engine.plan.networks import classifier


def test_small_products_take_one_thread_and_large_ones_all():
    small, large = infer(classifier()), infer(classifier(features=2000, hidden=2000))

    assert threads_for(small, small, batch=32) == 1
    assert threads_for(large, large, batch=32) == os.cpu_count()


def test_the_number_of_threads_can_be_chosen_or_not_but_never_fails():
    assert use_threads(1) in (True, False)


def test_convolutions_keep_to_one_thread_since_their_products_are_small():
    shapes = infer(chain(Input(shape=[64, 32, 32]), Conv2D(filters=64), Output()))

    assert threads_for(shapes, shapes, batch=64) == 1


def test_recurrent_layers_are_worth_what_one_of_their_steps_is_worth():
    few = infer(chain(Input(shape=[500, 64]), LSTM(units=64, direction="bidirectional"), Output()))
    many = infer(chain(Input(shape=[2, 512]), LSTM(units=512), Output()))

    assert threads_for(few, few, batch=64) == 1
    assert threads_for(many, many, batch=64) == os.cpu_count()


def test_attention_is_worth_what_its_largest_projection_is_worth():
    few = infer(chain(Input(shape=[64, 64]), MultiHeadAttention(), Output()))
    many = infer(chain(Input(shape=[64, 512]), MultiHeadAttention(), Output()))

    assert threads_for(few, few, batch=32) == 1
    assert threads_for(many, many, batch=32) == os.cpu_count()
