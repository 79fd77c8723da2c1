"""Several objectives that take turns, each with its losses, nodes and optimiser."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ObjectiveError
from engine.graph.infer import infer
from engine.plan.feed import Examples
from engine.plan.parameters import Parameters
from engine.plan.steps import run
from engine.randomness import NodeStreams
from engine.training.control import StopReason
from engine.training.rate_finder import find_rate
from engine.training.settings import TrainingSettings, schedule_of, titles
from engine.training.trainer import Trainer
from engine.training.turns import turns_of
from tests.engine.plan.networks import clouds
from tests.engine.plan.test_loss_weights import two_ends
from tests.engine.training.adversaries import (
    adversaries,
    discriminator,
    generator,
    points,
    settings,
)

ADAM = {"kind": "adam", "rate": 0.01, "beta1": 0.5}
SGD = {"kind": "sgd", "rate": 0.05, "momentum": 0.9}
AVERAGED = {"kind": "averaged_sgd", "rate": 0.05, "start": 1}


def trainer(*objectives, **given):
    return Trainer(adversaries(), points(), settings(*objectives, **given))


@pytest.mark.witness
def test_a_generator_and_its_discriminator_learn_as_in_pytorch(torch):
    """50 rounds of two updates of the one and one of the other, in float64."""
    graph, data = adversaries(), points()
    chosen = settings(
        discriminator(steps=2, optimizer=SGD), generator(optimizer=ADAM), shuffle=False
    )
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.float64)
    parameters.initialize(3)
    examples = Examples(graph, data, parameters.dtype)
    rows = data.part("train")
    turns = turns_of(graph, inference, parameters, NodeStreams(0), examples, rows, chosen)
    weights = {
        key: torch.tensor(array, requires_grad=True) for key, array in parameters.to_dict().items()
    }

    def dense(name, x):
        return x @ weights[name, "weight"].T + weights[name, "bias"]

    def judged(x):
        return torch.sigmoid(dense("d2", torch.tanh(dense("d1", x))))

    def of(*names):
        return [tensor for (name, _), tensor in weights.items() if name in names]

    bce = torch.nn.functional.binary_cross_entropy
    witnesses = {
        "discriminator": torch.optim.SGD(of("d1", "d2"), 0.05, momentum=0.9),
        "generator": torch.optim.Adam(of("g1", "g2"), 0.01, betas=(0.5, 0.999)),
    }
    steps = len(turns.current.batches)
    names = []
    for number in range(150):
        turn, position = turns.current, number % steps
        names.append(turn.name)
        turn.begin(0)
        batch = turn.batches[position]
        run(batch.loading)
        batch.plan.forward()
        batch.plan.backward()
        turn.objective.update(turn.objective.optimizer.rate, batch.plan.loss())
        turns.advance()

        here = torch.tensor(data.features[rows[8 * position : 8 * position + 8]])
        fake = dense("g2", torch.tanh(dense("g1", here[:, :1])))
        one, zero = torch.ones(8, 1, dtype=torch.float64), torch.zeros(8, 1, dtype=torch.float64)
        if turn.name == "discriminator":
            loss = bce(judged(here[:, 1:]), one) + bce(judged(fake.detach()), zero)
        else:
            loss = bce(judged(fake), one)
        witnesses[turn.name].zero_grad()
        loss.backward()
        witnesses[turn.name].step()
        assert batch.plan.loss() == pytest.approx(loss.item(), rel=1e-8)

    assert names[:4] == ["discriminator", "discriminator", "generator", "discriminator"]
    for key, array in parameters.to_dict().items():
        expected = weights[key].detach().numpy()
        np.testing.assert_allclose(array, expected, rtol=1e-8, atol=1e-10)


def test_an_update_changes_only_what_its_objective_trains():
    run = trainer(discriminator(), generator())
    before = run.weights()
    run.step()
    between = run.weights()
    run.step()
    after = run.weights()

    for key in before:
        is_generator = key[0].startswith("g")
        assert np.array_equal(before[key], between[key]) == is_generator
        assert np.array_equal(between[key], after[key]) != is_generator


def test_one_objective_of_everything_trains_as_none_at_all():
    drawn = two_ends()
    nodes = ["hidden", "classes", "amount"]
    whole = {"losses": ["which", "much"], "trains": nodes, "optimizer": "adam"}
    plain = Trainer(drawn, both(), TrainingSettings(epochs=3))
    chosen = TrainingSettings(epochs=3, objectives=[{"kind": "objective", **whole}])
    one = Trainer(drawn, both(), chosen)
    plain.run()
    one.run()

    np.testing.assert_array_equal(plain.parameters.vector, one.parameters.vector)


def test_what_is_measured_is_the_sum_of_the_losses_by_their_weights():
    run = Trainer(two_ends(0.5, 2.0), both(), TrainingSettings(epochs=20))
    run.run()
    now = run.telemetry.latest()

    total = 0.5 * now["loss/which/validation"] + 2 * now["loss/much/validation"]
    assert now["loss/validation"] == pytest.approx(total, rel=1e-6)
    assert {"loss/which/train", "loss/much/train", "loss/train"} <= now.keys()


def both():
    """Classes that serve as amounts too."""
    data = clouds()
    given = data.targets_as
    data.targets_as = lambda kind, shape: (
        data.targets[:, None].astype(np.float32) if kind == "values" else given(kind, shape)
    )
    return data


def test_objectives_may_share_what_they_train():
    run = trainer(
        discriminator(trains=["d1", "d2", "g2"], optimizer=SGD),
        generator(trains=["g1", "g2"], optimizer=ADAM),
    )
    first, second = run.turns.objectives
    before = run.weights()
    run.run()

    assert set(first.trained) & set(second.trained) == {"g2"}
    assert not np.array_equal(run.weights()["g2", "weight"], before["g2", "weight"])


def test_parts_that_lie_apart_are_trained_together():
    run = trainer(discriminator(trains=["d1"]), generator(trains=["g1", "d2"]))
    assert [len(objective.parts) for objective in run.turns.objectives] == [1, 2]
    before = run.weights()
    run.run()
    after = run.weights()

    for key in before:
        assert np.array_equal(before[key], after[key]) == (key[0] == "g2")


def test_the_instance_of_a_node_stands_for_the_node():
    run = trainer(discriminator(trains=["d1_fake"]), generator())

    assert run.turns.current.objective.parts == run.parameters.parts(["d1"])


@pytest.mark.parametrize("steps", [1, 4, 7, 16, 17, 30])
def test_a_run_goes_on_bit_for_bit_in_the_middle_of_a_round(steps):
    chosen = (discriminator(steps=3, optimizer=SGD), generator(steps=2, optimizer=ADAM))
    whole, first = trainer(*chosen, epochs=8), trainer(*chosen, epochs=8)
    whole.run()
    for _ in range(steps):
        first.step()
    rest = Trainer(
        adversaries(), points(), settings(*chosen, epochs=8), checkpoint=first.checkpoint()
    )
    rest.run()

    np.testing.assert_array_equal(rest.parameters.vector, whole.parameters.vector)
    assert rest.telemetry.curves.keys() == whole.telemetry.curves.keys()
    for name, curve in whole.telemetry.curves.items():
        np.testing.assert_array_equal(rest.telemetry.curves[name].to_array(), curve.to_array())


def test_gathered_gradients_belong_to_the_objective_whose_turn_it_is():
    one, more = trainer(batch_size=16), trainer(batch_size=8, accumulate=2)
    for _ in range(3):
        one.step()
    for _ in range(6):
        more.step()

    np.testing.assert_allclose(one.parameters.vector, more.parameters.vector, atol=1e-6)


def test_each_objective_has_a_curve_and_so_has_each_of_its_losses():
    run = trainer(epochs=20)
    run.run()

    names = {name for name in run.telemetry.curves if name.startswith("loss")}
    assert names == {
        "loss/train",
        "loss/validation",
        "loss/discriminator/train",
        "loss/generator/train",
        *("loss/says_real/train", "loss/says_fake/train"),
        *("loss/says_real/validation", "loss/says_fake/validation", "loss/fooled/validation"),
    }
    gradients = {name for name in run.telemetry.curves if name.startswith("gradient")}
    assert gradients == {f"gradient/{n}" for n in ("g1", "g2", "d1", "d2")}


def test_the_average_of_one_objective_is_its_result_and_the_other_keeps_its_weights():
    run = trainer(discriminator(optimizer=AVERAGED), generator(optimizer=ADAM), epochs=2)
    run.run()
    averaging, plain = run.turns.objectives
    found = run.weights()

    average = run.parameters.views(averaging.slots["average"])
    trained = run.parameters.to_dict()
    for key, array in found.items():
        np.testing.assert_array_equal(array, (average if key[0][0] == "d" else trained)[key])
    assert not np.array_equal(found["d1", "weight"], trained["d1", "weight"])
    assert np.shares_memory(run.result["d1", "weight"], averaging.slots["average"])
    assert np.shares_memory(run.result["g1", "weight"], run.parameters.vector)
    assert plain.result == {}
    kept = run.checkpoint()
    np.testing.assert_array_equal(kept.weights["d1", "weight"], found["d1", "weight"])
    np.testing.assert_array_equal(run.parameters.to_dict()["d1", "weight"], trained["d1", "weight"])


def test_each_objective_has_a_schedule_of_its_own():
    falling = {"kind": "sgd", "rate": 0.4, "schedule": {"kind": "step", "every": 2, "drop": 0.5}}
    run = trainer(discriminator(optimizer=falling), generator(optimizer=SGD))
    first, second = run.turns.objectives

    assert [first.rate(epoch, 5) for epoch in (0, 2)] == [0.4, 0.2]
    assert [second.rate(epoch, 5) for epoch in (0, 2)] == [0.05, 0.05]


def test_the_best_weights_come_back_for_all_objectives():
    run = trainer(patience=2, epochs=300)
    reason = run.run()

    best = min(run.telemetry.curves["loss/validation"].points()[1])
    with run.turns.result_in_place():
        now = run._measurements["validation"].run()["loss"]
    assert reason.value == "early"
    assert now == pytest.approx(best, rel=1e-6)


def test_a_run_that_diverges_falls_back_for_all_objectives():
    wild = {"kind": "sgd", "rate": 1e300}
    run = trainer(discriminator(), generator(optimizer=wild))
    reason = run.run()

    assert reason.value == "diverged"
    assert np.isfinite(run.parameters.vector).all()


def test_after_a_fall_back_it_is_the_turn_of_whose_it_was():
    run, other = (trainer(discriminator(), generator()) for _ in range(2))
    run.step()
    assert run.turns.current.name == "generator"
    run.parameters.vector.fill(np.nan)

    assert run.step() is StopReason.DIVERGED
    assert run.turns.current.name == "discriminator"
    for _ in range(3):
        run.step()
        other.step()
    np.testing.assert_array_equal(run.parameters.vector, other.parameters.vector)


@pytest.mark.parametrize("place", [0, 1])
def test_a_search_for_a_rate_trains_one_objective_as_if_it_were_the_only_one(place):
    both = discriminator(steps=3, optimizer=SGD), generator(optimizer=ADAM)
    found = find_rate(adversaries(), points(), settings(*both), objective=place)
    alone = find_rate(adversaries(), points(), settings(both[place]))

    assert found.suggestion is not None
    assert found.suggestion == alone.suggestion
    np.testing.assert_array_equal(found.losses, alone.losses)


def test_a_search_for_a_rate_looks_at_the_first_objective_unless_asked():
    found = [find_rate(adversaries(), points(), settings(), **k) for k in ({}, {"objective": 0})]

    np.testing.assert_array_equal(found[0].losses, found[1].losses)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"losses": []}, "losses of the network, got none. Choose them in the training settings."),
        (
            {"losses": ["says_real", "d1"]},
            "losses of the network, got 'd1'. Choose them in the training settings.",
        ),
        (
            {"losses": ["says_fakes"]},
            "losses of the network, got 'says_fakes'. Did you mean 'says_fake'?",
        ),
        (
            {"trains": []},
            "nodes of the network to train, got none. Choose them in the training settings.",
        ),
        (
            {"trains": ["d1", "zzz"]},
            "nodes of the network to train, got 'zzz'. Choose them in the training settings.",
        ),
    ],
)
def test_an_objective_that_names_what_is_not_there_is_refused(given, complaint):
    with pytest.raises(ObjectiveError) as refusal:
        trainer(generator(), discriminator(**given))
    assert str(refusal.value) == f"The objective discriminator needs {complaint}"


def test_objectives_are_told_apart_by_name_or_number():
    one, other = discriminator(name="a"), generator(name="a")

    assert titles([one, other]) == ["number 1", "number 2"]
    assert titles([discriminator(name="d/r"), generator(name="")]) == ["d r", "number 2"]


def test_an_objective_is_not_called_as_a_loss_whose_curve_it_would_share():
    one, other = discriminator(name="says_fake"), generator(name="says_real")

    assert titles([one, other]) == ["number 1", "number 2"]


def test_the_schedule_of_updates_is_said_in_words():
    assert schedule_of([discriminator(steps=2), generator(trains=[], losses=[])]) == [
        "discriminator: 2 updates a round by Adam, of d1, d2, for says_real + says_fake",
        "generator: 1 update a round by Adam, of nothing, for nothing",
    ]


def test_objectives_come_back_from_a_file():
    before = settings(discriminator(steps=3, optimizer=SGD), generator())

    assert TrainingSettings(**before.to_plain()) == before
