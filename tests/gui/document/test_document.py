import numpy as np
import pytest

from engine.data.dataset import DataSignature, prepare
from engine.data.settings import DataSettings
from engine.errors import (
    FieldError,
    IncompatibleShapeError,
    OccupiedPortError,
    UnknownPortError,
    UnknownWireError,
)
from engine.graph.model import Wire
from engine.layers.batch_norm import BatchNorm
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.merge_elementwise import Add
from engine.layers.neuron import Neuron
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from gui.document.document import Document


class Counter:
    """How often a signal came, and with what."""

    def __init__(self, signal):
        self.calls = []
        signal.connect(lambda *args: self.calls.append(args))

    def __len__(self):
        return len(self.calls)


def state(document):
    return document.graph.nodes, document.graph.wires


def test_adding_a_node_can_be_undone_and_says_what_it_did(document):
    node_id = document.add_node(Dense(units=8), (16, 32))

    assert node_id == "dense_1"
    assert document.graph.node(node_id).position == (16, 32)
    assert document.undo.undoText() == "Add Dense"
    document.undo.undo()
    assert document.graph.nodes == ()


def test_a_neuron_that_reads_itself_is_removed_and_comes_back(document):
    node_id = document.add_node(Neuron(), (0, 0))
    document.connect(Wire(node_id, node_id, delay=1))
    before = state(document)
    document.remove([node_id])

    assert document.graph.nodes == document.graph.wires == ()
    document.undo.undo()
    assert state(document) == before


def test_undoing_a_removal_restores_ports_wires_order_and_positions(chain):
    document, (source, middle, end) = chain
    before = state(document)

    document.remove([middle, source])

    assert document.undo.undoText() == "Remove 2 nodes"
    assert [node.id for node in document.graph.nodes] == [end]
    document.undo.undo()
    assert state(document) == before


def test_one_edit_announces_each_change_once(chain):
    document, ids = chain
    signals = (document.graph_changed, document.inference_changed, document.problems_changed)
    changed, known, problems = map(Counter, signals)

    document.remove(ids[:2])

    assert (len(changed), len(known), len(problems)) == (1, 1, 1)


def test_inference_names_the_nodes_of_which_something_else_is_known(chain):
    document, (_, middle, end) = chain
    known = Counter(document.inference_changed)

    document.set_field(middle, "units", 5)

    assert known.calls == [({middle, end},)]
    assert document.inference[middle].outputs == ((5,),)


def test_moving_changes_the_graph_and_nothing_that_is_known(chain):
    document, (source, *_) = chain
    changed, known = Counter(document.graph_changed), Counter(document.inference_changed)

    document.move({source: (8, 8)})

    assert (len(changed), len(known)) == (1, 0)
    assert document.undo.undoText() == "Move Input"


def test_nudges_of_the_same_nodes_merge_and_drags_do_not(chain):
    document, (source, *_) = chain
    count = document.undo.count()
    for step in range(3):
        document.move({source: (step + 1, 0)}, nudge=True)

    assert document.undo.count() == count + 1
    document.move({source: (50, 0)})
    document.move({source: (60, 0)})
    assert document.undo.count() == count + 3


def test_edits_of_one_field_in_a_row_become_one(chain):
    document, (_, middle, _) = chain
    count = document.undo.count()
    for units in (4, 5, 32):
        document.set_field(middle, "units", units)

    assert document.undo.count() == count + 1
    assert document.undo.undoText() == "Set units of Dense to 32"
    document.undo.undo()
    assert document.graph.node(middle).layer.units == 3


def test_edits_of_two_fields_stay_two(chain):
    document, (_, middle, _) = chain
    count = document.undo.count()
    document.set_field(middle, "units", 5)
    document.set_field(middle, "bias", False)

    assert document.undo.count() == count + 2


def test_a_field_set_back_to_what_it_was_leaves_no_edit(chain):
    document, (_, middle, _) = chain
    count = document.undo.count()
    document.set_field(middle, "units", 5)
    document.set_field(middle, "units", 3)

    assert document.undo.count() == count


def test_a_refused_value_changes_nothing(chain):
    document, (_, middle, _) = chain
    count = document.undo.count()

    with pytest.raises(FieldError):
        document.set_field(middle, "units", 0)
    assert document.undo.count() == count


def test_renaming_says_both_names(chain):
    document, (_, middle, _) = chain
    document.rename(middle, "  hidden ")

    assert document.graph.node(middle).name == "hidden"
    assert document.undo.undoText() == "Rename Dense to hidden"


def test_a_wire_whose_values_would_not_fit_is_refused_with_the_remedy(document):
    image = document.add_node(Input(shape=(1, 8, 8)), (0, 0))
    dense = document.add_node(Dense(), (200, 0))

    with pytest.raises(IncompatibleShapeError) as caught:
        document.connect(Wire(image, dense))
    assert str(caught.value) == (
        "Dense needs rows of features (D,), got (1, 8, 8). Put a Flatten before it."
    )
    assert document.graph.wires == ()


def test_a_second_wire_into_a_single_port_is_refused(chain):
    document, (_, middle, _) = chain
    other = document.add_node(Input(shape=(4,)), (0, 100))

    with pytest.raises(OccupiedPortError):
        document.connect(Wire(other, middle))


def test_rewiring_keeps_the_place_in_the_order_of_wires(document):
    a, b, c = (document.add_node(Input(shape=(2,)), (0, y)) for y in (0, 80, 160))
    joined = document.add_node(Concat(), (200, 0))
    document.connect(Wire(a, joined))
    document.connect(Wire(b, joined))

    document.rewire(Wire(a, joined), Wire(c, joined))

    assert document.graph.wires == (Wire(c, joined), Wire(b, joined))
    document.undo.undo()
    assert document.graph.wires == (Wire(a, joined), Wire(b, joined))


def test_a_refused_rewiring_leaves_the_wire_and_the_history_alone(chain):
    document, (source, middle, end) = chain
    before, count = state(document), document.undo.count()

    with pytest.raises(UnknownPortError):
        document.rewire(Wire(source, middle), Wire(source, end, target_port="nowhere"))
    assert (state(document), document.undo.count()) == (before, count)


def test_disconnecting_a_wire_that_is_not_there_is_refused(chain):
    document, (source, _, end) = chain

    with pytest.raises(UnknownWireError):
        document.disconnect(Wire(source, end))


def test_a_new_node_goes_into_a_wire_in_one_step(document):
    image = document.add_node(Input(shape=(1, 8, 8)), (0, 0))
    joined = document.add_node(Add(), (400, 0))
    other = document.add_node(Input(shape=(1, 8, 8)), (0, 80))
    document.connect(Wire(image, joined))
    document.connect(Wire(other, joined))
    before = state(document)

    flat = document.insert_on_wire(Wire(image, joined), Add(), (200, 0))

    assert document.graph.incoming(joined) == (Wire(flat, joined), Wire(other, joined))
    assert document.graph.incoming(flat) == (Wire(image, flat),)
    document.undo.undo()
    assert state(document) == before


def test_a_node_that_does_not_fit_into_a_wire_leaves_everything_as_it_was(chain):
    document, (source, middle, _) = chain
    before, count = state(document), document.undo.count()

    with pytest.raises(UnknownPortError):
        document.insert_on_wire(Wire(source, middle), Input(), (100, 0))
    assert (state(document), document.undo.count()) == (before, count)


def test_other_settings_that_take_a_port_away_take_its_wires_along(chain):
    document, (_, middle, _) = chain
    before = state(document)

    document.replace_layer(middle, Loss())

    assert document.graph.wires == ()
    document.undo.undo()
    assert state(document) == before


def test_duplicating_copies_nodes_with_the_wires_between_them(chain):
    document, (source, middle, _) = chain
    copies = document.duplicate([source, middle])

    assert copies == ("input_2", "dense_2")
    assert Wire("input_2", "dense_2") in document.graph.wires
    assert document.graph.node("dense_2").position == (232, 32)
    assert document.undo.undoText() == "Duplicate 2 nodes"


def test_an_edit_of_many_steps_is_whole_or_did_not_happen(chain):
    document, (source, *_) = chain
    before, count = state(document), document.undo.count()

    def much():
        with document.edit("Much"):
            document.add_node(Flatten(), (0, 0))
            document.set_field(source, "shape", (0,))

    with pytest.raises(FieldError):
        much()
    assert (state(document), document.undo.count()) == (before, count)


def test_an_edit_without_steps_leaves_no_trace(document):
    with document.edit("Nothing"):
        pass

    assert document.undo.count() == 0


def test_shapes_are_known_in_the_middle_of_an_edit(document):
    with document.edit("Build"):
        image = document.add_node(Input(shape=(4,)), (0, 0))
        dense = document.add_node(Dense(units=2), (200, 0))
        document.connect(Wire(image, dense))
        found = document.inference[dense].outputs

    assert found == ((2,),)


def test_removing_a_selected_node_takes_it_out_of_the_selection(chain):
    document, (source, middle, _) = chain
    document.select([source, middle])
    heard = Counter(document.selection_changed)
    document.remove([source])

    assert document.selection == (middle,)
    assert len(heard) == 1


def test_training_settings_are_undone_like_all_else(document):
    heard = Counter(document.training_changed)
    document.set_training(document.training.replaced(epochs=12))
    document.set_training(document.training.replaced(epochs=13))

    assert document.undo.undoText() == "Set epochs to 13"
    document.undo.undo()
    assert document.training == Document().training
    assert len(heard) == 3


def test_a_nested_setting_names_its_owner(document):
    optimizer = document.training.optimizer.replaced(rate=0.5)
    document.set_training(document.training.replaced(optimizer=optimizer))

    assert document.undo.undoText() == "Set rate of Adam to 0.5"


def test_choosing_data_can_be_undone(document):
    heard = Counter(document.data_changed)
    document.set_data(DataSettings())

    assert document.undo.undoText() == "Change the data set"
    document.undo.undo()
    assert document.data is None
    assert len(heard) == 2


def test_a_document_is_modified_until_saved_and_by_training(document, tmp_path):
    heard = Counter(document.modified_changed)
    document.add_node(Dense(), (0, 0))
    document.mark_saved(tmp_path / "a.glassbox")

    assert not document.modified
    document.set_weights({("dense_1", "weight"): np.zeros(3)})
    assert document.modified
    assert heard.calls[-1] == (True,)


def test_a_loaded_project_comes_back_whole(chain):
    document, _ = chain
    document.set_training(document.training.replaced(epochs=3))
    other = Document()
    heard = Counter(other.graph_replaced)

    other.load(document.project())

    assert state(other) == state(document)
    assert other.training == document.training
    assert other.inference.keys() == document.inference.keys()
    assert (len(heard), other.undo.count(), other.modified) == (1, 0, False)


IRIS = DataSignature(("a", "b"), (2,), "classes", ("kind",), ("x", "y", "z"))
YES_NO = DataSignature(("a", "b"), (2,), "binary", ("kind",), ("no", "yes"))
PRICE = DataSignature(("a", "b"), (2,), "values", ("price", "rent"))


@pytest.mark.parametrize(
    ("signature", "units", "activation", "loss"),
    [
        (IRIS, 3, "softmax", "categorical_cross_entropy"),
        (YES_NO, 2, "softmax", "categorical_cross_entropy"),
        (PRICE, 2, "linear", "squared_error"),
    ],
)
def test_the_ends_take_the_sizes_of_the_data_in_one_step(chain, signature, units, activation, loss):
    document, (source, middle, end) = chain
    count = document.undo.count()
    document.fit_ends(signature)
    graph = document.graph

    assert graph.node(source).layer.shape == (2,)
    assert graph.node(middle).layer.units == units
    assert graph.node(middle).layer.activation.kind == activation
    assert graph.node(end).layer.loss.kind == loss
    assert document.undo.count() == count + 1
    document.undo.undo()
    assert graph.node(source).layer.shape == (4,)


def test_inputs_of_one_feature_each_keep_one_each(document):
    first = document.add_node(Input(shape=(1,)), (0, 0))
    second = document.add_node(Input(shape=(1,)), (0, 80))
    neuron = document.add_node(Neuron(), (100, 0))
    loss = document.add_node(Loss(loss="squared_error"), (200, 0))
    for wire in (Wire(first, neuron), Wire(second, neuron)):
        document.connect(wire)
    document.connect(Wire(neuron, loss, target_port="prediction"))

    document.fit_ends(YES_NO)
    graph = document.graph

    assert graph.node(first).layer == Input(shape=(1,), columns=("a",))
    assert graph.node(second).layer == Input(shape=(1,), columns=("b",))
    assert graph.node(neuron).layer.activation.kind == "sigmoid"
    assert graph.node(loss).layer.loss.kind == "binary_cross_entropy"


def test_ends_that_fit_already_leave_no_edit(chain):
    document, _ = chain
    document.fit_ends(IRIS)
    count = document.undo.count()
    document.fit_ends(IRIS)

    assert document.undo.count() == count


def test_a_remedy_is_one_undoable_step(document):
    dense = document.add_node(Dense(), (0, 0))
    before = state(document)
    fix = next(problem.fix for problem in document.problems if problem.fix)

    document.apply_fix(fix)

    assert document.undo.undoText() == fix.label
    assert len(document.graph) > 1
    document.undo.undo()
    assert state(document) == before
    assert dense in document.graph


def test_a_batch_of_one_is_a_problem_of_batch_norm_as_soon_as_it_is_chosen(document):
    x = document.add_node(Input(shape=[4]), (0, 0))
    norm = document.add_node(BatchNorm(), (232, 0))
    last = document.add_node(Dense(units=3, activation="softmax"), (464, 0))
    end = document.add_node(Loss(loss="categorical_cross_entropy"), (696, 0))
    for wire in (Wire(x, norm), Wire(norm, last), Wire(last, end, target_port="prediction")):
        document.connect(wire)
    document.set_dataset(prepare(DataSettings(source="iris")))
    before = list(document.problems)
    document.set_training(document.training.replaced(batch_size=1))

    assert not any(problem.node == norm for problem in before)
    assert any(problem.node == norm for problem in document.problems)
    document.undo.undo()
    assert document.problems == before
