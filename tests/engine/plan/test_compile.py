"""What a plan computes, forwards and backwards."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError
from engine.plan.extent import Mode
from engine.plan.steps import bound, run
from tests.engine.plan.networks import chain, classifier, compiled, graph, node
from tests.tools.gradients import assert_gradients


def check_gradients(plan):
    """The gradient of every parameter that is trained agrees with differences of the loss."""

    def loss():
        plan.forward()
        return plan.loss()

    loss()
    parameters = plan.parameters
    parts = [part for part, _ in parameters.parts(plan.values)]
    for part in parts:
        parameters.gradient[part] = np.nan  # if not written
    plan.backward()
    gradient = parameters.gradient.copy()
    assert_gradients(
        loss,
        {f"from {part.start}": parameters.vector[part] for part in parts},
        {f"from {part.start}": gradient[part] for part in parts},
    )


def test_a_dense_layer_computes_its_formula():
    plan = compiled(classifier())
    plan.forward()
    x, (hidden,) = plan.inputs["x"], plan.values["hidden"]
    weights = plan.parameters.of("hidden")

    expected = np.maximum(weights["weight"] @ x + weights["bias"][:, None], 0)

    np.testing.assert_allclose(hidden.array, expected)


def test_the_loss_is_the_mean_over_the_batch():
    plan = compiled(classifier())
    plan.forward()

    chosen = (plan.outputs["out"] * plan.targets["loss"]).sum(axis=0)

    assert plan.loss() == pytest.approx(-np.log(chosen).mean())


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", "linear"])
def test_a_classifier_has_right_gradients(activation):
    check_gradients(compiled(classifier(activation=activation)))


def test_values_read_twice_add_up_their_gradients():
    drawn = graph(
        [
            node("x", "input", shape=[3]),
            node("a", "dense", units=4, activation="tanh"),
            node("b", "dense", units=4, activation="tanh"),
            node("c", "dense", units=4, activation="sigmoid"),
            node("sum", "add"),
            node("join", "concat"),
            node("y", "dense", units=1, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        "x>a",
        "a>b",
        "a>c",
        "a>sum",
        "b>sum",
        "c>sum",
        "sum>join",
        "a>join",
        "join>y",
        "y>loss.prediction",
    )

    check_gradients(compiled(drawn))


def test_a_flattened_value_that_others_read_too_has_right_gradients():
    drawn = graph(
        [
            node("x", "input", shape=[6]),
            node("a", "dense", units=6, activation="tanh"),
            node("square", "reshape", shape=[2, 3]),
            node("row", "flatten"),
            node("b", "dense", units=6, activation="tanh"),
            node("sum", "add"),
            node("y", "dense", units=1, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        "x>a",
        "a>square",
        "square>row",
        "row>b",
        "b>sum",
        "a>sum",
        "row>sum",
        "sum>y",
        "y>loss.prediction",
    )

    check_gradients(compiled(drawn))


def test_what_nobody_reads_of_a_value_takes_one_step_to_clear_however_large_it_is():
    def steps(channels):
        drawn = graph(
            [
                node("x", "input", shape=[1, 4, 4]),
                node("image", "conv2d", filters=channels, kernel=1),
                node("parts", "split", size=1),  # the rest of the channels leads nowhere
                node("y", "flatten"),
                node("loss", "loss", loss="squared_error"),
            ],
            "x>image",
            "image>parts",
            "parts>y",
            "y>loss.prediction",
        )
        plan = compiled(drawn)
        check_gradients(plan)
        return plan._backward

    assert len(steps(9)) == len(steps(2))


def test_flatten_looks_at_the_memory_of_its_input():
    plan = compiled(
        chain(
            node("x", "input", shape=[1, 2, 3]),
            node("flat", "flatten"),
            node("y", "dense", units=1, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        )
    )

    assert np.shares_memory(plan.values["flat"][0].array, plan.inputs["x"])


def test_two_losses_add_up():
    drawn = graph(
        [
            node("x", "input", shape=[3]),
            node("a", "dense", units=4, activation="tanh"),
            node("y", "dense", units=1, activation="sigmoid"),
            node("z", "dense", units=2, activation="softmax"),
            node("first", "loss", loss="binary_cross_entropy"),
            node("second", "loss", loss="categorical_cross_entropy"),
        ],
        "x>a",
        "a>y",
        "a>z",
        "y>first.prediction",
        "z>second.prediction",
    )

    plan = compiled(drawn)

    assert set(plan.targets) == {"first", "second"}
    check_gradients(plan)


def test_a_wired_target_is_given_and_not_learned():
    drawn = graph(
        [
            node("x", "input", shape=[3]),
            node("code", "dense", units=2, activation="tanh"),
            node("again", "dense", units=3, activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        "x>code",
        "code>again",
        "again>loss.prediction",
        "x>loss.target",
    )
    plan = compiled(drawn)

    assert not plan.targets
    check_gradients(plan)
    assert plan.values["x"][0].gradient is None


@pytest.mark.parametrize(
    ("activation", "units", "loss"),
    [("softmax", 3, "categorical_cross_entropy"), ("sigmoid", 1, "binary_cross_entropy")],
)
def test_fused_or_not_the_numbers_are_the_same(activation, units, loss):
    ends = node("y", "dense", units=units, activation=activation), node("l", "loss", loss=loss)
    fused = chain(node("x", "input", shape=[3]), *ends)
    apart = graph(  # a second loss reads the activation too
        [*fused.nodes, node("other", "loss", loss="squared_error")],
        "x>y",
        "y>l.prediction",
        "y>other.prediction",
    )
    plans = [compiled(fused), compiled(apart)]
    for plan in plans:
        plan.forward()

    np.testing.assert_allclose(plans[0].outputs["y"], plans[1].outputs["y"])
    for plan in plans:
        check_gradients(plan)


def test_an_output_beside_a_loss_changes_no_gradient():
    drawn = classifier()
    marked = graph([*drawn.nodes, node("named", "output")])
    for each in drawn.wires:
        marked.connect(each)
    plain = compiled(drawn)
    marked.connect(type(drawn.wires[0])("out", "named"))
    plan = compiled(marked)
    for each in (plain, plan):
        each.forward()
        each.backward()

    np.testing.assert_array_equal(plan.parameters.gradient, plain.parameters.gradient)


def test_a_plan_to_evaluate_gives_the_loss_of_the_plan_to_train():
    train, evaluate = compiled(classifier()), compiled(classifier(), mode=Mode.EVALUATE)
    train.forward()
    evaluate.forward()

    assert evaluate.loss() == train.loss()
    assert all(v.gradient is None for vs in evaluate.values.values() for v in vs)


def test_a_plan_to_predict_holds_only_what_the_outputs_need():
    drawn = graph(
        [*classifier().nodes, node("idle", "dense", units=2)],
        "x>hidden",
        "hidden>out",
        "out>loss.prediction",
        "x>idle",
    )
    plan = compiled(drawn, mode=Mode.PREDICT)

    assert set(plan.values) == {"x", "hidden", "out"}
    assert list(plan.outputs) == ["out"]
    assert set(compiled(drawn, mode=Mode.PROBE).values) == {"x", "hidden", "out", "idle"}


def test_a_network_without_a_loss_is_not_trained():
    drawn = graph([node("x", "input", shape=[3]), node("y", "dense", units=1)], "x>y")

    with pytest.raises(CompileError) as caught:
        compiled(drawn)

    assert str(caught.value) == (
        "The network has no loss, so nothing says how good a prediction is. "
        "Add a loss and wire the last layer into it."
    )


def test_a_missing_wire_is_named():
    drawn = graph(
        [node("y", "dense", units=1), node("l", "loss", loss="squared_error")], "y>l.prediction"
    )

    with pytest.raises(CompileError) as caught:
        compiled(drawn)

    assert str(caught.value) == ("Dense has nothing wired to its in port. Wire a layer into it.")


def test_a_layer_that_refuses_its_input_is_named():
    drawn = chain(
        node("x", "input", shape=[1, 8, 8]),
        node("y", "dense", units=1),
        node("l", "loss", loss="squared_error"),
    )

    with pytest.raises(CompileError) as caught:
        compiled(drawn)

    assert "Put a Flatten before it." in str(caught.value)


def test_dropout_rests_outside_of_training():
    drawn = classifier(dropout=0.5)
    plan = compiled(drawn, mode=Mode.EVALUATE)
    plan.forward()

    np.testing.assert_array_equal(plan.values["drop"][0].array, plan.values["hidden"][0].array)


def test_a_step_is_bound_without_keywords_where_that_means_the_same():
    a, b, out = np.ones((2, 3)), np.ones((3, 2)), np.zeros((2, 2))
    run([bound(np.dot, (a, b), out)])

    np.testing.assert_array_equal(out, np.full((2, 2), 3.0))
    run([bound(np.add, (a, a), a)])
    np.testing.assert_array_equal(a, np.full((2, 3), 2.0))
    run([bound(np.maximum, (a, 5.0), a)])
    np.testing.assert_array_equal(a, np.full((2, 3), 5.0))


def over_sequences(*between):
    return chain(
        node("x", "input", shape=[3, 2]),
        node("wide", "dense", units=5, activation="tanh"),
        *between,
        node("narrow", "dense", units=2, activation="gelu"),
        node("flat", "flatten"),
        node("y", "dense", units=2, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )


@pytest.mark.parametrize("between", [[], [node("act", "activation", function="softmax")]])
def test_layers_that_read_steps_side_by_side_hand_them_on_like_this(between):
    plan, apart = compiled(over_sequences(*between)), compiled(over_sequences(node("r", "dropout")))
    check_gradients(plan)
    hidden = plan.values["act" if between else "wide"][0]

    # (T, D, N) -> (D, T N)
    columns = hidden.array.transpose(1, 0, 2).reshape(5, -1)
    np.testing.assert_array_equal(hidden.columns[:-1], columns)
    np.testing.assert_array_equal(hidden.columns[-1], 1)
    assert apart.values["r"][0].columns is None
