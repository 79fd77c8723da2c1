"""The inspector shows what is selected, and edits it through the document."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt

from engine.data.dataset import prepare
from engine.errors import FieldError
from engine.layers.dropout import Dropout
from engine.layers.placeholder import Placeholder
from engine.layers.pool_global import GlobalAveragePool
from gui.document.document import Document
from gui.inspector import InspectorPanel
from gui.widgets import LinkButton
from tests.tools.sample_projects import iris_project, xor_project


@pytest.fixture
def iris(qtbot) -> InspectorPanel:
    panel = InspectorPanel(Document(iris_project()))
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def xor(qtbot) -> InspectorPanel:
    document = Document(xor_project())
    document.set_dataset(prepare(document.data))
    panel = InspectorPanel(document)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def select(panel: InspectorPanel, *ids: str) -> None:
    panel.document.select(ids)


def enter(qtbot, field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def facts(part) -> dict[str, str]:
    return dict(part.facts.texts())


def test_with_nothing_selected_the_network_is_shown(iris):
    shown = facts(iris.overview)

    assert iris.overview.isVisible()
    assert not iris.node_page.isVisible()
    assert (shown["layers"], shown["parameters"], shown["deepest path"]) == ("2", "67", "4 nodes")


def test_training_settings_are_edited_there_and_undone(qtbot, iris):
    enter(qtbot, iris.overview.form.editors["epochs"].control, "7")
    edited = iris.document.training.epochs
    iris.document.undo.undo()

    assert edited == 7
    assert iris.document.training.epochs == 30
    assert iris.overview.form.editors["epochs"].control.text() == "30"


def test_a_batch_size_that_has_no_effect_is_not_shown(iris):
    document = iris.document
    document.set_training(document.training.replaced(update="example"))
    assert "batch_size" not in iris.overview.form.editors

    document.undo.undo()
    assert "batch_size" in iris.overview.form.editors


def test_the_data_is_summed_up_once_it_is_loaded(iris):
    before = dict(iris.overview.data_facts.texts())
    iris.document.set_dataset(prepare(iris.document.data))
    after = dict(iris.overview.data_facts.texts())

    assert set(before) == {"source"}
    assert (after["features"], after["training"]) == ("4", "120")


def test_without_data_the_overview_says_how_to_get_some(qtbot, iris):
    iris.document.set_data(None)

    assert iris.overview.data_text.text() == (
        "Nothing to learn from yet. Choose a data set, or drop a CSV file."
    )
    with qtbot.waitSignal(iris.data_wanted):
        iris.overview.data_link.click()


def test_a_selected_node_shows_its_form_shapes_and_formula(iris):
    select(iris, "dense_2")
    page = iris.node_page

    assert page.header.title.text() == "Dense"
    assert page.header.id.text() == "dense_2"
    assert facts(page.shapes) == {
        "in": "8",
        "out": "3",
        "parameters": "27",
        "multiply-adds": "24 · 43 %",
        "activations": "3",
        "memory to train": "1.2 KB",
    }
    assert page.formula.formula.text() == "y = f(W x + b)"
    assert page.formula.curve.isVisible()


def test_an_edit_goes_through_the_undo_stack_and_updates_the_shapes(qtbot, iris):
    select(iris, "dense_1")
    enter(qtbot, iris.node_page.form.editors["units"].control, "16")
    out = facts(iris.node_page.shapes)["out"]
    iris.document.undo.undo()

    assert out == "16"
    assert facts(iris.node_page.shapes)["out"] == "8"
    assert iris.node_page.form.editors["units"].control.text() == "8"


def test_edits_of_one_field_in_a_row_are_one_step_back(qtbot, iris):
    select(iris, "dense_1")
    field = iris.node_page.form.editors["units"].control
    for text in ("9", "10", "11"):
        enter(qtbot, field, text)

    assert iris.document.undo.count() == 1


def test_a_node_is_renamed_in_the_header(qtbot, iris):
    select(iris, "dense_1")
    enter(qtbot, iris.node_page.header.title, "Hidden")
    named = iris.document.graph.node("dense_1").name
    enter(qtbot, iris.node_page.header.title, "Dense")

    assert named == "Hidden"
    assert iris.document.graph.node("dense_1").name == ""


def test_the_common_fields_of_several_nodes_are_set_in_one_edit(iris):
    select(iris, "dense_1", "dense_2")
    iris.many_page.form.editors["activation"].choose("relu")
    kinds = [iris.document.graph.node(i).layer.activation.kind for i in ("dense_1", "dense_2")]
    iris.document.undo.undo()

    assert kinds == ["relu", "relu"]
    assert iris.document.graph.node("dense_2").layer.activation.kind == "softmax"


def test_a_long_id_stands_under_the_title_and_cuts_nothing(qtbot, iris):
    iris.resize(272, 700)
    header = iris.node_page.header
    for layer, cramped in ((GlobalAveragePool(), True), (Dropout(), False)):
        select(iris, iris.document.add_node(layer, (0, 400)))
        QCoreApplication.processEvents()
        title = header.title.fontMetrics().horizontalAdvance(header.title.text())

        assert header.title.width() > title
        assert (header.id.y() > header.title.geometry().bottom()) == cramped


def test_nodes_of_several_kinds_are_edited_by_what_all_have_and_by_kind(qtbot, iris):
    iris.document.add_node(Dropout(rate=0.2), (0, 400))
    iris.document.add_node(Dropout(rate=0.5), (0, 500))
    select(iris, "dense_1", "dense_2", "dropout_1", "dropout_2")
    page = iris.many_page
    dense, dropout = page.kinds

    assert page.form.editors == {}
    assert (dense.title.text(), dropout.title.text()) == ("Dense × 2", "Dropout × 2")
    assert dropout.form.editors["rate"].control.placeholderText() == "several"
    enter(qtbot, dropout.form.editors["rate"].control, "0.2")
    shares = [iris.document.graph.node(f"dropout_{i}").layer.rate for i in (1, 2)]
    assert shares == [0.2, 0.2]
    assert iris.document.undo.undoText() == "Set rate of 2 nodes"
    iris.document.undo.undo()
    assert iris.document.graph.node("dropout_2").layer.rate == 0.5
    select(iris, "dense_1", "dense_2")
    assert not any(section.isVisibleTo(page) for section in page.kinds)


def test_a_number_turned_for_several_nodes_is_one_step_back(qtbot, iris):
    iris.document.set_field("dense_1", "units", 8)
    select(iris, "dense_1", "dense_2")
    before = [iris.document.graph.node(i).layer.units for i in ("dense_1", "dense_2")]
    count = iris.document.undo.count()
    units = iris.many_page.form.editors["units"].control
    for _ in range(4):
        qtbot.keyClick(units, Qt.Key.Key_Up)
    after = [iris.document.graph.node(i).layer.units for i in ("dense_1", "dense_2")]

    assert before[0] != before[1]
    assert after == [12, 12]
    assert iris.document.undo.count() == count + 1
    iris.document.undo.undo()
    assert [iris.document.graph.node(i).layer.units for i in ("dense_1", "dense_2")] == before


def test_a_setting_that_one_of_several_nodes_refuses_is_set_of_none(iris):
    with pytest.raises(FieldError):
        iris.document.set_fields(["dense_1", "dense_2"], "units", 0)

    assert not iris.document.undo.canUndo()


def test_a_problem_of_the_node_is_a_card_whose_remedy_is_one_undoable_edit(iris):
    iris.document.set_field("dense_2", "activation", "relu")
    select(iris, "loss_1")
    (card,) = iris.node_page.problems.cards
    (remedy,) = card.findChildren(LinkButton)
    remedy.click()
    chosen = iris.document.graph.node("dense_2").layer.activation.kind
    cards = iris.node_page.problems.cards
    iris.document.undo.undo()

    assert (remedy.text(), chosen, cards) == ("Use softmax", "softmax", [])
    assert iris.document.graph.node("dense_2").layer.activation.kind == "relu"


def test_weights_before_training_are_those_that_training_starts_from(iris):
    select(iris, "dense_1")
    shown = iris.node_page.weights._maps["weight"][1]._matrix

    assert iris.node_page.weights.title.text() == "Weights before training"
    assert np.array_equal(shown, iris.document.all_weights()["dense_1", "weight"])


def test_trained_weights_are_shown_as_they_come(iris):
    select(iris, "dense_1")
    weights = iris.document.all_weights()
    weights["dense_1", "weight"] = np.full((8, 4), 0.5, np.float32)
    iris.document.set_weights(weights)

    assert iris.node_page.weights.title.text() == "Weights"
    assert np.all(iris.node_page.weights._maps["weight"][1]._matrix == 0.5)


def test_weights_of_another_size_are_not_shown(iris):
    select(iris, "dense_1")
    iris.document.set_weights(iris.document.all_weights())
    iris.document.set_field("dense_1", "units", 5)

    assert iris.node_page.weights.title.text() == "Weights before training"


def test_a_neuron_has_a_field_for_its_bias_and_for_each_wire(xor):
    select(xor, "neuron_1")
    labels = [row.label.text() for row in xor.node_page.neuron._rows]

    assert labels == ["Bias", "w · x₁", "w · x₂"]


def test_a_weight_set_by_hand_can_be_undone(qtbot, xor):
    select(xor, "neuron_1")
    before = float(xor.document.all_weights()["neuron_1", "weight"][1])
    enter(qtbot, xor.node_page.neuron.fields[2], "1.5")
    after = float(xor.document.weights["neuron_1", "weight"][1])
    xor.document.undo.undo()

    assert after == 1.5
    assert float(xor.document.weights["neuron_1", "weight"][1]) == pytest.approx(before)


def test_an_example_is_worked_through_a_neuron(xor):
    weights = xor.document.all_weights()
    weights["neuron_1", "weight"] = np.array([2.0, -1.0], np.float32)
    weights["neuron_1", "bias"] = np.array([0.5], np.float32)
    xor.document.set_weights(weights)
    select(xor, "neuron_1")
    first = xor.document.dataset.features[xor.document.dataset.validation[0]]
    z = 2 * first[0] - first[1] + 0.5
    shown = facts(xor.node_page.example)

    assert shown["+ bias"] == "0.5"
    assert float(shown["weighted sum z"].replace("−", "-")) == pytest.approx(z, abs=6e-4)
    assert float(shown["a = tanh(z)"].replace("−", "-")) == pytest.approx(np.tanh(z), abs=6e-4)


def test_one_steps_to_another_example(xor):
    select(xor, "neuron_1")
    first = facts(xor.node_page.example)
    xor.node_page.example.step(1)
    second = facts(xor.node_page.example)
    xor.node_page.example.step(-1)

    assert first != second
    assert facts(xor.node_page.example) == first
    assert xor.node_page.example.number.text() == "1 of 40"


def test_a_neuron_that_no_loss_depends_on_has_no_example(xor):
    lone = xor.document.add_node(xor.document.graph.node("neuron_1").layer, (0.0, 0.0))
    select(xor, lone)

    assert not xor.node_page.example.isVisible()


def test_selecting_every_node_in_turn_leaves_the_document_as_it_was(xor):
    for node in xor.document.graph.nodes:
        select(xor, node.id)

    assert xor.document.undo.count() == 0


def test_a_node_of_an_unknown_kind_can_be_looked_at(iris):
    layer = Placeholder("foreign", {"size": 3}, (), ())
    node_id = iris.document.add_node(layer, (0.0, 0.0))
    select(iris, node_id)

    assert iris.node_page.header.id.text() == node_id
