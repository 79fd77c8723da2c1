"""Collapsing neurons and expanding layers: the same numbers from another drawing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import RegroupError
from engine.graph.infer import infer
from engine.graph.model import Graph, Wire
from engine.graph.regroup import collapse, expand
from engine.optimizers import OPTIMIZERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.training.objectives import Objective
from tests.engine.plan.networks import graph, node

BATCH = 7


def by_hand(activation="tanh", last="sigmoid"):
    """Two inputs, four neurons that read them in other orders, a mixture of readers."""
    hidden = [node(f"h{i}", "neuron", activation=activation) for i in range(4)]
    return graph(
        [
            node("x", "input", shape=[3]),
            node("z", "input", shape=[2]),
            *hidden,
            node("all", "neuron", activation="relu"),
            node("some", "neuron", activation="tanh"),
            node("side", "concat"),
            node("d", "dense", units=2, activation="tanh"),
            node("one", "dense", units=2, activation="tanh"),
            node("sum", "add"),
            node("y", "neuron", activation=last),
            node("loss", "loss", loss="binary_cross_entropy"),
        ],
        *("x>h0", "z>h0", "z>h1", "x>h1", "x>h2", "z>h2", "z>h3", "x>h3"),
        *("h2>all", "h0>all", "h1>all", "h3>all"),
        *("h3>some", "x>some", "h1>some", "h3>side", "h0>side", "h1>side", "side>d"),
        *("h1>one", "h0>sum", "h2>sum"),
        *("all>y", "some>y", "d>y", "one>y", "sum>y", "y>loss.prediction"),
    )


def layered(units=5, read_by="dense"):
    reader = node("r", read_by, **({"units": 2} if read_by == "dense" else {}))
    return graph(
        [
            node("x", "input", shape=[3]),
            node("z", "input", shape=[2]),
            node("both", "concat"),
            node("d", "dense", units=units, activation="tanh"),
            reader,
            node("y", "neuron", activation="sigmoid"),
            node("loss", "loss", loss="binary_cross_entropy"),
        ],
        *("z>both", "x>both", "both>d", "d>r", "r>y", "d>y", "y>loss.prediction"),
    )


class Run:
    """A training in float64 that can be taken up with another drawing of the same network."""

    def __init__(self, drawing, optimizer="adam"):
        self.graph = drawing
        self.parameters = Parameters(drawing, inference := infer(drawing), np.float64)
        self.parameters.initialize(3)
        self.plan = compile_plan(drawing, inference, self.parameters, BATCH, Mode.TRAIN)
        self.objective = Objective(
            self.plan.losses, self.parameters, OPTIMIZERS.get(optimizer)(rate=0.05)
        )
        rng = np.random.default_rng(0)
        for array in self.plan.inputs.values():
            array[...] = rng.standard_normal(array.shape)
        for array in self.plan.targets.values():
            array[...] = rng.integers(0, 2, array.shape)

    def train(self, steps):
        for _ in range(steps):
            self.objective.step(self.plan, 0.05)
        return self

    def regrouped(self, change):
        changed = self.graph.copy()
        change.apply(changed)
        other = Run(changed)
        other.parameters.load(change.carry(self.parameters.views(self.parameters.vector)))
        for name, slot in self.objective.slots.items():
            carried = change.carry(self.parameters.views(slot))
            views = other.parameters.views(other.objective.slots[name])
            assert carried.keys() == views.keys()
            for key, view in views.items():
                view[...] = carried[key]
        other.objective.updates = self.objective.updates
        return other

    def output(self):
        self.plan.forward()
        return next(iter(self.plan.outputs.values())).copy()


def kinds(drawing):
    return [n.layer.kind for n in drawing.nodes]


def test_collapsed_neurons_give_the_same_numbers_and_go_on_training_alike():
    run = Run(by_hand()).train(4)
    change = collapse(run.graph, ["h0", "h1", "h2", "h3"])
    other = run.regrouped(change)
    np.testing.assert_allclose(other.output(), run.output(), rtol=1e-14)
    np.testing.assert_allclose(
        other.train(20).output(), run.train(20).output(), rtol=1e-12, atol=1e-12
    )


def test_an_expanded_layer_gives_the_same_numbers_and_goes_on_training_alike():
    for drawing in (layered(), layered(read_by="neuron"), layered(units=1)):
        run = Run(drawing).train(4)
        other = run.regrouped(expand(run.graph, "d"))
        np.testing.assert_allclose(other.output(), run.output(), rtol=1e-14)
        np.testing.assert_allclose(
            other.train(20).output(), run.train(20).output(), rtol=1e-12, atol=1e-12
        )


def test_a_layer_has_its_units_in_the_order_in_which_somebody_reads_all():
    changed = by_hand()
    collapse(changed, ["h0", "h1", "h2", "h3"]).apply(changed)
    readers = [w.target for w in changed.outgoing("dense_1")]
    assert "all" in readers  # in the order h2, h0, h1, h3: one wire
    assert len(changed.incoming("all")) == 1
    assert [w.source for w in changed.incoming("dense_1")] == ["concat_1"]
    assert not infer(changed)["y"].error


def test_a_reader_of_some_neurons_reads_slices():
    changed = by_hand()
    collapse(changed, ["h0", "h1", "h2", "h3"]).apply(changed)
    order = [changed.node(w.source).layer.kind for w in changed.incoming("some")]
    assert order == ["slice", "input", "slice"]
    (of_one,) = changed.incoming("one")
    assert changed.node(of_one.source).layer.length == 1


def test_a_concat_that_only_the_layer_reads_goes_with_it():
    changed = layered()
    expand(changed, "d").apply(changed)
    assert "both" not in changed
    assert [w.source for w in changed.incoming("neuron_1")] == ["z", "x"]


def test_a_reader_that_takes_one_wire_reads_the_neurons_through_a_concat():
    changed = layered(units=3)
    expand(changed, "d").apply(changed)
    (before,) = changed.incoming("r")
    assert changed.node(before.source).layer.kind == "concat"
    neurons = [f"neuron_{i}" for i in (1, 2, 3)]
    assert [w.source for w in changed.incoming(before.source)] == neurons
    assert [w.source for w in changed.incoming("y")] == ["r", *neurons]


def test_expanding_and_collapsing_again_leads_back():
    run = Run(layered()).train(3)
    neurons = run.regrouped(expand(run.graph, "d"))
    ids = [n.id for n in neurons.graph.nodes if n.id.startswith("neuron_")]
    again = neurons.regrouped(collapse(neurons.graph, ids))
    np.testing.assert_array_equal(
        again.parameters.of("dense_1")["weight"], run.parameters.of("d")["weight"]
    )
    np.testing.assert_allclose(again.output(), run.output(), rtol=1e-14)


def test_an_edit_keeps_every_other_wire_in_its_place():
    before = by_hand()
    changed = before.copy()
    change = collapse(before, ["h1", "h3"])
    change.apply(changed)
    kept = [w for w in before.wires if w in changed.wires]
    assert [w for w in changed.wires if w in kept] == kept
    assert sorted(change.removed) == ["h1", "h3"]
    assert kinds(changed).count("neuron") == kinds(before).count("neuron") - 2


@pytest.mark.parametrize(
    ("change", "ids", "sentence"),
    [
        (lambda g: None, ["h0"], "at least two neurons"),
        (lambda g: None, ["h0", "d"], "d is a Dense"),
        (lambda g: None, ["h0", "all"], "another than h0"),
        (lambda g: None, ["h0", "some"], "some reads others than h0"),
        (lambda g: None, ["h1", "some"], "some reads another of the selected"),
        (lambda g: g.set_rate("h0", 2.0), ["h0", "h1"], "factor on the learning rate"),
        (lambda g: g.set_frozen("h1", True), ["h0", "h1"], "frozen"),
        (lambda g: g.share("h1", "h0"), ["h0", "h1"], "shares its weights"),
        (lambda g: g.set_switch("h1", "muted"), ["h0", "h1"], "muted"),
    ],
)
def test_what_cannot_be_one_layer_is_refused_with_the_reason(change, ids, sentence):
    drawing = by_hand()
    for n in drawing.nodes:
        drawing.rename(n.id, n.id)
    change(drawing)
    with pytest.raises(RegroupError, match=sentence):
        collapse(drawing, ids)


@pytest.mark.parametrize(("activation", "sentence"), [("prelu", "PReLU"), ("softmax", "Softmax")])
def test_an_activation_that_ties_neurons_together_is_refused(activation, sentence):
    with pytest.raises(RegroupError, match=sentence):
        collapse(by_hand(activation), ["h0", "h1"])


def test_a_layer_that_cannot_be_neurons_is_refused_with_the_reason():
    with pytest.raises(RegroupError, match="at most 256"):
        expand(layered(units=300), "d")
    with pytest.raises(RegroupError, match="is a Concat"):
        expand(layered(), "both")
    sequence = graph([node("x", "input", shape=[4, 3]), node("d", "dense", units=2)], "x>d")
    with pytest.raises(RegroupError, match="every step of a sequence"):
        expand(sequence, "d")
    with pytest.raises(RegroupError, match="does not know yet"):
        expand(graph([node("d", "dense", units=2)]), "d")


def recurrent():
    """A layer that reads what it gave a step ago, beside what is new."""
    return Graph(
        [
            node("x", "input", shape=[4, 2]),
            node("c", "concat"),
            node("d", "dense", units=3, activation="tanh"),
            node("y", "neuron", activation="sigmoid"),
            node("before", "start", returns="last"),
            node("loss", "loss", loss="binary_cross_entropy"),
        ],
        [
            Wire("x", "c"),
            Wire("before", "c"),
            Wire("d", "before", delay=1),
            Wire("c", "d"),
            Wire("d", "y"),
            Wire("y", "loss", target_port="prediction"),
        ],
    )


def test_a_layer_in_a_loop_becomes_neurons_in_a_loop_and_back():
    run = Run(recurrent()).train(3)
    neurons = run.regrouped(expand(run.graph, "d"))
    ids = [n.id for n in neurons.graph.nodes if n.id.startswith("neuron_")]
    back = neurons.regrouped(collapse(neurons.graph, ids))
    for other in (neurons, back):
        np.testing.assert_allclose(other.output(), run.output(), rtol=1e-13)
    for other in (neurons, back):
        other.train(10)
    run.train(10)
    np.testing.assert_allclose(neurons.output(), run.output(), rtol=1e-11)
    np.testing.assert_allclose(back.output(), run.output(), rtol=1e-11)


def test_a_layer_that_reads_itself_becomes_neurons_that_read_each_other():
    drawing = Graph(
        [node("x", "input", shape=[4, 1]), node("c", "concat"), node("d", "dense", units=3)],
        [Wire("x", "c"), Wire("d", "c", delay=1), Wire("c", "d")],
    )
    expand(drawing, "d").apply(drawing)
    neurons = ["neuron_1", "neuron_2", "neuron_3"]
    assert [(w.source, w.delay) for w in drawing.incoming("c")] == [
        ("x", 0),
        *((n, 1) for n in neurons),
    ]
    assert all(infer(drawing)[n].outputs == ((4, 1),) for n in neurons)


def behind_a_loop():
    """Two neurons and a layer that read each other over time, read from outside of the loop."""
    drawn = graph(
        [
            node("x", "input", shape=[3, 2]),
            *(node(name, "neuron", activation="tanh") for name in ("n", "m")),
            node("both", "concat"),
            node("d", "dense", units=3, activation="tanh"),
            node("last", "gru", units=2),
            node("beside", "concat", axis=1),
            node("after", "concat"),
            *(node(f"loss{i}", "loss", loss="squared_error") for i in range(4)),
        ],
        *("x>n", "x>m", "n>both", "m>both", "both>d", "d>last", "n>beside", "m>beside"),
        *("d>beside", "d>after"),
        *("last>loss0.prediction", "beside>loss1.prediction", "after>loss2.prediction"),
        "m>loss3.prediction",
    )
    for neuron in ("n", "m"):
        drawn.connect(Wire("d", neuron, delay=1))
    return drawn


@pytest.mark.parametrize(
    ("change", "of"), [(expand, "d"), (collapse, ["n", "m"])], ids=["expand", "collapse"]
)
def test_who_reads_a_loop_from_outside_still_gets_every_step(change, of):
    run = Run(behind_a_loop())
    other = run.regrouped(change(run.graph, of))
    for loss, target in run.plan.targets.items():
        other.plan.targets[loss][...] = target
    run.plan.forward()
    other.plan.forward()

    assert other.plan.each_loss() == pytest.approx(run.plan.each_loss(), rel=1e-12)


@pytest.mark.parametrize("switch", ["bypassed", "muted"])
@pytest.mark.parametrize(
    ("concat", "change", "of"),
    [("before", expand, "d"), ("behind", expand, "d"), ("over", collapse, ["n", "m"])],
)
def test_a_concat_that_is_switched_off_passes_the_same_on(switch, concat, change, of):
    drawn = graph(
        [
            *(node(name, "input", shape=[2]) for name in "xz"),
            *(node(name, "concat") for name in ("before", "behind", "over")),
            node("d", "dense", units=3, activation="tanh"),
            *(node(name, "neuron", activation="tanh") for name in ("n", "m")),
            node("end", "neuron"),
            node("loss", "loss", loss="squared_error"),
        ],
        *("x>before", "z>before", "before>d", "d>behind", "z>behind", "behind>n", "behind>m"),
        *("n>over", "m>over", "over>end", "end>loss.prediction"),
    )
    drawn.set_switch(concat, switch)
    run = Run(drawn)

    np.testing.assert_allclose(
        run.regrouped(change(drawn, of)).output(), run.output(), rtol=1e-12, atol=1e-15
    )
