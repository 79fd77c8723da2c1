"""A loss reads the sums behind a sigmoid or softmax, in however many pieces these are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.graph.model import Wire
from engine.graph.regroup import collapse, expand
from engine.losses import LOSSES
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode, nodes_for
from engine.plan.fusing import fuse
from engine.plan.parameters import Parameters
from engine.plan.unroll import straight
from engine.randomness import NodeStreams
from tests.engine.plan.networks import compiled, graph, node
from tests.engine.plan.test_allocation import assert_steps_in_place
from tests.engine.plan.test_compile import check_gradients

BATCH, STEPS = 6, 4
SCALES = [1.0, 25.0, 1e4]


def neuron(node_id, activation="sigmoid"):
    return node(node_id, "neuron", activation=activation)


def judge(node_id, **settings):
    return node(node_id, "loss", loss={"kind": "binary_cross_entropy", **settings})


def values(node_id):
    return node(node_id, "loss", loss="squared_error")


X = node("x", "input", shape=[3])
TWO = ("x>a", "x>b")


def side_by_side():
    nodes = [X, neuron("a"), neuron("b"), node("c", "concat"), judge("loss")]
    return graph(nodes, *TWO, "a>c", "b>c", "c>loss.prediction")


def with_weights_of_yes():
    drawn = side_by_side()
    drawn.replace_layer("loss", judge("loss", positive_weight=3.0, smoothing=0.1).layer)
    return drawn


def a_loss_each():
    nodes = [X, neuron("a"), neuron("b"), judge("la"), judge("lb")]
    return graph(nodes, *TWO, "a>la.prediction", "b>lb.prediction")


def one_goes_elsewhere():
    nodes = [X, neuron("a"), neuron("b"), neuron("y", "linear"), judge("la"), values("ly")]
    return graph(nodes, *TWO, "a>la.prediction", "b>y", "y>ly.prediction")


def read_by_others_too():
    nodes = [X, neuron("a"), neuron("b"), node("c", "concat"), neuron("y", "linear")]
    wires = ["a>c", "b>c", "c>loss.prediction", "a>y", "y>ly.prediction"]
    return graph([*nodes, judge("loss"), values("ly")], *TWO, *wires)


def joined_and_apart():
    nodes = [X, neuron("a"), neuron("b"), node("c", "concat"), judge("loss"), judge("lb")]
    return graph(nodes, *TWO, "a>c", "b>c", "c>loss.prediction", "b>lb.prediction")


def behind_points():
    points = [node(point, "reroute") for point in "pqr"]
    nodes = [X, neuron("a"), neuron("b"), node("c", "concat"), judge("loss")]
    wires = ["a>p", "p>q", "q>c", "b>c", "c>r", "r>loss.prediction"]
    return graph([*nodes, *points], *TWO, *wires)


def turned_and_flattened():
    nodes = [X, neuron("a"), neuron("b"), node("c", "concat"), judge("loss")]
    turning = [node("m", "reshape", shape=[1, 2]), node("t", "transpose"), node("f", "flatten")]
    ways = ["a>c", "b>c", "c>m", "m>t", "t>f", "f>loss.prediction"]
    return graph([*nodes, *turning], *TWO, *ways)


def looped(*between):
    """A layer of two that reads the newest numbers and, a step later, itself."""
    nodes = [node("x", "input", shape=[STEPS, 3]), node("c", "concat"), *between]
    whole = node("whole", "dense", units=2, activation="sigmoid")
    wires = ["x>c", "c>whole", "whole>loss.prediction"]
    drawn = graph([*nodes, whole, judge("loss")], *wires)
    if between:
        drawn.connect(Wire("whole", "s", delay=1))
        drawn.connect(Wire("s", "c"))
    else:
        drawn.connect(Wire("whole", "c", delay=1))
    return drawn


def last_of_a_loop():
    return looped(node("s", "start", returns="last"))


TOGETHER = [
    side_by_side,
    with_weights_of_yes,
    a_loss_each,
    one_goes_elsewhere,
    read_by_others_too,
    joined_and_apart,
    behind_points,
    turned_and_flattened,
]
APART = [looped, last_of_a_loop]
each_drawing = pytest.mark.parametrize("draw", TOGETHER + APART)
each_scale = pytest.mark.parametrize("scale", SCALES)
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def regrouped(draw):
    """A drawing, the same with one layer in place of its neurons or the reverse, the change."""
    drawn = draw()
    change = expand(drawn, "whole") if draw in APART else collapse(drawn, "ab")
    other = drawn.copy()
    change.apply(other)
    return drawn, other, change


def trained(drawn, weights, scale, dtype):
    """A plan after one step; the same inputs and targets for every drawing."""
    shapes = infer(drawn)
    parameters = Parameters(drawn, shapes, dtype)
    parameters.load(weights)
    plan = compile_plan(drawn, shapes, parameters, BATCH, Mode.TRAIN, NodeStreams(1))
    rng = np.random.default_rng(1)
    plan.inputs["x"][...] = scale * rng.standard_normal(plan.inputs["x"].shape)
    for target in plan.targets.values():
        target[...] = np.arange(target.size).reshape(target.shape) % 3 == 0
    plan.forward()
    parameters.gradient.fill(np.nan)
    plan.backward()
    return plan


def weights_for(drawn):
    parameters = Parameters(drawn, infer(drawn), np.float64)
    parameters.initialize(3)
    parameters.vector += 0.1
    return parameters.to_dict()


def gradients(plan):
    return plan.parameters.views(plan.parameters.gradient)


@each_drawing
@each_scale
@each_dtype
def test_neurons_and_the_layer_that_they_are_have_the_same_loss_and_gradient(draw, scale, dtype):
    drawn, other, change = regrouped(draw)
    weights = weights_for(drawn)
    one = trained(drawn, weights, scale, dtype)
    two = trained(other, change.carry(weights), scale, dtype)
    expected = change.carry(gradients(one))
    closeness = 20 * float(np.finfo(dtype).eps)
    most = max(np.abs(array).max() for array in expected.values())

    assert two.loss() == pytest.approx(one.loss(), rel=closeness)
    assert most > 0.01
    for key, gradient in gradients(two).items():
        np.testing.assert_allclose(gradient, expected[key], rtol=closeness, atol=closeness * most)


def sums(torch, drawn, weights, x):
    """What goes into each sigmoid, and what every node puts out, by hand. x: (D, N)."""
    found, out = {}, {"x": x}
    for shapes in infer(drawn).values():
        node_id, layer = shapes.node.id, shapes.node.layer
        arriving = [out[w.source] for w in drawn.incoming(node_id)]
        before = [found.get(w.source) for w in drawn.incoming(node_id)]
        if layer.kind == "neuron":
            z = weights[node_id, "weight"] @ torch.cat(arriving) + weights[node_id, "bias"]
            found[node_id] = z[None]
            out[node_id] = torch.sigmoid(z)[None] if layer.activation.kind == "sigmoid" else z[None]
        elif layer.kind not in ("input", "loss"):  # all others arrange what they get
            found[node_id], out[node_id] = torch.cat(before), torch.cat(arriving)
    return found, out


@pytest.mark.witness
@each_scale
@pytest.mark.parametrize("draw", [d for d in TOGETHER if d is not with_weights_of_yes])
def test_the_loss_and_its_gradient_are_those_of_pytorch_from_logits(draw, scale, torch):
    drawn = draw()
    plan = trained(drawn, weights_for(drawn), scale, np.float64)
    weights = {k: torch.tensor(a, requires_grad=True) for k, a in weights_for(drawn).items()}
    z, out = sums(torch, drawn, weights, torch.tensor(plan.inputs["x"].copy()))
    total = 0.0
    for loss, target in plan.targets.items():
        (wire,) = drawn.incoming(loss)
        wanted = torch.tensor(target.copy())
        if drawn.node(loss).layer.loss.kind == "squared_error":
            total = total + torch.nn.functional.mse_loss(out[wire.source], wanted)
        else:
            with_logits = torch.nn.functional.binary_cross_entropy_with_logits
            total = total + with_logits(z[wire.source], wanted)
    total.backward()

    assert plan.loss() == pytest.approx(total.item(), rel=1e-12)
    for key, gradient in gradients(plan).items():
        theirs = weights[key].grad.numpy()
        np.testing.assert_allclose(gradient, theirs, rtol=1e-9, atol=1e-12 * scale)


@each_drawing
def test_the_gradient_is_that_of_small_differences(draw):
    for drawn in regrouped(draw)[:2]:
        check_gradients(trained(drawn, weights_for(drawn), 1.0, np.float64))


@pytest.mark.parametrize("draw", TOGETHER)
def test_a_step_allocates_nothing(draw):
    assert_steps_in_place(draw())


@each_drawing
@each_scale
def test_a_plan_that_evaluates_has_the_loss_of_one_that_trains(draw, scale):
    drawn = draw()
    plan = trained(drawn, weights_for(drawn), scale, np.float32)
    shapes = infer(drawn)
    other = compile_plan(drawn, shapes, plan.parameters, BATCH, Mode.EVALUATE)
    for mine, given in ((other.inputs, plan.inputs), (other.targets, plan.targets)):
        for name, array in given.items():
            mine[name][...] = array
    other.forward()

    assert other.loss() == plan.loss()
    assert plan.outputs
    for name, output in plan.outputs.items():
        np.testing.assert_array_equal(other.outputs[name], output)


@pytest.mark.parametrize("draw", [*TOGETHER, last_of_a_loop])
def test_every_node_gives_what_is_drawn(draw):
    drawn = draw()
    plan = trained(drawn, weights_for(drawn), 1.0, np.float64)
    predicting = compile_plan(drawn, infer(drawn), plan.parameters, BATCH, Mode.PROBE)
    predicting.inputs["x"][...] = plan.inputs["x"]
    predicting.forward()

    assert {n for n in plan.values if n not in plan.losses} == set(predicting.values)
    for node_id, found in predicting.values.items():
        for value, expected in zip(plan.values[node_id], found, strict=True):
            np.testing.assert_allclose(value.array, expected.array, rtol=1e-12)


def fused(drawn):
    made = straight(drawn, infer(drawn))
    included = nodes_for(made.graph, made.inference, Mode.TRAIN)
    return fuse(made.graph, made.inference, included, lambda node_id: 1.0)


@each_drawing
def test_every_cross_entropy_is_fused(draw):
    for drawn in regrouped(draw)[:2]:
        losses = [n for n in drawn.nodes if n.layer.kind == "loss"]
        judges = {n.id for n in losses if "sigmoid" in n.layer.loss.fuses}

        assert judges <= {wire.target for wire in fused(drawn).wires}


def many(count):
    ids = [f"n{place}" for place in range(count)]
    nodes = [X, *(neuron(i) for i in ids), node("c", "concat"), judge("loss")]
    wires = [*(f"x>{i}" for i in ids), *(f"{i}>c" for i in ids)]
    return graph(nodes, *wires, "c>loss.prediction")


def test_neurons_stay_one_matrix_product_and_their_activations_one_row_of_steps():
    together = [len(unit.nodes) for unit in fused(many(30)).units if unit.grouped]
    plan = compiled(many(30))

    assert together == [30, 30]
    assert len(plan._forward) < 30 + 25  # each is brought to the Concat by a copy
    assert len(plan._backward) < 30 + 15


def test_a_neuron_that_a_loss_alone_reads_is_fused_as_it_stands():
    drawn = graph([X, neuron("a"), judge("la")], "x>a", "a>la.prediction")

    assert fused(drawn).graph is drawn


def test_neurons_that_share_their_weights_have_the_gradient_of_layers_that_do():
    other = node("z", "input", shape=[3])
    ends = [judge("loss"), judge("again")]
    dense = [node(i, "dense", units=2, activation="sigmoid") for i in ("d", "e")]
    whole = graph(
        [X, other, *dense, *ends], "x>d", "z>e", "d>loss.prediction", "e>again.prediction"
    )
    whole.share("e", "d")
    pieces = graph(
        [X, other, *map(neuron, "abpq"), node("c", "concat"), node("k", "concat"), *ends],
        *(*TWO, "z>p", "z>q", "a>c", "b>c", "p>k", "q>k"),
        *("c>loss.prediction", "k>again.prediction"),
    )
    pieces.share("p", "a")
    pieces.share("q", "b")
    found = []
    for drawn in (whole, pieces):
        plan = compiled(drawn, BATCH)
        plan.parameters.vector[...] = np.linspace(-1, 1, 8)  # rows (w, b), in this order in both
        for place, name in enumerate("xz"):
            rng = np.random.default_rng(place)
            plan.inputs[name][...] = 40 * rng.standard_normal(plan.inputs[name].shape)
        for target in plan.targets.values():
            target[...] = np.arange(target.size).reshape(target.shape) % 2
        plan.forward()
        plan.backward()
        found.append((plan.loss(), plan.parameters.gradient.copy()))

    assert found[1][0] == pytest.approx(found[0][0], rel=1e-13)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-12)


@pytest.mark.parametrize("frozen", ["a", "ab"])
def test_frozen_neurons_have_no_gradient_and_the_others_theirs(frozen):
    drawn = read_by_others_too()
    for node_id in frozen:
        drawn.set_frozen(node_id, True)

    check_gradients(compiled(drawn, BATCH))


def softmax_behind_neurons():
    nodes = [X, neuron("a", "linear"), neuron("b", "linear"), node("c", "concat")]
    ends = [
        node("p", "activation", function="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    ]
    return graph([*nodes, *ends], *TWO, "a>c", "b>c", "c>p", "p>loss.prediction")


def softmax_that_two_losses_read():
    ends = [
        node("loss", "loss", loss="categorical_cross_entropy"),
        node("other", "loss", loss="kullback_leibler"),
    ]
    nodes = [X, node("d", "dense", units=3, activation="softmax"), *ends]
    return graph(nodes, "x>d", "d>loss.prediction", "d>other.prediction")


@pytest.mark.witness
@each_scale
@pytest.mark.parametrize("draw", [softmax_behind_neurons, softmax_that_two_losses_read])
def test_a_softmax_in_pieces_or_read_twice_is_that_of_pytorch_from_logits(draw, scale, torch):
    drawn = draw()
    plan = trained(drawn, weights_for(drawn), scale, np.float64)
    for target in plan.targets.values():
        target[...] = np.arange(BATCH) % len(target) == np.arange(len(target))[:, None]
    plan.forward()
    plan.backward()
    weights = {k: torch.tensor(a, requires_grad=True) for k, a in weights_for(drawn).items()}
    x = torch.tensor(plan.inputs["x"].copy())
    rows = [
        torch.atleast_2d(weights[n, "weight"]) @ x + weights[n, "bias"][:, None]
        for n in dict.fromkeys(node_id for node_id, _ in weights)
    ]
    cross_entropy = torch.nn.functional.cross_entropy
    losses = [
        cross_entropy(torch.cat(rows).T, torch.tensor(target.T.copy()))
        for target in plan.targets.values()
    ]
    sum(losses).backward()

    assert plan.loss() == pytest.approx(sum(losses).item(), rel=1e-12)
    for key, gradient in gradients(plan).items():
        theirs = weights[key].grad.numpy()
        np.testing.assert_allclose(gradient, theirs, rtol=1e-9, atol=1e-12 * scale)


def test_a_softmax_of_which_a_loss_reads_a_part_is_not_one_of_this_part():
    nodes = [X, node("d", "dense", units=4, activation="softmax")]
    ends = [node("s", "slice", length=2), node("loss", "loss", loss="categorical_cross_entropy")]
    drawn = graph([*nodes, *ends], "x>d", "d>s", "s>loss.prediction")
    plan = compiled(drawn, BATCH)
    plan.forward()
    p, t = plan.values["s"][0].array, plan.targets["loss"]

    assert not fused(drawn).wires
    assert plan.loss() == pytest.approx(LOSSES.get("categorical_cross_entropy")().value(p, t))
    check_gradients(plan)


def test_values_that_went_through_different_activations_are_judged_as_they_are():
    drawn = side_by_side()
    drawn.replace_layer("b", neuron("b", "hard_sigmoid").layer)
    plan = trained(drawn, weights_for(drawn), 1.0, np.float64)
    p, t = plan.values["c"][0].array, plan.targets["loss"]

    assert not fused(drawn).wires
    assert plan.loss() == pytest.approx(LOSSES.get("binary_cross_entropy")().value(p, t))


def test_a_mask_reaches_a_loss_that_reads_the_sums_of_a_loop():
    drawn = looped()
    drawn.add_node(node("m", "mask"))
    drawn.disconnect(Wire("x", "c"))
    drawn.connect(Wire("x", "m"))
    drawn.connect(Wire("m", "c"))
    pieces = drawn.copy()
    expand(drawn, "whole").apply(pieces)
    for each in (drawn, pieces):
        plan = trained(each, weights_for(each), 1.0, np.float64)
        plan.inputs["x"][2:, :, ::2] = 0  # so that these steps of each other example are none
        plan.forward()
        (wire,) = each.incoming("loss")
        value, target = plan.values[wire.source][0], plan.targets["loss"]
        weights = np.broadcast_to(value.mask[:, None], target.shape)
        loss = each.node("loss").layer.loss

        assert value.mask.sum() == STEPS * BATCH - 2 * (BATCH // 2)
        assert plan.loss() == pytest.approx(loss.value(value.array, target, weights))


def at_random(seed):
    """Sigmoid neurons in two rows, which losses read alone, joined, in part or not at all."""
    rng = np.random.default_rng(seed)
    drawn = graph([X])
    rows = []
    for row, sources in enumerate((["x"], ["x", "0 0", "0 1"])):
        rows.append([f"{row} {place}" for place in range(rng.integers(2, 5))])
        for node_id in rows[-1]:
            drawn.add_node(neuron(node_id, rng.choice(["sigmoid"] * 3 + ["tanh"])))
            for source in rng.permutation(sources)[: rng.integers(1, len(sources) + 1)]:
                drawn.connect(Wire(str(source), node_id))
    for number in range(3):
        chosen = rng.permutation([n for row in rows for n in row])[: rng.integers(1, 4)]
        drawn.add_node(node(f"c{number}", "concat"))
        for source in chosen:
            drawn.connect(Wire(str(source), f"c{number}"))
        functions = {drawn.node(str(source)).layer.activation.kind for source in chosen}
        drawn.add_node(values(f"l{number}") if "tanh" in functions else judge(f"l{number}"))
        drawn.connect(Wire(f"c{number}", f"l{number}", target_port="prediction"))
    return drawn


@pytest.mark.parametrize("seed", range(24))
def test_neurons_that_losses_read_in_any_way_have_the_loss_and_gradient_of_what_they_give(seed):
    drawn = at_random(seed)
    plan = trained(drawn, weights_for(drawn), 1.0, np.float64)
    expected = 0.0
    for loss, target in plan.targets.items():
        prediction = np.concatenate(
            [plan.values[w.source][0].array for w in drawn.incoming(f"c{loss[1:]}")]
        )
        expected += drawn.node(loss).layer.loss.value(prediction, target)

    assert plan.loss() == pytest.approx(expected, rel=1e-12)
    check_gradients(plan)
