"""Where one looks at the canvas comes back with the project."""

import pytest
from PySide6.QtCore import QPoint

from engine.project.file import open_project, save_project
from engine.project.project import Project
from gui.canvas.place import Place


def saved(document, tmp_path) -> Project:
    save_project(document.project(), tmp_path / "p.glassbox")
    return open_project(tmp_path / "p.glassbox")[0]


def test_pan_and_zoom_are_saved_and_opened_again(canvas, chain, tmp_path):
    view = canvas(chain).view
    view.set_zoom(1.5, QPoint(100, 100))
    view.pan_by(200, -80)
    before = view.visible_rect()
    project = saved(view.document, tmp_path)
    view.fit()
    view.document.load(project)

    assert view.zoom == 1.5
    assert (view.visible_rect().center() - before.center()).manhattanLength() < 2


def test_looking_elsewhere_is_no_edit(canvas, chain):
    view = canvas(chain).view
    view.pan_by(200, -80)

    assert not view.document.modified
    assert view.document.undo.count() == 0


def test_a_network_that_was_seen_whole_is_seen_whole_again(canvas, chain, tmp_path):
    view = canvas(chain).view
    view.set_zoom(2.0)
    view.fit()
    project = saved(view.document, tmp_path)
    view.set_zoom(3.0)
    view.document.load(project)

    assert project.view == {}
    assert view.visible_rect().contains(view.content())


def test_the_middle_stays_in_the_middle_while_the_window_takes_its_size(canvas, chain):
    view = canvas(chain).view
    view.document.load(Project(graph=chain, view={"canvas": {"x": 300, "y": 50, "zoom": 2}}))
    view.resize(500, 400)
    view.resize(900, 700)
    middle = view.visible_rect().center()

    assert abs(middle.x() - 300) < 2
    assert abs(middle.y() - 50) < 2
    assert Place.of(view.document.view) == Place(300, 50, 2)


@pytest.mark.parametrize(
    "kept",
    [None, 3, {}, {"x": 1, "y": 2}, {"x": "1", "y": 2, "zoom": 1}, {"x": 1, "y": 2, "zoom": 0}],
)
def test_a_place_that_makes_no_sense_is_none(kept):
    assert Place.of({"canvas": kept}) is None
