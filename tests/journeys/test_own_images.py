"""A folder of images of one's own: drop it, look at it, use it, and tell its shapes apart."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.cli import main
from engine.evaluation.evaluate import evaluate
from gui.training.controller import State

EACH, SIDE = 250, 12


@pytest.fixture
def drawings(tmp_path):
    """Discs and crosses of many sizes, places and shades."""
    random = np.random.default_rng(0)
    folder = tmp_path / "drawings"
    for shape in ("cross", "disc"):
        (folder / shape).mkdir(parents=True)
        for number in range(EACH):
            image = Image.new("L", (SIDE, SIDE), int(random.integers(0, 60)))
            pen, radius = ImageDraw.Draw(image), int(random.integers(2, 5))
            x, y = random.integers(radius, SIDE - radius, 2).tolist()
            ink = int(random.integers(150, 256))
            if shape == "disc":
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
            else:
                pen.line((x - radius, y, x + radius, y), fill=ink)
                pen.line((x, y - radius, x, y + radius), fill=ink)
            image.save(folder / shape / f"{number:03}.png")
    return folder


def test_a_folder_of_drawings_dropped_on_the_window_is_looked_at_and_learnt(
    sit_down, drawings, tmp_path, capsys
):
    person = sit_down("digits_cnn")
    person.wait_for_data()
    person.drop_file(drawings)
    person.wait(lambda: person.window.workspaces.current == "data")
    page = person.window.workspaces.page("data")
    person.wait(lambda: page.draft.dataset is not None and page.draft.settings is not None)
    person.wait(lambda: page.stage.title.text() == "drawings")

    assert page.stage.pictures.isVisible()
    assert page.stage.facts.text().startswith("500 rows")
    assert page.settings.target.value == "class"
    assert page.draft.dataset.signature.classes == ("cross", "disc")

    person.press("Use this data")
    person.wait_for_data()
    document = person.document

    assert document.graph.node(person.only("input")).layer.shape == (1, SIDE, SIDE)
    assert person.problems == []

    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)
    dataset = document.dataset
    found = evaluate(document.graph, document.weights, dataset, "test")

    assert found["accuracy"] > 0.95

    project = tmp_path / "shapes.glassbox"
    document.mark_saved(project)
    assert person.window.files.save()
    assert main(["evaluate", str(project), "--data", str(drawings), "--json"]) == 0
    assert (
        json.loads(capsys.readouterr().out.splitlines()[-1])["metrics"]["data"]["accuracy"] > 0.95
    )
    output = tmp_path / "shapes.csv"
    given = ["predict", str(project), "--input", str(drawings / "disc"), "--output", str(output)]
    assert main(given) == 0
    lines = output.read_text().splitlines()
    assert len(lines) == 1 + EACH
    assert sum(line.startswith("disc") for line in lines) > 0.95 * EACH
