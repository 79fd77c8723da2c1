"""Leave with an ONNX file that is vouched for, and predict the same from it."""

from __future__ import annotations

import numpy as np
import onnxruntime

from engine.plan.predict import Predictor
from gui.training.controller import State


def export(person, path):
    person.press("Export", person.window.top)
    page = person.window.workspaces.page("export")
    person.fill(page.path, str(path))
    person.press("Export and verify", page)
    person.wait(lambda: page.result.isVisible())
    return page


def test_the_export_is_vouched_for_and_predicts_the_same(sit_down, tmp_path):
    path = tmp_path / "digits.onnx"
    person = sit_down("digits")
    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)
    page = export(person, path)
    found = page.result.exported.verification

    assert found.max_abs_difference <= 1e-5
    assert page.result.difference.text() == f"{found.max_abs_difference:.1e}"
    assert page.result.title.text().startswith("Vouched for")

    document = person.document
    rows = document.dataset.features[document.dataset.test]
    session = onnxruntime.InferenceSession(str(path))
    (given,) = session.run(None, {session.get_inputs()[0].name: rows})
    (own,) = Predictor(document.graph, document.weights).predict({"input_1": rows}).values()

    np.testing.assert_allclose(given, own, atol=1e-5)
    assert (given.argmax(axis=1) == document.dataset.targets[document.dataset.test]).mean() >= 0.97


def test_before_training_the_page_offers_to_train(sit_down):
    person = sit_down("digits")
    person.press("Export", person.window.top)
    page = person.window.workspaces.page("export")

    assert page.empty.isVisible()

    person.press("Train now", page)
    person.wait_for(State.FINISHED)

    assert page.button.isVisible()


def test_a_place_that_cannot_be_written_is_said_in_red(sit_down, tmp_path):
    person = sit_down("digits")
    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)
    page = export(person, tmp_path / "nowhere" / "digits.onnx")

    assert page.result.title.text() == "Nothing was written"
    assert page.result.exported is None
    assert "nowhere" in page.result.text.text()
