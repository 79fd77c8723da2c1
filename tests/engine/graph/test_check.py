"""What the checker says about a graph, and what its remedies do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import engine.layers  # noqa: F401 - fills the registry
from engine.graph.check import GraphEditor, check
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import LAYERS
from engine.layers.placeholder import Placeholder
from engine.losses import LOSSES


@dataclass(frozen=True)
class Signature:
    """A data set as the checker sees it."""

    feature_names: tuple[str, ...] = ("a", "b")
    origins: tuple[str, ...] = ("a", "b")
    target: str = "classes"
    target_names: tuple[str, ...] = ("species",)
    classes: tuple[str, ...] = ("x", "y", "z")
    target_steps: int = 0
    target_scaled: bool = False
    token_count: int = 0
    padding: int = -1
    in_order: bool = False
    overlapping: bool = False

    @property
    def feature_shape(self):
        return (len(self.feature_names),)

    def input_shape(self, columns=()):
        return (len(columns),) if columns else self.feature_shape


THREE_CLASSES = Signature()
YES_OR_NO = Signature(target="binary", target_names=("ill",), classes=("no", "yes"))
NUMBER = Signature(target="values", target_names=("price",), classes=())


def chain(*kinds):
    """A graph of these nodes, each wired into the next; each is a kind or (kind, settings)."""
    graph = Graph()
    before = None
    for place, item in enumerate(kinds):
        kind, settings = item if isinstance(item, tuple) else (item, {})
        node_id = graph.fresh_id(kind)
        graph.add_node(Node(node_id, LAYERS.get(kind)(**settings), position=(232.0 * place, 0.0)))
        if before is not None:
            port = "prediction" if kind == "loss" else "in"
            graph.connect(Wire(before, node_id, target_port=port))
        before = node_id
    return graph


def dense(units, activation="relu", **settings):
    return "dense", {"units": units, "activation": activation, **settings}


def loss(kind):
    return "loss", {"loss": kind}


def problems_of(graph, signature=THREE_CLASSES):
    return check(graph, infer(graph), signature)


def only_problem(graph, signature=THREE_CLASSES):
    problems = problems_of(graph, signature)

    assert len(problems) == 1, problems
    return problems[0]


def after_fix(graph, problem):
    assert problem.fix is not None
    problem.fix.apply(GraphEditor(graph))
    return graph


CLASSIFIER = ("input", dense(8), dense(3, "softmax"), loss("categorical_cross_entropy"))


def test_a_network_that_fits_its_data_has_no_problems():
    assert problems_of(chain(*CLASSIFIER)) == []


def test_without_a_data_set_there_is_a_hint():
    problem = only_problem(chain(*CLASSIFIER), signature=None)

    assert (problem.node, problem.severity) == (None, "hint")
    assert problem.message == "No data set is chosen, so the network has nothing to learn from."


def test_a_data_set_that_is_only_not_loaded_yet_is_no_problem():
    graph = chain(*CLASSIFIER)

    assert check(graph, infer(graph), None, data_chosen=True) == []


def test_an_empty_graph_asks_for_an_input_or_a_template():
    problem = only_problem(Graph())

    assert (problem.message, problem.remedy) == (
        "The graph is empty.",
        "Add an Input, or start from a template.",
    )


def test_errors_come_before_warnings_and_hints():
    graph = chain("input", dense(4), dense(5, "softmax"), loss("squared_error"))
    graph.add_node(Node("dropout_1", LAYERS.get("dropout")()))

    severities = [problem.severity for problem in problems_of(graph)]

    assert severities == sorted(severities, key=["error", "warning", "hint"].index)
    assert set(severities) == {"error", "warning"}


# Wires


def test_a_missing_input_is_added_before_the_first_layer():
    graph = chain(*CLASSIFIER[1:])
    problem = problems_of(graph)[0]

    assert problem.message == "The graph has no Input, so no data can enter it."
    assert problems_of(after_fix(graph, problem)) == []


@pytest.mark.parametrize(
    ("signature", "last", "kind"),
    [
        (THREE_CLASSES, dense(3, "softmax"), "categorical_cross_entropy"),
        (YES_OR_NO, dense(1, "sigmoid"), "binary_cross_entropy"),
        (NUMBER, dense(1, "linear"), "squared_error"),
    ],
)
def test_a_missing_loss_is_added_as_the_data_set_needs_it(signature, last, kind):
    graph = chain("input", dense(8), last)
    problem = only_problem(graph, signature)

    assert problem.message == "The graph has no loss, so there is nothing to learn from."
    assert problems_of(after_fix(graph, problem), signature) == []
    assert graph.nodes[-1].layer.loss.kind == kind


def test_a_graph_with_an_output_can_do_without_a_loss_and_is_only_warned():
    graph = chain("input", dense(3, "softmax"), "output")

    assert only_problem(graph).severity == "warning"


def test_a_missing_required_wire_is_named_and_drawn():
    graph = chain("input", dense(8))
    graph.add_node(Node("dense_2", LAYERS.get("dense")(units=3, activation="softmax")))
    graph.add_node(Node("loss_1", LAYERS.get("loss")()))
    graph.connect(Wire("dense_2", "loss_1", target_port="prediction"))
    problem = problems_of(graph)[0]

    assert (problem.node, problem.severity) == ("dense_2", "error")
    assert problem.message == "Dense needs a wire into it and has none."
    assert problem.fix.label == "Wire Dense to it"
    assert problems_of(after_fix(graph, problem)) == []


def test_a_missing_wire_into_a_named_port_names_the_port():
    graph = Graph([Node("loss_1", LAYERS.get("loss")())])

    messages = [problem.message for problem in problems_of(graph)]

    assert "Cross-entropy needs a wire into its prediction port and has none." in (messages)


def test_a_node_without_any_wire_can_be_removed():
    graph = chain(*CLASSIFIER)
    graph.add_node(Node("dropout_1", LAYERS.get("dropout")(), "Spare"))
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("dropout_1", "warning")
    assert problem.message == "Spare is not connected to anything."
    assert problems_of(after_fix(graph, problem)) == []


def test_a_loss_without_any_wire_is_wired_to_the_only_loose_end():
    graph = chain("input", dense(3, "softmax"))
    graph.add_node(Node("loss_1", LAYERS.get("loss")()))
    problem = next(p for p in problems_of(graph) if p.node == "loss_1")

    assert problem.severity == "error"
    assert problems_of(after_fix(graph, problem)) == []


def test_of_a_path_that_leads_nowhere_only_the_end_is_named():
    graph = chain(*CLASSIFIER)
    graph.add_node(Node("branch_1", LAYERS.get("dense")()))
    graph.add_node(Node("branch_2", LAYERS.get("dense")(), "Branch"))
    graph.connect(Wire("dense_1", "branch_1"))
    graph.connect(Wire("branch_1", "branch_2"))
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("branch_2", "warning")
    assert problem.message == (
        "What Branch computes reaches no loss and no output, so it is not trained."
    )


# Shapes


def test_an_image_before_a_dense_layer_gets_a_flatten_and_room_for_it():
    graph = chain(("input", {"shape": [1, 2, 1]}), *CLASSIFIER[1:])
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("dense_1", "error")
    assert problem.message == "Dense needs rows of features (D,), got (1, 2, 1)."
    assert problem.remedy == "Put a Flatten before it."
    assert problem.fix.label == "Put a Flatten before it"
    assert problems_of(after_fix(graph, problem)) == []
    lefts = {node.id: node.position[0] for node in graph.nodes}
    assert lefts == {
        "input_1": 0,
        "flatten_1": 232,
        "dense_1": 464,
        "dense_2": 696,
        "loss_1": 928,
    }


@pytest.mark.parametrize(
    ("kind", "size", "shape"),
    [
        ("conv2d", 64, (1, 8, 8)),
        ("conv2d", 48, (3, 4, 4)),
        ("conv1d", 64, (1, 64)),
        ("global_max_pool", 10, (1, 10)),
    ],
)
def test_a_row_before_a_convolution_gets_a_reshape_to_the_likeliest_shape(kind, size, shape):
    graph = chain(("input", {"shape": [size]}), kind, "flatten", dense(3, "softmax"), "loss")
    problem = next(p for p in problems_of(graph) if p.node == f"{kind}_1")
    after = after_fix(graph, problem)

    assert problem.fix.label == f"Put a Reshape to {'×'.join(map(str, shape))} before it"
    assert after.node("reshape_1").layer.shape == shape
    assert infer(after)[f"{kind}_1"].error is None


def test_a_flatten_in_a_wire_of_a_loop_keeps_its_delay():
    graph = chain(("input", {"shape": (4, 3)}), "add", dense(3), loss("squared_error"))
    graph.add_node(Node("fold", LAYERS.get("reshape")(shape=(1, 3, 1))))
    graph.connect(Wire("dense_1", "fold"))
    graph.connect(Wire("fold", "add_1", delay=1))
    graph.add_node(Node("n", LAYERS.get("neuron")()))
    graph.connect(Wire("fold", "n", delay=1))
    graph.connect(Wire("n", "add_1"))
    (problem, *_) = [each for each in problems_of(graph, None) if each.node == "n"]
    after_fix(graph, problem)
    (into,) = graph.incoming("n")

    assert [wire.delay for wire in graph.incoming(into.source)] == [1]


def test_what_no_shape_is_the_reason_for_is_not_mended_by_another_shape():
    graph = chain(("input", {"shape": (2, 4)}), "split", loss("value"))
    graph.set_switch("split_1", "bypassed")
    (problem, *_) = problems_of(graph, None)

    assert problem.message.startswith("Split cannot be bypassed")
    assert problem.fix is None


def test_a_row_that_makes_no_square_image_has_no_fix():
    graph = chain(("input", {"shape": [10]}), "conv2d", "flatten", dense(3, "softmax"), "loss")
    problem = next(p for p in problems_of(graph) if p.node == "conv2d_1")

    assert problem.remedy == "Put a Reshape to (C, H, W) before it."
    assert problem.fix is None


def test_a_shape_that_no_flatten_can_mend_has_no_fix():
    graph = chain(("input", {"shape": [2]}), ("reshape", {"shape": [5]}), *CLASSIFIER[1:])
    problem = only_problem(graph)

    assert (problem.node, problem.severity, problem.fix) == ("reshape_1", "error", None)


def test_a_placeholder_cannot_run_and_says_why():
    graph = chain("input", dense(3, "softmax"))
    graph.add_node(Node("x", Placeholder("quantum", {}, ("in",), ("out",)), "Quantum"))
    graph.add_node(Node("loss_1", LAYERS.get("loss")()))
    graph.connect(Wire("dense_1", "x"))
    graph.connect(Wire("x", "loss_1", target_port="prediction"))
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("x", "error")
    assert problem.message == (
        "Quantum cannot run: This version of Glassbox does not know the layer 'quantum'. Open the "
        "file with a newer version, or put another layer in its place."
    )


# The beginning


def test_an_input_of_another_size_than_the_data_is_resized():
    graph = chain(("input", {"shape": [4]}), *CLASSIFIER[1:])
    problem = only_problem(graph)

    assert problem.message == "Input takes 4, and the data set gives 2."
    assert problem.fix.label == "Set the shape to 2"
    assert problems_of(after_fix(graph, problem)) == []


def test_as_many_numbers_in_another_shape_are_no_problem():
    graph = chain(("input", {"shape": [1, 2, 1]}), "flatten", *CLASSIFIER[1:])

    assert problems_of(graph) == []


def test_a_column_that_the_data_has_not_is_named_with_the_nearest_one():
    graph = chain(("input", {"shape": [2], "columns": ["lenght", "b"]}), *CLASSIFIER[1:])
    problem = only_problem(graph, Signature(("length", "b"), ("length", "b")))

    assert problem.message == (
        "Input takes the column 'lenght', and the data set has none of that name. "
        "Did you mean 'length'?"
    )


def test_inputs_of_one_column_each_fit():
    graph = Graph(
        [
            Node("x1", LAYERS.get("input")(shape=[1], columns=["a"])),
            Node("x2", LAYERS.get("input")(shape=[1], columns=["b"])),
            Node("n1", LAYERS.get("neuron")(activation="sigmoid")),
            Node("loss_1", LAYERS.get("loss")(loss="binary_cross_entropy")),
        ],
        [Wire("x1", "n1"), Wire("x2", "n1"), Wire("n1", "loss_1", target_port="prediction")],
    )

    assert problems_of(graph, YES_OR_NO) == []


# The end


def test_the_last_layer_gets_one_unit_for_each_class():
    graph = chain("input", ("dense", {"units": 7, "activation": "softmax"}), "loss")
    problem = only_problem(graph)

    assert problem.message == "Dense gives 7, and 'species' needs 3, one for each class."
    assert problem.remedy == "Give the last layer 3 units."
    assert problems_of(after_fix(graph, problem)) == []


def test_a_regression_needs_one_number():
    graph = chain("input", dense(2, "linear"), loss("squared_error"))
    problem = only_problem(graph, NUMBER)

    assert problem.message == "Dense gives 2, and 'price' needs 1."
    assert problem.remedy == "Give the last layer 1 unit."
    assert problems_of(after_fix(graph, problem), NUMBER) == []


@pytest.mark.parametrize(
    ("signature", "last", "wrong", "message", "remedy"),
    [
        (
            THREE_CLASSES,
            dense(1, "sigmoid"),
            "binary_cross_entropy",
            "Binary cross-entropy compares the probability of yes with yes or no, and 'species' "
            "is one of 3 classes.",
            "Use cross-entropy with 3 softmax units before it.",
        ),
        (
            NUMBER,
            dense(3, "softmax"),
            "categorical_cross_entropy",
            "Cross-entropy compares one probability for each class, and 'price' is a number.",
            "Use squared error with 1 linear unit before it.",
        ),
        (
            NUMBER,
            dense(1, "sigmoid"),
            "binary_cross_entropy",
            "Binary cross-entropy compares the probability of yes with yes or no, and 'price' is "
            "a number.",
            "Use squared error with 1 linear unit before it.",
        ),
    ],
)
def test_the_wrong_loss_for_the_target_is_replaced_with_the_layer_before_it(
    signature, last, wrong, message, remedy
):
    graph = chain("input", last, loss(wrong))
    problem = only_problem(graph, signature)

    assert (problem.message, problem.remedy) == (message, remedy)
    assert problem.severity == "error"
    assert problems_of(after_fix(graph, problem), signature) == []


def test_yes_or_no_can_be_learned_with_two_softmax_units_too():
    graph = chain("input", dense(2, "softmax"), "loss")

    assert problems_of(graph, YES_OR_NO) == []


def test_softmax_with_squared_error_is_told_and_mended():
    graph = chain("input", dense(3, "softmax"), loss("squared_error"))
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("loss_1", "warning")
    assert problem.message == (
        "Squared error after softmax learns slowly: where the network is sure and wrong, the "
        "slope of softmax is almost 0."
    )
    assert problem.fix.label == "Use cross-entropy"
    assert problems_of(after_fix(graph, problem)) == []


def test_softmax_for_numbers_becomes_linear():
    graph = chain("input", dense(1, "softmax"), loss("squared_error"))
    problem = next(p for p in problems_of(graph, NUMBER) if p.node == "loss_1")

    assert problems_of(after_fix(graph, problem), NUMBER) == []


@pytest.mark.parametrize("activation", ["relu", "linear", "tanh", "log_softmax"])
def test_cross_entropy_needs_probabilities(activation):
    graph = chain("input", dense(3, activation), "loss")
    problem = only_problem(graph)
    label = graph.node("dense_1").layer.activation.label

    assert problem.severity == "error"
    assert problem.message == (
        "Cross-entropy needs probabilities from 0 to 1, and Dense ends with "
        f"{label}, which gives other numbers too."
    )
    assert problems_of(after_fix(graph, problem)) == []


@pytest.mark.parametrize("kind", ["kullback_leibler", "hellinger"])
def test_divergences_of_distributions_need_softmax(kind):
    graph = chain("input", dense(3, "relu"), loss(kind))
    problem = only_problem(graph)

    assert problem.severity == "error"
    assert problem.remedy == "Let Dense end with softmax."
    assert problems_of(after_fix(graph, problem)) == []


@pytest.mark.parametrize("kind", ["poisson", "itakura_saito", "generalised_kullback_leibler"])
@pytest.mark.parametrize("activation", ["linear", "tanh", "gelu"])
def test_losses_on_amounts_need_numbers_that_are_never_negative(kind, activation):
    graph = chain("input", dense(1, activation), loss(kind))
    problem = only_problem(graph, NUMBER)
    made = graph.node("dense_1").layer.activation.label

    assert problem.severity == "error"
    assert problem.message == (
        f"{LOSSES.get(kind).label} needs numbers that are never negative, and Dense ends with "
        f"{made}, which gives negative ones too."
    )
    assert problem.fix.label == "Use softplus"
    assert problems_of(after_fix(graph, problem), NUMBER) == []


@pytest.mark.parametrize("activation", ["softplus", "relu", "sigmoid"])
def test_losses_on_amounts_take_any_activation_that_is_never_negative(activation):
    graph = chain("input", dense(1, activation), loss("poisson"))

    assert problems_of(graph, NUMBER) == []


@pytest.mark.parametrize("kind", ["hinge", "squared_hinge"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_hinges_need_scores_on_both_sides_of_zero(kind, activation):
    graph = chain("input", dense(1, activation), loss(kind))
    problem = only_problem(graph, YES_OR_NO)

    assert problem.severity == "error"
    assert problem.message == (
        f"{LOSSES.get(kind).label} needs scores above 0 for yes and below 0 for no, and Dense "
        f"ends with {graph.node('dense_1').layer.activation.label}, which is never below 0."
    )
    assert problems_of(after_fix(graph, problem), YES_OR_NO) == []


def test_a_hinge_on_a_number_is_replaced():
    graph = chain("input", dense(1, "linear"), loss("hinge"))
    problem = only_problem(graph, NUMBER)

    assert problem.message == "Hinge compares a score with yes or no, and 'price' is a number."
    assert problems_of(after_fix(graph, problem), NUMBER) == []


@pytest.mark.parametrize("kind", ["exponential", "huber", "absolute_error"])
def test_losses_on_numbers_take_a_linear_end(kind):
    assert problems_of(chain("input", dense(1, "linear"), loss(kind)), NUMBER) == []


def test_weights_for_another_number_of_classes_are_refused_at_the_loss():
    graph = chain(
        "input",
        dense(3, "softmax"),
        loss({"kind": "categorical_cross_entropy", "class_weights": [1, 2]}),
    )
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("loss_1", "error")
    assert problem.message == ("Cross-entropy needs one weight for each of 3 classes, got 2.")


def test_cross_entropy_after_sigmoid_is_doubtful():
    graph = chain("input", dense(3, "sigmoid"), "loss")
    problem = only_problem(graph)

    assert problem.severity == "warning"
    assert problem.remedy == "Let Dense end with softmax."
    assert problems_of(after_fix(graph, problem)) == []


def test_binary_cross_entropy_after_softmax_is_doubtful():
    graph = chain("input", dense(2, "softmax"), loss("binary_cross_entropy"))
    problem = only_problem(graph, YES_OR_NO)

    assert problem.severity == "warning"
    assert problem.message == (
        "Binary cross-entropy reads each number as its own yes or no, and Dense ends with softmax, "
        "whose numbers add up to 1."
    )
    assert problems_of(after_fix(graph, problem), YES_OR_NO) == []


def test_an_activation_behind_a_flatten_still_counts():
    graph = chain("input", dense(3, "relu"), "flatten", "loss")
    problem = only_problem(graph)

    assert problem.fix is not None
    assert problems_of(after_fix(graph, problem)) == []


def test_an_activation_node_is_mended_in_its_own_field():
    graph = chain("input", dense(3, "linear"), ("activation", {"function": "tanh"}), "loss")
    problem = only_problem(graph)

    after_fix(graph, problem)

    assert graph.node("activation_1").layer.function.kind == "softmax"
    assert problems_of(graph) == []


def test_softmax_over_one_number_cannot_learn():
    graph = chain("input", dense(1, "softmax"), loss("binary_cross_entropy"))
    problem = problems_of(graph, YES_OR_NO)[0]

    assert (problem.node, problem.severity) == ("dense_1", "error")
    assert problem.message == (
        "Dense ends with Softmax over a single number, which is always 1, so it cannot learn."
    )
    assert problems_of(after_fix(graph, problem), YES_OR_NO) == []


@pytest.mark.parametrize(
    ("shape", "end", "constant"),
    [
        ((1, 4), dense(3, "softmax"), False),
        ((5, 4), dense(1, "softmax"), True),
        ((1, 4), ("activation", {"function": "softmax"}), False),
        ((4, 1), ("activation", {"function": "softmax"}), True),
        ((2, 5), ("conv1d", {"filters": 1, "activation": "softmax"}), True),
        ((2, 1), ("conv1d", {"filters": 3, "activation": "softmax"}), False),
    ],
)
def test_softmax_over_a_single_number_is_found_at_each_step_and_place(shape, end, constant):
    graph = chain(("input", {"shape": shape}), end, ("loss", {"loss": "value"}))
    said = [problem for problem in problems_of(graph, None) if "always 1" in problem.message]

    assert bool(said) == constant


@pytest.mark.parametrize(
    ("maker", "kind", "needs", "activation"),
    [
        (
            ("lstm", {"units": 3}),
            "categorical_cross_entropy",
            "Cross-entropy needs probabilities that add up to 1, and LSTM",
            "softmax",
        ),
        (
            ("gru", {"units": 3, "returns": "sequence"}),
            "binary_cross_entropy",
            "Binary cross-entropy needs probabilities from 0 to 1, and GRU",
            "sigmoid",
        ),
        (
            ("layer_norm", {}),
            "poisson",
            "Poisson needs numbers that are never negative, and LayerNorm",
            "softplus",
        ),
    ],
)
def test_numbers_of_either_sign_before_a_loss_that_reads_none_are_told_and_mended(
    maker, kind, needs, activation
):
    graph = chain(("input", {"shape": (5, 3)}), maker, loss(kind))
    problem, *others = problems_of(graph, None)

    assert [each.severity for each in others] == ["hint"]
    assert (problem.node, problem.severity) == ("loss_1", "error")
    assert problem.message == f"{needs} gives numbers on both sides of 0."
    mended = after_fix(graph, problem)
    assert mended.node("dense_1").layer == LAYERS.get("dense")(units=3, activation=activation)
    assert [each.severity for each in problems_of(mended, None)] == ["hint"]


@pytest.mark.parametrize("kind", ["squared_error", "hinge", "value"])
def test_a_loss_that_reads_any_number_takes_numbers_of_either_sign(kind):
    graph = chain(("input", {"shape": (5, 3)}), ("lstm", {"units": 3}), loss(kind))

    assert [problem.severity for problem in problems_of(graph, None)] == ["hint"]


# Weights


def test_hidden_units_that_start_alike_are_hinted_at():
    graph = chain("input", dense(8, initializer="zeros"), *CLASSIFIER[2:])
    problem = only_problem(graph)

    assert (problem.node, problem.severity) == ("dense_1", "hint")
    assert problem.message == (
        "All weights of Dense start at the same number, so all its units get the same gradient "
        "and stay identical."
    )
    assert problems_of(after_fix(graph, problem)) == []


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            dense(1_000_000),
            (100_000,),
            "Dense has 100,001,000,000 parameters, which with gradients and optimiser take about "
            "1,490 GB of memory.",
        ),
        (
            ("zero_pad", {"amounts": (50_000,)}),
            (1, 4, 4),
            "ZeroPad gives 10,000,800,016 numbers for each example, which take about 37 GB of "
            "memory.",
        ),
    ],
)
def test_what_outgrows_the_memory_is_told_before_training(layer, shape, message):
    graph = chain(("input", {"shape": shape}), layer, loss("value"))
    problem, *_ = problems_of(graph, None)

    assert problem.severity == "warning"
    assert problem.message == message


def test_logistic_regression_may_start_at_zero():
    graph = chain("input", dense(3, "softmax", initializer="zeros"), "loss")

    assert problems_of(graph) == []


def test_neurons_that_are_wired_alike_and_start_alike_are_hinted_at():
    neuron = LAYERS.get("neuron")
    graph = Graph(
        [
            Node("input_1", LAYERS.get("input")(shape=[2])),
            Node("a", neuron(initializer="zeros")),
            Node("b", neuron(initializer="zeros")),
            Node("out", neuron(activation="sigmoid")),
            Node("loss_1", LAYERS.get("loss")(loss="binary_cross_entropy")),
        ],
        [
            Wire("input_1", "a"),
            Wire("input_1", "b"),
            Wire("a", "out"),
            Wire("b", "out"),
            Wire("out", "loss_1", target_port="prediction"),
        ],
    )

    assert [problem.node for problem in problems_of(graph, YES_OR_NO)] == ["a", "b"]


def test_many_nodes_without_wires_are_told_without_trying_every_pair():
    graph = Graph([Node(f"dense_{n}", LAYERS.get("dense")()) for n in range(300)])

    problems = problems_of(graph)

    assert sum("not connected" in problem.message for problem in problems) == 300


def test_a_bias_before_batch_norm_can_go():
    graph = chain(
        ("input", {"shape": [2]}),
        dense(4, "linear"),
        "batch_norm",
        dense(3, "softmax"),
        loss("categorical_cross_entropy"),
    )
    (problem,) = check(graph, infer(graph), THREE_CLASSES)

    assert (problem.node, problem.severity) == ("dense_1", "hint")
    assert problem.message == "Followed by BatchNorm, so its bias has no effect and can go."
    assert problem.fix.label == "Remove bias"
    problem.fix.apply(GraphEditor(graph))
    assert check(graph, infer(graph), THREE_CLASSES) == []


def test_a_bias_before_an_activation_has_an_effect():
    graph = chain(
        ("input", {"shape": [2]}),
        dense(4, "relu"),
        "batch_norm",
        dense(3, "softmax"),
        loss("categorical_cross_entropy"),
    )

    assert check(graph, infer(graph), THREE_CLASSES) == []


@pytest.mark.parametrize(("batch", "told"), [(1, True), (2, False), (None, False)])
def test_batch_norm_over_one_example_is_told_before_training(batch, told):
    graph = chain(
        ("input", {"shape": [2]}),
        "batch_norm",
        dense(3, "softmax"),
        loss("categorical_cross_entropy"),
    )
    found = check(graph, infer(graph), THREE_CLASSES, smallest_batch=batch)

    assert bool(found) is told
    if told:
        assert (found[0].node, found[0].severity) == ("batch_norm_1", "error")
        assert found[0].message == (
            "BatchNorm needs two or more examples at a time while training, and the batch size "
            "leaves a batch of one."
        )
