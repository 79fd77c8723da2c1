"""Every template goes in the window from start to export; a generator is set up and watched."""

from __future__ import annotations

import pytest

from engine.project.templates import TEMPLATES
from gui.dashboard.rate_finder import RateFinder
from gui.training.controller import State

DRAWN = [each.id for each in TEMPLATES if each.plain["graph"]["nodes"]]


@pytest.mark.parametrize("template", DRAWN)
def test_a_template_is_trained_judged_and_exported(sit_down, tmp_path, template):
    person = sit_down(template)
    window, document = person.window, person.document
    person.wait_for_data()
    assert person.problems == []
    document.set_training(document.training.replaced(epochs=1))
    person.press("Train", window.bar)
    person.wait_for(State.FINISHED)
    for tab in ("gradients", "weights", "runs", "history", "loss"):
        window.show_tab(tab)

    person.press("Evaluate", window.top)
    page = window.workspaces.page("evaluate")
    person.wait(lambda: not page.evaluator.busy and page._judgement is not None)
    assert not page.message.isVisible()
    assert page.findings.isVisible() or page.made.isVisible()
    assert all(tile.value.text() for tile in page.tiles.tiles)

    person.press("Export", window.top)
    page = window.workspaces.page("export")
    person.fill(page.path, str(tmp_path / "network.onnx"))
    person.press("Export and verify", page)
    person.wait(lambda: page.result.isVisible())
    assert page.result.exported.verification.max_abs_difference <= 1e-5


def test_a_generator_is_set_up_and_watched(sit_down):
    person = sit_down("gan_ring")
    window, document = person.window, person.document
    window.resize(1600, 1000)
    person.wait_for_data()
    document.set_training(document.training.replaced(epochs=2))
    first = window.panels.inspector.overview.objectives.editors["objectives"]._forms[0]
    person.fill(first.editors["steps"].control, "2")
    assert document.training.objectives[0].steps == 2
    overview = window.panels.inspector.overview
    assert overview.turns_text.text().startswith("Each round: 2 × discriminator")

    person.press("Train", window.bar)
    person.wait_for(State.FINISHED)
    made = window.panels.tabs["loss"].made
    person.wait(lambda: bool(made.sentence.text()))
    assert made.isVisible()
    person.keys("Ctrl+Z")
    assert document.training.objectives[0].steps == 1


def test_a_rate_is_found_from_the_bar_and_taken_at_a_click(sit_down):
    person = sit_down("iris")
    window, document = person.window, person.document
    window.resize(1600, 1000)
    person.wait_for_data()
    before = document.training.optimizer.rate
    person.click(window.bar._find)
    finder = window.findChild(RateFinder)
    person.wait(lambda: finder.found is not None)
    rate = finder.suggestion
    person.press(f"Use {rate:g}", finder)

    assert document.training.optimizer.rate == rate != before
    assert window.bar._rate.text() == f"{rate:g}"
    window.activateWindow()
    window.canvas.setFocus()
    person.wait(window.isActiveWindow)
    person.keys("Ctrl+Z")
    assert document.training.optimizer.rate == before
