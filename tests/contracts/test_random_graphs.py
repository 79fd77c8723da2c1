"""What the checker finds nothing wrong with runs, learns by the true gradient, and exports."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.graph.check import check
from engine.graph.infer import infer, infer_changed
from engine.interop.onnx_export import export_onnx, output_names
from engine.interop.verify import OnnxModel
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from engine.randomness import NodeStreams
from tests.tools.random_graphs import KINDS, fill, has_true_gradient, random_graph, random_layer

BATCH = 3
STEP = 1e-6
BUNDLES = [range(start, start + 60) for start in range(0, 600, 60)]
bundles = pytest.mark.parametrize("seeds", BUNDLES, ids=lambda seeds: f"from {seeds.start}")


def is_ready(graph):
    problems = check(graph, infer(graph), None, data_chosen=True, smallest_batch=BATCH)
    return not any(problem.severity == "error" for problem in problems)


class Training:
    """A network in float64 whose loss is a function of its weights alone."""

    def __init__(self, graph, seed):
        inference = infer(graph)
        self.parameters = Parameters(graph, inference, np.float64)
        self.parameters.initialize(seed)
        rng = np.random.default_rng(seed)
        self.parameters.vector += 0.1 * rng.standard_normal(self.parameters.size)
        self.parts = [part for part, _ in self.parameters.parts()]
        self.streams, self.rng = NodeStreams(seed), rng
        self.plan = compile_plan(graph, inference, self.parameters, BATCH, Mode.TRAIN, self.streams)
        fill(self.plan, graph, seed)

    def loss(self):
        self.parameters.state.reset()
        self.streams.rewind()
        self.plan.forward()
        return self.plan.loss()

    def gradient(self):
        self.loss()
        self.parameters.gradient.fill(np.nan)
        self.plan.backward()
        return self.parameters.gradient.copy()

    def slopes(self, direction):
        """Of the loss along a direction: before the weights, behind them, and around them."""
        kept, here = self.parameters.vector.copy(), self.loss()
        there = []
        for side in (-1, 1):
            self.parameters.vector[...] = kept + side * STEP * direction
            there.append(self.loss())
        self.parameters.vector[...] = kept
        below, above = there
        return (here - below) / STEP, (above - here) / STEP, (above - below) / (2 * STEP)


def assert_true_gradient(training, gradient):
    """Along one direction, unless there is a kink on the way."""
    learned = np.concatenate([gradient[:0], *(gradient[part] for part in training.parts)])
    direction = np.zeros_like(gradient)
    for part in training.parts:
        direction[part] = training.rng.standard_normal(len(gradient[part]))
    claimed = sum(gradient[part] @ direction[part] for part in training.parts)
    before, behind, around = training.slopes(direction)
    scale = max(1e-3, float(np.linalg.norm(learned)), 1e-3 * abs(training.loss()))
    if abs(behind - before) <= 1e-3 * scale:
        assert claimed == pytest.approx(around, rel=1e-5, abs=1e-6 * scale)


@bundles
def test_a_network_without_problems_runs_and_has_the_gradient_of_its_loss(seeds):
    compared = 0
    for seed in filter(lambda seed: is_ready(random_graph(seed)), seeds):
        graph = random_graph(seed)
        training = Training(graph, seed)
        gradient = training.gradient()
        if training.parts and has_true_gradient(graph):
            assert_true_gradient(training, gradient)
            compared += 1

    assert compared >= len(seeds) / 4


def test_a_gradient_a_thousandth_too_large_is_caught():
    caught = 0
    for seed in range(60):
        graph = random_graph(seed)
        if is_ready(graph) and has_true_gradient(graph):
            training = Training(graph, seed)
            gradient = 1.001 * training.gradient()
            try:
                assert_true_gradient(training, gradient)
            except AssertionError:
                caught += 1

    assert caught > 10


@bundles
def test_onnxruntime_computes_what_a_network_without_problems_predicts(seeds, tmp_path):
    compared = 0
    for seed in seeds:
        graph = random_graph(seed, layers=5)
        draws = any(node.layer.kind in ("noise", "sampling") for node in graph.nodes)
        if draws or not is_ready(graph):
            continue
        parameters = Parameters(graph, infer(graph))
        parameters.initialize(seed)
        predictor = Predictor(graph, parameters.to_dict())
        plan = compile_plan(graph, infer(graph), parameters, BATCH, Mode.PREDICT)
        fill(plan, graph, seed)
        inputs = {
            name: np.moveaxis(plan.inputs[node_id], -1, 0)
            for name, node_id in predictor.inputs.items()
        }
        if not inputs:
            continue
        ours = predictor.predict(inputs)
        export_onnx(graph, parameters.to_dict(), tmp_path / "random.onnx")
        theirs = OnnxModel(tmp_path / "random.onnx").predict(inputs)
        assert tuple(theirs) == output_names(graph), f"seed {seed}"
        for name, mine in zip(output_names(graph), ours.values(), strict=True):
            other, most = theirs[name], max(1.0, float(np.abs(mine).max(initial=0)))
            np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5 * most, err_msg=str(seed))
        compared += 1

    assert compared > len(seeds) / 6


@bundles
def test_what_is_inferred_after_edits_is_what_is_inferred_anew(seeds):
    for seed in seeds:
        rng, graph = random.Random(seed), random_graph(seed)
        known = infer(graph)
        for _ in range(5):
            node = rng.choice(graph.nodes)
            layer = random_layer(rng, node.layer.kind) if node.layer.kind in KINDS else None
            if layer is not None and rng.random() < 0.5:
                graph.replace_layer(node.id, layer)
                known = infer_changed(graph, known, [node.id])
            elif graph.wires and rng.random() < 0.5:
                graph.disconnect(rng.choice(graph.wires))
                known = infer(graph, known)
            else:
                graph.rename(node.id, rng.choice("abc"))
                known = infer_changed(graph, known, [node.id])

            assert known == infer(graph), f"seed {seed}"
