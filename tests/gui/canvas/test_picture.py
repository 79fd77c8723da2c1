"""Pictures of the network, for papers and for the clipboard."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from engine.graph.drawing import Annotation
from engine.graph.model import Graph
from engine.layers.conv import Conv2D
from gui.canvas.items.card_item import CardItem
from gui.canvas.picture import PictureError, PictureOptions, image, save
from gui.canvas.picture_dialog import PictureDialog
from gui.canvas.sheet import Sheet
from gui.theme import DARK, theme
from tests.tools.pdf_text import pdf_text

PAPER = PictureOptions.colored("light", scale=1)


@pytest.fixture
def scene(canvas, chain):
    return canvas(chain).view.graph_scene


def test_the_svg_holds_its_text_as_text(scene, tmp_path):
    save(scene, tmp_path / "net.svg", PAPER)
    words = re.findall(r">([^<>]+)</text>", (tmp_path / "net.svg").read_text())

    assert {"Input", "Dense", "Cross-entropy"} <= {word.strip() for word in words}


def test_the_svg_looks_as_the_png_does(scene, tmp_path):
    save(scene, tmp_path / "net.svg", PAPER)
    drawn = QSvgRenderer(str(tmp_path / "net.svg"))
    pixels = image(scene, PAPER)
    again = QImage(pixels.size(), QImage.Format.Format_ARGB32_Premultiplied)
    again.fill(Qt.GlobalColor.white)
    painter = QPainter(again)
    drawn.render(painter)
    painter.end()

    assert drawn.viewBox().size() == pixels.size()
    rows, columns = range(0, pixels.height(), 7), range(0, pixels.width(), 7)
    places = [(x, y) for x in columns for y in rows]
    other = [p for p in places if _apart(pixels.pixelColor(*p), again.pixelColor(*p)) > 90]
    assert len(other) < 0.02 * len(places)


def _apart(a: QColor, b: QColor) -> int:
    return max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue()))


def test_the_pdf_is_one_page_as_large_as_the_network(scene, tmp_path):
    save(scene, tmp_path / "net.pdf", PAPER)
    data = (tmp_path / "net.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    rect = Sheet(scene).rect

    assert data.startswith(b"%PDF")
    assert b"/Font" in data
    assert box is not None
    assert float(box[1]) == pytest.approx(rect.width() * 0.75, abs=1.5)
    assert float(box[2]) == pytest.approx(rect.height() * 0.75, abs=1.5)


def test_what_is_copied_from_the_pdf_is_what_it_shows(scene, tmp_path):
    for row, filters in enumerate((12345, 67890)):
        scene.document.add_node(Conv2D(filters=filters, kernel=3), (240, 400 + 96 * row))
    save(scene, tmp_path / "net.pdf", PAPER)
    written = "".join(pdf_text((tmp_path / "net.pdf").read_bytes()).split())
    cards = [item for item in scene.nodes.values() if isinstance(item, CardItem)]
    lines = ["".join(item.node.layer.line().split()) for item in cards]

    assert any(character.isdigit() for line in lines for character in line)
    assert [line for line in lines if line not in written] == []


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_png_has_as_many_pixels_as_are_wanted(scene, tmp_path, scale):
    save(scene, tmp_path / "net.png", PictureOptions.colored("light", scale=scale))
    size = QImage(str(tmp_path / "net.png")).size()

    assert size == Sheet(scene).rect.size().toSize() * scale


def test_a_larger_png_shows_the_same_and_not_more(scene):
    once, twice = image(scene, PAPER), image(scene, PictureOptions.colored("light", scale=2))
    places = [(x, y) for x in range(4, once.width(), 9) for y in range(4, once.height(), 9)]
    other = [
        (x, y)
        for x, y in places
        if _apart(once.pixelColor(x, y), twice.pixelColor(2 * x, 2 * y)) > 110
    ]

    assert len(other) < 0.03 * len(places)


def test_the_ground_is_white_dark_or_not_there(scene):
    corners = [
        image(scene, PictureOptions.colored(name, clear=clear, scale=1)).pixelColor(1, 1)
        for name, clear in (("light", False), ("dark", False), ("light", True))
    ]

    assert corners[0] == QColor("#ffffff")
    assert corners[1] == QColor(DARK.canvas)
    assert corners[2].alpha() == 0


def test_nothing_of_the_editing_is_in_the_picture_and_all_of_it_stays_on_screen(scene):
    plain = image(scene, PAPER)
    scene.document.select(["a"])
    scene.hover(scene.nodes["b"])
    ringed = image(scene, PAPER)

    assert plain == ringed
    assert scene.nodes["a"].ringed
    assert scene.nodes["b"].hovered
    assert theme.tokens is DARK


def test_a_selection_is_painted_alone_with_the_wires_inside_it(scene):
    sheet = Sheet(scene, ["x", "a"])
    kinds = sorted(type(item).__name__ for item in sheet.items)

    assert kinds == ["CardItem", "CardItem", "WireItem"]
    assert sheet.rect.width() < Sheet(scene).rect.width()


def test_frames_and_notes_are_in_the_picture_without_their_handle(canvas, chain):
    chain.drawing.add_annotation(
        Annotation("note_1", "note", "Why it works", (0.0, -160.0), (200.0, 96.0))
    )
    scene = canvas(chain).view.graph_scene
    item = next(i for i in Sheet(scene).items if hasattr(i, "annotation"))
    image(scene, PAPER)

    assert Sheet(scene).rect.top() < -160
    assert item.handled


def test_an_empty_canvas_makes_no_picture(canvas, tmp_path):
    scene = canvas(Graph()).view.graph_scene
    with pytest.raises(PictureError, match="There is no network"):
        save(scene, tmp_path / "net.svg", PAPER)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("net.gif", "is written as .png, .svg or .pdf"),
        ("no folder/net.svg", "could not be written"),
    ],
)
def test_what_cannot_be_written_is_said(scene, tmp_path, name, reason):
    with pytest.raises(PictureError, match=reason):
        save(scene, tmp_path / name, PAPER)


def test_the_clipboard_gets_the_selection_as_a_picture(canvas, chain, qapp):
    hand = canvas(chain)
    hand.view.document.select(["a"])
    hand.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    copied = qapp.clipboard().image()

    assert copied.width() == 2 * round(Sheet(hand.view.graph_scene, ["a"]).rect.width())


def test_the_dialog_saves_what_it_shows(canvas, chain, qtbot, tmp_path, monkeypatch):
    hand = canvas(chain)
    dialog = PictureDialog(hand.view, hand.view, tmp_path, "net")
    qtbot.addWidget(dialog)
    dialog.show()
    monkeypatch.setattr(
        "gui.canvas.picture_dialog.QFileDialog.getSaveFileName",
        lambda _parent, _title, start, _filter: (start, ""),
    )
    dialog.format.set_value("png")
    dialog.format.committed.emit("png")
    dialog.scale.set_value("4")
    dialog.clear.setChecked(True)
    with qtbot.waitSignal(dialog.saved) as saved:
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)

    written = QImage(str(tmp_path / "net.png"))
    assert saved.args == [tmp_path / "net.png"]
    assert written.width() == 4 * round(Sheet(hand.view.graph_scene).rect.width())
    assert written.pixelColor(1, 1).alpha() == 0
