"""What was learnt from some digits serves to tell others, by the steps of the template's note."""

from __future__ import annotations

import numpy as np

from gui.training.controller import State


def test_frozen_features_of_some_digits_serve_to_tell_the_others(sit_down):
    person = sit_down("transfer")
    window, document = person.window, person.document
    window.resize(1600, 1000)
    person.wait_for_data()
    person.keys("F5")
    person.wait_for(State.FINISHED)
    learnt = dict(document.weights)

    person.press("Build", window.top)
    window.commands["network.freeze_features"].trigger()
    first, second = (node.id for node in document.graph.nodes if node.frozen)
    assert [document.graph.node(each).name for each in (first, second)] == ["Edges", "Strokes"]

    person.press("Data", window.top)
    page = window.workspaces.page("data")
    counting = page.settings.counting
    person.wait(lambda: "ignored" in counting.editors)
    person.fill(counting.editors["ignored"].text, "0, 1, 2, 3, 4")
    person.wait(page.use_card.button.isEnabled)
    person.click(page.use_card.button)
    person.wait_for_data()
    assert document.dataset.signature.classes == ("5", "6", "7", "8", "9")

    person.keys("F5")
    person.wait_for(State.FINISHED)

    for node_id in (first, second):
        for name in ("weight", "bias"):
            np.testing.assert_array_equal(document.weights[node_id, name], learnt[node_id, name])
    assert document.runs[-1].metrics["validation"]["accuracy"] >= 0.9
