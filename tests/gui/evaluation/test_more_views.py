"""What only some networks have to show: codes, forecasts, text, cleaned pictures, class scores."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.evaluation.class_table import MOST


def test_the_codes_of_an_autoencoder_are_a_map_on_which_a_click_draws(judged):
    workspace = judged("autoencoder", epochs=3)
    view = workspace.codes
    plane = view.plane
    before = view.picture.image.copy()
    QTest.mouseClick(plane, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    x, y = plane.place

    assert view.isVisible()
    assert view.picture.isVisible()
    assert view.picture.words == f"({x:.2f}, {y:.2f})"
    assert view.picture.image != before
    assert plane.area.left <= x < plane.area.left + 0.2 * (plane.area.right - plane.area.left)
    assert y > plane.area.top - 0.2 * (plane.area.top - plane.area.bottom)


def test_the_place_on_the_map_moves_with_the_arrow_keys_and_stays_inside(judged):
    plane = judged("vae").codes.plane
    before = plane.place.copy()
    QTest.keyClick(plane, Qt.Key.Key_Right)

    assert plane.place[0] > before[0]
    assert plane.place[1] == before[1]

    for _ in range(60):
        QTest.keyClick(plane, Qt.Key.Key_Down)

    assert plane.place[1] == plane.area.low[1]
    assert not plane.grab().isNull()


def test_a_code_of_many_numbers_says_how_much_of_it_the_map_shows(judged):
    view = judged("vae").codes

    assert "8 numbers" in view.text.text()
    assert f"{round(100 * view._map.shares)} %" in view.text.text()


def test_a_network_without_a_code_has_no_map_and_one_without_tokens_writes_nothing(judged):
    workspace = judged("iris")

    assert not workspace.codes.isVisible()
    assert not workspace.writing.isVisible()


@pytest.mark.parametrize("template", ["next_character", "transformer_block"])
def test_a_network_that_foretells_tokens_writes_text_and_something_else_when_asked(
    judged, qtbot, template
):
    view = judged(template).writing
    qtbot.waitUntil(lambda: bool(view.written), timeout=20_000)
    first, start = list(view.written), list(view._start)

    assert view.isVisible()
    assert len(first) == 240

    with qtbot.waitSignal(view.job.finished, timeout=20_000):
        view.again.click()

    assert view._start != start
    assert view.written != first
    view.job.shut_down()


def test_a_denoiser_is_shown_noise_and_what_it_makes_of_it(judged):
    findings = judged("denoising_autoencoder").findings
    given, clean, _made = findings.rebuilt.stacks[0]

    assert 0.1 < np.std(given - clean) < 0.5
    assert "disturbed" in findings.left_text.text()


def test_forecasts_are_drawn_after_what_was_given_and_compared_with_no_change(judged):
    findings = judged("lstm_forecast").findings
    dataset = findings._dataset
    row = findings.curves.rows[0]

    assert findings.curves.isVisible()
    assert findings.scatter.isVisible()
    np.testing.assert_allclose(
        findings.curves._given[0], dataset.in_raw_units(np.array([row]))[0, :, 0]
    )
    assert "by repeating the last value" in findings.left_text.text()
    assert not findings.curves.grab().isNull()


@pytest.mark.parametrize(("template", "ahead"), [("lstm_forecast", 1), ("gru_forecast", 6)])
def test_a_forecast_is_drawn_as_many_steps_behind_what_was_given_as_it_looks_ahead(
    judged, template, ahead
):
    curves = judged(template).findings.curves
    (true, _), (predicted, _), (given, _) = curves._lines(0)

    assert true.tolist() == predicted.tolist() == [given[-1] + ahead]


def test_what_was_given_at_each_step_is_drawn_beside_what_was_made_of_it(judged):
    curves = judged("many_to_many").findings.curves

    assert curves._given.shape == curves._true.shape
    (true, _), (predicted, _), (given, _) = curves._lines(0)

    assert true[0] == predicted[0] == given[0] == 0


def test_a_number_from_other_numbers_is_no_forecast(judged):
    findings = judged("linear_regression").findings

    assert findings.scatter.isVisible()
    assert not findings.curves.isVisible()


def test_missed_rows_are_told_in_the_units_of_their_columns(judged):
    gallery = judged("linear_regression").findings.gallery
    heads, cells = gallery._columns()
    dataset, mistake = gallery._dataset, gallery._mistakes[0]
    (raw,) = dataset.in_raw_units(np.array([mistake.row]))

    assert heads[4] == "age"
    assert cells[0][4] == f"{raw[0]:.4g}"


def test_each_class_has_its_precision_recall_and_f1(judged):
    findings = judged("iris", epochs=3).findings
    scores = findings.report.scores()
    names = [line[0] for line in findings.table.lines]

    assert findings.table.isVisible()
    assert names == ["setosa", "versicolor", "virginica"]
    assert [line[3] for line in findings.table.lines] == scores.f1.tolist()
    assert f"F1 {100 * scores.f1[0]:.1f} %" in findings.table.sentence(0)
    assert not findings.table_text.isVisible()
    assert not findings.table.grab().isNull()


def test_of_many_classes_the_worst_are_shown(judged):
    findings = judged("next_character").findings
    lines = findings.table.lines

    assert len(lines) == MOST
    assert [line[3] for line in lines] == sorted(line[3] for line in lines)
    assert findings.table_text.text().startswith(f"The {MOST} classes with the lowest F1, of ")


def test_the_tile_of_guesses_says_how_many_and_in_per_cent(judged):
    tiles = {tile.kind: tile for tile in judged("next_character").tiles.tiles}

    assert tiles["top_k"].label.text().lower() == "top-5 accuracy"
    assert tiles["top_k"].value.text().endswith(" %")
