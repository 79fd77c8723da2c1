"""What is predicted is shown as what it is: pictures, curves, text, or what is made from noise."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from engine.plan.judged import judged as pair_of
from engine.project.templates import TEMPLATES, open_template
from gui.theme import DARK
from gui.widgets.cloud import PointCloud
from gui.widgets.pictures import PictureGrid, picture


def test_reconstructions_stand_under_what_they_are_made_of(judged):
    findings = judged("autoencoder").findings
    dataset = findings._dataset
    report = findings.report

    assert findings.rebuilt.isVisible()
    assert not findings.gallery.isVisible()
    given, made = findings.rebuilt.stacks[0]
    assert np.allclose(given.ravel(), dataset.features[report.rows[0]], atol=1e-6)
    assert np.allclose(made.ravel(), report.prediction[:, 0])
    errors = [float(caption) for caption in findings.worst.captions]
    assert errors == sorted(errors, reverse=True)


def test_of_a_memory_that_restores_all_three_pictures_are_seen(judged):
    grid = judged("hopfield").findings.rebuilt
    given, wanted, made = grid.stacks[0]

    assert given.shape == wanted.shape == made.shape == (1, 8, 8)
    assert set(np.unique(wanted)) == {-1.0, 1.0}


def test_sequences_are_drawn_from_the_best_to_the_worst(judged):
    findings = judged("one_to_many").findings

    assert findings.curves.isVisible()
    assert len(findings.curves.rows) == 6
    assert findings.curves.errors == sorted(findings.curves.errors)
    assert findings.curves.title(0).startswith(f"Example {findings.curves.rows[0]} · RMSE ")


def test_tokens_are_read_as_text_with_the_mistaken_one_in_brackets(judged):
    gallery = judged("tagging").findings.gallery
    heads, cells = gallery._columns()
    mistake = gallery._mistakes[0]
    words = gallery._dataset.words(mistake.row)

    assert heads[-1] == "Text"
    assert f"[{words[mistake.step]}]" in cells[0][-1]
    assert not gallery.grab().isNull()


def test_sentences_are_read_as_words(judged):
    gallery = judged("sentences").findings.gallery
    words = gallery._dataset.words(gallery._mistakes[0].row)

    text = " ".join(word for word in words if word)
    assert gallery._columns()[1][0][-1] == text
    assert text in gallery.sentence(gallery._mistakes[0])


def test_a_generator_is_shown_beside_the_data_instead_of_metrics(judged):
    workspace = judged("gan_digits")

    assert workspace.made.isVisible()
    assert not workspace.message.isVisible()
    assert not workspace.tiles.isVisible()
    assert not workspace.buttons["test"].isVisible()
    assert len(workspace.made.made.stacks) == len(workspace.made.real.stacks) == 48
    assert "Coverage" in workspace.made.finding.text


def test_a_trained_ring_is_told_to_cover_the_data(judged):
    made = judged("gan_ring", epochs=120).made

    assert made.cloud.isVisible()
    assert made.cloud.made.shape == made.cloud.real.shape
    assert made.finding.severity == "ok"
    assert made.finding.text.startswith("What is made covers ")


def test_an_autoencoder_of_clouds_has_both_reconstructions_and_new_digits(judged):
    workspace = judged("vae")

    assert workspace.findings.rebuilt.isVisible()
    assert workspace.made.isVisible()
    assert "discriminator" not in workspace.made.finding.text


@pytest.mark.parametrize(
    "template", [each.id for each in TEMPLATES if each.plain["graph"]["nodes"]]
)
def test_every_template_has_something_to_evaluate(template):
    graph = open_template(template).graph

    assert pair_of(graph) is not None or template.startswith("gan")


def test_pictures_of_a_stack_share_what_is_paper_and_ink():
    dim = picture(np.full(4, 0.5), (1, 2, 2), DARK, span=(0.0, 1.0))
    beyond = picture(np.full(4, 7.0), (1, 2, 2), DARK, span=(0.0, 1.0))

    assert dim.pixelColor(0, 0).red() == 128
    assert beyond.pixelColor(0, 0).red() == 255


def test_the_caption_of_a_stack_is_read_with_the_pointer(qtbot):
    grid = PictureGrid(2)
    qtbot.addWidget(grid)
    pictures = np.zeros((3, 2, 1, 4, 4))
    grid.show_stacks([tuple(pair) for pair in pictures], ["0.1", "0.2", "0.3"])
    grid.resize(300, grid.heightForWidth(300))
    grid.show()
    middle = grid.place(1).center()
    QApplication.sendEvent(
        grid, QHelpEvent(QHelpEvent.Type.ToolTip, middle, grid.mapToGlobal(middle))
    )

    assert QToolTip.text() == "0.2"
    QApplication.sendEvent(
        grid, QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(299, 1), grid.mapToGlobal(middle))
    )
    assert not grid.grab().isNull()


def test_points_outside_of_the_data_and_broken_ones_are_not_painted(qtbot):
    cloud = PointCloud(100)
    qtbot.addWidget(cloud)
    real = np.array([[0.0, 0.0], [1.0, 1.0]])
    cloud.show_points(np.array([[0.5, 0.5]]), real)
    one = cloud.grab().toImage()
    cloud.show_points(np.array([[0.5, 0.5], [9.0, 9.0], [np.nan, 0.0]]), real)
    with_others = cloud.grab().toImage()
    cloud.show_points(np.array([[0.5, 0.5], [0.2, 0.8]]), real)

    assert with_others == one
    assert cloud.grab().toImage() != one
