from __future__ import annotations

import onnx
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.graph.chain import chain
from engine.graph.infer import infer
from engine.graph.model import Node, Wire
from engine.interop.onnx_export import export_onnx
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Output
from engine.plan.parameters import Parameters
from engine.project.file import open_project, save_project
from engine.project.project import Project
from engine.project.recovery import RecoveryFolder
from gui.document.document import Document
from gui.settings import SettingsFile
from gui.window.files import ProjectFiles

Save = QMessageBox.StandardButton.Save
Discard = QMessageBox.StandardButton.Discard
Cancel = QMessageBox.StandardButton.Cancel


class Desk:
    """A window's files with answers prepared: to the question, and to the file dialogs."""

    def __init__(self, folder, qtbot, monkeypatch, recovery=False) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.document = Document()
        self.settings = SettingsFile(folder / "settings.json")
        self.asked: list[str] = []
        self.answer = Cancel
        self.chosen = ""
        self.said: list[tuple[str, str]] = []
        for dialog in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, dialog, lambda *_: (self.chosen, ""))
        self.files = ProjectFiles(
            self.window,
            self.document,
            self.settings,
            RecoveryFolder(folder / "recovery") if recovery else None,
            self._ask,
        )
        self.files.said.connect(
            lambda sentence, severity, _: self.said.append((sentence, severity))
        )

    def _ask(self, window: QWidget, name: str) -> QMessageBox.StandardButton:
        self.asked.append(name)
        return self.answer

    def edit(self) -> str:
        return self.document.add_node(Dense(units=3), (0.0, 0.0))


@pytest.fixture
def desk(tmp_path, qtbot, monkeypatch) -> Desk:
    return Desk(tmp_path, qtbot, monkeypatch)


def test_saving_writes_the_project_and_remembers_the_file(desk, tmp_path):
    desk.edit()
    desk.chosen = str(tmp_path / "net")
    assert desk.files.save()

    path = tmp_path / "net.glassbox"
    assert len(open_project(path)[0].graph) == 1
    assert (desk.document.path, desk.document.modified) == (path, False)
    assert desk.settings.settings.recent == [str(path)]


def test_saving_again_asks_for_no_name(desk, tmp_path):
    desk.edit()
    desk.chosen = str(tmp_path / "net.glassbox")
    desk.files.save()
    desk.edit()
    desk.chosen = ""
    assert desk.files.save()

    assert len(open_project(tmp_path / "net.glassbox")[0].graph) == 2


def test_a_save_that_fails_says_why_and_leaves_the_document_unsaved(desk, tmp_path):
    desk.edit()
    desk.chosen = str(tmp_path / "no such folder" / "net.glassbox")
    assert not desk.files.save()

    assert desk.document.modified
    assert desk.said[0][0].startswith("'net.glassbox' could not be saved: there is no folder")


@pytest.mark.parametrize(("answer", "left"), [(Discard, 0), (Cancel, 1)])
def test_new_asks_what_becomes_of_unsaved_work(desk, answer, left):
    desk.edit()
    desk.answer = answer
    desk.files.new()

    assert desk.asked == ["untitled.glassbox"]
    assert len(desk.document.graph) == left


def test_answering_save_saves_before_leaving(desk, tmp_path):
    desk.edit()
    desk.answer, desk.chosen = Save, str(tmp_path / "net.glassbox")
    desk.files.new()

    assert len(desk.document.graph) == 0
    assert (tmp_path / "net.glassbox").exists()


def test_answering_save_and_then_choosing_no_file_stays(desk):
    desk.edit()
    desk.answer = Save
    desk.files.new()

    assert len(desk.document.graph) == 1


def test_saved_work_is_left_without_a_question(desk):
    desk.files.new()

    assert desk.asked == []


def test_opening_shows_the_project_and_puts_it_first_among_the_recent(desk, tmp_path):
    desk.edit()
    save_project(desk.document.project(), tmp_path / "a.glassbox")
    desk.answer, desk.chosen = Discard, str(tmp_path / "a.glassbox")
    desk.files.open()

    assert (desk.files.name, len(desk.document.graph)) == ("a.glassbox", 1)
    assert [text for text, _, _ in desk.files.recent()] == ["a.glassbox"]


def test_a_file_that_is_no_project_is_said_so_and_nothing_is_lost(desk, tmp_path):
    desk.edit()
    (tmp_path / "a.glassbox").write_bytes(b"PK\x03\x04 cut short")
    desk.answer = Discard
    desk.files.open(tmp_path / "a.glassbox")

    assert len(desk.document.graph) == 1
    assert desk.said[0][1] == "bad"
    assert "'a.glassbox' is damaged or cut short" in desk.said[0][0]


def test_a_file_that_is_gone_leaves_the_recent_ones(desk, tmp_path):
    desk.settings.settings.add_recent(tmp_path / "gone.glassbox")
    desk.files.open(tmp_path / "gone.glassbox")

    assert desk.settings.settings.recent == []
    assert desk.said[0][0].startswith("There is no file")


def test_a_template_has_its_name_and_no_file(desk):
    desk.files.show_template("digits")

    assert (desk.files.name, desk.document.path) == ("digits.glassbox", None)
    assert not desk.document.modified
    assert len(desk.document.graph) == 4


def test_dropping_a_table_hands_it_on(desk, tmp_path, qtbot):
    with qtbot.waitSignal(desk.files.table_given) as given:
        assert desk.files.drop(tmp_path / "prices.CSV")

    assert given.args == [tmp_path / "prices.CSV"]


def test_dropping_a_folder_of_images_hands_it_on(desk, tmp_path, qtbot):
    (tmp_path / "cats").mkdir()
    with qtbot.waitSignal(desk.files.table_given) as given:
        assert desk.files.drop(tmp_path / "cats")

    assert given.args == [tmp_path / "cats"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cat.zip", "is neither a project (.glassbox), a model (.onnx) nor a table (.csv, .npy)"),
        ("cat.png", "is one image, and learning takes many"),
    ],
)
def test_dropping_something_else_is_refused_with_what_to_drop(desk, tmp_path, name, reason):
    assert not desk.files.drop(tmp_path / name)
    ((sentence, severity),) = desk.said
    assert sentence.startswith(f"{name!r} {reason}")
    assert "Drop" in sentence
    assert severity == "warning"


def written_model(folder, *layers):
    graph = chain(Input(shape=(3,)), *layers)
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(0)
    last = graph.nodes[-1].id
    graph.add_node(Node("y", Output()))
    graph.connect(Wire(last, "y"))
    export_onnx(graph, parameters.to_dict(), folder / "net.onnx")
    return folder / "net.onnx"


def test_dropping_a_model_shows_it_as_a_project_without_a_file(desk, tmp_path):
    path = written_model(tmp_path, Dense(units=4))

    assert desk.files.drop(path)
    assert (desk.files.name, desk.document.path) == ("net.glassbox", None)
    assert [n.layer.kind for n in desk.document.graph.nodes] == ["input", "dense", "output"]
    assert desk.document.weights["dense_1", "weight"].shape == (4, 3)
    assert desk.said == []


def test_what_a_model_holds_beyond_the_layers_is_told_on_opening(desk, tmp_path):
    path = written_model(tmp_path, Dense(units=4))
    model = onnx.load(path)
    model.graph.node[-1].op_type = "Round"
    onnx.save(model, path)
    desk.chosen = str(path)

    desk.files.open()

    ((sentence, severity),) = desk.said
    assert sentence.endswith(
        "is kept as a placeholder and cannot run: no layer does what Round does."
    )
    assert severity == "warning"
    assert desk.document.graph.nodes[2].layer.kind == "onnx.Round"


def test_a_damaged_model_is_told_and_nothing_is_lost(desk, tmp_path):
    desk.files.show_template("digits")
    (tmp_path / "net.onnx").write_bytes(b"no model")

    desk.files.drop(tmp_path / "net.onnx")

    ((sentence, severity),) = desk.said
    assert sentence.startswith("'net.onnx' is damaged or not an ONNX model")
    assert severity == "bad"
    assert desk.files.name == "digits.glassbox"


def test_unsaved_work_is_offered_after_a_bad_end(tmp_path, qtbot, monkeypatch):
    before = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    assert before.files.begin_keeping() == []
    before.edit()
    before.files.keep()
    before.files._session._lock.close()  # the system frees it when a process ends
    after = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    offers = after.files.begin_keeping()
    after.files.restore(offers[0])

    assert len(after.document.graph) == 1
    assert after.document.modified
    after.files.end()


def test_work_that_was_saved_or_thrown_away_is_not_offered(tmp_path, qtbot, monkeypatch):
    before = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    before.files.begin_keeping()
    before.edit()
    before.files.keep()
    before.chosen = str(tmp_path / "net.glassbox")
    before.files.save()
    before.files.end()

    after = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    assert after.files.begin_keeping() == []
    after.files.end()


def test_a_restored_project_keeps_the_name_of_its_file(tmp_path, qtbot, monkeypatch):
    folder = RecoveryFolder(tmp_path / "recovery")
    session = folder.begin()
    session.keep(Project(), tmp_path / "mine.glassbox", 1.0)
    session._lock.close()
    desk = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    desk.files.restore(desk.files.begin_keeping()[0])

    assert desk.files.name == "mine.glassbox"
    desk.files.end()


def test_work_is_saved_aside_once_for_each_change(tmp_path, qtbot, monkeypatch):
    desk = Desk(tmp_path, qtbot, monkeypatch, recovery=True)
    desk.files.begin_keeping()
    kept = []
    monkeypatch.setattr(desk.files._session, "keep", lambda project, *_: kept.append(project))
    desk.edit()
    desk.files.keep()
    desk.files.keep()
    first = len(kept)
    desk.document.undo.undo()
    desk.document.undo.redo()
    desk.files.keep()

    assert first == 1
    assert len(kept) == 2
    desk.files.end()
