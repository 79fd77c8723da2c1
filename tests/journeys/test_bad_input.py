"""Whatever is wrong with what a user brings: one clear sentence, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os

import numpy as np
import pytest

from engine.project.file import save_project
from engine.project.templates import open_template
from gui.training.controller import State


@pytest.fixture
def saved(tmp_path):
    """The digits project as a file."""
    path = tmp_path / "mine.glassbox"
    save_project(open_template("digits"), path)
    return path


def changed(saved, change):
    """The project as the plain JSON that opens alone too, after a change to it."""
    import zipfile

    with zipfile.ZipFile(saved) as archive:
        plain = json.loads(archive.read("project.json"))
    change(plain)
    path = saved.with_name("changed.glassbox")
    path.write_text(json.dumps(plain))
    return path


def open_in(person, path):
    person.drop_file(path)
    before = len(person.toasts)
    person.wait(lambda: person.document.path == path or len(person.toasts) > before)


# Project files


def test_a_truncated_project_is_refused_and_what_is_open_stays(sit_down, saved):
    saved.write_bytes(saved.read_bytes()[:-200])
    person = sit_down("xor")
    nodes = person.document.graph.nodes
    open_in(person, saved)
    (sentence,) = person.toasts

    assert "mine.glassbox" in sentence
    assert person.document.graph.nodes == nodes
    assert person.document.path is None


def test_a_project_of_a_newer_version_is_refused(sit_down, saved):
    path = changed(saved, lambda plain: plain.update(version=999))
    person = sit_down("xor")
    open_in(person, path)
    (sentence,) = person.toasts

    assert "newer" in sentence or "later" in sentence
    assert person.document.path is None


@pytest.mark.parametrize("kind", ["quantum_layer", "os.system", "engine.layers.dense.Dense"])
def test_an_unknown_kind_opens_as_a_placeholder_and_is_told(sit_down, saved, kind):
    def rename(plain):
        nodes = plain["graph"]["nodes"]
        next(node for node in nodes if node["id"] == "dense_1")["kind"] = kind

    person = sit_down("xor")
    open_in(person, changed(saved, rename))
    (sentence,) = person.toasts

    assert kind in sentence
    assert len(person.document.graph.wires) == 3
    assert person.node("dense_1").layer.kind == kind
    assert any(p.node == "dense_1" and p.severity == "error" for p in person.document.problems)
    assert "dense_1" in person.window.canvas.graph_scene.nodes

    person.keys("Ctrl+S")
    person.hand.click(person.hand.node("dense_1"))
    again = json.loads(_project_json(person.document.path))

    assert next(n for n in again["graph"]["nodes"] if n["id"] == "dense_1")["kind"] == kind


def _project_json(path):
    import zipfile

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return archive.read("project.json")
    return path.read_bytes()


def test_a_full_disk_while_saving_leaves_the_old_file_whole(sit_down, saved, monkeypatch):
    old = saved.read_bytes()
    person = sit_down(file=saved)
    person.hand.click(person.hand.node("dense_1"))
    person.keys("Delete")

    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        person.keys("Ctrl+S")
    (sentence,) = person.toasts

    assert "no space left on device" in sentence
    assert "untouched" in sentence
    assert saved.read_bytes() == old
    assert person.document.modified

    person.keys("Ctrl+S")

    assert not person.document.modified
    assert saved.read_bytes() != old


# Training


def test_a_learning_rate_that_breaks_the_numbers_stops_the_run_and_keeps_the_weights(sit_down):
    person = sit_down("digits")
    person.wait_for_data()
    bar = person.window.bar
    person.choose(bar._optimizer, "SGD")
    person.fill(bar._rate, "1e20")
    person.press("Train", bar)
    person.wait_for(State.FAILED)
    (sentence,) = person.toasts

    assert sentence.startswith("Training diverged at step ")
    assert "Dense (dense_" in sentence
    assert "the last good weights were kept" in sentence
    assert all(np.isfinite(array).all() for array in person.document.weights.values())

    person.fill(bar._rate, "0.1")
    person.press("Train", bar)
    person.wait_for(State.FINISHED)


def test_a_network_that_is_not_whole_says_what_keeps_it_from_training(sit_down):
    person = sit_down("digits")
    person.wait_for_data()
    person.hand.click(person.hand.node("dense_2"))
    person.keys("Delete")
    person.keys("F5")
    (sentence,) = person.toasts

    assert "wire" in sentence.lower()
    assert sentence.startswith(person.problems[0])
    assert person.controller.state is State.IDLE
    assert person.window.panels.problems.isVisible()

    person.keys("Ctrl+Z", "F5")
    person.wait_for(State.FINISHED)

    assert person.toasts == []


# Tables

BAD_TABLES = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n\n \n", ""),
    "only a header": (b"a,b,c\n", "header"),
    "ragged": (b"a,b\n1,2\n3\n4,5\n", "Line 3"),
    "one class only": (b"a,class\n1,x\n2,x\n3,x\n", "only one class"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), ""),
    "an open quotation mark": (b'a,b\n1,"2\n3,4\n', "quotation"),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_gives_one_sentence_in_place_and_the_old_data_stays(sit_down, tmp_path, name):
    content, word = BAD_TABLES[name]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    person = sit_down("digits")
    person.wait_for_data()
    data = person.document.data
    person.drop_file(path)
    person.wait(lambda: person.window.workspaces.current == "data")
    page = person.window.workspaces.page("data")
    person.wait(lambda: not page.draft.busy and bool(page.draft.failure))

    assert page.stage.message.isVisible()
    assert word in page.stage.message.text
    assert "\n" not in page.stage.message.text
    assert person.document.data == data
    assert person.document.dataset is not None
    assert not page.use_card.button.isVisible() or not page.use_card.button.isEnabled()


ROWS = [(f"{n / 2:.1f}", f"{n * n / 4:.2f}", "yes" if n % 2 else "no") for n in range(40)]
COMMAS = "\n".join(";".join(row).replace(".", ",") for row in ROWS)
POINTS = "\n".join(",".join(row) for row in ROWS)
GAPS = POINTS.replace("1.0,", ",").replace(",9.00", ",NA")

ODD_TABLES = {
    "semicolons and decimal commas": f"größe;wert;klasse\n{COMMAS}\n".encode(),
    "a byte order mark": f"size,value,sort\n{POINTS}\n".encode("utf-8-sig"),
    "UTF-16": f"größe\twert\tklasse\n{POINTS}\n".replace(",", "\t").encode("utf-16"),
    "missing values": f"size,value,sort\n{GAPS}\n".encode(),
}


@pytest.mark.parametrize("name", ODD_TABLES)
def test_an_odd_but_good_table_is_understood_and_learnt_from(sit_down, tmp_path, name):
    path = tmp_path / "odd.csv"
    path.write_bytes(ODD_TABLES[name])
    person = sit_down("iris")
    person.wait_for_data()
    person.drop_file(path)
    person.wait(lambda: person.window.workspaces.current == "data")
    page = person.window.workspaces.page("data")
    person.wait(lambda: not page.draft.busy and page.draft.dataset is not None)

    assert page.draft.study.table.column(page.draft.study.table.names[0]).kind == "number"
    assert page.draft.dataset.signature.feature_shape == (2,)
    assert len(page.draft.dataset.features) == 40

    person.press("Use this data")
    person.wait_for_data()
    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)

    assert person.toasts == []
