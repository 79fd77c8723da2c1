"""Save, open, and everything that can be wrong with a file."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.errors import NewerProjectError, ProjectError
from engine.layers.placeholder import Placeholder
from engine.project.file import open_project, project_to_plain, save_project
from engine.project.project import Project
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.project.projects import same_arrays

VERSION_1 = Path(__file__).parent / "files" / "version-1.glassbox"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work.glassbox"


def rewritten(path, change):
    """The file again, with its project.json changed by a function."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    plain = json.loads(parts["project.json"])
    change(plain)
    parts["project.json"] = json.dumps(plain).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refusal(path):
    with pytest.raises(ProjectError) as caught:
        open_project(path)
    return str(caught.value)


# There and back


def test_a_project_comes_back_whole(project, path):
    save_project(project, path)
    again, notes = open_project(path)

    assert notes == []
    assert again.graph.nodes == project.graph.nodes
    assert again.graph.wires == project.graph.wires
    assert again.data == project.data
    assert again.training == project.training
    assert again.encoding == project.encoding
    assert again.view == project.view
    assert same_arrays(again.weights, project.weights)


def test_a_run_comes_back_with_its_curves_and_its_optimiser(project, path):
    save_project(project, path)
    (again,), (run,) = open_project(path)[0].runs, project.runs

    assert (again.id, again.name, again.started, again.seconds) == (
        run.id,
        run.name,
        run.started,
        run.seconds,
    )
    assert again.settings == run.settings
    assert again.graph.nodes == run.graph.nodes
    assert same_arrays(again.checkpoint.arrays, run.checkpoint.arrays)
    assert again.checkpoint.plain == run.checkpoint.plain
    assert again.metrics["train"] == {"loss": 0.5}
    assert np.isnan(again.metrics["validation"]["loss"])


def test_training_goes_on_from_a_file_as_if_nothing_had_happened(project, path):
    dataset = prepare(project.data)
    never_stopped = Trainer(project.graph, dataset, project.training)
    never_stopped.run()

    save_project(project, path)
    again, _ = open_project(path)
    resumed = Trainer(
        again.graph, prepare(again.data), again.training, checkpoint=again.runs[0].checkpoint
    )
    resumed.run()

    assert same_arrays(resumed.checkpoint().arrays, never_stopped.checkpoint().arrays)


def test_an_empty_project_comes_back_empty(path):
    save_project(Project(), path)
    again, notes = open_project(path)

    assert notes == []
    assert len(again.graph) == 0
    assert again.data is None
    assert again.training == TrainingSettings()


def test_equal_projects_are_equal_files(project, path, tmp_path):
    save_project(project, path)
    other = tmp_path / "other.glassbox"
    save_project(open_project(path)[0], other)

    assert path.read_bytes() == other.read_bytes()


def test_the_project_opens_from_its_json_alone(project, path, tmp_path):
    save_project(project, path)
    alone = tmp_path / "project.json"
    with zipfile.ZipFile(path) as archive:
        alone.write_bytes(archive.read("project.json"))

    again, notes = open_project(alone)

    assert notes == []
    assert again.graph.nodes == project.graph.nodes
    assert again.weights == {}


def test_the_json_is_readable_and_in_a_stable_order(project, path):
    save_project(project, path)
    with zipfile.ZipFile(path) as archive:
        text = archive.read("project.json").decode()

    assert text.startswith('{\n  "format": "glassbox/project",\n  "version": 2,\n  "graph": {')
    assert '      {"source": "input_1", "target": "dense_1"},\n' in text
    assert list(json.loads(text)) == [
        "format",
        "version",
        "graph",
        "data",
        "training",
        "encoding",
        "view",
    ]


def test_a_file_of_version_1_opens(path):
    again, notes = open_project(VERSION_1)

    assert notes == []
    assert [node.id for node in again.graph.nodes] == ["input_1", "dense_1", "dense_2", "loss_1"]
    assert again.graph.node("dense_1").name == "Hidden"
    assert again.data.source.kind == "xor"
    assert again.training.epochs == 8
    assert again.weights["dense_1", "weight"].shape == (4, 2)
    assert again.runs[0].name == "First try"
    assert again.runs[0].checkpoint.number("step") == 20
    assert len(again.runs[0].curves["loss/train"]) == 1


# What is not understood


@pytest.mark.parametrize("kind", ["quantum", "os.system", "builtins.eval"])
def test_an_unknown_node_is_kept_and_written_back_unchanged(project, path, kind):
    save_project(project, path)

    def change(plain):
        plain["graph"]["nodes"][1].update(kind=kind, settings={"qubits": 5})

    again, notes = open_project(rewritten(path, change))
    save_project(again, path)
    with zipfile.ZipFile(path) as archive:
        node = json.loads(archive.read("project.json"))["graph"]["nodes"][1]

    assert isinstance(again.graph.node("dense_1").layer, Placeholder)
    assert len(notes) == 1
    assert notes[0].startswith("Hidden is kept as a placeholder and cannot run: ")
    assert again.graph.wires == project.graph.wires
    assert node == {
        "id": "dense_1",
        "kind": kind,
        "name": "Hidden",
        "position": [232, 0],
        "settings": {"qubits": 5},
    }
    assert same_arrays(again.weights, project.weights)


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("data", {"source": {"kind": "satellite", "orbit": 7}}),
        ("training", {"optimizer": "adiabatic"}),
        ("encoding", {"raw": 3}),
    ],
)
def test_a_section_that_cannot_be_used_is_kept_with_a_note(project, path, section, value):
    save_project(project, path)
    again, notes = open_project(rewritten(path, lambda plain: plain.update({section: value})))

    assert len(notes) == 1
    assert notes[0].startswith(f"The {section} settings are kept, and cannot be used: ")
    assert project_to_plain(again)[section] == value


def test_a_section_that_the_user_sets_anew_replaces_what_was_kept(project, path):
    save_project(project, path)
    again, _ = open_project(
        rewritten(path, lambda plain: plain.update(training={"optimizer": "adiabatic"}))
    )
    again.training = TrainingSettings(epochs=7)

    assert project_to_plain(again)["training"]["epochs"] == 7


def test_parts_of_the_archive_that_nobody_knows_are_kept(project, path):
    save_project(project, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("notes/idea.txt", "wider")
        archive.writestr("runs/run_9/run.json", '{"name": "of another make"}')

    again, notes = open_project(path)
    save_project(again, path)
    with zipfile.ZipFile(path) as archive:
        kept = archive.read("notes/idea.txt")
        run = archive.read("runs/run_9/run.json")

    assert kept == b"wider"
    assert run == b'{"name": "of another make"}'
    assert notes == ["The run 'run_9' is kept, and cannot be shown: its checkpoint is missing."]


def test_damaged_weights_are_told_and_the_rest_opens(project, path):
    save_project(project, path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["weights.safetensors"] = parts["weights.safetensors"][:40]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    again, notes = open_project(path)

    assert again.graph.nodes == project.graph.nodes
    assert again.weights == {}
    assert len(notes) == 1
    assert notes[0].startswith("The weights are damaged and were left out")


# What cannot be opened


def test_a_file_of_a_newer_version_is_refused(project, path):
    save_project(project, path)
    rewritten(path, lambda plain: plain.update(version=3))

    with pytest.raises(NewerProjectError) as caught:
        open_project(path)

    assert str(caught.value) == (
        "'work.glassbox' was saved by a newer version of Glassbox (its format is 3, this program "
        "reads up to 2). Update Glassbox to open it."
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused_in_one_sentence(project, path, share):
    save_project(project, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert refusal(path) == (
        "'work.glassbox' is damaged or cut short, so it cannot be read as a whole. Open a copy of "
        "it, or the one that was saved automatically."
    )


def test_a_byte_that_flipped_is_noticed(project, path):
    save_project(project, path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("weights.safetensors").header_offset
    content[offset + 200] ^= 0xFF
    path.write_bytes(content)

    assert "is damaged or cut short" in refusal(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "'work.glassbox' is empty, so there is no project in it."),
        (
            b"\x80\x04\x95\x1b\x00\x00\x00posix.system",
            "'work.glassbox' is not a Glassbox project: it is neither a ZIP archive nor JSON. "
            "Choose a file that ends in .glassbox.",
        ),
        (
            b'{"nodes": []}',
            "'work.glassbox' is not a Glassbox project: its project.json does not say "
            '"format": "glassbox/project". Choose another file.',
        ),
        (
            b'{"format": "glassbox/project", "version": 1}',
            "'work.glassbox' cannot be opened: in its project.json, object missing required field "
            "`graph`. Correct it there.",
        ),
        (
            b'{"format": "glassbox/project", "version": 1, "graph": {"nodes": [{"id": 1}]}}',
            "'work.glassbox' cannot be opened: in its project.json, expected `str`, got `int` - at "
            "`$.graph.nodes[0].id`. Correct it there.",
        ),
    ],
)
def test_what_is_not_a_project_is_refused_in_one_sentence(path, content, message):
    path.write_bytes(content)

    assert refusal(path) == message


def test_json_that_is_broken_is_refused_with_the_place(path):
    path.write_bytes(b'{"format": "glassbox/project",\n  "version": }')

    assert "its project.json is no longer valid JSON (Expecting value: line 2 column 14" in (
        refusal(path)
    )


def test_a_foreign_archive_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert refusal(path) == (
        "'work.glassbox' is a ZIP archive without a project.json, so it is not a Glassbox project. "
        "Choose another file."
    )


def test_a_file_that_is_not_there_is_named(path):
    assert refusal(path).startswith(f"There is no file {str(path)!r}.")


def test_a_folder_is_refused(tmp_path):
    assert "cannot be read" in refusal(tmp_path)


# Saving


def test_a_full_disk_leaves_the_old_project_whole(project, path, monkeypatch):
    save_project(project, path)
    before = path.read_bytes()
    project.training = TrainingSettings(epochs=99)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError, match="could not be saved: no space left on device"):
        save_project(project, path)

    assert path.read_bytes() == before
    assert open_project(path)[0].training.epochs == 8
