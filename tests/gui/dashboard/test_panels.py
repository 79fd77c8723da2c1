"""The panels draw a real training, and only while they are seen."""

from __future__ import annotations

import pytest

from engine.training.telemetry import Telemetry
from gui.dashboard import GradientsPanel, LossPanel, WeightsPanel
from gui.dashboard.chart import Series
from gui.dashboard.weights import Card


@pytest.fixture
def shown(qtbot, document, controller):
    def show(panel_type):
        panel = panel_type(document, controller)
        qtbot.addWidget(panel)
        panel.resize(900, 260)
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    return show


def names(chart):
    return [entry.name for entry in chart.header.entries]


def test_loss_and_metric_are_drawn_for_training_and_validation(shown, train):
    panel = shown(LossPanel)
    train()

    assert names(panel.loss) == ["training", "validation"]
    assert names(panel.metrics) == ["training", "validation"]
    assert panel.metrics.header.title == "Accuracy"


def test_each_of_several_losses_is_drawn_under_its_name(shown, document):
    panel, telemetry = shown(LossPanel), Telemetry()
    document.rename("loss_1", "species")
    for epoch in (1, 2):
        telemetry.record(epoch, {"loss/train": 3, "loss/loss_1/train": 1, "loss/old/train": 2})
    panel.show_telemetry(telemetry)

    assert names(panel.loss) == ["old", "training"]
    telemetry.curves.pop("loss/old/train")
    panel.show_telemetry(telemetry)
    assert names(panel.loss) == ["training", "species"]


def test_an_earlier_run_is_drawn_beside_the_new_one(shown, train):
    panel = shown(LossPanel)
    train()
    train()

    assert names(panel.loss) == ["training", "validation", "run 1"]


def test_gradients_are_drawn_for_each_layer_from_the_loss_backwards(shown, train):
    panel = shown(GradientsPanel)
    train()

    assert names(panel.norms) == ["dense_2", "dense_1"]
    assert names(panel.updates) == ["dense_2", "dense_1"]
    assert panel.norms.logarithmic


def test_each_layer_has_a_card_with_weights_activations_and_the_size_of_updates(shown, train):
    panel = shown(WeightsPanel)
    train()

    assert [card.title for card in panel.cards.cards] == ["dense_1", "dense_2"]
    for card in panel.cards.cards:
        assert card.weights is not None
        assert card.activations is not None
        assert card.health == ("ok", "healthy")
        assert card.update == f"update {card.ratio:.1e} · healthy"


def test_a_panel_that_is_not_seen_draws_nothing_until_it_is(qtbot, document, controller, train):
    panel = LossPanel(document, controller)
    qtbot.addWidget(panel)
    train()
    before = names(panel.loss)
    with qtbot.waitExposed(panel):
        panel.show()

    assert before == []
    assert names(panel.loss) == ["training", "validation"]


def test_a_reset_empties_the_charts(shown, train, controller, document):
    panel = shown(LossPanel)
    train()
    document.set_runs([])
    controller.reset()

    assert names(panel.loss) == []
    assert panel.loss.empty.isVisible()


def test_a_layer_that_rests_says_why(shown, train, document):
    document.set_frozen(["dense_1"], True)
    panel = shown(WeightsPanel)
    train()

    assert [card.resting for card in panel.cards.cards] == ["frozen", ""]
    assert not panel.cards.grab().isNull()


def test_long_names_are_cut_in_the_readout(shown):
    panel, telemetry = shown(LossPanel), Telemetry()
    name = "the loss of everything that " + "really " * 30 + "matters"
    telemetry.record(1, {"loss/train": 3, f"loss/{name}/train": 1})
    telemetry.record(2, {"loss/train": 2, f"loss/{name}/train": 1})
    panel.show_telemetry(telemetry)
    panel.loss.point_at(panel.loss.place_of(1.5, 2.0))

    assert "…" in panel.loss.readout.text
    assert panel.loss.readout.width() < 320


def test_loss_and_metric_begin_at_one_height_though_one_has_more_names(shown, controller, train):
    panel = shown(LossPanel)
    panel.resize(700, 260)
    train()
    telemetry = controller.telemetry
    x, y = telemetry.curves["loss/train"].points()
    several = [Series(f"Reconstruction error {i}", x, y, i) for i in range(4)]
    panel.loss.show_series(several)
    tops = {chart.header.height() for chart in (panel.loss, panel.metrics)}
    panel.loss.show_series(several[:1])
    after = {chart.header.height() for chart in (panel.loss, panel.metrics)}

    assert len(tops) == len(after) == 1
    assert max(tops) > max(after)


def test_small_steps_are_no_fault_once_the_run_has_ended():
    at_work = Card("Dense", None, None, 1e-7)
    ended = Card("Dense", None, None, 1e-7, over=True)
    wild = Card("Dense", None, None, 0.5, over=True)

    assert at_work.health == ("warning", "small")
    assert ended.update == "update 1.0e-07 · at the end"
    assert ended.health[0] == "muted"
    assert wild.health[0] == "bad"
