"""How commands show progress."""

from __future__ import annotations

import io

import pytest

from engine.cli.output import Output, bar_of, metrics_line, minutes


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (8.4, "0:08"), (62, "1:02"), (3723, "1:02:03")]
)
def test_time_is_shown_as_a_clock_shows_it(seconds, text):
    assert minutes(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"), [(-1, "░░░░"), (0, "░░░░"), (0.5, "▓▓░░"), (1, "▓▓▓▓"), (2, "▓▓▓▓")]
)
def test_a_bar_is_filled_by_its_share(share, text):
    assert bar_of(share, 4) == text


def test_metrics_are_a_line():
    line = metrics_line("test", {"loss": 0.0931, "accuracy": 0.978})

    assert line == "test        loss 0.0931      accuracy 97.8 %"


def test_the_bar_is_written_over_and_leaves_nothing_of_a_longer_one():
    terminal = Terminal()
    output = Output(io.StringIO(), terminal, as_json=False)

    output.bar("long line")
    output.bar("short")

    assert terminal.getvalue() == "\rlong line\rshort    "


def test_where_nobody_watches_there_is_no_bar():
    errors = io.StringIO()

    Output(io.StringIO(), errors, as_json=False).bar("epoch 1/2")

    assert errors.getvalue() == ""


def test_a_note_clears_the_bar_first():
    terminal = Terminal()
    output = Output(io.StringIO(), terminal, as_json=False)

    output.bar("bar")
    output.note("A note.")

    assert terminal.getvalue() == "\rbar\r   \rA note.\n"
